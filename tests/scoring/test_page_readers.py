"""What pages read of scoring: facts lead to rows, stored facts explain their verdict, each organization is shown once."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import (
    FACTS,
    STANDING_SORTS,
    FindingFilter,
    StandingFilter,
    breach_intervals_of,
    explain_stored,
    fact_source,
    findings_between,
    list_findings,
    list_standings,
    load_lawbook,
    new_findings_by_week,
    read_overview,
    standing_of,
)
from hengjian.scoring.domain.facts_shape import SUBJECTS_OF_BOTH
from hengjian.scoring.stored_values import as_json
from hengjian.tenants.api import BY_KIND
from hengjian.tenants.domain.field_specs import column_names

BOOK = load_lawbook()
TODAY = date(2026, 11, 20)
RULES = BOOK.rules_in_force(region="65", on=TODAY)
NO_ROW = {"as_of", "used_on", "days_since_push"}
KEYS = {"visit_pair": "3:V-1V-2"}
_STANDING = sql("""
    insert into standing (tenant_id, region, home_region, credit_code, name, pinyin, initials, kinds, demo, total,
        grade, critical, major, minor, info, no_data, judged, points, as_of, computed_at)
    values (:tenant, :region, :home, :code, :name, 'zhengce', 'zc', '{CONTRACTOR}', true, :total, :grade, 0, :major, 0,
        0, 0, 9, :points, current_date, now())
""")
_FINDING = sql("""
    insert into finding (tenant_id, region, id, no, rule_id, subject_kind, subject, subject_label, severity, state,
        opened_on, closed_on, detected_at, judged_at, lacking, facts, pack_version, costs_points)
    values (:tenant, :region, :id, :no, 'C-04', 'contractor', '', '', 'major', :state, :opened, :closed, now(), now(),
        '{}', '{}', 'v', true)
""")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_fact_of_a_rule_leads_to_register_rows(rule: Any) -> None:
    """Each fact names a register that exists and columns that it has; only days and decisions of bureaus come from no row."""
    for name in rule.inputs:
        assert name in FACTS
        source = fact_source(name, subject_kind=rule.rule.subject, subject=KEYS.get(rule.rule.subject, "reagentLots:X"))
        if name in NO_ROW or rule.rule.subject in SUBJECTS_OF_BOTH:
            assert source is None
        else:
            assert source is not None, name
            columns = {"source_ref", *column_names(BY_KIND[source.kind].row)}
            assert {column for column, _ in source.where} <= columns


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_stored_facts_explain_their_verdict(rule: Any) -> None:
    """Facts that went through JSON are read back so that the last demand has the verdict's own outcome."""
    for example in rule.rule.examples:
        if example.verdict not in {"pass", "breach"}:
            continue
        then = BOOK.rule_in_force(rule.id, region=example.region, on=example.on)
        assert then is not None
        known = {name: value for name, value in example.facts.items() if name in then.inputs and value is not None}
        steps = explain_stored(then, as_json(then.clean(known)))
        demands = [step for step in steps if step.part == "require"]
        assert demands[-1].value is (example.verdict == "pass"), (rule.id, example.facts)


def test_facts_that_no_longer_fit_explain_nothing() -> None:
    """A fact of another type than today's rule reads gives no steps instead of an error."""
    rule = BOOK.rule_in_force("C-04", region="65", on=TODAY)
    assert rule is not None
    assert explain_stored(rule, {"points": "many", "supervisors": 1}) == ()


async def standing(owner: AsyncConnection, tenant: UUID, region: str, total: str | None, **more: Any) -> None:
    values = {"tenant": tenant, "region": region, "home": more.get("home", region), "code": tenant.hex[:18].upper()}
    given = {"name": "政策试验", "total": None if total is None else Decimal(total), "grade": more.get("grade")}
    await owner.execute(_STANDING, {**values, **given, "major": more.get("major", 0), "points": more.get("points", 10)})


def bureau(region: str) -> Caller:
    return Caller(kind="bureau", tenant_id=uuid4(), region=region, actor="account:test")


async def test_an_organization_in_two_regions_is_listed_once(database: Database, owner: AsyncConnection) -> None:
    """By the region where it stands worst; a bureau that sees one region sees that one."""
    tenant, code = uuid4(), ""
    await standing(owner, tenant, "990102", "96", grade="A", home="990102")
    await standing(owner, tenant, "9902", "82", grade="B", home="990102")
    code = tenant.hex[:18].upper()
    for region, shown in (("99", "9902"), ("9901", "990102"), ("9902", "9902")):
        async with database.read(bureau(region)) as session:
            found, total = await list_standings(session, StandingFilter(text=code), sort="score", limit=5)
            one = await standing_of(session, tenant)
        assert total == 1
        assert found[0].region == shown
        assert one is not None
        assert one.region == shown


@pytest.mark.parametrize("sort", sorted(STANDING_SORTS))
async def test_every_sort_and_every_text_is_answered(database: Database, sort: str) -> None:
    """Signs that mean something in SQL patterns are plain text."""
    async with database.read(bureau("98")) as session:
        for text in ("%", "_", "\\", "'", "o'c%_\\", "天"):
            assert await list_standings(session, StandingFilter(text=text), sort=sort, limit=5) == ((), 0)


async def overview_of(
    owner: AsyncConnection, spans: Sequence[tuple[int, int | None]], *, dismissed: Sequence[int] = ()
) -> None:
    tenant = uuid4()
    await standing(owner, tenant, "970102", "90.5", grade="A", major=1, points=40)
    await standing(owner, uuid4(), "970202", None, points=None)
    for number, (begun, ended) in enumerate(spans):
        closed = None if ended is None else TODAY - timedelta(days=ended)
        state = "closed" if closed else "detected"
        values = {"tenant": tenant, "region": "970102", "id": uuid4(), "no": f"{tenant.hex[:8]}-{number}"}
        days = {
            "opened": TODAY - timedelta(days=begun),
            "closed": closed,
            "state": "dismissed" if number in dismissed else state,
        }
        await owner.execute(_FINDING, {**values, **days})


async def test_an_interval_counts_under_another_where_every_region_says_so(
    database: Database, owner: AsyncConnection
) -> None:
    """Told once for all regions; what counts itself in one of them counts, else all that count in its stead are named."""
    tenant, regions = uuid4(), ("950102", "950103")
    opened = {"opened": TODAY - timedelta(days=9), "closed": None, "state": "detected"}
    for number, rules in enumerate(("C-07", "C-08", "C-07", "")):
        days = opened | {"opened": TODAY - timedelta(days=9 + number // 2)}
        named = {"tenant": tenant, "region": regions[number % 2], "id": uuid4(), "no": f"{tenant.hex[:8]}-{number}"}
        await owner.execute(_FINDING, {**named, **days})
        under = {"no": named["no"], "in": f'[{{"rule": "{rules}", "no": "N{number}"}}]' if rules else "[]"}
        await owner.execute(sql("update finding set counted_in = cast(:in as jsonb) where no = :no"), under)
    async with database.read(bureau("95")) as session:
        found = await breach_intervals_of(session, tenant, regions=regions, since=TODAY - timedelta(days=99))
    assert {(TODAY - one.opened_on).days: [each.no for each in one.counted_in] for one in found} == {
        9: ["N0", "N1"],
        10: [],
    }


async def test_a_report_counts_nothing_that_was_corrected_away(database: Database, owner: AsyncConnection) -> None:
    """A finding that ends on the day on which it began was never one: neither listed nor in the weeks."""
    tenant, until = uuid4(), TODAY + timedelta(days=1)
    for number, (begun, ended) in enumerate([(3, None), (30, 2), (5, 5)]):
        closed = None if ended is None else TODAY - timedelta(days=ended)
        values = {"tenant": tenant, "region": "960102", "id": uuid4(), "no": f"{tenant.hex[:8]}-{number}"}
        days = {"opened": TODAY - timedelta(days=begun), "closed": closed, "state": "detected"}
        await owner.execute(_FINDING, {**values, **days})
    async with database.read(bureau("96")) as session:
        found = await findings_between(session, since=TODAY - timedelta(days=40), until=until, tenant_id=tenant)
        weeks = await new_findings_by_week(session, until=until, tenant_id=tenant)
    assert sorted((TODAY - one.opened_on).days for one in found) == [3, 30]
    assert sum(count for _, counts in weeks for count in counts.values()) == 2


async def test_the_overview_adds_up(database: Database, owner: AsyncConnection) -> None:
    """Organizations count once, weeks count beginnings and ends but nothing dismissed, as the lists behind them do."""
    await overview_of(owner, [(3, None), (30, 2), (200, 100), (5, 5), (4, None), (6, 1)], dismissed=(4, 5))
    async with database.read(bureau("97")) as session:
        seen = await read_overview(session, today=TODAY, grade_limits=(90, 75, 60))
        first = seen.weeks[0].monday
        began = await list_findings(session, FindingFilter(began=first), sort="-days", limit=9)
        ended = await list_findings(session, FindingFilter(ended=first), sort="-days", limit=9)
    assert {one.grade: one.organizations for one in seen.grades} == {"A": 1, None: 1}
    assert (seen.organizations, seen.points) == (2, 40)
    assert [(one.code, one.points) for one in sorted(seen.regions, key=lambda one: one.code)] == [
        ("9701", 40),
        ("9702", None),
    ]
    assert [one.credit_code for one in seen.near] == [seen.worst[0].credit_code]
    assert [(one.rule_id, one.findings) for one in seen.open] == [("C-04", 1)]
    assert sum(week.opened.get("major", 0) for week in seen.weeks) == 2
    assert sum(week.closed.get("major", 0) for week in seen.weeks) == 1
    assert ([TODAY - one.opened_on for one in began[0]], began[1]) == ([timedelta(30), timedelta(3)], 2)
    assert ([TODAY - one.closed_on for one in ended[0] if one.closed_on], ended[1]) == ([timedelta(2)], 1)
    assert len(seen.findings) == 1
    assert {(one.opened, (TODAY - one.day).days) for one in seen.changes} == {(True, 3), (False, 2)}
