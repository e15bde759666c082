"""A yearly list of any length, written straight into the tables: what a page of it costs is another matter."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import sql

_LIST = (
    """
    insert into result_step (tenant_id, region, year, id, at, act, actor, actor_name, reason, publicity_until)
    values (:bureau, :region, :year, :step, now() - interval '30 days', 'prepare', 'a', '王芳', '', null),
           (:bureau, :region, :year, gen_random_uuid(), now() - interval '29 days', 'approve', 'b', '李娜', '',
            current_date - 10)
    """,
    """
    create temporary table line as select gen_random_uuid() as tenant_id, :region || '02' as region, n,
        '91' || lpad((:salt * 100000 + n)::text, 16, '0') as credit_code, '运维单位' || n as name
      from generate_series(1, :count) n
    """,
    """
    insert into result_entry (tenant_id, region, year, prepared, by_region, credit_code, name, total, grade, as_of,
        model, model_version, pack_version, basis, basis_sha256)
    select tenant_id, region, :year, :step, :region, credit_code, name, 95, 'A', make_date(:year, 12, 31), 'm', 'v', 'p',
        '{"findings": []}', '' from line
    """,
    """
    insert into score (tenant_id, region, month, as_of, total, grade, dimensions, losses, open_findings, official_total,
        official_grade, model, model_version, pack_version, computed_at)
    select tenant_id, region, make_date(:year, 12, 1), make_date(:year, 12, 31), 95, 'A', '[]', '[]', 0, 95, 'A', 'm', 'v',
        'p', now() from line
    """,
    """
    insert into standing (tenant_id, region, home_region, credit_code, name, pinyin, initials, kinds, demo, critical,
        major, minor, info, no_data, judged, as_of, computed_at)
    select tenant_id, region, region, credit_code, name, '', '', '{CONTRACTOR}', false, 0, 0, 0, 0, 0, 1, current_date,
        now() from line
    """,
    """
    insert into published_grade (tenant_id, region, year, id, kind, by_region, credit_code, name, total, grade, model,
        model_version, document_no, published_on, until, at)
    select tenant_id, region, :year, gen_random_uuid(), 'final', :region, credit_code, name, 95, 'A', 'm', 'v',
        'PJ-' || n, current_date, current_date + 365, now() from line where n % 2 = 0
    """,
    "drop table line",
)


async def a_list(owner: AsyncConnection, bureau: UUID, region: str, *, year: int, step: UUID, count: int) -> None:
    """A list of `count` organizations of a city, half of them final; numbers are those of the city."""
    for statement in _LIST:
        given = {
            "bureau": bureau, "region": region, "year": year, "step": step, "count": count, "salt": int(region),
        }  # fmt: skip
        await owner.execute(sql(statement), {name: value for name, value in given.items() if f":{name}" in statement})
