"""Facts that an upper bureau accepted on appeal: put into the place of those that were pushed, wherever facts are read."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import insert

from hengjian.platform.db import ReadSession, Session
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.domain.appeal import AcceptedFact, amended
from hengjian.scoring.domain.contest import ContestedFact, read_contest, write_contest
from hengjian.scoring.domain.dossier_inputs import Judgeable
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.finding_steps import Taken
from hengjian.scoring.tables import accepted_fact

_ACCEPTED = """
select subject_kind, subject, accepted from accepted_fact where tenant_id = $1 order by at, id"""


async def accepted_facts(session: ReadSession, tenant_id: UUID) -> list[AcceptedFact]:
    """What was accepted of an organization, the later after the earlier."""
    rows = await session.fetch_raw(_ACCEPTED, tenant_id)
    found = [(read_contest(row["accepted"]), row["subject_kind"], row["subject"]) for row in rows]
    return [fact.accepted(kind, subject) for fact, kind, subject in found if fact is not None]


async def with_accepted(session: ReadSession, tenant_id: UUID, subjects: Sequence[Subject]) -> list[Subject]:
    """The subjects, with the accepted facts in place: judged as a fresh filing of these facts would be."""
    accepted = await accepted_facts(session, tenant_id)
    if not accepted:
        return list(subjects)
    found = amended([Judgeable(subject, tuple(subject.days)) for subject in subjects], accepted)
    return [replace(item.subject, days=item.days) for item in found]


async def accept_fact(session: Session, taken: Taken, accepted: ContestedFact) -> None:
    """Keep what a decision on appeal accepts; rows are only ever added, a later one stands."""
    row = {
        "tenant_id": taken.found.tenant_id,
        "region": taken.found.region,
        "finding_id": taken.found.id,
        "id": uuid7(),
        "at": taken.at,
        "subject_kind": taken.found.subject_kind,
        "subject": taken.found.subject,
        "accepted": write_contest(accepted),
    }
    await session.run(insert(accepted_fact).values(row))
    await append_row(session, accepted_fact, row)
