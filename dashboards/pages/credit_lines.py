"""Credit events as the page prints them: words, steps that may be taken, and what these would do to the score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.formats import day as day_text
from hengjian.dashboards.formats import moment, number
from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.credit_records import CreditStep, DeviceLine, EventLine, StepLine
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    CheckRow,
    CreditAct,
    CreditModel,
    CreditRefusal,
    DeviceRow,
    FailureRow,
    PenaltyRow,
    ScoreEffect,
    Status,
    StepRow,
    StoredHistory,
    VetoRow,
    allowed_credit_acts,
    device_health,
    minutes_of,
    needs_day,
    needs_document,
    penalty_of,
    veto_of,
)

ACTS = {
    CreditAct.CONFIRM: mark("复核通过"),
    CreditAct.DECLINE: mark("不予认定"),
    CreditAct.PROPOSE_DECIDE: mark("提议认定（填写决定文书）"),
    CreditAct.DECIDE: mark("认定一票否决"),
    CreditAct.PROPOSE_DECLINE: mark("提议不予认定"),
    CreditAct.DUTY_DONE: mark("登记已履行"),
    CreditAct.RECTIFIED: mark("登记已整改"),
    CreditAct.PROPOSE_REPAIR: mark("提议信用修复"),
    CreditAct.REPAIR: mark("准予信用修复"),
    CreditAct.PROPOSE_ANNUL: mark("提议撤销"),
    CreditAct.ANNUL: mark("撤销"),
    CreditAct.RETURN: mark("退回提议"),
}
_STATUS = {
    Status.WAITING: (mark("待复核"), "minor"),
    Status.STANDING: (mark("有效"), "critical"),
    Status.DECLINED: (mark("不予认定"), "info"),
    Status.ANNULLED: (mark("已撤销"), "info"),
}
CHECKS = {
    "spot_check": mark("随机抽查"),
    "comparison": mark("比对监测"),
    "blind_sample": mark("盲样考核"),
    "complaint": mark("投诉核查"),
}
_WAITS = {
    CreditRefusal.SAME_PERSON: mark("您录入或提议了这一事项，须由另一名复核人办理"),
    CreditRefusal.DUTY_OPEN: mark("登记处罚义务履行日期后可提议信用修复"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPrinter:
    """Prints events for one visitor; `stored` gives effects where the visitor may decide."""

    visitor: Visitor
    words: Words
    model: CreditModel | None
    stored: StoredHistory | None
    today: date

    def penalty(self, row: PenaltyRow) -> EventLine:
        """A penalty with its points by the model in force."""
        measures = {item.id: item.title for item in self.model.penalties.measures} if self.model else {}
        title = measures.get(row.measure) or self.words("罚款 %(n)s 元", n=number(row.fine))
        marks = (
            [self.words("不修复则扣 %(n)s 分", n=self.model.penalties.points(row.measure, row.fine))]
            if self.model
            else []
        )
        if row.standing.duty_done_on:
            marks.append(self.words("%(d)s 履行", d=day_text(row.standing.duty_done_on)))
        if row.standing.repaired_on:
            marks.append(self.words("自 %(d)s 信用修复", d=day_text(row.standing.repaired_on)))
        if row.conduct:
            marks.append(self.words("认定：%(w)s", w=self._item(row.conduct)))
        effect = self.stored.effect_of_penalty(penalty_of(row)) if self.stored and not row.steps else None
        return self._line(
            row, title, row.document_no, row.decided_on, organ=row.organ, text=row.summary, marks=marks, effect=effect
        )

    def veto(self, row: VetoRow) -> EventLine:
        """A veto item: who proposed it on what, or by which document it was decided."""
        stands = row.standing
        by = self.words("系统提出建议") if row.by_engine else self.words("由监管人员提出")
        decision = veto_of(row)
        effect = self.stored.effect_of_veto(decision) if self.stored and decision else None
        marks = [by]
        if decision and self.model and stands.status is Status.STANDING:
            again = decision.regradable_from(self.model.terms["veto_months"])
            marks.append(self.words("自 %(a)s 起等级为 D，%(b)s 起可重新评级", a=decision.decided_on, b=again))
        return self._line(
            row, self._item(row.item), stands.document_no, stands.on_day or legal_day(row.proposed_at),
            organ="", text=row.ground, marks=marks, effect=effect,
        )  # fmt: skip

    def check(self, row: CheckRow) -> EventLine:
        """A check's result, and by when what it found is to be put right."""
        marks = [self.words("合格") if row.fit else self.words("不合格")]
        if row.due_on:
            marks.append(self.words("整改期限 %(d)s", d=day_text(row.due_on)))
        if row.standing.rectified_on:
            marks.append(self.words("%(d)s 完成整改", d=day_text(row.standing.rectified_on)))
        return self._line(
            row, CHECKS[row.kind], row.document_no, row.checked_on, organ=row.organ, text=row.summary, marks=marks
        )

    def _line(
        self,
        row: PenaltyRow | VetoRow | CheckRow,
        title: Bilingual | str,
        document_no: str,
        on: date,
        *,
        organ: str,
        text: str,
        marks: list[str],
        effect: ScoreEffect | None = None,
    ) -> EventLine:
        stands = row.standing
        status, tone = _STATUS[stands.status]
        rests = tuple(row.rests_on) if isinstance(row, VetoRow) else ()
        choices, waits = self._choices(row, effect)
        bureau = self.visitor.of_bureau
        proposed = bureau and stands.proposal is not None  # an organization sees what was decided
        return EventLine(
            id=str(row.id),
            anchor=document_no or str(row.id),
            title=title,
            number=document_no,
            day=on,
            organ=organ,
            text=text,
            marks=tuple(marks),
            rests_on=tuple((one, f"/findings/{one}" if one.startswith("WG-") else f"#e-{one}") for one in rests),
            status=mark("提议待复核") if proposed else status,
            tone="minor" if proposed else tone,
            steps=tuple(_step(one) for one in row.steps) if bureau else (),
            choices=choices,
            waits=waits,
        )

    def _choices(
        self, row: PenaltyRow | VetoRow | CheckRow, effect: ScoreEffect | None
    ) -> tuple[tuple[CreditStep, ...], str]:
        if not self.visitor.of_bureau:
            return (), ""
        allowed = allowed_credit_acts(
            row.standing, actor=self.visitor.caller.actor, roles=frozenset(self.visitor.roles)
        )
        ready = [act for act, why in allowed.items() if why is None]
        waits = next((_WAITS[why] for why in allowed.values() if why in _WAITS), "")
        weighs = {CreditAct.CONFIRM, CreditAct.DECIDE}
        return tuple(
            CreditStep(
                act=act,
                label=ACTS[act],
                takes_day=needs_day(act),
                takes_document=needs_document(act),
                hint=effect_text(effect, self.words) if act in weighs and effect else "",
            )
            for act in ready
        ), waits

    def _item(self, item: str) -> str:
        titles = {one.id: one.title for one in self.model.vetoes} if self.model else {}
        return self.words.of(titles[item]) if item in titles else item


def effect_text(effect: ScoreEffect, words: Words) -> str:
    """What a decision would do to this year's official score."""
    return words(
        "本年正式得分 %(a)s（%(g)s）→ %(b)s（%(h)s）",
        a=f"{effect.without:.2f}",
        g=effect.grade_without or "–",
        b=f"{effect.with_it:.2f}",
        h=effect.grade_with or "–",
    )


def device_lines(
    devices: Iterable[DeviceRow],
    failures: Iterable[FailureRow],
    *,
    model: CreditModel | None,
    now: datetime,
    words: Words,
) -> tuple[DeviceLine, ...]:
    """Devices in service, the least healthy first."""
    today, held = legal_day(now), list(failures)
    lines = []
    for row in devices:
        if row.since > today or (row.until is not None and row.until <= today):
            continue
        own = [one for one in held if one.device == row.ref]
        years, health = device_health(row, own, model=model, now=now)
        told = tuple(
            words(
                "%(t)s，%(h)s 小时%(w)s",
                t=moment(one.began_at),
                h=f"{minutes_of(one, now) / 60:.1f}",
                w="" if one.repaired_at else words("，未修复"),
            )
            for one in own
        )
        lines.append(DeviceLine(ref=row.ref, name=row.name, since=row.since, years=years, failures=told, health=health))
    return tuple(sorted(lines, key=lambda one: (101 if one.health is None else one.health, one.ref)))


def _step(step: StepRow) -> StepLine:
    return StepLine(
        label=ACTS[step.act],
        by=step.actor_name,
        at=step.at,
        on_day=step.on_day,
        document_no=step.document_no,
        reason=step.reason,
    )
