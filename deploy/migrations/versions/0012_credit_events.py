"""Credit events: penalties, vetoes, results of checks, with every step of a person; failures of devices as a register."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'
ENTERED = "entered_at timestamptz not null, entered_by text not null, entered_by_name text not null"

TABLES = {
    "penalty": f"""
    id uuid not null, document_no text not null, measure text not null, fine numeric, decided_on date not null,
    duty_done_on date, organ text not null, conduct text, summary text not null, {ENTERED},
    constraint pk_penalty primary key (tenant_id, id)
""",
    "veto": """
    id uuid not null, item text not null, ground text not null, rests_on text[] not null,
    proposed_at timestamptz not null, proposed_by text not null, dedupe text not null,
    constraint pk_veto primary key (tenant_id, id)
""",
    "credit_check": f"""
    id uuid not null, kind text not null, document_no text not null, checked_on date not null, fit boolean not null,
    severity text, due_on date, organ text not null, summary text not null, {ENTERED},
    constraint pk_credit_check primary key (tenant_id, id)
""",
    "credit_step": """
    event_id uuid not null, seq integer not null, event text not null, at timestamptz not null, act text not null,
    actor text not null, actor_name text not null, on_day date, document_no text not null, reason text not null,
    constraint pk_credit_step primary key (tenant_id, event_id, seq)
""",
}
INDEXES = (
    "create unique index uq_veto_dedupe on veto (tenant_id, dedupe)",
    "create index ix_penalty_region on penalty (region, decided_on)",
    "create index ix_veto_region on veto (region, proposed_at)",
    "create index ix_credit_check_region on credit_check (region, checked_on)",
)
# A bureau writes, the engine proposes vetoes, the organization reads; what was written stays.
JOB = {"veto": "select, insert"}

# What a score rests on beside rules; on which site or job a finding falls.
ADDED = (
    "alter table score add column steps jsonb not null default '[]'",
    "alter table finding add column unit text",
)

FAILURE = "instrument_ref text not null, began_at timestamptz not null, repaired_at timestamptz, description text"


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for index in INDEXES:
        op.execute(index)
    seen = f"({JURISDICTION}) or {FOCUS}"
    for table in TABLES:
        for statement in (
            *secure(table),
            *allow(table, "member", "select", OWN),
            *allow(table, "bureau", "select, insert", seen, check=JURISDICTION),
            *allow(table, "job", JOB.get(table, "select"), OWN),
        ):
            op.execute(statement)
    for statement in ADDED:
        op.execute(statement)
    _register("device_failure", FAILURE)


def _register(table: str, columns: str) -> None:
    assertion = f"{table}_assertion"
    op.execute(
        f"create table {assertion} ({HEAD} batch_id uuid not null, row_index integer not null, "
        "recorded_at timestamptz not null, source_ref text not null, valid_from date not null, "
        f"valid_until date not null, withdrawn boolean not null, {columns}, "
        f"constraint pk_{assertion} primary key (tenant_id, batch_id, row_index))"
    )
    op.execute(f"create index ix_{assertion}_ref on {assertion} (tenant_id, source_ref, recorded_at)")
    op.execute(
        f"create table {table} ({HEAD} source_ref text not null, valid_from date not null, valid_until date not null, "
        f"batch_id uuid not null, row_index integer not null, recorded_at timestamptz not null, {columns}, "
        f"constraint pk_{table} primary key (tenant_id, source_ref, valid_from))"
    )
    seen = f"({JURISDICTION}) or {FOCUS}"
    for statement in (
        *secure(assertion),
        *allow(assertion, "member", "select, insert", OWN),
        *allow(assertion, "bureau", "select", seen),
        *allow(assertion, "job", "select", OWN),
        *secure(table),
        *allow(table, "member", "select, insert, update, delete", OWN),
        *allow(table, "bureau", "select", seen),
        *allow(table, "job", "select", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
