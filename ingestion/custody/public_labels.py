"""What anybody who holds a label may learn of it: that it is real, its city, where it stands and since when."""

from dataclasses import dataclass, replace
from datetime import datetime

from hengjian.ingestion.custody.label_life import LabelState
from hengjian.ingestion.custody.label_numbers import label_holder
from hengjian.ingestion.custody.read_custody import label_life_of
from hengjian.platform.db import Caller, Database


@dataclass(frozen=True, slots=True)
class PublicLabel:
    """No client, no organization, no person. `city` is the city's code of four digits; `changed_at` is server time."""

    label_id: str
    city: str
    state: LabelState
    changed_at: datetime | None


async def public_label(database: Database, label_id: str, caller: Caller) -> PublicLabel | None:
    """What the public may know of a label, None when it was never issued.

    The public role reads whose a number is and nothing of anybody's rows; those of this one organization are read in
    a context of their own, and only state and time leave this function.
    """
    async with database.read(caller) as session:
        holder = await label_holder(session, label_id)
    if holder is None:
        return None
    reader = replace(caller, kind="job", tenant_id=holder, region=None, actor="label.verify")
    async with database.read(reader) as session:
        found = await label_life_of(session, label_id, tenant_id=holder)
    if found is None:
        return None
    told = max((event.recorded_at for event in found.events), default=found.issued_at)
    return PublicLabel(label_id, label_id[:4], found.state, told)
