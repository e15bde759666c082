"""The decision panel of one finding: what the visitor may do, until when, and what it would change."""

from dataclasses import replace

from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.life_record import ActChoice, DecisionLine, FileLine, LifePanel, StatementLine
from hengjian.dashboards.site import Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    Act,
    Decision,
    FindingLife,
    Refusal,
    ScoreEffect,
    State,
    Statement,
    allowed_acts,
    effect_of_confirming,
    read_life,
)

ACTS = {
    Act.NOTIFY: mark("通知机构"),
    Act.PROPOSE_CONFIRM: mark("提议确认违规"),
    Act.PROPOSE_DISMISS: mark("提议驳回，不计分"),
    Act.PROPOSE_SUSPEND: mark("提议暂缓"),
    Act.CONFIRM: mark("确认违规"),
    Act.DISMISS: mark("驳回，不计分"),
    Act.SUSPEND: mark("暂缓"),
    Act.RETURN: mark("退回提议"),
    Act.RESUME: mark("恢复办理"),
    Act.VERIFY: mark("核验整改"),
    Act.CLOSE: mark("关闭"),
    Act.STATE: mark("机构陈述"),
    Act.OBJECT: mark("提出异议"),
}
_HINTS = {
    Act.NOTIFY: mark("机构有 5 个工作日陈述"),
    Act.PROPOSE_SUSPEND: mark("须写明暂缓到哪一天；其间不再计分"),
    Act.RETURN: mark("由监管人员重新提议"),
    Act.VERIFY: mark("已核对整改情况，由另一名人员关闭"),
}
_DUE = {
    State.NOTIFIED: mark("陈述期限"),
    State.CONFIRMED: mark("整改期限"),
    State.RECTIFIED: mark("整改期限"),
    State.SUSPENDED: mark("暂缓至"),
}
REFUSALS = {
    Refusal.ROLE: mark("您的角色不能办理这一步"),
    Refusal.STATE: mark("现在的状态不能办理这一步"),
    Refusal.STATEMENT_PERIOD: mark("机构的陈述期限未到，期满或机构陈述后可提议"),
    Refusal.NO_PROPOSAL: mark("没有待复核的提议"),
    Refusal.SAME_PERSON: mark("提议与复核不能是同一人"),
    Refusal.DECIDED_BEFORE: mark("您参与过原决定，异议须由他人办理"),
    Refusal.ONE_BY_ONE: mark("机构已陈述或提出异议，须逐项办理"),
}
_TOLD = (Refusal.STATEMENT_PERIOD, Refusal.SAME_PERSON, Refusal.DECIDED_BEFORE)
_CONFIRMING = frozenset({Act.PROPOSE_CONFIRM, Act.CONFIRM})


async def read_panel(session: ReadSession, site: Site, visitor: Visitor, no: str, *, words: Words) -> LifePanel | None:
    """The panel of a finding that the visitor may see."""
    found = await read_life(session, no)
    if found is None:
        return None
    allowed = allowed_acts(found.life, caller=visitor.caller, roles=frozenset(visitor.roles), on=site.today)
    effect = None
    if any(allowed.get(act, Refusal.ROLE) is None for act in _CONFIRMING):
        effect = await effect_of_confirming(session, no, lawbook=site.lawbook, on=site.today)
    ready = [act for act, why in allowed.items() if why is None]
    speaks = next((act for act in (Act.STATE, Act.OBJECT) if act in ready), "")
    return LifePanel(
        action=f"/findings/{no}/steps",
        due=found.life.due_on,
        due_label=mark("异议决定期限") if found.life.objected else _DUE.get(found.life.state, ""),
        due_provisional=found.life.due_provisional,
        choices=tuple(
            ActChoice(act, ACTS[act], _hint(act, effect, words)) for act in ready if act not in {Act.STATE, Act.OBJECT}
        ),
        takes_day=any(act in ready for act in (Act.PROPOSE_CONFIRM, Act.PROPOSE_SUSPEND)),
        pending=_pending(found) if visitor.of_bureau else None,
        waits=next((REFUSALS[why] for why in allowed.values() if why in _TOLD), ""),
        statement=speaks,
        statements=tuple(_statement(no, one) for one in found.statements),
        decisions=tuple(_decision(one) for one in found.decisions),
    )


def with_problem(panel: LifePanel, problem: Bilingual | None, kept: str) -> LifePanel:
    """The panel again, with what went wrong and the words that the visitor had typed."""
    return replace(panel, problem=problem, kept=kept)


def _hint(act: Act, effect: ScoreEffect | None, words: Words) -> str:
    if act not in _CONFIRMING or effect is None:
        return words(_HINTS[act]) if act in _HINTS else ""
    if effect.without == effect.with_it and effect.grade_without == effect.grade_with:
        return words("本年正式得分不变，为 %(a)s", a=effect.without)
    return words(
        "本年正式得分 %(a)s（%(g)s）→ %(b)s（%(h)s）",
        a=effect.without,
        g=effect.grade_without or "–",
        b=effect.with_it,
        h=effect.grade_with or "–",
    )


def _pending(found: FindingLife) -> DecisionLine | None:
    if found.life.proposal is None:
        return None
    last = next((one for one in reversed(found.decisions) if one.act.startswith("propose")), None)
    return _decision(last) if last else None


def _decision(one: Decision) -> DecisionLine:
    return DecisionLine(label=ACTS[Act(one.act)], by=one.by, at=one.at, reason=one.reason, until=one.until)


def _statement(no: str, one: Statement) -> StatementLine:
    return StatementLine(
        label=ACTS[Act.OBJECT] if one.objection else ACTS[Act.STATE],
        by=one.by,
        at=one.at,
        text=one.text,
        late=one.late,
        files=tuple(FileLine(file.name, file.size, f"/findings/{no}/files/{file.sha256}") for file in one.files),
    )
