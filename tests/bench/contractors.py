"""Contractors with a year of registers, written straight into a migrated database: what a night's judgement reads."""

import asyncpg

# $1 is how many, after so many as $2 tells; each has about 190 rows that changed on some 25 days of the year, on other
# days than those of its neighbours.
_ORGANIZATIONS = """
insert into organization (id, credit_code, name, pinyin, initials, kinds, region, demo, created_at)
select gen_random_uuid(), '7' || lpad(n::text, 17, '0'), '量测运维公司' || n, 'liangce' || n, 'lc' || n, '{CONTRACTOR}',
    '65' || lpad((1 + n % 14)::text, 2, '0') || '02', true, now()
from generate_series($2::int + 1, $2::int + $1::int) n
"""
_FRESH = """
create temporary table fresh on commit drop as
select id, region, row_number() over (order by credit_code) as n from organization o
 where name like '量测运维公司%' and not exists (select from supervision s where s.organization_id = o.id)
"""
_SUPERVISION = """
insert into supervision (organization_id, region, valid_from, valid_until, home, credit_code, name, pinyin, initials,
    kinds)
select id, region, '2024-01-01', '9999-12-31', true, credit_code, name, pinyin, initials, kinds
from organization where id in (select id from fresh)
"""
_HEAD = "tenant_id, region, source_ref, valid_from, valid_until, batch_id, row_index, recorded_at"
_OPEN = "date '9999-12-31'"


def _rows(table: str, columns: str, values: str, *, count: int, begins: str, ends: str = _OPEN) -> str:
    """`k` counts the rows of an organization, `o.n` the organizations."""
    return (
        f"insert into {table} ({_HEAD}, {columns}) "
        f"select o.id, o.region, 'R-' || k, {begins}, {ends}, o.id, k, now(), {values} "
        f"from fresh o cross join generate_series(1, {count}) k"
    )


_LONG_AGO = "date '2024-03-01'"
_HIRED = "date '2024-03-01' + k * 90 + o.n::int % 61"
_BEGUN = (
    "case when k % 10 = 0 then date '2026-01-01' + k * 4 + o.n::int % 37 else date '2024-03-01' + o.n::int % 31 end"
)
_REGISTERS = (
    _rows(
        "profile",
        "credit_code, name, kinds, home_region, business_scope, platform_modules, mobile, regions_served",
        "'1', '1', '{CONTRACTOR}', o.region, '污染源自动监测设施运维', "
        "'{DATA_ACCESS,OPERATION_MANAGEMENT,DOCUMENT_MANAGEMENT}', true, '{}'",
        count=1,
        begins=_LONG_AGO,
    ),
    _rows(
        "registration",
        "registry, number",
        "(array['AUTHORITY_PLATFORM', 'INDUSTRY_ASSOCIATION'])[k], '1'",
        count=2,
        begins=_LONG_AGO,
    ),
    _rows("laboratory", "name, ownership, items_used", "'室', 'OWN', '{氨氮}'", count=1, begins=_LONG_AGO),
    _rows("accreditation", "number, laboratory_ref, items", "'1', 'R-1', '{氨氮}'", count=1, begins=_LONG_AGO),
    _rows(
        "person",
        "name, role, hired_on",
        f"'王', case when k > 8 then 'SUPERVISOR' else 'TECHNICIAN' end, {_HIRED}",
        count=10,
        begins=_HIRED,
        ends=f"case when k = 3 then date '2026-06-01' + o.n::int % 90 else {_OPEN} end",
    ),
    _rows(
        "certificate",
        "person_ref, kind, number, issuer, issued_on",
        f"'R-' || k, 'WATER', '1', '站', {_HIRED} + 31",
        count=8,
        begins=f"{_HIRED} + 31",
        ends="date '2026-08-01' + k * 90 + o.n::int % 53",
    ),
    _rows("pledge", "person_ref, signed_on", f"'R-' || k, {_HIRED} + 1", count=8, begins=_LONG_AGO),
    _rows(
        "point",
        "name, discharger, medium, factors, city, in_service_from",
        "'点', '厂', 'GAS', '{}', left(o.region, 4), date '2024-03-01'",
        count=50,
        begins=_BEGUN,
    ),
    _rows(
        "monitoring_set",
        "point_ref, name, city, in_service_from",
        "'R-' || k, '套', left(o.region, 4), date '2024-03-01'",
        count=50,
        begins=_BEGUN,
    ),
    _rows("office", "name, city, area_m2", "'室', left(o.region, 4), 50 + o.n % 50", count=1, begins=_LONG_AGO),
    _rows("warehouse", "name, city, shared", "'库', left(o.region, 4), false", count=1, begins=_LONG_AGO),
    _rows(
        "spare_item",
        "name, kind, unit, installed_base, monthly_usage, failure_rate_bp",
        "'件', case when k > 4 then 'CORE' else 'CONSUMABLE' end, '个', 20, 10, 200",
        count=7,
        begins=_LONG_AGO,
    ),
    _rows(
        "stock",
        "item_ref, quantity, counted_on",
        "'R-' || (1 + k % 7), 12 + (o.n + k) % 14, date '2025-10-01'",
        count=7,
        begins="date '2025-10-01'",
        ends="date '2026-05-01' + k + o.n::int % 41",
    ),
    _rows("vehicle", "plate, city", "'新A', left(o.region, 4)", count=2, begins=_LONG_AGO),
    _rows(
        "policy_document",
        "kind, title",
        "(array['STAFF_MANAGEMENT', 'SUPERVISION', 'HAZARDOUS_WASTE', 'ARCHIVES', 'REPORTING', "
        "'WORK_INSTRUCTIONS'])[k], '制度'",
        count=6,
        begins=_LONG_AGO,
    ),
)


async def fill_contractors(link: asyncpg.Connection, count: int, *, begun: int = 0) -> list[str]:
    """That many contractors after the first so many, as the administrator; the ids of the new ones."""
    async with link.transaction():
        await link.execute(_ORGANIZATIONS, count, begun)
        await link.execute(_FRESH)
        rows = await link.fetch("select id from fresh order by n")
        await link.execute(_SUPERVISION)
        for statement in _REGISTERS:
            await link.execute(statement)
    await link.execute("vacuum analyze")
    return [str(row["id"]) for row in rows]
