"""The evidence log: a queue, leaves, tiles, checkpoints and what others say of them; the auditor, who reads what is logged."""

from collections.abc import Iterator

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, role, secure

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None

LEAF = """
    kind text not null, record_id text not null, tenant_id uuid, region text collate "C", body text not null,
    salt bytea not null
"""
TABLES = (
    f"create table log_queue (id uuid not null constraint pk_log_queue primary key, {LEAF})",
    "create index ix_log_queue_record_id on log_queue (record_id)",
    (
        f"create table log_leaf (number bigint not null constraint pk_log_leaf primary key, {LEAF}, "
        "sequenced_at timestamptz not null default now())"
    ),
    "create index ix_log_leaf_record_id on log_leaf (record_id)",
    """
    create table log_tile (
        level smallint not null,
        number bigint not null,
        hashes bytea not null,
        constraint pk_log_tile primary key (level, number)
    )
    """,
    # Hashes don't shrink.
    "alter table log_tile alter column hashes set storage external",
    """
    create table log_checkpoint (
        size bigint not null constraint pk_log_checkpoint primary key,
        root bytea not null,
        note text not null,
        key text not null,
        at timestamptz not null default now()
    )
    """,
    """
    create table log_attestation (
        size bigint not null,
        kind text not null,
        name text not null,
        body text not null,
        at timestamptz not null default now(),
        constraint pk_log_attestation primary key (size, kind, name)
    )
    """,
)
LOGGED = ("audit", "push_batch", "finding_decision", "finding_statement", "report")
AUDITED = ("log_queue", "log_leaf", "log_tile", "log_checkpoint", "log_attestation", *LOGGED)

SET_CONTEXT = """
create or replace function app.set_ctx(kind text, tenant text, region_from text, region_to text, focus text)
returns void language plpgsql as $$
begin
    if kind not in ('member', 'bureau', 'public', 'job', 'gate', 'auditor') then
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


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    op.execute(SET_CONTEXT)
    op.execute(f"grant usage on schema public, app to {role('auditor')}")
    for table in ("log_queue", "log_leaf", "log_tile", "log_checkpoint", "log_attestation"):
        for statement in secure(table):
            op.execute(statement)
    for statement in _rights():
        op.execute(statement)


def _rights() -> Iterator[str]:
    """Everybody may queue, an organization sees its own leaves, a bureau its region's; hashes are for everybody."""
    own_or_none = f"({OWN}) or tenant_id is null"
    seen = f"({JURISDICTION}) or {FOCUS}"
    yield from allow("log_queue", "member", "select, insert", OWN, check=own_or_none)
    yield from allow("log_queue", "bureau", "select, insert", seen, check="true")
    for kind in ("public", "gate"):
        yield from allow("log_queue", kind, "insert")
    yield from allow("log_queue", "job", "select, insert, delete")
    yield from allow("log_leaf", "member", "select", OWN)
    yield from allow("log_leaf", "bureau", "select", seen)
    yield from allow("log_leaf", "job", "select, insert, update (salt)")
    for table, rights in (
        ("log_tile", "select, insert, update (hashes)"),
        ("log_checkpoint", "select, insert"),
        ("log_attestation", "select, insert"),
    ):
        for kind in ("member", "bureau", "public"):
            yield from allow(table, kind, "select")
        yield from allow(table, "job", rights)
    for table in AUDITED:
        yield from allow(table, "auditor", "select")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
