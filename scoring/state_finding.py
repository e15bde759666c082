"""An organization answers: a statement before the decision, or an objection against it, with files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session, sql
from hengjian.platform.file_room import FileRoom
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.domain.contest import ContestedFact, write_contest
from hengjian.scoring.domain.finding_life import Act, Refusal
from hengjian.scoring.errors import StatementRefusedError, StepRefusedError
from hengjian.scoring.finding_steps import Person, Taken, take_step
from hengjian.scoring.handed_in import Attachment, checked_files, checked_words, keep_files
from hengjian.scoring.read_results import publicity_over
from hengjian.scoring.tables import finding_statement

MOST_STATEMENTS = 20
_COUNT = sql("""
    select count(*) from finding_statement s
      join finding f on f.tenant_id = s.tenant_id and f.id = s.finding_id where f.no = :no
""")


@dataclass(frozen=True, slots=True)
class Appeal:
    """What is contested: a fact, or (None) that the rule applies."""

    contested: ContestedFact | None


async def state_finding(
    session: Session,
    no: str,
    *,
    by: Person,
    text: str,
    objection: bool | Appeal,
    files: Sequence[Attachment],
    room: FileRoom | None,
    now: datetime,
) -> Taken:
    """Keep what the organization says; a late statement is kept too, and marked, as long as nothing is proposed.

    `objection` false is a statement, true an objection; an `Appeal` goes to the upper bureau.

    Raises:
        UnknownFindingError: there is none that the caller sees.
        StepRefusedError: not now, or not by this person.
        StatementRefusedError: no name, no text, too long, too often, or a file that cannot be kept.
        FileQuotaError: the organization has no room for its files.
    """
    said, suffixes = checked_words(text, by), checked_files(files)
    appeal = objection if isinstance(objection, Appeal) else None
    act = Act.APPEAL if appeal else Act.OBJECT if objection else Act.STATE
    if await session.scalar(_COUNT, {"no": no}) >= MOST_STATEMENTS:
        raise StatementRefusedError(
            zh=f"每个违规项至多陈述 {MOST_STATEMENTS} 次", en=f"at most {MOST_STATEMENTS} statements on a finding"
        )
    taken = await take_step(session, no, act, by=by, now=now)
    if act is Act.OBJECT:
        await _refuse_after_publicity(session, taken)
    kept = [] if room is None else await keep_files(session, room, zip(files, suffixes, strict=True))
    due_on = taken.before.due_on
    row = {
        "tenant_id": taken.found.tenant_id,
        "region": taken.found.region,
        "finding_id": taken.found.id,
        "id": uuid7(),
        "at": now,
        "act": act,
        "actor": session.caller.actor,
        "actor_name": by.name,
        "text": said,
        "late": act is Act.STATE and due_on is not None and legal_day(now) > due_on,
        "attachments": kept,
        "contest": write_contest(appeal.contested) if appeal else None,
    }
    await session.run(insert(finding_statement).values(row))
    await append_row(session, finding_statement, row, facts={"finding": taken.found.no, "act": act})
    return taken


async def _refuse_after_publicity(session: Session, taken: Taken) -> None:
    """What ended in a year whose result was public long enough is not objected to any more."""
    found = taken.found
    if found.closed_on is None:
        return
    year = (found.closed_on - timedelta(days=1)).year
    if await publicity_over(session, found.tenant_id, found.region, year=year, on=legal_day(taken.at)):
        raise StepRefusedError(Refusal.PUBLICITY_OVER)
