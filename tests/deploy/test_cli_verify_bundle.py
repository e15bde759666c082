"""`hengjian verify` of an evidence bundle: every exit code, with its sentence in both languages, as the docs list them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hengjian.deploy.cli import main
from hengjian.platform.log.sm2 import Sm2Signature
from hengjian.platform.log.witness import Witness
from hengjian.platform.proof import verifier
from hengjian.platform.proof.notes import Checkpoint, Note
from hengjian.platform.proof.records import canonical
from hengjian.platform.proof.verifier import SENTENCES, Outcome
from tests.platform.log.test_sm2 import a_key
from tests.platform.proof.test_verifier import CHANGES, KEY, OTHER, a_bundle, note, written
from tests.support.stamping import made
from tests.support.tree import ROOT

Bundle = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """A folder with a bundle and what its reader brings along."""

    folder: Path

    def put(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def verify(self, bundle: bytes, *options: str, language: str = "C.UTF-8") -> Result:
        """The command, with the log's key."""
        words = ["verify", self.put("bundle.json", bundle), "--key", self.put("log.pub", f"{KEY}\n"), *options]
        return CliRunner().invoke(main, words, env={"LC_ALL": language})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def changed(name: str) -> Callable[[Desk], tuple[bytes, list[str]]]:
    """A bundle that somebody changed, its sum mended."""

    def case(_desk: Desk) -> tuple[bytes, list[str]]:
        bundle = a_bundle()
        CHANGES[name][1](bundle)
        return written(bundle), []

    return case


def with_kept(size: int, root: bytes = bytes(32)) -> Callable[[Desk], tuple[bytes, list[str]]]:
    """A sound bundle against a checkpoint that the reader kept."""

    def case(desk: Desk) -> tuple[bytes, list[str]]:
        kept = note(str(Checkpoint(KEY.name, size, root)))
        return written(a_bundle()), ["--checkpoint", desk.put("kept.txt", kept)]

    return case


def damaged(_desk: Desk) -> tuple[bytes, list[str]]:
    whole = json.loads(written(a_bundle()))
    return canonical(whole | {"sha256": "0" * 64}), []


def unwitnessed(desk: Desk) -> tuple[bytes, list[str]]:
    key = Witness.open(desk.folder / "w.json", name="w").key
    return written(a_bundle()), ["--witness", desk.put("w.pub", str(key))]


def unstamped(desk: Desk) -> tuple[bytes, list[str]]:
    return written(a_bundle()), ["--tsa-ca", str(made(desk.folder / "tsa").ca)]


def without_second(desk: Desk) -> tuple[bytes, list[str]]:
    return written(a_bundle()), ["--sm2", str(a_key(desk.folder, "one")[1])]


def indented(_desk: Desk) -> tuple[bytes, list[str]]:
    return json.dumps(json.loads(written(a_bundle())), indent=2).encode(), []


def sound(_desk: Desk) -> tuple[bytes, list[str]]:
    return written(a_bundle()), []


CASES: dict[Outcome, Callable[[Desk], tuple[bytes, list[str]]]] = {
    Outcome.VERIFIED: sound,
    Outcome.UNREADABLE: changed("a field more"),
    Outcome.UNKNOWN_FORMAT: changed("format"),
    Outcome.KEY: changed("size"),
    Outcome.RECORD: changed("record"),
    Outcome.LEAF: changed("leaf, not canonical"),
    Outcome.INCLUSION: changed("index"),
    Outcome.CONSISTENCY: with_kept(50),
    Outcome.OLDER: with_kept(49),
    Outcome.PROMISE: changed("promise, unsigned"),
    Outcome.DELETION: changed("record withheld"),
    Outcome.DAMAGED: damaged,
    Outcome.WITNESS: unwitnessed,
    Outcome.TIMESTAMP: unstamped,
    Outcome.SECOND: without_second,
    Outcome.LAYOUT: indented,
}


@pytest.mark.parametrize("outcome", list(Outcome), ids=lambda one: one.name)
def test_every_exit_code_comes_with_its_sentence_in_both_languages(desk: Desk, outcome: Outcome) -> None:
    """What a script reads and what a person reads are the same; nothing is said twice for two outcomes."""
    bundle, options = CASES[outcome](desk)
    zh, en = SENTENCES[outcome]
    for language, sentence in (("C.UTF-8", en), ("zh_CN.UTF-8", zh)):
        result = desk.verify(bundle, *options, language=language)
        assert (result.exit_code, sentence in result.output) == (int(outcome), True), result.output
    told = json.loads(desk.verify(bundle, *options, "--json").stdout)
    assert (told["outcome"], told["exit_code"]) == (outcome.name, int(outcome))
    assert (zh in told["zh"], en in told["en"]) == (True, True)


def test_the_page_of_the_log_lists_every_exit_code() -> None:
    """And the sentences of two outcomes differ in both languages."""
    page = (ROOT / "docs" / "evidence-log.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\d, ]+) \| ", page, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(",")} == {int(one) for one in Outcome}
    for language in (0, 1):
        assert len({SENTENCES[one][language] for one in Outcome}) == len(Outcome)


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in {19, 20, 21}], ids=lambda one: one.name)
def test_the_verifier_alone_ends_with_the_same_codes(
    desk: Desk, outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m hengjian.platform.proof.verifier`, with the standard library and Ed25519 alone."""
    bundle, options = CASES[outcome](desk)
    words = [desk.put("bundle.json", bundle), "--key", desk.put("log.pub", f"{KEY}\n"), *options]
    assert verifier.main(words) == int(outcome)
    assert SENTENCES[outcome][1] in capsys.readouterr().out


def test_that_a_bundle_was_written_out_anew_is_told_without_a_key(desk: Desk) -> None:
    """Nobody has to find the key first to learn that the file has to be asked for again; a sound one needs it."""
    other = desk.put("other.json", indented(desk)[0])
    told = CliRunner().invoke(main, ["verify", other])
    assert (told.exit_code, SENTENCES[Outcome.LAYOUT][1] in told.output) == (22, True), told.output
    cut = desk.put("cut.json", written(a_bundle())[:-100])
    told = CliRunner().invoke(main, ["verify", cut])
    assert (told.exit_code, SENTENCES[Outcome.UNREADABLE][1] in told.output) == (3, True), told.output
    told = CliRunner().invoke(main, ["verify", desk.put("sound.json", written(a_bundle()))])
    assert (told.exit_code, "--key log.pub" in told.output) == (2, True), told.output


def test_a_second_signature_is_checked_when_asked_for(desk: Desk) -> None:
    """Sound it is named as not certified; of another key, over another text or torn it is exit code 21."""
    private, public = a_key(desk.folder, "one")
    _, other = a_key(desk.folder, "two")
    bundle = a_bundle()
    text = Note.read(bundle["checkpoint"]).text
    line = Sm2Signature.of(private).line(text)
    signed = written(bundle | {"checkpoint": bundle["checkpoint"] + line})
    result = desk.verify(signed, "--sm2", str(public))
    assert (result.exit_code, "not certified" in result.output) == (0, True), result.output
    assert desk.verify(signed).exit_code == 0, "who does not ask for it ignores it"
    assert desk.verify(signed, "--sm2", str(other)).exit_code == Outcome.SECOND
    elsewhere = Sm2Signature.of(private).line(text.replace("\n300\n", "\n301\n"))
    for wrong in (elsewhere, line.replace("/sm2-not", "/sm3-not"), f"{line[:-12]}{'A' * 10}=\n"):
        bad = written(bundle | {"checkpoint": bundle["checkpoint"] + wrong})
        assert desk.verify(bad, "--sm2", str(public)).exit_code in {Outcome.SECOND, Outcome.KEY}, wrong
    no_key = desk.verify(signed, "--sm2", desk.put("no.pem", "nothing"))
    assert (no_key.exit_code, no_key.output != "") == (1, True)


def test_what_the_reader_brings_may_be_damaged_too(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A key that is none is asked wrongly (2), a checkpoint that is none proves nothing (10); never a traceback."""
    bundle = written(a_bundle())
    for wrong in (b"", b"\xff\xfe", b"x" * 10_000, f"{KEY}"[:-2].encode()):
        words = ["verify", desk.put("b.json", bundle), "--key", desk.put("k.pub", wrong)]
        assert CliRunner().invoke(main, words).exit_code == 2
        with pytest.raises(SystemExit) as ended:
            verifier.main(words[1:])
        assert ended.value.code == 2
        kept = ["--checkpoint", desk.put("kept.txt", wrong)]
        assert desk.verify(bundle, *kept).exit_code == Outcome.KEY
        assert verifier.main([words[1], "--key", desk.put("log.pub", f"{KEY}\n"), *kept]) == Outcome.KEY
    forged = note(str(Checkpoint(KEY.name, 50, bytes(32))), OTHER)
    assert desk.verify(bundle, "--checkpoint", desk.put("kept.txt", forged)).exit_code == Outcome.KEY
    assert "Traceback" not in capsys.readouterr().err
