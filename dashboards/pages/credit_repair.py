"""Credit repair as pages print it: what an organization may apply for from which day, and its applications."""

from collections.abc import Mapping

from hengjian.dashboards.language import Bilingual, mark
from hengjian.dashboards.pages.credit_forms import FINE
from hengjian.dashboards.pages.credit_records import CreditStep, MatterLine, RepairLine, RepairPart, StepLine
from hengjian.dashboards.pages.life_record import FileLine
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.pages.profile import Look
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    KnownRepair,
    Matter,
    RepairAct,
    RepairKind,
    RepairRefusal,
    RepairState,
    allowed_repair_acts,
    read_matters,
    read_repairs,
)

APPLIES = frozenset({"clerk", "administrator"})
KINDS = {
    RepairKind.FINDING: mark("轻微违规"),
    RepairKind.PENALTY: mark("行政处罚"),
    RepairKind.VETO: mark("一票否决后重新评级"),
}
ACTS = {
    RepairAct.PROPOSE_GRANT: mark("提议准予修复"),
    RepairAct.PROPOSE_REFUSE: mark("提议不予修复"),
    RepairAct.GRANT: mark("准予修复"),
    RepairAct.REFUSE: mark("不予修复"),
    RepairAct.RETURN: mark("退回提议"),
}
_STATES = {
    RepairState.WAITING: (mark("待审查"), "minor"),
    RepairState.PROPOSED: (mark("提议待复核"), "minor"),
    RepairState.GRANTED: (mark("已修复"), "pass"),
    RepairState.REFUSED: (mark("不予修复"), "info"),
}
_UNDER_REVIEW = mark("审查中")
_SAME_PERSON = mark("您提议了这一事项，须由另一名复核人办理")


async def read_repair_part(session: ReadSession, look: Look, *, typed: Mapping[str, str]) -> RepairPart:
    """What the visitor sees of credit repair; on a past day nothing can be applied for."""
    matters = await read_matters(session, look.organization.id, lawbook=look.site.lawbook, on=look.site.today)
    known = await read_repairs(session, look.organization.id)
    return RepairPart(
        action=f"{look.base}/credit/repairs",
        matters=matter_lines(look, matters, known),
        applications=tuple(_application(look, one) for one in known),
        applies=not look.visitor.of_bureau and bool(APPLIES & set(look.visitor.roles)) and look.as_of is None,
        kept=typed.get("repair_text", ""),
        chosen=typed.get("repair_matter", ""),
    )


def matter_lines(look: Look, matters: tuple[Matter, ...], known: tuple[KnownRepair, ...]) -> tuple[MatterLine, ...]:
    """Each matter with its first day, and whether an application for it waits."""
    waiting = {(one.kind, one.ref) for one in known if one.waits}
    today = look.site.today
    return tuple(
        MatterLine(
            value=f"{one.kind}:{one.ref}",
            kind=KINDS[one.kind],
            number=one.number,
            what=_what(look, one),
            possible_from=one.possible_from,
            ready=one.possible_from is not None and one.possible_from <= today and (one.kind, one.ref) not in waiting,
            waits=(one.kind, one.ref) in waiting,
        )
        for one in matters
    )


def _what(look: Look, one: Matter) -> Bilingual | str:
    if one.kind is RepairKind.FINDING:
        return rule_title(look.site, one.what)
    model = look.site.lawbook.credit_model(region=one.region, on=look.site.today)
    if model is None:
        return one.what
    titles = {item.id: item.title for item in model.penalties.measures} | {item.id: item.title for item in model.vetoes}
    return titles.get(one.what) or (FINE if one.what == "fine" else one.what)


def _application(look: Look, one: KnownRepair) -> RepairLine:
    status, tone = _STATES[one.standing.state]
    bureau = look.visitor.of_bureau
    allowed = {}
    if bureau and look.as_of is None:
        roles = frozenset(look.visitor.roles)
        allowed = allowed_repair_acts(one, actor=look.visitor.caller.actor, roles=roles)
    return RepairLine(
        id=str(one.id),
        kind=KINDS[one.kind],
        number=one.number,
        href=f"/findings/{one.ref}" if one.kind is RepairKind.FINDING else f"#e-{one.number}",
        by=one.by,
        at=one.at,
        text=one.text,
        files=tuple(
            FileLine(file.name, file.size, f"{look.base}/credit/repairs/files/{file.sha256}") for file in one.files
        ),
        status=status if bureau or one.standing.state is not RepairState.PROPOSED else _UNDER_REVIEW,
        tone=tone,
        steps=tuple(
            StepLine(
                label=ACTS[taken.step.act],
                by=taken.by,
                at=taken.at,
                on_day=taken.step.on_day,
                document_no=taken.step.document_no,
                reason=taken.step.reason,
            )
            for taken in one.steps
        ),
        choices=tuple(
            CreditStep(
                act=act,
                label=ACTS[act],
                takes_day=act is RepairAct.PROPOSE_GRANT,
                takes_document=act is RepairAct.PROPOSE_GRANT,
            )
            for act, why in allowed.items()
            if why is None
        ),
        waits=_SAME_PERSON if RepairRefusal.SAME_PERSON in allowed.values() else "",
    )
