"""Rules in people's words: limits with their operator, parameters with a name, lists as each language joins them."""

import re

import pytest

from hengjian.dashboards.language import Words, read_catalogue
from hengjian.dashboards.pages.lines import fact_text, required_text
from hengjian.dashboards.pages.rule_words import value_text
from hengjian.platform.db import Database
from hengjian.scoring.api import Rule
from tests.dashboards.visiting import LAWBOOK, Browser
from tests.support.people import a_bureau, an_account

RULES = [rule for pack in LAWBOOK.packs for rule in pack.rules]
SIGNED = re.compile(r"[≥≤=] \S+")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_limit_has_its_operator(rule: Rule) -> None:
    """Whatever an example demands is printed as at least, at most or exactly that; some demand no figure."""
    stated = [one for one in rule.examples if one.expected.get("required") is not None]
    assert stated or rule.lacking is not None or rule.required is None
    for one in stated:
        measured, required = str(one.expected.get("measured")), str(one.expected["required"])
        said = required_text(rule, required, measured=measured, breach=one.verdict == "breach")
        assert said is not None
        assert SIGNED.fullmatch(said), one


@pytest.mark.parametrize(
    ("rule_id", "measured", "required", "breach", "said"),
    [
        ("C-04", "1", "2", True, "≥ 2"),
        ("C-05", "33/4", "8", True, "≤ 8"),
        ("C-12", "1", "0", True, "= 0"),
        ("C-12", "0", "1", True, "≥ 1"),
        ("C-12", "1", "1", False, "≥ 1"),
        ("C-15", "3", "4", True, "≥ 4"),
        ("C-17", "2026-11-20", "2026-06-30", True, "≤ 2026-06-30"),
    ],
)
def test_a_limit_reads_as_the_rule_means_it(
    rule_id: str, measured: str, required: str, breach: bool, said: str
) -> None:
    """A least, a most, and none at all."""
    rule = LAWBOOK.find(rule_id)[0][1]
    assert required_text(rule, required, measured=measured, breach=breach) == said


def test_dates_carry_no_unit() -> None:
    """`2026-11-20` says by itself what it is."""
    assert [LAWBOOK.find(rule_id)[0][1].unit.zh for rule_id in ("C-07", "C-17")] == ["", ""]


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("points", 66, "66 个", "66 points"),
        ("points", 1, "1 个", "1 point"),
        ("archive_seconds", 314_600, "314,600 秒", "314,600 seconds"),
        ("office_area_m2", "49.99", "49.99 m²", "49.99 m²"),
        ("crews", 2, "2 个", "2"),
        ("points", None, "–", "–"),
    ],
)
def test_a_number_comes_with_its_unit(name: str, value: object, zh: str, en: str) -> None:
    """Seconds are not taken for hours; English leaves out a unit that the fact's own name says; no data has none."""
    assert fact_text(name, value, Words("zh", {})) == zh
    assert fact_text(name, value, Words("en", read_catalogue())) == en


def test_lists_are_joined_as_the_language_does() -> None:
    """Codes become words; Chinese joins with 、, English with a comma."""
    codes = ("DATA_ACCESS", "OPERATION_MANAGEMENT")
    assert value_text(codes, Words("zh", {})) == "数据接入、运维管理"
    assert value_text(codes, Words("en", read_catalogue())) == "data access, operation management"


@pytest.mark.parametrize(("language", "label"), [("zh", "每名督查人员的点位数"), ("en", "points per supervisor")])
async def test_a_parameter_is_called_by_its_name(
    browser: Browser, database: Database, language: str, label: str
) -> None:
    """The rule's page prints the label with its unit, not the word used in the file."""
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    page = (await browser.get(f"/rules/C-04?lang={language}")).text
    assert f">{label}<" in page
    assert ("个/人" in page) == (language == "zh")
    assert ">points_per_supervisor<" not in page


async def test_one_of_a_thing_is_one_thing(browser: Browser) -> None:
    """In English a parameter of 1 has its unit in the singular, read aloud and in the table."""
    page = (await browser.get("/rules/C-12?lang=en")).text
    assert "(1 warehouse)" in page
    assert '<b>1</b> <span class="muted">warehouse</span>' in page
    assert '<b>0</b> <span class="muted">warehouses</span>' in page
