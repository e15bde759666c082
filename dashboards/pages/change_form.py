"""The form of a change of a rule: a new value, another severity or none from a day on, with clause and reason."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.labels import SEVERITIES, SOURCE_STATUSES
from hengjian.dashboards.language import Bilingual, Text, Words
from hengjian.dashboards.pages.changes_record import ChangeForm, ChangeFormPage
from hengjian.dashboards.pages.finding_steps import person_of
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.pages.rule_words import value_text
from hengjian.dashboards.parts import Option
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import Session
from hengjian.scoring.api import (
    ChangeKind,
    NewChange,
    Rule,
    ScoringError,
    UnknownRuleError,
    check_change,
    draft_change,
    earliest_day,
    rule_file,
    severities_of,
    start_impact,
)

AUTHOR = "rule_author"
_PARAMETER, _SEVERITY, _OFF, TEXT = "parameter:", "severity:", "off", "text"
# Days to spare for check and approval before the shadow days begin.
_SPARE = timedelta(days=7)
NO_DAY = Text("生效日请写成 2027-01-01 的样子", "Write the first day like 2027-01-01")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form."""

    what: str = ""
    value: str = ""
    from_day: str = ""
    clause: str = ""
    reason: str = ""
    source_status: str = "proposal"
    examples: str = ""
    text: str = ""

    def change(self, rule_id: str) -> NewChange | None:
        """What the form asks for; None when its day cannot be read."""
        try:
            from_day = date.fromisoformat(self.from_day)
        except ValueError:
            return None
        kind = ChangeKind.OFF
        if self.what.startswith(_PARAMETER):
            kind = ChangeKind.PARAMETER
        elif self.what.startswith(_SEVERITY):
            kind = ChangeKind.SEVERITY
        elif self.what == TEXT:
            kind = ChangeKind.TEXT
        return NewChange(
            rule_id=rule_id,
            kind=kind,
            from_day=from_day,
            reason=self.reason,
            clause=self.clause,
            parameter=self.what.removeprefix(_PARAMETER) if kind is ChangeKind.PARAMETER else "",
            value=self.value if kind is ChangeKind.PARAMETER else "",
            severity=self.what.removeprefix(_SEVERITY) if kind is ChangeKind.SEVERITY else "",
            source_status=self.source_status,
            examples=self.examples if kind in {ChangeKind.PARAMETER, ChangeKind.SEVERITY} else "",
            text=f"{self.text}\n" if kind is ChangeKind.TEXT and self.text else "",
        )


def typed_of(new: NewChange) -> Typed:
    """What was typed when this change was drafted."""
    whats = {
        ChangeKind.PARAMETER: _PARAMETER + new.parameter,
        ChangeKind.SEVERITY: _SEVERITY + new.severity,
        ChangeKind.TEXT: TEXT,
    }
    return Typed(
        what=whats.get(new.kind, _OFF),
        value=new.value,
        from_day=new.from_day.isoformat(),
        clause=new.clause,
        reason=new.reason,
        source_status=new.source_status,
        examples=new.examples,
        text=new.text,
    )


def read_typed(form: Any) -> Typed:
    """The fields of a form, line ends as files have them."""
    names = ("what", "value", "from_day", "clause", "reason", "source_status", "examples", "text")
    return Typed(**{name: str(form.get(name, "")).replace("\r\n", "\n").strip() for name in names})


def may_draft(visitor: Visitor | None) -> bool:
    """Whether the visitor writes rules for a bureau."""
    return visitor is not None and visitor.of_bureau and AUTHOR in visitor.roles


def change_form(site: Site, rule: Rule, words: Words, *, region: str | None, typed: Typed | None = None) -> ChangeForm:
    """The form for a rule in a region, empty or as it was typed."""
    earliest = earliest_day(site.today)
    given = typed or Typed(
        from_day=_next_month(earliest + _SPARE).isoformat(), clause=f"{rule.cites.source} {rule.cites.clause}"
    )
    pack = site.lawbook.find(rule.id)[0][0]
    return ChangeForm(
        action=f"/rules/{rule.id}/changes",
        rule_id=rule.id,
        whats=_whats(site, rule, words, region=region or rule.region, chosen=given.what),
        value=given.value,
        from_day=given.from_day,
        earliest=earliest,
        clause=given.clause,
        reason=given.reason,
        statuses=tuple(
            Option(code, words(label), code == given.source_status) for code, label in SOURCE_STATUSES.items()
        ),
        text=given.text or rule_file(pack.id, rule.id),
    )


def _whats(site: Site, rule: Rule, words: Words, *, region: str, chosen: str) -> tuple[Option, ...]:
    now = site.lawbook.rule_in_force(rule.id, region=region, on=site.today)
    found: list[tuple[str, str]] = []
    for parameter in rule.parameters:
        entry = now.parameters.get(parameter.name) if now else None
        unit = "" if entry is None or isinstance(entry.value, tuple) else words.of(entry.unit)
        value = words("无") if entry is None else f"{value_text(entry.value, words)} {unit}".strip()
        label = words("%(name)s（现为 %(value)s）", name=words.of(parameter.label), value=value)
        found.append((f"{_PARAMETER}{parameter.name}", label))
    if len(severities_of(rule)) == 1:
        found += [
            (f"{_SEVERITY}{code}", words("级别改为%(severity)s", severity=words(label)))
            for code, label in SEVERITIES.items()
            if code != rule.severity
        ]
    found.append((TEXT, words("改写规则全文")))
    found.append((_OFF, words("在本地区停用这条规则")))
    return tuple(Option(value, label, value == chosen) for value, label in found)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@post("/rules/{rule_id:str}/changes", status_code=303)
async def take_draft(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, rule_id: FromPath[str]
) -> Response[str]:
    """Draft a change and run its examples at once; what is refused comes back with the words that were typed."""
    form = await session_form(site, request)
    typed = read_typed(form)
    new = typed.change(rule_id)
    if new is None:
        return _again(request, site, inspector, rule_id, typed=typed, problem=NO_DAY)
    try:
        async with site.database.write(inspector.caller) as session:
            by, now = person_of(inspector), site.now()
            no = await draft_change(session, new, by=by, book=site.lawbook, now=now)
            await check_and_preview(session, site, inspector, no)
    except UnknownRuleError as unknown:
        raise PageMissing from unknown
    except ScoringError as refused:
        return _again(request, site, inspector, rule_id, typed=typed, problem=said(refused))
    return to_change(no)


async def check_and_preview(session: Session, site: Site, visitor: Visitor, no: str) -> None:
    """Runs the examples; when all come out, the preview begins by itself."""
    by, now = person_of(visitor), site.now()
    result = await check_change(session, no, by=by, book=site.lawbook, now=now)
    if result.ok:
        await start_impact(session, no, by=by, now=now)


def said(refused: ScoringError) -> Bilingual:
    """Why something was refused, in both languages."""
    return Text(refused.zh, str(refused))


def to_change(no: str, part: str = "") -> Response[str]:
    """To the page of a change."""
    return Redirect(f"/rules/changes/{no}{part}", status_code=303)


def _again(
    request: HtmlRequest, site: Site, visitor: Visitor, rule_id: str, *, typed: Typed, problem: Bilingual
) -> Response[str]:
    try:
        rule = site.lawbook.find(rule_id)[0][1]
    except UnknownRuleError as unknown:
        raise PageMissing from unknown
    words = site.templates.words(site.language(request, visitor))
    form = change_form(site, rule, words, region=visitor.caller.region, typed=typed)
    page = ChangeFormPage(rule_id=rule_id, title=rule_title(site, rule_id), form=replace(form, problem=problem))
    return site.show(request, "change_new.html", page, visitor=visitor, status=422)
