"""Judging only the days on which something changes says the same as judging every day."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.domain.contractor_itself import Terms
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.timeline import Stretch, law_days, stretches
from hengjian.scoring.gather_contractor import gather_contractors
from hengjian.tenants.api import BY_KIND
from tests.support.people import a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BOOK = load_lawbook()
SINCE, MONTHS = date(2025, 12, 1), 3
DAYS = [SINCE + timedelta(days=n) for n in range(150)]
KINDS: tuple[str, ...] = (
    "people",
    "certificates",
    "pledges",
    "offices",
    "points",
    "sets",
    "vehicles",
    "stock",
    "spareItems",
)
KINDS += ("laboratories", "accreditations", "registrations", "policyDocuments", "warehouses")
FIELDWORK = ("visits", "visits", "pointStops", "repairs", "wasteCollections", "clientReports", "referenceMaterials")
ENDS = {"people": "leftOn", "points": "inServiceUntil", "sets": "inServiceUntil"}
STARTS = {"people": "hiredOn", "certificates": "issuedOn", "pledges": "signedOn", "points": "inServiceFrom"}
STARTS |= {"sets": "inServiceFrom", "stock": "countedOn"}
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@some.composite
def rows(draw: some.DrawFn, *, more: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    """A row of some register, with a start that may differ from its natural one, and perhaps an end."""
    kind = draw(some.sampled_from(KINDS) | some.sampled_from(more or KINDS[:3]))
    start = draw(some.integers(-100, 140))
    row = a_row(BY_KIND[kind], draw(some.sampled_from("ab")))
    row |= {field: draw(some.sampled_from("ab")) for field in row if field.endswith("Ref") and field != "sourceRef"}
    row["validFrom"] = str(SINCE + timedelta(days=start))
    if kind in STARTS:
        row[STARTS[kind]] = str(SINCE + timedelta(days=start + draw(some.sampled_from([0, 0, -40, 25]))))
    if kind not in ENDS and draw(some.booleans()):
        row["validTo"] = str(SINCE + timedelta(days=start + draw(some.integers(0, 90))))
    if kind == "people":
        row["role"] = draw(some.sampled_from(["TECHNICIAN"] * 5 + ["SUPERVISOR"]))
    if kind == "spareItems":
        row["kind"] = draw(some.sampled_from(["CONSUMABLE", "CORE"]))
    return kind, row


def rules_on(day: date) -> tuple[RuleInForce, ...]:
    return BOOK.rules_in_force(region="650102", on=day)


def said(found: list[Stretch]) -> set[tuple[Any, ...]]:
    return {(s.rule.id, s.subject.key, s.outcome, s.first_day, s.until, s.severity) for s in found}


@given(sent=some.lists(rows(), min_size=8, max_size=16))
@FEW
async def test_no_day_of_change_is_missed(database: Database, sent: list[tuple[str, dict[str, Any]]]) -> None:
    """Random registers over five months: every rule's stretches, from the days of change and from all days, are equal."""
    tenant_id = (await a_contractor(database)).id
    for kind, row in sent:
        await push_straight(database, tenant_id, kind, [row])
    async with database.read(Caller(kind="job", tenant_id=tenant_id)) as session:
        law = law_days([r for pack in BOOK.packs for r in pack.rules], since=SINCE, until=DAYS[-1])
        terms = {tenant_id: Terms(MONTHS)}
        few = await gather_contractors(session, terms, sorted({SINCE, DAYS[-1], *law}))
        every = await gather_contractors(session, terms, DAYS)
    by_change = said([s for subject in few[tenant_id].subjects for s in stretches(subject, subject.days, rules_on)])
    by_day = said([s for subject in every[tenant_id].subjects for s in stretches(subject, DAYS, rules_on)])
    assert by_change == by_day
