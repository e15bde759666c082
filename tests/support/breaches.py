"""A contractor in breach since the first day of this year."""

from datetime import UTC, datetime

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.jobs import evaluate
from tests.support.api import Api, Sender, a_sender

TODAY = legal_day(datetime.now(UTC))


async def in_breach(api: Api, database: Database, region: str = "650102") -> Sender:
    """Four technicians for 41 points in service since 1 January."""
    sender = await a_sender(database, region)
    one = {"role": "TECHNICIAN", "hiredOn": "2024-01-05"}
    await api.push(sender.key, "people", [{"sourceRef": f"P{n}", "name": f"甲{n}", **one} for n in range(4)])
    fixed = {"discharger": "纸业", "medium": "WATER", "city": region[:4], "inServiceFrom": f"{TODAY.year}-01-01"}
    await api.push(sender.key, "points", [{"sourceRef": f"T{n}", "name": f"口{n}", **fixed} for n in range(41)])
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=load_lawbook())
    return sender
