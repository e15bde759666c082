"""An organization answers: a statement before the decision, or an objection against it, with files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.platform.objects import Objects
from hengjian.scoring.domain.contest import ContestedFact, write_contest
from hengjian.scoring.domain.finding_life import Act, Refusal
from hengjian.scoring.errors import StatementRefusedError, StepRefusedError
from hengjian.scoring.finding_steps import Person, Taken, take_step
from hengjian.scoring.read_results import publicity_over
from hengjian.scoring.tables import finding_statement

LONGEST_TEXT = 4000
MOST_FILES = 5
MOST_STATEMENTS = 20
LARGEST_FILE = 5 * 1024 * 1024
_COUNT = sql("""
    select count(*) from finding_statement s
      join finding f on f.tenant_id = s.tenant_id and f.id = s.finding_id where f.no = :no
""")
# What a file of each kind begins with: the name alone proves nothing.
_BEGINNINGS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is handed in; `name` as the sender calls it."""

    name: str
    content: bytes


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
    objects: Objects | None,
    now: datetime,
) -> Taken:
    """Keep what the organization says; a late statement is kept too, and marked, as long as nothing is proposed.

    `objection` false is a statement, true an objection; an `Appeal` goes to the upper bureau.

    Raises:
        UnknownFindingError: there is none that the caller sees.
        StepRefusedError: not now, or not by this person.
        StatementRefusedError: no name, no text, too long, too often, or a file that cannot be kept.
    """
    said = _said(text, by)
    suffixes = [_suffix(one) for one in files]
    if len(files) > MOST_FILES:
        raise StatementRefusedError(zh=f"附件至多 {MOST_FILES} 个", en=f"at most {MOST_FILES} files")
    appeal = objection if isinstance(objection, Appeal) else None
    act = Act.APPEAL if appeal else Act.OBJECT if objection else Act.STATE
    if await session.scalar(_COUNT, {"no": no}) >= MOST_STATEMENTS:
        raise StatementRefusedError(
            zh=f"每个违规项至多陈述 {MOST_STATEMENTS} 次", en=f"at most {MOST_STATEMENTS} statements on a finding"
        )
    taken = await take_step(session, no, act, by=by, now=now)
    if act is Act.OBJECT:
        await _refuse_after_publicity(session, taken)
    kept = [] if objects is None else await _kept(objects, zip(files, suffixes, strict=True))
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


def _said(text: str, by: Person) -> str:
    """What is stated, when it is a statement and somebody stands for it."""
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT or "\0" in said:
        raise StatementRefusedError(
            zh=f"请写明陈述内容，至多 {LONGEST_TEXT} 字", en=f"write a statement of at most {LONGEST_TEXT} characters"
        )
    if not by.name or "\0" in by.name:
        raise StatementRefusedError(zh="请写明陈述人姓名", en="say who states")
    return said


async def _kept(objects: Objects, files: Iterable[tuple[Attachment, str]]) -> list[dict[str, object]]:
    kept = []
    for one, suffix in files:
        stored = await objects.keep(one.content, suffix=suffix)
        kept.append({"name": one.name, "path": stored.path, "sha256": stored.sha256, "size": stored.size})
    return kept


async def _refuse_after_publicity(session: Session, taken: Taken) -> None:
    """What ended in a year whose result was public long enough is not objected to any more."""
    found = taken.found
    if found.closed_on is None:
        return
    year = (found.closed_on - timedelta(days=1)).year
    if await publicity_over(session, found.tenant_id, found.region, year=year, on=legal_day(taken.at)):
        raise StepRefusedError(Refusal.PUBLICITY_OVER)


def _suffix(one: Attachment) -> str:
    suffix = one.name.rpartition(".")[2].lower()
    begins = _BEGINNINGS.get(suffix)
    if begins is None or not one.content.startswith(begins) or len(one.content) > LARGEST_FILE or len(one.name) > 200:
        raise StatementRefusedError(
            zh=f"附件 {one.name[:60]} 不能接收：请上传 PDF、PNG、JPG、DOCX 或 XLSX，每个至多 5 MiB",
            en=f"the file {one.name[:60]} cannot be taken: send PDF, PNG, JPG, DOCX or XLSX of at most 5 MiB",
        )
    return suffix
