"""SQL of a contractor's registers for a list of organizations ($1), as far as they matter from a day ($2) on.

Rows that differ in nothing that a fact reads come as one, with their `number`.
"""

from collections.abc import Mapping

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
FACT_TABLES = {kind: BY_KIND[kind].table for kind in FACT_KINDS}


def first_days(tables: Mapping[str, str]) -> str:
    """The first day of any row of each register (tables by kind) of each organization."""
    return " union all ".join(
        f"select tenant_id, '{kind}' as kind, min(valid_from) as first_day from {table} "
        "where tenant_id = any($1::uuid[]) group by tenant_id"
        for kind, table in tables.items()
    )


def first_days_withdrawn(tables: Mapping[str, str]) -> str:
    """The same from all that was ever sent, for organizations without a row left in some register."""
    return first_days({kind: f"{table}_assertion" for kind, table in tables.items()})


def rows_of(table: str, columns: str, *, ever: bool = False) -> str:
    """The rows of a register in the order of their first days."""
    since = "" if ever else "and valid_until > $2"
    return (
        f"select tenant_id, valid_from, valid_until, {columns} from {table} where tenant_id = any($1::uuid[]) {since} "
        "order by valid_from, source_ref"
    )


def _numbers_of(table: str, by: str, *, ever: bool = False, number: str = "count(*)") -> str:
    since = "" if ever else "and valid_until > $2"
    return (
        f"select tenant_id, valid_from, valid_until, {by}, {number} as number from {table} "
        f"where tenant_id = any($1::uuid[]) {since} group by 1, 2, 3, 4"
    )


# A city counts from the first set in it on, for ever; the first certificate and pledge of a person, whenever it was.
STATEMENTS: Mapping[str, str] = {
    "organizations": rows_of("profile", "recorded_at, business_scope, platform_modules, mobile"),
    "registrations": rows_of("registration", "registry"),
    "laboratories": rows_of("laboratory", "source_ref, name, items_used"),
    "accreditations": rows_of("accreditation", "laboratory_ref, items", ever=True),
    "people": rows_of("person", "source_ref, name, role, hired_on"),
    "certificates": rows_of("certificate", "person_ref, issued_on", ever=True),
    "pledges": (
        "select tenant_id, person_ref, min(signed_on) as signed_on from pledge "
        "where tenant_id = any($1::uuid[]) group by 1, 2"
    ),
    "firstVisits": (
        "select tenant_id, person_ref, min((started_at at time zone 'Asia/Shanghai')::date) as day from visit "
        "where tenant_id = any($1::uuid[]) group by 1, 2"
    ),
    "points": _numbers_of("point", "left(city, 4) as city"),
    "sets": _numbers_of("monitoring_set", "left(city, 4) as city", ever=True),
    "offices": rows_of("office", "area_m2"),
    "warehouses": _numbers_of("warehouse", "shared"),
    "spareItems": rows_of("spare_item", "source_ref, name, kind, installed_base, monthly_usage, failure_rate_bp"),
    "stock": _numbers_of("stock", "item_ref", number="sum(quantity)::bigint"),
    "vehicles": _numbers_of("vehicle", "left(city, 4) as city"),
    "policyDocuments": rows_of("policy_document", "kind"),
    "pushes": (
        "select distinct tenant_id, (received_at at time zone 'Asia/Shanghai')::date as day from push_batch "
        "where tenant_id = any($1::uuid[]) and accepted > 0 order by 1, 2"
    ),
}
