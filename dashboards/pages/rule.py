"""One rule as anybody may read it: clause, formula in words, limits over time, worked examples, error codes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.formats import number, unit
from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.language import Text, Words
from hengjian.dashboards.pages.change_form import change_form, may_draft
from hengjian.dashboards.pages.changes import changes_of_rule
from hengjian.dashboards.pages.rule_words import (
    event_lines,
    fact_label,
    fact_unit,
    home_region,
    source_title,
    value_text,
    with_sign,
)
from hengjian.dashboards.pages.rules import pack_href, pack_versions_href
from hengjian.dashboards.pages.rules_record import (
    CodeLine,
    ExampleLine,
    InputLine,
    ParameterLine,
    PartLine,
    RegisterLine,
    RulePage,
)
from hengjian.dashboards.places import place_name
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import (
    FACTS,
    SUBJECTS,
    Example,
    Pack,
    Reader,
    Rule,
    RuleInForce,
    UnknownRuleError,
    catalogue_rule,
    formula_on,
    open_findings_by_rule,
    registers_read,
    severities_of,
    source_marks,
)
from hengjian.tenants.api import BY_KIND, ISSUE_TEXTS, issue_codes

_PARTS = ("applies", "require", "measured", "required")


@get("/rules/{rule_id:str}")
async def show_rule(request: HtmlRequest, site: GivenSite, guest: GivenGuest, rule_id: FromPath[str]) -> Response[str]:
    """One rule as it stands today, in the visitor's region or its pack's own."""
    try:
        pack, file = site.lawbook.find(rule_id)[0]
    except UnknownRuleError as unknown:
        raise PageMissing from unknown
    rule = catalogue_rule(site.lawbook, pack, file, region=home_region(guest), on=site.today).rule
    words = site.templates.words(site.language(request, guest))
    page = _rule_page(site, pack, rule, region=home_region(guest), words=words, open_=await _open(site, guest, rule))
    changes = await changes_of_rule(site, guest, rule.id, words.language)
    form = change_form(site, rule, words, region=home_region(guest)) if may_draft(guest) else None
    return site.show(request, "rule.html", replace(page, changes=changes, form=form), visitor=guest)


async def _open(site: Site, guest: Visitor | None, rule: Rule) -> int | None:
    if guest is None:
        return None
    async with site.database.read(guest.caller) as session:
        return (await open_findings_by_rule(session)).get(rule.id, 0)


def _rule_page(site: Site, pack: Pack, rule: Rule, *, region: str | None, words: Words, open_: int | None) -> RulePage:
    today = site.today
    now = site.lawbook.rule_in_force(rule.id, region=region, on=today)
    return RulePage(
        rule_id=rule.id,
        title=rule.title,
        severities=severities_of(rule),
        subject=SUBJECTS.get(rule.subject, rule.subject),
        pack=pack.title,
        pack_href=pack_href(pack.id),
        pack_versions_href=pack_versions_href(pack.id),
        region=place_name(pack.region, today),
        in_force=now is not None,
        in_force_from=rule.in_force_from,
        in_force_until=rule.in_force_until,
        costs_points=now is None or now.costs_points,
        marks=source_marks(rule, region or pack.region, today),
        quote=rule.cites.quote,
        source=source_title(pack, rule),
        clause=rule.cites.clause,
        formula=formula_on(rule, region or pack.region, today),
        parts=tuple(_parts(rule, now, words)),
        examples=tuple(_example(rule, one, words) for one in rule.examples),
        parameters=tuple(_parameters(rule, today, words)),
        inputs=tuple(_input(name, words) for name in rule.inputs + rule.optional),
        registers=tuple(_register(kind) for kind in registers_read(rule)),
        remedy=rule.remedy,
        counted_under=event_lines(
            site.lawbook, rule.id, dict.fromkeys(name for entry in rule.counted_under for name in entry.rules)
        ),
        takes_over=event_lines(site.lawbook, rule.id, _counted_here(site, rule)),
        open=open_,
    )


def _counted_here(site: Site, rule: Rule) -> list[str]:
    """The rules whose breaches may count under this one's."""
    rules = (one for pack in site.lawbook.packs for one in pack.rules)
    return sorted({one.id for one in rules for entry in one.counted_under if rule.id in entry.rules})


def _parts(rule: Rule, now: RuleInForce | None, words: Words) -> Iterator[PartLine]:
    """What the rule compares, names by their labels and parameters with today's value."""
    labels = {parameter.name: parameter.label for parameter in rule.parameters}

    def said(name: str) -> str:
        if name not in labels:
            return words.of(fact_label(name))
        entry = now.parameters[name] if now else None
        if entry is None:
            return words.of(labels[name])
        text = value_text(entry.value, words)
        value = text if isinstance(entry.value, tuple) else f"{text} {unit(words.of(entry.unit), text)}".strip()
        return words("%(name)s（%(value)s）", name=words.of(labels[name]), value=value)

    reader = Reader(words.language, said, lambda value: value_text(value, words))
    for part in _PARTS:
        expression = getattr(rule, part)
        if expression is not None:
            yield PartLine(part=part, words=reader.read(expression.node), code=expression.text)
    for case in rule.severity_cases:
        code = case.when
        yield PartLine(part="severity", words=reader.read(code.node), code=code.text, severity=case.severity)


def _input(name: str, words: Words) -> InputLine:
    fact = FACTS[name]
    return InputLine(name=name, label=fact.label, meaning=fact.meaning, unit=fact_unit(name, words))


def _register(kind: str) -> RegisterLine:
    register = BY_KIND[kind]
    codes = ((code, ISSUE_TEXTS[code]) for code in issue_codes(register))
    return RegisterLine(
        Text(register.zh, register.en),
        f"push{kind[0].upper()}{kind[1:]}",
        tuple(
            CodeLine(code, Text(_open_places(one.zh), _open_places(one.en)), Text(one.hint_zh, one.hint_en))
            for code, one in codes
        ),
    )


def _open_places(text: str) -> str:
    return text.replace("{expected}", "…").replace("{got}", "…")


def _stated(name: str, value: object, words: Words) -> str:
    said = value_text(value, words)
    if value is None or isinstance(value, bool):
        return f"{words.of(fact_label(name))} = {said}"
    return f"{words.of(fact_label(name))} = {said} {unit(fact_unit(name, words), said)}".strip()


def _example(rule: Rule, example: Example, words: Words) -> ExampleLine:
    facts = (_stated(name, value, words) for name, value in example.facts.items())
    measured, required = example.expected.get("measured"), example.expected.get("required")
    return ExampleLine(
        facts=words("，").join(facts),
        verdict=example.verdict,
        severity=str(example.expected["severity"]) if "severity" in example.expected else None,
        measured=None if measured is None else number(measured),
        required=None
        if required is None
        else with_sign(
            rule,
            str(required),
            measured=None if measured is None else str(measured),
            breach=example.verdict == "breach",
        ),
    )


def _parameters(rule: Rule, today: date, words: Words) -> Iterator[ParameterLine]:
    """Every value there was, is and will be, region by region."""
    for parameter in rule.parameters:
        for entry in sorted(parameter.entries, key=lambda one: (one.region, one.since)):
            later = [one.since for one in parameter.entries if one.region == entry.region and one.since > entry.since]
            replaced = any(day <= today for day in later) or (entry.until is not None and entry.until <= today)
            yield ParameterLine(
                name=parameter.name,
                label=parameter.label,
                note=entry.note or "",
                region=place_name(entry.region, entry.since),
                since=entry.since,
                time="later" if entry.since > today else "before" if replaced else "now",
                value=value_text(entry.value, words),
                unit=entry.unit,
                status=entry.source_status,
                listed=isinstance(entry.value, tuple),
            )
