"""The rule-book as people read it: each rule with clause, formula, parameters over time and worked examples."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.formats import number, stored
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import CHOICES
from hengjian.dashboards.language import Bilingual, Text, Words
from hengjian.dashboards.pages.rules_record import (
    ExampleLine,
    InputLine,
    ParameterLine,
    RuleLine,
    RulePage,
    RulesPage,
)
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import FACTS, SUBJECTS, Example, Pack, Rule, RuleInForce, open_findings_by_rule
from hengjian.scoring.errors import UnknownRuleError

_PARTS = ("applies", "require", "measured", "required", "lacking")


@get("/rules")
async def show_rules(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """The rules in force today in the visitor's region."""
    region, today = home_region(visitor), site.today
    async with site.database.read(visitor.caller) as session:
        counts = await open_findings_by_rule(session)
    rules = site.lawbook.rules_in_force(region=region, on=today)
    page = RulesPage(day=today, rules=tuple(_line(rule, counts.get(rule.id, 0)) for rule in rules))
    return site.show(request, "rules.html", page, visitor=visitor)


@get("/rules/{rule_id:str}")
async def show_rule(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, rule_id: FromPath[str]
) -> Response[str]:
    """One rule as it stands today in the visitor's region."""
    async with site.database.read(visitor.caller) as session:
        page = await _rule_page(session, site, rule_id, words=site.templates.words(site.language(request, visitor)))
    return site.show(request, "rule.html", page, visitor=visitor)


def home_region(visitor: Visitor) -> str | None:
    """The region whose rules the visitor sees first; None leaves each pack its own."""
    return visitor.caller.region or None


def sign_of(rule: Rule) -> str:
    """How measured must stand to required, `≥` or `≤`, as the rule's own examples of breaches show it.

    Empty where they show both or neither.
    """
    found = {_shortfall(example.expected) for example in rule.examples if example.verdict == "breach"} - {""}
    return found.pop() if len(found) == 1 else ""


def _shortfall(expected: Mapping[str, object]) -> str:
    """What a breach of this size lacked: `≥` when measured was below required, `≤` when above."""
    measured, required = expected.get("measured"), expected.get("required")
    match measured, required:
        case ((int() | Decimal() | Fraction()), (int() | Decimal() | Fraction())):
            below, above = measured < required, measured > required
        case date(), date():
            below, above = measured < required, measured > required
        case _:
            return ""
    return "≥" if below else "≤" if above else ""


def sign_between(measured: object, required: object, *, breach: bool) -> str:
    """How a limit reads that has been judged against: a breach lies on the wrong side of it, a pass on the right one.

    For a rule whose limit is now a least and now a most (C-12: own and shared warehouses).

    >>> sign_between(1, 0, breach=True), sign_between(0, 1, breach=True), sign_between(1, 1, breach=False)
    ('≤', '≥', '≥')
    """
    below = _shortfall({"measured": measured, "required": required}) == "≥"
    above = _shortfall({"measured": measured, "required": required}) == "≤"
    if breach:
        return "≥" if below else "≤" if above else ""
    return "≤" if below else "≥"


def with_sign(rule: Rule, required: str, *, measured: str | None, breach: bool) -> str:
    """The required value as it is printed, `≥ 2`; of what may not be at all, `= 0`."""
    sign = sign_of(rule) or sign_between(read(measured), read(required), breach=breach)
    return f"{'=' if sign == '≤' and required == '0' else sign} {stored(required)}".strip()


def read(text: str | None) -> object:
    """A stored value as a number or a day, when it is one."""
    try:
        return Fraction(text or "")
    except ValueError:
        pass
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return text


def value_text(value: object, words: Words) -> str:
    """A parameter's or an example's value: codes of closed lists by their words, lists joined as the language does."""
    if isinstance(value, tuple | list):
        return words("、").join(value_text(one, words) for one in value) or words("无")
    if isinstance(value, bool):
        return words("是") if value else words("否")
    if isinstance(value, str):
        return words(CHOICES[value]) if value in CHOICES else value
    return number(value)


def source_title(pack: Pack, rule: Rule) -> Bilingual:
    """The title of the source a rule cites."""
    return pack.sources.get(rule.cites.source, Text(rule.cites.source))


def _line(rule: RuleInForce, count: int) -> RuleLine:
    wording = rule.rule
    return RuleLine(
        rule_id=rule.id,
        title=wording.title,
        formula=wording.formula,
        subject=SUBJECTS.get(wording.subject, wording.subject),
        severities=_severities(wording),
        clause=f"{wording.cites.source} {wording.cites.clause}",
        open=count,
    )


async def _rule_page(session: ReadSession, site: Site, rule_id: str, *, words: Words) -> RulePage:
    try:
        pack, rule = site.lawbook.find(rule_id)[0]
    except UnknownRuleError as unknown:
        raise PageMissing from unknown
    counts = await open_findings_by_rule(session)
    texts = {name: expression.text for name in _PARTS if (expression := getattr(rule, name)) is not None}
    return RulePage(
        rule_id=rule.id,
        title=rule.title,
        severities=_severities(rule),
        subject=SUBJECTS.get(rule.subject, rule.subject),
        pack=pack.title,
        in_force_from=rule.in_force_from,
        quote=rule.cites.quote,
        source=source_title(pack, rule),
        clause=f"{rule.cites.source} {rule.cites.clause}",
        formula=rule.formula,
        expressions=tuple(texts.items()),
        examples=tuple(_examples(rule, words)),
        parameters=tuple(_parameters(rule, words)),
        inputs=tuple(
            InputLine(name=name, label=fact_label(name), unit=_unit(name)) for name in rule.inputs + rule.optional
        ),
        remedy=rule.remedy,
        open=counts.get(rule.id, 0),
    )


def fact_label(name: str) -> Bilingual | str:
    """What a fact is called; its own name when the catalogue has none."""
    fact = FACTS.get(name)
    return fact.label if fact else name


def _unit(name: str) -> Bilingual | str:
    fact = FACTS.get(name)
    return fact.unit if fact else ""


def _severities(rule: Rule) -> tuple[str, ...]:
    found = {rule.severity, *(case.severity for case in rule.severity_cases)}
    return tuple(str(one) for one in ("critical", "major", "minor", "info") if one in found)


def _examples(rule: Rule, words: Words) -> list[ExampleLine]:
    return [
        ExampleLine(
            facts=words("，").join(
                f"{words.of(fact_label(name))} = {value_text(value, words)}" for name, value in example.facts.items()
            ),
            verdict=str(example.verdict),
            severity=str(example.expected["severity"]) if "severity" in example.expected else None,
            measured=_stated(example.expected, "measured"),
            required=_limit(rule, example),
        )
        for example in rule.examples
    ]


def _limit(rule: Rule, example: Example) -> str | None:
    required, measured = (_plain(example.expected.get(name)) for name in ("required", "measured"))
    return (
        None if required is None else with_sign(rule, required, measured=measured, breach=example.verdict == "breach")
    )


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _stated(expected: object, name: str) -> str | None:
    value = expected.get(name) if isinstance(expected, dict) else None
    return None if value is None else number(value)


def _parameters(rule: Rule, words: Words) -> list[ParameterLine]:
    return [
        ParameterLine(
            name=parameter.name,
            label=parameter.label,
            note=entry.note or "",
            region=region_name(entry.region, entry.since),
            since=entry.since,
            value=value_text(entry.value, words),
            unit=entry.unit,
            status=str(entry.source_status),
            listed=isinstance(entry.value, tuple),
        )
        for parameter in rule.parameters
        for entry in sorted(parameter.entries, key=lambda entry: entry.since)
    ]
