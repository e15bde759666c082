"""Findings and verdicts as lines of a list: codes become words, stored values become printed ones."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hengjian.dashboards.formats import number, stored, unit
from hengjian.dashboards.labels import CHOICES
from hengjian.dashboards.language import Bilingual, Text, Words, mark
from hengjian.dashboards.pages.rule_words import fact_unit, with_sign
from hengjian.dashboards.parts import FindingLine
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import Site
from hengjian.scoring.api import FACTS, LISTED, CountedIn, FindingHead, Rule
from hengjian.scoring.errors import UnknownRuleError

_NAMED = 4

_OF_CREDIT = frozenset({"credit_record", "rectification", "check"})
"""Subjects judged by what a bureau entered, not by a register."""


def find_rule(site: Site, rule_id: str) -> Rule | None:
    """The rule's wording; None when the law-book no longer has it."""
    try:
        return site.lawbook.find(rule_id)[0][1]
    except UnknownRuleError:
        return None


def rule_title(site: Site, rule_id: str) -> Bilingual:
    """The rule's title, its number when the law-book no longer has it."""
    rule = find_rule(site, rule_id)
    return rule.title if rule else Text(rule_id)


def finding_lines(
    site: Site, findings: Iterable[FindingHead], *, words: Words, several_regions: bool = True
) -> tuple[FindingLine, ...]:
    """Findings ready to print."""
    today = site.today
    return tuple(_line(site, one, today, words=words, several_regions=several_regions) for one in findings)


def _line(site: Site, found: FindingHead, today: date, *, words: Words, several_regions: bool) -> FindingLine:
    rule = find_rule(site, found.rule_id)
    until = found.closed_on
    return FindingLine(
        number=found.no,
        organization=found.organization,
        credit_code=found.credit_code,
        rule_id=found.rule_id,
        title=rule.title if rule else Text(found.rule_id),
        severity=found.severity,
        state=found.state,
        since=found.opened_on,
        until=until,
        days=lasted(found.opened_on, until, today),
        measured=stored(found.measured),
        required=required_text(rule, found.required, measured=found.measured),
        unit=rule.unit if rule and found.measured is not None else "",
        subject=subject_text(found.subject, words, on=today),
        region=region_name(found.region, today) if several_regions else "",
        grade=found.grade or "N",
        due=found.due_on,
        counted_in=found.counted_in,
    )


def grouped(lines: Iterable[FindingLine], words: Words, *, most: int) -> tuple[FindingLine, ...]:
    """The first lines, with findings of one rule and severity at one organization as one line ×4."""
    groups: dict[tuple[object, ...], list[FindingLine]] = {}
    for line in lines:
        under = tuple(dict.fromkeys(one.rule_id for one in line.counted_in))
        groups.setdefault((line.credit_code, line.rule_id, line.severity, under), []).append(line)
    return tuple(_together(group, words) for group in list(groups.values())[:most])


def _together(group: list[FindingLine], words: Words) -> FindingLine:
    first = group[0]
    if len(group) == 1:
        return first
    varies = words("不一")
    return replace(
        first,
        times=len(group),
        href=f"/findings?q={first.credit_code}&rule={first.rule_id}&severity={first.severity}",
        subject=words("、").join(one.subject for one in group[:_NAMED] if one.subject)
        + ("…" if len(group) > _NAMED else ""),
        measured=first.measured if len({one.measured for one in group}) == 1 else varies,
        required=first.required if len({one.required for one in group}) == 1 else varies,
        unit=first.unit if len({one.measured for one in group}) == 1 else "",
        days=max(one.days for one in group),
        counted_in=tuple(CountedIn(rule) for rule in dict.fromkeys(one.rule_id for one in first.counted_in)),
    )


def lasted(since: date, until: date | None, today: date) -> int:
    """Days of breach, the first one counted; today counts while it lasts."""
    return (until - since).days if until is not None else (today - since).days + 1


def required_text(rule: Rule | None, required: str | None, *, measured: str | None, breach: bool = True) -> str | None:
    """The limit with its sign, `≥ 2`; None without one."""
    if rule is None or required is None:
        return stored(required)
    return with_sign(rule, required, measured=measured, breach=breach)


def subject_text(label: str, words: Words, *, on: date) -> str:
    """Whom a verdict is about: a city by its name, others by their own label."""
    return words.of(region_name(label, on)) if label.isascii() and label.isdigit() and len(label) in {4, 6} else label


def fact_text(name: str, value: Any, words: Words) -> str:
    """A stored fact as people read it: codes of closed lists by their words, yes and no in words, numbers with unit."""
    if value is None:
        return number(value)
    if isinstance(value, bool):
        return words("是") if value else words("否")
    if isinstance(value, list):
        return words("、").join(choice_text(name, one, words) for one in value) or words("无")
    if isinstance(value, str):
        said = choice_text(name, value, words) if name in FACTS and FACTS[name].choices else stored(value) or value
    else:
        said = number(value)
    return f"{said} {unit(fact_unit(name, words), said)}".strip()


def page_behind(base: str, subject_kind: str, name: str) -> tuple[str, str]:
    """The page that a fact rests on where no register row gives it, as marked text and address; empty without one.

    >>> page_behind("/orgs/91", "credit_record", "falsifications"), page_behind("/orgs/91", "contractor", "as_of")
    (('信用事件', '/orgs/91/credit'), ('', ''))
    """
    if subject_kind in _OF_CREDIT:
        return mark("信用事件"), f"{base}/credit"
    return (mark("推送回执"), f"{base}/receipts") if name == "days_since_push" else ("", "")


def choice_text(name: str, code: str, words: Words) -> str:
    """A code of a closed list: by the fact's own words, else by those of the registers, else by the law-book's."""
    fact = FACTS.get(name)
    choices: Mapping[str, Bilingual] = fact.choices if fact else {}
    if code in choices:
        return words.of(choices[code])
    if code in CHOICES:
        return words(CHOICES[code])
    return words.of(LISTED[code]) if code in LISTED else code
