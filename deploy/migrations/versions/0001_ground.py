"""Context function, organizations, and the registers of what they have, with their row-level security.

A revision is one-way and must run beside the release before it: add, fill, and only later remove. It describes
tables in its own words (never by importing today's metadata), one statement a call, and gives each new table its
class, FORCE ROW LEVEL SECURITY and policies in the same file.
"""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, ROLES, allow, role, secure

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OWN_ORGANIZATION = OWN.replace("tenant_id", "id", 1)
OWN_SUPERVISION = OWN.replace("tenant_id", "organization_id", 1)
FOCUS_ORGANIZATION = FOCUS.replace("tenant_id", "id", 1)

REGISTERS = {
    "profile": "credit_code text not null, name text not null, kinds text[] not null, home_region text not null, "
    "business_scope text, contact_name text, contact_phone text, address text, platform_modules text[], "
    "mobile boolean, regions_served text[] not null",
    "registration": "registry text not null, number text not null, registered_region text",
    "laboratory": "name text not null, ownership text not null, credit_code text, items_used text[] not null",
    "accreditation": "number text not null, laboratory_ref text not null, items text[] not null",
    "person": "name text not null, role text not null, hired_on date not null, left_on date, title text, "
    "education text, identity_fingerprint bytea, identity_last4 text, city text",
    "certificate": "person_ref text not null, kind text not null, number text not null, issuer text not null, "
    "issued_on date not null",
    "pledge": "person_ref text not null, signed_on date not null, text_version text",
    "point": "name text not null, discharger text not null, discharger_credit_code text, medium text not null, "
    "mn text, factors text[] not null, city text not null, in_service_from date not null, in_service_until date",
    "monitoring_set": "point_ref text not null, name text not null, city text not null, "
    "in_service_from date not null, in_service_until date",
    "instrument": "name text not null, manufacturer text, model text not null, serial text not null, "
    "point_ref text, commissioned_on date not null",
    "office": "name text not null, city text not null, area_m2 numeric, address text",
    "warehouse": "name text not null, city text not null, shared boolean not null",
    "spare_item": "name text not null, kind text not null, unit text not null, installed_base bigint, "
    "monthly_usage bigint, failure_rate_bp bigint",
    "stock": "item_ref text not null, warehouse_ref text, quantity bigint not null, counted_on date not null",
    "vehicle": "plate text not null, city text not null, model text",
    "policy_document": "kind text not null, title text not null, version text",
}

SET_CONTEXT = """
create function app.set_ctx(kind text, tenant text, region_from text, region_to text, focus text) returns void
language plpgsql as $$
begin
    if kind not in ('member', 'bureau', 'public', 'job', 'gate') then
        raise exception 'unknown kind of caller';
    end if;
    execute format('set local app.tenant_id = %L', tenant);
    execute format('set local app.region_from = %L', region_from);
    execute format('set local app.region_to = %L', region_to);
    execute format('set local app.focus = %L', focus);
    execute format('set local role %I', 'hengjian_' || kind);
    if focus <> '' then
        perform 1 from supervision s
         where s.organization_id = focus::uuid and s.region >= region_from and s.region < region_to
           and s.valid_from <= (now() at time zone 'Asia/Shanghai')::date
           and s.valid_until > (now() at time zone 'Asia/Shanghai')::date;
        if not found then
            raise exception 'outside the jurisdiction' using errcode = 'HJ404';
        end if;
    end if;
end
$$
"""

ORGANIZATION = """
create table organization (
    id uuid not null constraint pk_organization primary key,
    credit_code text not null constraint uq_organization_credit_code unique,
    name text not null,
    pinyin text not null,
    initials text not null,
    kinds text[] not null,
    region text collate "C" not null,
    demo boolean not null,
    created_at timestamptz not null
)
"""

SUPERVISION = """
create table supervision (
    organization_id uuid not null,
    region text collate "C" not null,
    valid_from date not null,
    valid_until date not null,
    home boolean not null,
    credit_code text not null,
    name text not null,
    pinyin text not null,
    initials text not null,
    kinds text[] not null,
    constraint pk_supervision primary key (organization_id, region, valid_from)
)
"""


def upgrade() -> None:
    op.execute("create schema app")
    for kind in ROLES:
        op.execute(f"grant usage on schema public, app to {role(kind)}")
    op.execute("grant usage on schema public, app to hengjian_app")
    op.execute(SET_CONTEXT)
    op.execute("revoke all on function app.set_ctx from public")
    op.execute("grant execute on function app.set_ctx to hengjian_app")
    _organizations()
    for table, columns in REGISTERS.items():
        _register(table, columns)


def _organizations() -> None:
    op.execute(ORGANIZATION)
    op.execute(SUPERVISION)
    op.execute("create index ix_supervision_region on supervision (region)")
    statements = [
        *secure("organization"),
        *allow("organization", "member", "select, update", OWN_ORGANIZATION),
        *allow("organization", "bureau", "select, insert, update", f"({JURISDICTION}) or {FOCUS_ORGANIZATION}"),
        *allow("organization", "job", "select, insert, update"),
        *secure("supervision"),
        *allow("supervision", "member", "select, insert, update", OWN_SUPERVISION),
        *allow("supervision", "bureau", "select, insert, update", JURISDICTION),
        *allow("supervision", "job", "select, insert, update"),
    ]
    for statement in statements:
        op.execute(statement)


def _register(table: str, columns: str) -> None:
    assertion = f"{table}_assertion"
    op.execute(
        f'create table {assertion} (tenant_id uuid not null, region text collate "C" not null, '
        "batch_id uuid not null, row_index integer not null, recorded_at timestamptz not null, "
        "source_ref text not null, valid_from date not null, valid_until date not null, "
        f"withdrawn boolean not null, {columns}, "
        f"constraint pk_{assertion} primary key (tenant_id, batch_id, row_index))"
    )
    op.execute(f"create index ix_{assertion}_ref on {assertion} (tenant_id, source_ref, recorded_at)")
    op.execute(
        f'create table {table} (tenant_id uuid not null, region text collate "C" not null, '
        "source_ref text not null, valid_from date not null, valid_until date not null, batch_id uuid not null, "
        f"row_index integer not null, recorded_at timestamptz not null, {columns}, "
        f"constraint pk_{table} primary key (tenant_id, source_ref, valid_from))"
    )
    bureau_writes = "select, insert" if table == "profile" else "select"
    seen = f"({JURISDICTION}) or {FOCUS}"
    for statement in (
        *secure(assertion),
        *allow(assertion, "member", "select, insert", OWN),
        *allow(assertion, "bureau", bureau_writes, seen),
        *allow(assertion, "job", "select", OWN),
        *secure(table),
        *allow(table, "member", "select, insert, update, delete", OWN),
        *allow(table, "bureau", "select, insert, update, delete" if table == "profile" else "select", seen),
        *allow(table, "job", "select", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
