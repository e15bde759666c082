"""The catalogue finds a rule by whatever people remember of it, and says how surely its source is known."""

from datetime import date

import pytest

from hengjian.scoring.api import (
    SOURCE_MARKS,
    RuleFilter,
    load_lawbook,
    registers_read,
    search_rules,
    severities_of,
    source_marks,
)
from hengjian.scoring.domain.facts_shape import SUBJECTS_OF_BOTH
from hengjian.tenants.api import BY_KIND

BOOK = load_lawbook()
TODAY = date(2026, 11, 20)
RULES = [(pack, rule) for pack in BOOK.packs for rule in pack.rules]


def found(text: str | None = None, **narrowed: str) -> list[str]:
    return [one.rule.id for one in search_rules(BOOK, RuleFilter(text=text, **narrowed), region=None, on=TODAY)]


@pytest.mark.parametrize(
    "text",
    [
        "C-04",
        "c-04",
        "督查人员配备",
        "每运维50个监测点位",
        "supervisors per points",
        "ducha",
        "dcrypb",
        "Ｃ－０４ 督查",
    ],
)
def test_a_rule_is_found_by_what_one_remembers(text: str) -> None:
    """Number, title, the clause's own words, English, pinyin and its initials, full-width letters."""
    assert "C-04" in found(text)


def test_every_word_must_be_found() -> None:
    """Two words narrow, nonsense finds nothing, no word finds all; signs are plain text."""
    assert found("督查 每运维50个") == ["C-04"]
    assert found("督查 查无此词") == []
    assert "C-04" not in found("%")
    assert found() == found("  ") == [rule.id for _, rule in RULES]


def test_filters_narrow() -> None:
    """By pack, by a severity that a breach can have, by how the source is known."""
    assert found(pack="credit-events") == ["K-01", "K-02", "K-03", "K-04", "K-05"]
    assert "C-05" in found(severity="critical")
    assert "C-05" in found(severity="major")
    assert found(source_status="memory") == ["L-02", "L-05"]
    for mark in SOURCE_MARKS:
        for pack, rule in RULES:
            assert (rule.id in found(source_status=mark)) == (mark in source_marks(rule, pack.region, TODAY))


def test_a_clause_that_nobody_has_seen_is_not_called_verified() -> None:
    """A quotation in brackets of the law-book's own is a retelling, whatever the limits are."""
    for pack, rule in RULES:
        marks = source_marks(rule, pack.region, TODAY)
        assert ("restated" in marks) == rule.cites.quote.startswith("〔")
        assert ("verified" in marks) == (marks == ("verified",))


def test_what_is_not_in_force_is_listed_and_said_to_be_so() -> None:
    """Before its day a rule is in the catalogue; in a region that is not the pack's it does not count as in force."""
    early = {one.rule.id: one.in_force for one in search_rules(BOOK, RuleFilter(), region=None, on=date(2020, 1, 1))}
    assert not early["C-04"]
    assert early["L-03"]
    elsewhere = {one.rule.id: one.in_force for one in search_rules(BOOK, RuleFilter(), region="44", on=TODAY)}
    assert not elsewhere["C-04"]
    assert elsewhere["L-01"]


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=lambda rule: rule.id)
def test_every_rule_names_its_registers_and_severities(rule: object) -> None:
    """Registers exist, and only what bureaus decide rests on none; severities stand with the gravest first."""
    known = next(one for _, one in RULES if one is rule)
    assert bool(registers_read(known)) is (known.subject not in SUBJECTS_OF_BOTH)
    assert all(kind in BY_KIND for kind in registers_read(known))
    assert known.severity in severities_of(known)
