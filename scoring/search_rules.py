"""The public catalogue of rules: what can be searched for, and how surely each rule's source is known."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hengjian.scoring.domain.formulas import formula_on
from hengjian.scoring.domain.lawbook import LawBook, Pack
from hengjian.scoring.domain.rules import Rule, SourceStatus, Wording
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.fact_sources import fact_source
from hengjian.tenants.api import initials_of, pinyin_of

RESTATED = "restated"
SOURCE_MARKS = (SourceStatus.VERIFIED.value, RESTATED, SourceStatus.PROPOSAL.value, SourceStatus.MEMORY.value)
"""How a rule's source is known: all read in the source; the clause retold, not seen; a limit proposed; one from memory."""

# The two registers of which a lot can be a row.
_LOTS = ("reagentLots", "referenceMaterials")
_TOLD_IN_OTHER_WORDS = "〔"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFilter:
    """What a list of rules is narrowed to; None asks nothing.

    `text` is looked for in number, title, clause, quotation, formula and remedy, in both languages and in pinyin; each
    of its words must be found.
    """

    text: str | None = None
    pack: str | None = None
    severity: str | None = None
    source_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRule:
    """One rule of the catalogue; `in_force` on the day and in the region that were asked for."""

    pack: Pack
    rule: Rule
    in_force: bool


def search_rules(book: LawBook, wanted: RuleFilter, *, region: str | None, on: date) -> tuple[CatalogueRule, ...]:
    """The rules that fit, in force or not, in the order of packs and names.

    Args:
        book: the law-book.
        wanted: what is asked for.
        region: GB/T 2260 code; None leaves each pack its own.
        on: legal day for `in_force` and for the limits by which the source status is told.
    """
    words = _plain(wanted.text or "").split()
    return tuple(
        one
        for pack in book.packs
        for file in pack.rules
        if not file.edition
        for one in [catalogue_rule(book, pack, file, region=region, on=on)]
        if _fits(pack, one.rule, wanted, on)
        and all(word in _haystack(_texts(one, region or pack.region, on)) for word in words)
    )


def catalogue_rule(book: LawBook, pack: Pack, file: Rule, *, region: str | None, on: date) -> CatalogueRule:
    """What stands of a rule of the files in a region on a day: the edition then in force, else what its file says."""
    standing = book.rule_in_force(file.id, region=region or pack.region, on=on)
    return CatalogueRule(pack=pack, rule=standing.rule if standing else file, in_force=standing is not None)


def severities_of(rule: Rule) -> tuple[Severity, ...]:
    """Every severity that a breach can have, the gravest first."""
    found = {rule.severity, *(case.severity for case in rule.severity_cases)}
    return tuple(one for one in Severity if one in found)


def source_marks(rule: Rule, region: str, on: date) -> tuple[str, ...]:
    """How surely the clause and its limits are known; `verified` only where nothing else is to be said."""
    resolved = (rule.resolve(region, on) or {}).values()
    entries = list(resolved) or [entry for parameter in rule.parameters for entry in parameter.entries]
    found = {entry.source_status.value for entry in entries} - {SourceStatus.VERIFIED.value}
    if rule.cites.quote.startswith(_TOLD_IN_OTHER_WORDS):
        found.add(RESTATED)
    return tuple(mark for mark in SOURCE_MARKS if mark in found) or (SourceStatus.VERIFIED.value,)


def registers_read(rule: Rule) -> tuple[str, ...]:
    """The kinds of registers from which the rule's facts are counted."""
    lots = _LOTS if rule.subject == "material_lot" else ("0",)
    found = [
        source.kind
        for name in rule.inputs + rule.optional
        for lot in lots
        if (source := fact_source(name, subject_kind=rule.subject, subject=f"{lot}:")) is not None
    ]
    return tuple(dict.fromkeys(found))


def _fits(pack: Pack, rule: Rule, wanted: RuleFilter, on: date) -> bool:
    return (
        (wanted.pack is None or wanted.pack == pack.id)
        and (wanted.severity is None or wanted.severity in severities_of(rule))
        and (wanted.source_status is None or wanted.source_status in source_marks(rule, pack.region, on))
    )


def _texts(one: CatalogueRule, region: str, on: date) -> tuple[str, ...]:
    source = one.pack.sources.get(one.rule.cites.source)
    formula = formula_on(one.rule, region, on)
    return (one.rule.title.zh, *_others(one.rule, formula), *((source.zh, source.en) if source else ()))


def _others(rule: Rule, formula: Wording) -> Iterator[str]:
    yield from (rule.id, rule.cites.source, rule.cites.clause, rule.cites.quote)
    for wording in (rule.title, formula, rule.remedy, *(parameter.label for parameter in rule.parameters)):
        yield from (wording.zh, wording.en)


@lru_cache(maxsize=2_000)
def _haystack(texts: tuple[str, ...]) -> str:
    """All that a rule can be found by, its title's pinyin as syllables, in one word, and by initials."""
    pinyin = pinyin_of(texts[0])
    return _plain("\n".join((*texts, pinyin, pinyin.replace(" ", ""), initials_of(pinyin))))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
