"""Loading packs: what is refused, with file and line, and what a version is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hengjian.scoring.credit_files import load_credit_model
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import PackError
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER, load_lawbook, load_pack
from hengjian.scoring.lawbook_yaml import read_document

HEAD = """\
id: trial
title: {zh: 试行, en: trial}
region: "65"
in_force_from: 2026-01-01
sources:
  S003: {zh: 规范, en: standard}
"""
RULE = """\
id: C-04
title: {zh: 督查人员配备, en: supervisors per points}
cites: {source: S003, clause: 4.3.3.4, quote: 每运维50个监测点位应至少配置1名督查人员}
subject: contractor
dimension: D1
applies: points > 0
inputs: [points, supervisors]
require: supervisors >= ceil_div(points, per_supervisor)
measured: supervisors
required: ceil_div(points, per_supervisor)
unit: {zh: 人, en: persons}
formula: {zh: 公式, en: formula}
remedy: {zh: 办法, en: remedy}
severity: major
parameters:
  per_supervisor:
    - {from: 2026-01-01, value: 50, unit: {zh: 个/人, en: points/person}, source_status: verified}
    - {from: 2026-07-01, value: 40, unit: {zh: 个/人, en: points/person}, source_status: proposal}
    - {from: 2026-01-01, value: 30, unit: {zh: 个/人, en: points/person}, source_status: memory, region: "6501"}
examples:
  - {points: 51, supervisors: 1, verdict: breach, required: 2}
labels:
  per_supervisor: {zh: 每名督查人员的点位数, en: points per supervisor}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a law-book of one pack with one rule, in which texts may be replaced."""

    def pack(*changes: tuple[str, str], head: str = HEAD) -> Path:
        rule = RULE
        for old, new in changes:
            assert old in rule, old
            rule = rule.replace(old, new)
        folder = tmp_path / "trial"
        folder.mkdir(exist_ok=True)
        (folder / "pack.yaml").write_text(head)
        (folder / "C-04.yaml").write_text(rule)
        return tmp_path

    return pack


def required(book: LawBook, region: str, on: date) -> object:
    """How many supervisors 120 points need."""
    (rule,) = book.rules_in_force(region=region, on=on)
    return rule.judge({"points": 120, "supervisors": 0}).required


def test_parameters_by_region_and_day(write: Write) -> None:
    """The most specific region wins, then the latest day that has come."""
    book = load_lawbook(write())
    assert required(book, "65", date(2026, 6, 30)) == 3
    assert required(book, "6502", date(2026, 7, 1)) == 3
    assert required(book, "650102", date(2026, 7, 1)) == 4
    assert book.rules_in_force(region="65", on=date(2025, 12, 31)) == ()


def test_a_limit_from_memory_never_costs_points(write: Write) -> None:
    """A parameter known from memory is judged and shown, and costs nothing."""
    book = load_lawbook(write())
    costs = [book.rules_in_force(region=region, on=date(2026, 8, 1))[0].costs_points for region in ("65", "6501")]
    assert costs == [True, False]


def test_version_is_of_the_content(write: Write) -> None:
    """A comment changes no version, a value does; the same content gives the same version."""
    first = load_lawbook(write()).packs[0].version
    assert load_lawbook(write(("severity:", "# heavy\nseverity:"))).packs[0].version == first
    assert load_lawbook(write(("value: 40", "value: 41"))).packs[0].version != first
    assert len(first) == 64


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("applies: points > 0", "applies: points.__class__ > 0"), 6, "attribute"),
        (("applies: points > 0", "applies: salary > 0"), 6, "unknown name salary; declared are per_supervisor, points"),
        (("applies: points > 0", "applies: points"), 6, "points is integer, not boolean"),
        (("require: supervisors", "require: __import__('os').system('x') or supervisors"), 8, "can be called"),
        (("required: 2}", "required: 3}"), 21, "rule C-04, example 1: required expected 3, got 2"),
        (("verdict: breach,", "verdict: pass,"), 21, "verdict expected pass, got breach"),
        (("verdict: breach,", "verdict: bad,"), 21, "verdict is wrong"),
        (("verdict: breach,", "verdict: breach, date: March,"), 21, "date is a day"),
        (("supervisors: 1,", "supervisors: 1.5,"), 21, "fact supervisors must be of type integer"),
        (("supervisors: 1,", "supervisor: 1,"), 21, "supervisor is none of points, supervisors"),
        (("severity: major", "severity: huge"), 14, "does not fit"),
        (("severity: major", "severity: major\ncolour: red"), 15, "unknown field `colour`"),
        (("severity: major", "severity: major\nseverity: minor"), 15, "stands twice"),
        (("subject: contractor", "subject: bakery"), 4, "the subject is one of"),
        (("[points, supervisors]", "[points, supervisors, vehicles]"), 7, "vehicles is no fact of a contractor"),
        (("[points, supervisors]", "[points, supervisors, technicians]"), 7, "never used"),
        (("source: S003", "source: S999"), 3, "lists S003 only"),
        (("督查人员配备", "每50个点位的督查人员"), 2, "the title writes out 50"),
        (("督查人员配备", "三十个点位的督查人员"), 2, "the title writes out 三十"),
        (("督查人员配备", "'{per_supervisor} 个点位的督查人员'"), 2, r"the title writes out \{per_supervisor\}"),
        (("supervisors per points}", "Supervisors per Forty points}"), 2, "the title writes out forty"),
        (("value: 50", "value: 5_0"), 17, "unclear value 5_0"),
        (("value: 50", "value: .inf"), 17, "unclear value"),
        (("value: 50", "value: fifty"), 16, "of one type"),
        (("from: 2026-01-01, value: 50", "from: 2026-02-30, value: 50"), 17, "no such day"),
        (('region: "6501"', 'region: "11"'), 19, "region 11 is not within"),
        (("per_supervisor:", "points:"), 16, "cannot be the name of a parameter"),
        (("id: C-04", "id: C-05"), 1, "as its file is"),
        (("severity: major", "severity: !!python/name:os.system x"), 14, "does not fit|unclear"),
        (("severity: major", "severity: &a major\nlacking: *a"), 15, "aliases"),
        (("severity: major", "severity: [major"), 15, "not YAML"),
        (("zh: 公式", "zh: 点位 ÷ 50"), 12, "writes out 50"),
        (("en: formula", "en: at most ３"), 12, "writes out ３"),
        (("en: formula", 'en: "points ÷ {per_sup}"'), 12, "{per_sup} in the formula is no parameter"),
    ],
)
def test_refused_with_file_and_line(write: Write, change: tuple[str, str], line: int, says: str) -> None:
    """Whatever is wrong, the message names file and line and what to do, in both languages."""
    with pytest.raises(PackError, match=says) as refusal:
        load_lawbook(write(change))
    assert (refusal.value.file, refusal.value.line) == ("trial/C-04.yaml", line)
    assert refusal.value.zh.startswith(f"trial/C-04.yaml:{line}：")


def test_pack_head_is_checked(write: Write) -> None:
    """A pack is named as its folder and has a region."""
    with pytest.raises(PackError):
        load_lawbook(write(head=HEAD.replace("id: trial", "id: other")))
    with pytest.raises(PackError):
        load_lawbook(write(head=HEAD.replace('"65"', '"新疆"')))


def test_same_rule_twice_in_a_region(write: Write) -> None:
    """Two packs cannot both have a rule for one region."""
    folder = write()
    second = folder / "second"
    second.mkdir()
    (second / "pack.yaml").write_text(HEAD.replace("id: trial", "id: second").replace('"65"', '"6501"'))
    (second / "C-04.yaml").write_text(RULE.replace('region: "6501"', 'region: "650102"'))
    with pytest.raises(PackError, match="has this rule for the same region"):
        load_lawbook(folder)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"[" * 5000, b"a" * 300_000, b"? [a]\n: 1", b"1: 2", b"a: 2026-01-01 10:00:00"]
)
def test_odd_files_are_refused(content: bytes) -> None:
    """A file that is not plain small YAML is refused, never half read."""
    with pytest.raises(PackError):
        read_document(content, "trial/odd.yaml")


def test_decimals_stay_decimals() -> None:
    """A decimal in a file never becomes a binary float."""
    document = read_document(b"a: 1.10\nb: 49.99\nc: [50, true, null, x]", "x.yaml")
    assert repr(document.value) == "{'a': Decimal('1.10'), 'b': Decimal('49.99'), 'c': [50, True, None, 'x']}"


def test_credit_model_is_checked(tmp_path: Path) -> None:
    """Caps that do not add up to 100 are refused."""
    (tmp_path / "credit").mkdir()
    text = (LAWBOOK_FOLDER / "credit" / "provincial-65.yaml").read_text()
    (tmp_path / "credit" / "trial.yaml").write_text(text.replace("institution: 45", "institution: 44"))
    with pytest.raises(PackError, match="caps of institution sum to 100"):
        load_lawbook(tmp_path)


def test_a_model_like_another_says_only_what_differs(tmp_path: Path) -> None:
    """Wenzhou's takes over everything but id, title and region; its version is its own and follows the other's."""
    province, city = (load_lawbook().credit_model(region=region, on=date(2026, 5, 1)) for region in ("65", "3303"))
    assert province is not None
    assert city is not None
    assert city == replace(
        province, id=city.id, title=city.title, region="3303", version=city.version, content=city.content
    )
    assert city.version != province.version
    shipped = LAWBOOK_FOLDER / "credit"
    (tmp_path / "wenzhou-3303.yaml").write_text((shipped / "wenzhou-3303.yaml").read_text("utf-8"), "utf-8")
    text = (shipped / "provincial-65.yaml").read_text("utf-8").replace("critical: 5.00", "critical: 6.00")
    (tmp_path / "provincial-65.yaml").write_text(text, "utf-8")
    changed = load_credit_model(tmp_path / "wenzhou-3303.yaml")
    assert changed.deductions != city.deductions
    assert changed.version != city.version
    (tmp_path / "wenzhou-3303.yaml").write_text("like: ../provincial-65\nid: x\n", "utf-8")
    with pytest.raises(PackError, match="beside this one"):
        load_credit_model(tmp_path / "wenzhou-3303.yaml")


def test_shipped_pack_names_its_sources() -> None:
    """The shipped pack loads, is of a province and names its sources."""
    pack = load_pack(LAWBOOK_FOLDER / "contractor-capability-65")
    assert (pack.region, tuple(pack.sources)) == ("65", ("S003", "S004"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("  per_supervisor: {zh", "  other: {zh"), ("labels:\n", "labels:\n  other: {zh: 甲, en: another}\n")],
)
def test_each_parameter_has_a_name_and_each_name_a_parameter(write: Write, old: str, new: str) -> None:
    """People never meet a parameter by the word used in the expressions."""
    with pytest.raises(PackError, match=r"other|per_supervisor"):
        load_lawbook(write((old, new)))
