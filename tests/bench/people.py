"""Typed people rows to push: made once, every batch with references of its own."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

import msgspec

from hengjian.platform.db import Database
from hengjian.tenants.domain.identifiers import identity_check_digit
from hengjian.tenants.keys import Holder, issue_key
from tests.support.people import OPERATOR, a_contractor

ROWS = 1_000
_MARK = "<batch>"
_NEXT = count(1)
_ROLES = ("TECHNICIAN", "SUPERVISOR", "QUALITY_OFFICER", "SAMPLER", "ANALYST")
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴", "伟芳娜敏静强磊洋勇艳杰涛明超兰霞平刚桂英"


@dataclass(frozen=True)
class Pusher:
    """A contractor with a real key."""

    tenant_id: UUID
    key: str


def make_pushers(app_url: str, number: int) -> list[Pusher]:
    """Contractors as the product makes them."""

    async def make() -> list[Pusher]:
        database = Database.connect(app_url)
        made = []
        for _ in range(number):
            contractor = await a_contractor(database)
            holder = Holder(tenant_id=contractor.id, kind="member", region=contractor.region)
            async with database.write(OPERATOR) as session:
                key = await issue_key(session, holder, label="bench", scopes=("push", "read"))
            made.append(Pusher(contractor.id, key.text))
        await database.close()
        return made

    return asyncio.run(make())


class Batches:
    """JSON lists of 1,000 rows with eight fields, each list with references never used before."""

    def __init__(self, rows: int = ROWS) -> None:
        chance = random.Random(20261120)  # noqa: S311  # the same rows on every run
        self._template = msgspec.json.encode([_person(chance, number) for number in range(rows)])
        self._mark = _MARK.encode()

    def next(self) -> bytes:
        """Another list."""
        return self._template.replace(self._mark, b"%06d" % next(_NEXT))

    def push(self, document: str, *, batch: bytes | None = None) -> bytes:
        """The body of a push: the document, and the rows as its variable."""
        key = str(uuid4()).encode()
        rows = self.next() if batch is None else batch
        return b'{"query":%b,"variables":{"input":{"idempotencyKey":"%b","rows":%b}}}' % (
            msgspec.json.encode(document),
            key,
            rows,
        )


def _person(chance: random.Random, number: int) -> dict[str, str]:
    born = date(1965, 1, 1) + timedelta(days=chance.randrange(14_000))
    body = f"650102{born:%Y%m%d}{chance.randrange(1000):03d}"
    return {
        "sourceRef": f"HR-{_MARK}-{number:05d}",
        "name": chance.choice(_SURNAMES) + "".join(chance.choices(_NAMES, k=2)),
        "role": chance.choice(_ROLES),
        "hiredOn": (date(2015, 1, 1) + timedelta(days=chance.randrange(4_000))).isoformat(),
        "title": chance.choice(["助理工程师", "工程师", "高级工程师"]),
        "education": chance.choice(["大专", "本科", "硕士"]),
        "identityNumber": body + identity_check_digit(body),
        "city": chance.choice(["6501", "6502"]),
    }


def dealt(requests: Sequence[bytes], links: int) -> list[Sequence[bytes]]:
    """The same number of requests for each link."""
    return [requests[start::links] for start in range(links)]
