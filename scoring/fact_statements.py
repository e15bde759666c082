"""SQL of a contractor's facts: registers in, one row a day (and subject) out. $1 is the organization, $2 the days asked for."""

from collections.abc import Collection, Iterable, Mapping

from hengjian.tenants.api import BY_KIND

# The registers from which facts are made; a kind that never sent a row is unknown, not empty.
FACT_KINDS = (
    "organizations",
    "registrations",
    "laboratories",
    "accreditations",
    "people",
    "certificates",
    "pledges",
    "points",
    "sets",
    "offices",
    "warehouses",
    "spareItems",
    "stock",
    "vehicles",
    "policyDocuments",
)
_TABLES = {kind: BY_KIND[kind].table for kind in FACT_KINDS}


def _on_day(alias: str) -> str:
    return f"{alias}.tenant_id = $1 and {alias}.valid_from <= d.day and {alias}.valid_until > d.day"


def first_days(tables: Mapping[str, str]) -> str:
    """The first day of any row of each register (tables by kind) of the organization $1.

    A register whose every row was withdrawn again is empty: taking rows back makes nothing unknown.
    """
    return " union all ".join(
        f"select '{kind}' as kind, coalesce((select min(valid_from) from {table} where tenant_id = $1), "
        f"(select min(valid_from) from {table}_assertion where tenant_id = $1)) as first_day"
        for kind, table in tables.items()
    )


def first_days_of(kinds: Iterable[str]) -> str:
    """The first day of any row of each of these registers of the organization $1."""
    return first_days({kind: _TABLES[kind] for kind in kinds})


FIRST_DAYS = first_days_of(FACT_KINDS)

# What changes on other days than those on which a row begins or ends: a hire's term runs out ($4 months), a first
# certificate has come, a pledge was signed, whatever their rows' own validity.
_OTHER_DAYS = {
    "people": "select (hired_on + make_interval(months => $4))::date + 1 from person where tenant_id = $1",
    "certificates": "select issued_on + extra from certificate, (values (0), (1)) as days(extra) where tenant_id = $1",
    "pledges": "select signed_on from pledge where tenant_id = $1",
}


def change_days_of(kinds: Collection[str]) -> str:
    """The days on which a fact counted from these registers can change; $2 and $3 are the span."""
    days = [
        f"select valid_from as day from {_TABLES[kind]} where tenant_id = $1 "
        f"union select valid_until from {_TABLES[kind]} where tenant_id = $1"
        for kind in kinds
    ]
    days += [statement for kind, statement in _OTHER_DAYS.items() if kind in kinds]
    return f"select distinct day from ({' union '.join(days)}) changes where day > $2 and day <= $3 order by day"


CHANGE_DAYS = change_days_of(FACT_KINDS)


def _during(alias: str) -> str:
    return f"{alias}.valid_from <= d.day and {alias}.valid_until > d.day"


def _own(*tables: str) -> str:
    """The organization's own rows, read once a statement: counted again for each day, they are in memory by then."""
    parts = (f"own_{table} as materialized (select * from {table} where tenant_id = $1)" for table in tables)
    return f"with {', '.join(parts)}"


CONTRACTOR = f"""{_own("point", "monitoring_set", "person", "certificate", "office", "warehouse", "policy_document", "registration")}
select d.day,
  (select count(*) from own_point t where {_during("t")}) as points,
  (select count(*) from own_monitoring_set t where {_during("t")}) as sets,
  (select count(*) from own_person t where {_during("t")} and t.role = 'TECHNICIAN') as technicians,
  (select count(*) from own_person t where {_during("t")} and t.role = 'SUPERVISOR') as supervisors,
  (select count(*) from own_person t where {_during("t")} and t.role = 'TECHNICIAN'
     and (t.hired_on + make_interval(months => $3))::date < d.day) as technicians_due,
  (select count(*) from own_person t where {_during("t")} and t.role = 'TECHNICIAN'
     and (t.hired_on + make_interval(months => $3))::date < d.day
     and exists (select from own_certificate c where c.person_ref = t.source_ref and {_during("c")}))
     as technicians_certified,
  (select case when bool_and(t.area_m2 is not null) is not false then coalesce(sum(t.area_m2), 0) end
     from own_office t where {_during("t")}) as office_area_m2,
  (select count(*) from own_warehouse t where {_during("t")} and not t.shared) as exclusive_warehouses,
  (select count(*) from own_warehouse t where {_during("t")} and t.shared) as shared_warehouses,
  (select coalesce(array_agg(distinct t.kind), '{{}}') from own_policy_document t where {_during("t")})
     as policy_documents,
  (select coalesce(array_agg(distinct t.registry), '{{}}') from own_registration t where {_during("t")})
     as active_registrations,
  p.business_scope, p.platform_modules, p.mobile
from unnest($2::date[]) as d(day)
left join lateral (select * from profile t where {_on_day("t")} order by t.recorded_at desc limit 1) p on true
order by d.day"""

CITIES = f"""{_own("monitoring_set", "point", "vehicle")}
select d.day, c.city,
  (select count(*) from own_monitoring_set t where {_during("t")} and left(t.city, 4) = c.city) as sets,
  (select count(*) from own_point t where {_during("t")} and left(t.city, 4) = c.city) as points,
  (select count(*) from own_vehicle t where {_during("t")} and left(t.city, 4) = c.city) as vehicles
from unnest($2::date[]) as d(day)
cross join (select distinct left(city, 4) as city from own_monitoring_set) c
order by d.day, c.city"""

ITEMS = f"""{_own("spare_item", "stock")}
select d.day, t.source_ref, t.name, t.kind, t.installed_base, t.monthly_usage, t.failure_rate_bp,
  (select sum(s.quantity)::bigint from own_stock s where s.item_ref = t.source_ref and {_during("s")}) as stock
from unnest($2::date[]) as d(day) join own_spare_item t on {_during("t")}
order by d.day, t.source_ref"""

TECHNICIANS = """
select t.source_ref, t.name, t.hired_on, t.valid_from, t.valid_until,
  (select min(c.issued_on) from certificate c where c.tenant_id = $1 and c.person_ref = t.source_ref) as certified_on,
  (select min(p.signed_on) from pledge p where p.tenant_id = $1 and p.person_ref = t.source_ref) as signed_on
from person t where t.tenant_id = $1 and t.role = 'TECHNICIAN' and t.valid_until > $2 order by t.source_ref"""

LABORATORIES = f"""
select d.day, t.source_ref, t.name, t.items_used, a.valid_from as cma_from, a.valid_until as cma_until, a.items
from unnest($2::date[]) as d(day) join laboratory t on {_on_day("t")}
left join lateral (
  select * from accreditation x where x.tenant_id = $1 and x.laboratory_ref = t.source_ref
  order by (x.valid_from <= d.day and x.valid_until > d.day) desc, (x.valid_from <= d.day) desc,
    abs(x.valid_from - d.day) limit 1) a on true
order by d.day, t.source_ref"""

PUSH_DAYS = """
select distinct (received_at at time zone 'Asia/Shanghai')::date as day from push_batch
where tenant_id = $1 and accepted > 0 order by day"""
