"""Reminders: a day before something is due, and once when it is over."""

from datetime import date, datetime
from uuid import UUID

from hengjian.platform.calendar import add_working_days, legal_day
from hengjian.platform.db import Caller, Database, Session, sql
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.yearly_result import Terms
from hengjian.scoring.finding_steps import CALENDAR
from hengjian.scoring.notices import Side, Told, give_notice
from hengjian.scoring.read_results import read_unpublished
from hengjian.scoring.stored_life import LIFE_COLUMNS, life_of

_DUE = sql(f"""
    select tenant_id, region, no, rule_id, {LIFE_COLUMNS} from finding
     where tenant_id = :tenant_id and due_on is not null and due_on <= :by order by due_on, no
""")
_APPEALS = sql("""
    select tenant_id, region, no, rule_id, appeal_until from finding
     where tenant_id = :tenant_id and appeal_until between :today and :by order by no
""")
REMIND_RESULTS = "scoring.remind_results"


async def remind_of_due(session: Session, tenant_id: UUID, *, now: datetime) -> int:
    """Give notice of what is due by the next working day, and of what is overdue; how many notices were new.

    The institution is reminded of its statement, of rectifying and of the end of its time to appeal, the bureau of
    objections, appeals and ended suspensions.
    """
    today = legal_day(now)
    by = add_working_days(today, 1, CALENDAR).day
    rows = await session.all(_DUE, {"tenant_id": tenant_id, "by": by})
    given = 0
    for row in rows:
        life = life_of(row)
        over = row.due_on < today
        kind = "overdue" if over else "due"
        given += await give_notice(
            session, row, kind, side=_whose(life), due_on=row.due_on, now=now, once=f"{row.due_on}:{_whose(life)}"
        )
        if over and life.state is State.NOTIFIED:
            once = f"{row.due_on}:bureau"
            given += await give_notice(session, row, kind, side="bureau", due_on=row.due_on, now=now, once=once)
    for row in await session.all(_APPEALS, {"tenant_id": tenant_id, "today": today, "by": by}):
        given += await give_notice(
            session,
            row,
            "appeal_due",
            side="organization",
            due_on=row.appeal_until,
            now=now,
            once=str(row.appeal_until),
        )
    return given


async def remind_of_results(database: Database, *, lawbook: LawBook, now: datetime) -> int:
    """Give notice to each bureau that has grades of a year to publish by the next working day, or had to."""
    today, given = legal_day(now), 0
    by = add_working_days(today, 1, CALENDAR).day
    async with database.read(Caller(kind="job", actor=REMIND_RESULTS)) as session:
        left = await read_unpublished(session, since=today.year - 2)
    for one in left:
        year = one.result.year
        model = lawbook.credit_model(region=one.region, on=date(year, 12, 31))
        due_on = one.result.publish_by(Terms.of(model.terms), CALENDAR) if model else None
        if due_on is None or due_on > by:
            continue
        caller = Caller(kind="job", tenant_id=one.tenant_id, actor=REMIND_RESULTS)
        async with database.write(caller) as session:
            kind = "result_overdue" if due_on < today else "result_due"
            told = Told(one.tenant_id, one.region, str(year))
            given += await give_notice(session, told, kind, side="bureau", due_on=due_on, now=now, once=str(due_on))
    return given


def _whose(life: Life) -> Side:
    if life.contested or life.state is State.SUSPENDED:
        return "bureau"
    return "organization"
