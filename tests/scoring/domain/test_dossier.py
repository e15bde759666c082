"""Dossiers: they recompute, any changed byte is found, and a forger who renews the hashes is told where."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.dossier import SECTIONS, seal
from hengjian.scoring.domain.dossier_inputs import read_history, read_subject, write_history, write_subject
from hengjian.scoring.domain.dossier_verify import Outcome, verify_dossier
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.rule_content import pack_from_content, types_of
from tests.scoring.domain.dossiers import BOOK, DAYS, a_dossier, cases, history, subjects
from tests.scoring.domain.histories import HISTORIES

DOSSIER = a_dossier()


def resealed(change: Callable[[Any], None]) -> bytes:
    """The dossier after a change by a forger who renews every hash."""
    document = json.loads(DOSSIER)
    change(document)
    return seal({name: document[name] for name in SECTIONS})


def test_a_dossier_verifies() -> None:
    """C-04 was breached for three months, C-13 for eight: 100 - 6 - 10 - 5 = 79, B."""
    found = verify_dossier(DOSSIER)
    assert found.outcome is Outcome.VERIFIED, found
    assert found.result is not None
    score = found.result["score"]
    assert (score["total"], score["grade"], score["not_assessed"]) == ("79", "B", ["D2", "D3", "D4", "D5"])
    breach = next(item for item in found.result["judgements"] if item["outcome"] == "breach" and item["rule"] == "C-04")
    assert (breach["first_day"], breach["until"], breach["measured"], breach["required"]) == (
        "2026-03-02", "2026-05-20", "1", "2",
    )  # fmt: skip
    assert {"part": "require", "expression": "ceil_div(points, points_per_supervisor)", "value": "2"} in breach["trace"]


def test_both_scores_follow_from_the_decisions() -> None:
    """Officially only the confirmed breach counts: 100 - 6 - 5; provisionally all but a dismissed one: 100 - 10 - 5."""
    found = verify_dossier(DOSSIER)
    assert found.result is not None
    assert (found.result["official"]["total"], found.result["official"]["grade"]) == ("89", "B")
    assert [one["breach"] for one in found.result["counted"]["official"]] == ["C-04/contractor:/2026-03-02"]
    dismissed = {
        key: replace(case, life=Life(state=State.DISMISSED)) for key, case in cases().items() if key[0] == "C-04"
    }
    other = verify_dossier(a_dossier({**cases(), **dismissed}))
    assert other.result is not None
    assert (other.result["score"]["total"], other.result["official"]["total"]) == ("85", "95")


@settings(max_examples=25)
@given(
    st.lists(
        st.builds(
            Life,
            state=st.sampled_from(State),
            confirmed=st.booleans(),
            frozen_on=st.none() | st.dates(DAYS[0], DAYS[-1]),
        ),
        min_size=2,
        max_size=2,
    )
)
def test_whatever_was_decided_is_recomputed(lives: list[Life]) -> None:
    """It verifies; what counts officially counts provisionally too, so the official score is never the lower one."""
    decided = {key: replace(case, life=life) for (key, case), life in zip(cases().items(), lives, strict=True)}
    found = verify_dossier(a_dossier(decided))
    assert found.outcome is Outcome.VERIFIED, found
    assert found.result is not None
    counted = {name: {one["breach"] for one in held} for name, held in found.result["counted"].items()}
    assert counted["official"] <= counted["provisional"]
    assert Fraction(found.result["official"]["points"]) >= Fraction(found.result["score"]["points"])


def test_a_dossier_of_the_first_format_still_verifies() -> None:
    """Bytes that the first version wrote, before decisions were known to a dossier; and a changed one is found."""
    held = gzip.decompress((Path(__file__).parent / "dossier-1.json.gz").read_bytes())
    found = verify_dossier(held)
    assert found.outcome is Outcome.VERIFIED, found
    assert found.result is not None
    assert "official" not in found.result
    assert found.result["score"]["total"] == "79"
    assert verify_dossier(held.replace(b"dossier/1", b"dossier/2")).outcome is Outcome.DIFFERS
    assert verify_dossier(held.replace(b'"grade":"B"', b'"grade":"A"')).outcome is Outcome.DIFFERS


def test_it_holds_no_number() -> None:
    """Numbers are texts, so no reader can round them, and the bytes are canonical."""
    document = json.loads(DOSSIER, parse_int=pytest.fail, parse_float=pytest.fail)
    assert rfc8785.dumps(document) == DOSSIER


def test_it_is_written_in_the_librarys_bytes_also_with_unusual_texts() -> None:
    """Control characters, quotes and letters beyond the basic plane in what a person or a register wrote."""
    texts = {"name": '\x00\x1f"\\/\u2028\ue000\U00020bb7野\U0001f600', "none": None, "many": ["\t", True]}
    sealed = seal(dict.fromkeys(SECTIONS, texts))
    assert rfc8785.dumps(json.loads(sealed)) == sealed
    with pytest.raises(TypeError, match="binary floats"):
        seal({name: {"points": 94.35} for name in SECTIONS})


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(DOSSIER) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_found(place: int, bits: int) -> None:
    """Whichever byte is changed to whatever value."""
    changed = bytearray(DOSSIER)
    changed[place] ^= bits
    assert verify_dossier(bytes(changed)).outcome is not Outcome.VERIFIED


@pytest.mark.parametrize("section", SECTIONS)
def test_a_changed_section_is_named(section: str) -> None:
    """Whoever changes a section and not its hash is told which."""
    document = json.loads(DOSSIER)
    document[section] = {"other": document[section]}
    found = verify_dossier(rfc8785.dumps(document))
    assert (found.outcome, found.where) == (Outcome.DIFFERS, f"hashes.{section}")


def _other_grade(document: Any) -> None:
    document["result"]["score"]["grade"] = "A"


def _other_fact(document: Any) -> None:
    document["inputs"]["subjects"][0]["changes"][1]["facts"]["points"] = ["integer", "50"]


def _other_decision(document: Any) -> None:
    document["inputs"]["decisions"][0]["confirmed"] = False


def _other_rule(document: Any) -> None:
    pack = document["law"]["packs"][0]
    pack["content"] = pack["content"].replace('"value":50', '"value":60')


def _other_model(document: Any) -> None:
    model = document["law"]["credit_model"]
    model["content"] = model["content"].replace('"major":"2.00"', '"major":"1.00"')


def _broken_rule(document: Any) -> None:
    pack = document["law"]["packs"][0]
    pack["content"] = pack["content"].replace("points > 0", "open('/etc/passwd')")


def _endless_number(document: Any) -> None:
    model = document["law"]["credit_model"]
    model["content"] = model["content"].replace('"major":"2.00"', '"major":"1E999999999"')


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (_other_grade, "result.score.grade"),
        (_other_fact, "result.counted"),
        (_other_decision, "result.counted.official"),
        (_other_rule, "law.packs[0].version"),
        (_other_model, "law.credit_model.version"),
        (_broken_rule, "inputs"),
        (_endless_number, "inputs"),
    ],
)
def test_a_forger_is_told_the_first_difference(change: Callable[[Any], None], where: str) -> None:
    """With all hashes renewed, recomputing finds what was changed."""
    found = verify_dossier(resealed(change))
    assert found.outcome is Outcome.DIFFERS
    assert found.where.startswith(where)
    assert found.recomputed


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"", Outcome.UNREADABLE),
        (b"\xff", Outcome.UNREADABLE),
        (b"[]", Outcome.UNREADABLE),
        (b'{"format":1}', Outcome.UNREADABLE),
        (b"[" * 100_000, Outcome.UNREADABLE),
        (b'{"format":"hengjian-dossier/9"}', Outcome.UNKNOWN_FORMAT),
        (b'{"format":"hengjian-dossier/1"}', Outcome.DIFFERS),
        (b" " + DOSSIER, Outcome.LAYOUT),
        (DOSSIER.replace(b'"format"', b'"format":"hengjian-dossier/1","format"', 1), Outcome.LAYOUT),
        (json.dumps(json.loads(DOSSIER), indent=2).encode(), Outcome.LAYOUT),
        (DOSSIER + b"\n", Outcome.LAYOUT),
    ],
)
def test_what_is_no_dossier(content: bytes, outcome: Outcome) -> None:
    """Damage, other formats, other layouts: each is told apart, none is taken for sound."""
    assert verify_dossier(content).outcome is outcome


def test_rules_are_rebuilt_as_they_were() -> None:
    """From text and types alone all that judges in every shipped pack comes back."""
    for pack in BOOK.packs:
        rebuilt = pack_from_content(pack.content, types_of(pack))
        assert rebuilt.version == pack.version
        for rule, other in zip(pack.rules, rebuilt.rules, strict=True):
            for name in ("id", "inputs", "optional", "types", "applies", "require", "measured", "lacking", "severity"):
                assert getattr(rule, name) == getattr(other, name), (rule.id, name)
            values = {parameter.name: [entry.value for entry in parameter.entries] for parameter in rule.parameters}
            assert values == {
                parameter.name: [entry.value for entry in parameter.entries] for parameter in other.parameters
            }


def test_subjects_and_histories_come_back() -> None:
    """Written and read again they are the same."""
    assert [read_subject(write_subject(item)) for item in subjects()] == subjects()
    assert read_history(write_history(history())) == history()


@given(HISTORIES)
def test_any_history_comes_back(any_history: Any) -> None:
    """All but the findings, which follow from facts and rules."""
    assert write_history(read_history(write_history(any_history))) == write_history(any_history)


def test_verifying_needs_no_server() -> None:
    """Neither a database driver, nor a web server, nor a YAML reader is loaded to verify."""
    code = (
        "import sys; import hengjian.scoring.domain.dossier_verify;"
        "print([m for m in ('sqlalchemy','asyncpg','litestar','yaml','structlog','rfc8785') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
