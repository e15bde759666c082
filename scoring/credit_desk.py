"""Entering credit events and taking steps with them: each leaves its row, its audit and its news in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession, Session
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.credit_rows import EVENTS, CheckRow, PenaltyRow, VetoRow, read_rows
from hengjian.scoring.credit_tables import credit_check, credit_step, penalty, veto
from hengjian.scoring.domain.credit_events import CreditAct, CreditRefusal, EventKind, StepTaken, refusal
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import CreditEventRefusedError, NoCreditModelError, UnknownCreditEventError
from hengjian.scoring.finding_steps import Person
from hengjian.scoring.notices import Told, give_notice
from hengjian.scoring.read_credit import repairable_from
from hengjian.tenants.api import SupervisedOrganization

CHECK_KINDS = ("spot_check", "comparison", "blind_sample", "complaint")
LONGEST = 2000
_LONGEST_NUMBER = 200
EventRowOf = PenaltyRow | VetoRow | CheckRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPenalty:
    """A penalty to enter; `fine` in yuan for measure `fine`, `conduct` the veto item that it found proven."""

    document_no: str
    measure: str
    decided_on: date
    organ: str
    summary: str
    fine: Decimal | None = None
    duty_done_on: date | None = None
    conduct: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVeto:
    """A veto item with the document that decides it, laid before a second person."""

    item: str
    document_no: str
    decided_on: date
    ground: str
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCheck:
    """The result of a check; an unfit one has a severity, and a due day where something is to be put right."""

    kind: str
    document_no: str
    checked_on: date
    organ: str
    summary: str
    fit: bool
    severity: Severity | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditDesk:
    """Where one person of a bureau enters credit events of one organization in a region."""

    session: Session
    organization: SupervisedOrganization
    region: str
    by: Person
    now: datetime
    lawbook: LawBook

    @property
    def model(self) -> CreditModel:
        """The model in force.

        Raises:
            NoCreditModelError: there is none.
        """
        on = legal_day(self.now)
        found = self.lawbook.credit_model(region=self.region, on=on)
        if found is None:
            raise NoCreditModelError(self.region, on)
        return found

    async def enter_penalty(self, new: NewPenalty) -> UUID:
        """Enter a penalty; it counts once another person has confirmed it.

        Raises:
            CreditEventRefusedError: the role, a day or a text is not right, or the document is entered already.
            UnknownPenaltyError: the model has no such measure, or a fine has no amount.
        """
        self._check(new.document_no, new.organ, new.summary, days=[new.decided_on, new.duty_done_on])
        self.model.penalties.points(new.measure, new.fine)
        if new.measure != "fine" and new.fine is not None:
            raise _refused("只有罚款才填金额", "only a fine has an amount")
        if new.conduct is not None and new.conduct not in {item.id for item in self.model.vetoes}:
            raise _refused("没有这样的一票否决项", "there is no such veto item")
        if new.duty_done_on is not None and new.duty_done_on < new.decided_on:
            raise _refused("履行日期早于决定日期", "the duty was done before the decision")
        await self._once("penalty", new.document_no, also=new.measure)
        values = {
            "document_no": new.document_no.strip(),
            "measure": new.measure,
            "fine": new.fine,
            "decided_on": new.decided_on,
            "duty_done_on": new.duty_done_on,
            "organ": new.organ.strip(),
            "conduct": new.conduct,
            "summary": new.summary.strip(),
        }
        return await self._keep(penalty, EventKind.PENALTY, {**values, **self._entered()})

    async def enter_check(self, new: NewCheck) -> UUID:
        """Enter the result of a check; it counts once another person has confirmed it.

        Raises:
            CreditEventRefusedError: the role, a day, a text, the kind or the severity is not right.
        """
        self._check(new.document_no, new.organ, new.summary, days=[new.checked_on])
        if new.kind not in CHECK_KINDS:
            raise _refused("没有这样的检查种类", f"the kinds of checks are {', '.join(CHECK_KINDS)}")
        if new.fit != (new.severity is None) or (new.fit and new.due_on is not None):
            raise _refused(
                "不合格的须填级别，合格的不填级别和整改期限", "what is unfit has a severity, what is fit has none"
            )
        if new.due_on is not None and new.due_on < new.checked_on:
            raise _refused("整改期限早于检查日期", "the due day lies before the check")
        await self._once("check", new.document_no)
        values = {
            "kind": new.kind,
            "document_no": new.document_no.strip(),
            "checked_on": new.checked_on,
            "fit": new.fit,
            "severity": new.severity,
            "due_on": new.due_on,
            "organ": new.organ.strip(),
            "summary": new.summary.strip(),
        }
        return await self._keep(credit_check, EventKind.CHECK, {**values, **self._entered()})

    async def enter_veto(self, new: NewVeto) -> UUID:
        """Lay a veto item before a second person, with the document that decides it.

        Raises:
            CreditEventRefusedError: the role, the item, a day or a text is not right, or the item waits already.
        """
        self._check(new.document_no, new.ground, new.ground, days=[new.decided_on])
        if new.item not in {item.id for item in self.model.vetoes}:
            raise _refused("没有这样的一票否决项", "there is no such veto item")
        values = {
            "item": new.item,
            "ground": new.ground.strip(),
            "rests_on": list(new.rests_on),
            "proposed_at": self.now,
            "proposed_by": self.session.caller.actor,
            "dedupe": f"{new.item}:{new.document_no.strip()}",
        }
        identity = await self._keep(veto, EventKind.VETO, values)
        step = self._step(CreditAct.PROPOSE_DECIDE, new.decided_on, new.document_no.strip(), new.ground.strip())
        await self._add(EventKind.VETO, identity, step, seq=1, region=self.region)
        return identity

    async def take(
        self, event_id: UUID, act: CreditAct, *, on_day: date | None = None, document_no: str = "", reason: str = ""
    ) -> EventRowOf:
        """Take a step with an event of the organization; the event as it was before.

        Raises:
            UnknownCreditEventError: the organization has no such event that the caller sees.
            CreditEventRefusedError: not now, not by this person, or a day, document or reason is missing.
        """
        found = await find_event(self.session, self.organization.id, event_id)
        step = self._step(act, on_day, document_no.strip(), reason.strip())
        if len(step.reason) > LONGEST or "\0" in step.reason + step.document_no:
            raise _refused(f"理由至多 {LONGEST} 字", f"a reason has at most {LONGEST} characters")
        roles, today = self.by.roles, legal_day(self.now)
        if (why := refusal(found.standing, step, roles=roles, on=today)) is not None:
            raise CreditEventRefusedError(*REFUSED[why], reason=why)
        if act is CreditAct.PROPOSE_REPAIR and step.on_day is not None:
            lawful = repairable_from(found, self.model)
            if lawful is None or step.on_day < lawful:
                raise CreditEventRefusedError(*REFUSED[CreditRefusal.TOO_EARLY], reason=CreditRefusal.TOO_EARLY)
        await self._add(found.standing.kind, event_id, step, seq=found.standing.steps + 1, region=found.region)
        return found

    def _step(self, act: CreditAct, on_day: date | None, document_no: str, reason: str) -> StepTaken:
        actor = self.session.caller.actor
        return StepTaken(act=act, actor=actor, on_day=on_day, document_no=document_no, reason=reason)

    def _check(self, *texts: str, days: Sequence[date | None]) -> None:
        if "inspector" not in self.by.roles:
            raise CreditEventRefusedError(*REFUSED[CreditRefusal.ROLE], reason=CreditRefusal.ROLE)
        if any(not text.strip() or len(text) > LONGEST or "\0" in text for text in texts):
            raise _refused("文书号、机关和事由都要填写", "document number, organ and summary are all needed")
        if len(texts[0]) > _LONGEST_NUMBER:
            raise _refused(f"文书号至多 {_LONGEST_NUMBER} 字", f"a number has at most {_LONGEST_NUMBER} characters")
        if any(day is not None and day > legal_day(self.now) for day in days):
            raise CreditEventRefusedError(*REFUSED[CreditRefusal.DAY], reason=CreditRefusal.DAY)

    def _entered(self) -> dict[str, Any]:
        return {"entered_at": self.now, "entered_by": self.session.caller.actor, "entered_by_name": self.by.name}

    async def _once(self, kind: str, document_no: str, *, also: str | None = None) -> None:
        await self.session.lock(f"credit event{self.organization.id}")
        rows = await read_rows(self.session, [self.organization.id], since=legal_day(self.now), kinds=(kind,))
        for row in rows[self.organization.id][kind]:
            same = row.document_no == document_no.strip() and (also is None or row.measure == also)
            if same and row.standing.status in {"waiting", "standing"}:
                raise _refused(
                    f"文书 {document_no} 已录入；请在列表中办理",
                    f"{document_no} is entered already: find it in the list",
                )

    async def _keep(self, table: Table, kind: EventKind, values: dict[str, Any]) -> UUID:
        identity = uuid7()
        place = {"tenant_id": self.organization.id, "region": self.region, "id": identity}
        row = {**place, **values}
        try:
            await self.session.run(insert(table).values(row))
        except IntegrityError as twice:
            raise _refused("同一事项已在办理", "the same matter is before people already") from twice
        await append_row(self.session, table, row)
        await self._tell("enter", kind, identity, number=str(values.get("document_no", "")))
        return identity

    async def _add(self, kind: EventKind, event_id: UUID, step: StepTaken, *, seq: int, region: str) -> None:
        row = {
            "tenant_id": self.organization.id,
            "region": region,
            "event_id": event_id,
            "seq": seq,
            "id": uuid7(),
            "event": kind,
            "at": self.now,
            "act": step.act,
            "actor": step.actor,
            "actor_name": self.by.name,
            "on_day": step.on_day,
            "document_no": step.document_no,
            "reason": step.reason,
        }
        try:
            await self.session.run(insert(credit_step).values(row))
        except IntegrityError as overtaken:
            raise _refused(
                "他人刚刚办理了这一事项，请刷新后再办", "somebody has just acted on it: look again"
            ) from overtaken
        await append_row(self.session, credit_step, row, facts={"act": step.act})
        await self._tell(step.act, kind, event_id, number=step.document_no)

    async def _tell(self, act: str, kind: EventKind, event_id: UUID, *, number: str) -> None:
        tenant_id = self.organization.id
        await record(self.session, f"credit.{act}", target=str(event_id), tenant_id=tenant_id, detail={"event": kind})
        news = {"tenant_id": str(tenant_id), "event": kind, "id": str(event_id)}
        await emit(self.session, f"credit.{act}", news)
        # A veto is entered together with its proposal, and one notice is enough.
        if act.startswith("propose") or (act == "enter" and kind is not EventKind.VETO):
            told = Told(tenant_id, self.region, number or str(event_id))
            await give_notice(
                self.session,
                told,
                "credit_waits",
                side="bureau",
                due_on=None,
                now=self.now,
                once=f"{event_id}:{self.now}",
            )


async def find_event(session: ReadSession, tenant_id: UUID, event_id: UUID) -> EventRowOf:
    """One event of an organization.

    Raises:
        UnknownCreditEventError: there is none that the caller sees.
    """
    rows = await read_rows(session, [tenant_id], since=date.min, kinds=EVENTS)
    found = (row for kind in EVENTS for row in rows[tenant_id][kind] if row.id == event_id)
    row: EventRowOf | None = next(found, None)
    if row is None:
        raise UnknownCreditEventError(event_id)
    return row


REFUSED: dict[CreditRefusal, tuple[str, str]] = {
    CreditRefusal.ROLE: ("您的角色不能办理这一步", "this step is for another role"),
    CreditRefusal.STATE: ("这一事项现在的状态不能办理这一步", "the event's state does not allow this step"),
    CreditRefusal.SAME_PERSON: ("录入或提议与复核不能是同一人", "the person who entered or proposed it may not decide"),
    CreditRefusal.NO_PROPOSAL: ("没有待复核的同一提议", "no such proposal waits for review"),
    CreditRefusal.DAY: ("请填写日期，不得晚于今天", "give the day, not later than today"),
    CreditRefusal.DOCUMENT: ("请填写决定文书号", "give the number of the document that decides it"),
    CreditRefusal.REASON: ("请写明理由", "give a reason"),
    CreditRefusal.DUTY_OPEN: (
        "处罚义务尚未履行，先登记履行日期",
        "what the penalty demands is not done: record that first",
    ),
    CreditRefusal.TOO_EARLY: (
        "未到可以修复的日期：处罚自履行之日起满 3 个月，一票否决自决定之日起满 6 个月",
        "too early: a penalty three months after its duty was done, a veto six months after its decision",
    ),
}


def _refused(zh: str, en: str) -> CreditEventRefusedError:
    return CreditEventRefusedError(zh, en)
