"""Facts that an upper bureau accepted on appeal: put into the place of those that were pushed, wherever facts are read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace
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
select tenant_id, subject_kind, subject, accepted from accepted_fact where tenant_id = any($1::uuid[]) order by at, id"""


async def accepted_facts(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, list[AcceptedFact]]:
    """What was accepted of each organization, the later after the earlier; those of whom nothing was are absent."""
    found: dict[UUID, list[AcceptedFact]] = defaultdict(list)
    for row in await session.fetch_raw(_ACCEPTED, ids):
        fact = read_contest(row["accepted"])
        if fact is not None:
            found[row["tenant_id"]].append(fact.accepted(row["subject_kind"], row["subject"]))
    return dict(found)


async def with_accepted(
    session: ReadSession, subjects: Mapping[UUID, Sequence[Subject]]
) -> dict[UUID, Sequence[Subject]]:
    """The subjects of each, with the accepted facts in place: judged as a fresh filing of these facts would be."""
    accepted = await accepted_facts(session, list(subjects))
    return {one: _amended(own, accepted[one]) if one in accepted else own for one, own in subjects.items()}


def _amended(subjects: Sequence[Subject], accepted: Sequence[AcceptedFact]) -> list[Subject]:
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
