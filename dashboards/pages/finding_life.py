"""The decision panel of one finding: what the visitor may do, until when, and what it would change."""

from dataclasses import replace

from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.finding_appeal import claim_text, effect_line
from hengjian.dashboards.pages.life_record import ActChoice, DecisionLine, FileLine, LifePanel, StatementLine
from hengjian.dashboards.site import Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    ON_APPEAL,
    PROPOSED,
    Act,
    ContestedFact,
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
    Act.APPEAL: mark("提出申诉"),
    Act.PROPOSE_UPHOLD: mark("提议维持原决定"),
    Act.PROPOSE_OVERTURN: mark("提议撤销，不计分"),
    Act.PROPOSE_AMEND: mark("提议采信事实并重新判定"),
    Act.UPHOLD: mark("维持原决定"),
    Act.OVERTURN: mark("撤销，不计分"),
    Act.AMEND: mark("采信事实并重新判定"),
}
_HINTS = {
    Act.NOTIFY: mark("机构有 5 个工作日陈述"),
    Act.PROPOSE_SUSPEND: mark("须写明暂缓到哪一天；其间不再计分"),
    Act.RETURN: mark("由监管人员重新提议"),
    Act.PROPOSE_AMEND: mark("填写下面采信的事实；决定后按此事实重新判定和计分"),
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
    Refusal.DECIDED_BEFORE: mark("您参与过原决定，异议和申诉须由他人办理"),
    Refusal.APPEAL_PERIOD: mark("申诉期限已过；可依法申请行政复议或提起行政诉讼"),
    Refusal.UPPER_BUREAU: mark("机构已申诉，由上一级生态环境局决定"),
    Refusal.PUBLICITY_OVER: mark("该年度评价结果的公示期已过，不再受理异议"),
    Refusal.ONE_BY_ONE: mark("机构已陈述或提出异议，须逐项办理"),
}
_TOLD = (
    Refusal.STATEMENT_PERIOD,
    Refusal.SAME_PERSON,
    Refusal.DECIDED_BEFORE,
    Refusal.UPPER_BUREAU,
    Refusal.APPEAL_PERIOD,
)
_SPOKEN = (Act.STATE, Act.OBJECT, Act.APPEAL)
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
    speaks = next((act for act in _SPOKEN if act in ready), "")
    return LifePanel(
        number=no,
        action=f"/findings/{no}/steps",
        due=found.life.due_on,
        due_label=_due_label(found),
        due_provisional=found.life.due_provisional,
        choices=tuple(ActChoice(act, ACTS[act], _hint(act, effect, words)) for act in ready if act not in _SPOKEN),
        takes_day=any(act in ready for act in (Act.PROPOSE_CONFIRM, Act.PROPOSE_SUSPEND)),
        pending=_pending(found, words) if visitor.of_bureau else None,
        waits=next((REFUSALS[why] for why in allowed.values() if why in _TOLD), ""),
        statement=speaks,
        statements=tuple(_statement(no, one, words) for one in found.statements),
        decisions=tuple(_decision(one, words) for one in found.decisions),
        appeal_until=None if visitor.of_bureau else found.life.appeal_until,
        appeals=speaks == Act.APPEAL or found.life.appeal_to is not None,
        contested=_contested(found),
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


def _due_label(found: FindingLife) -> str:
    if found.life.appeal_to is not None:
        return mark("申诉决定期限")
    return mark("异议决定期限") if found.life.objected else _DUE.get(found.life.state, "")


def _contested(found: FindingLife) -> ContestedFact | None:
    """What was claimed last: by the proposal that waits, else by the appeal."""
    if found.life.proposal is Act.AMEND:
        return found.decisions[-1].accepted
    appeals = [one.contested for one in found.statements if one.act is Act.APPEAL]
    return appeals[-1] if appeals else None


def _pending(found: FindingLife, words: Words) -> DecisionLine | None:
    if found.life.proposal is None:
        return None
    last = next((one for one in reversed(found.decisions) if one.act.startswith("propose")), None)
    return _decision(last, words) if last else None


def _decision(one: Decision, words: Words) -> DecisionLine:
    act = Act(one.act)
    label = ACTS[act]
    return DecisionLine(
        label=label,
        by=words("%(name)s（上一级生态环境局）", name=one.by) if PROPOSED.get(act, act) in ON_APPEAL else one.by,
        at=one.at,
        reason=one.reason,
        until=one.until,
        claim=claim_text(one.accepted, words) if one.accepted else "",
        effect=effect_line(one.act, label, one.effect) if one.effect else None,
    )


def _statement(no: str, one: Statement, words: Words) -> StatementLine:
    return StatementLine(
        label=ACTS[one.act],
        claim=claim_text(one.contested, words) if one.act is Act.APPEAL else "",
        by=one.by,
        at=one.at,
        text=one.text,
        late=one.late,
        files=tuple(FileLine(file.name, file.size, f"/findings/{no}/files/{file.sha256}") for file in one.files),
    )
