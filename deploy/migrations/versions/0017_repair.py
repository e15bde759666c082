"""Credit repair on application, and final grades that a later decision corrects."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, role, secure

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'
TABLES = {
    "credit_repair": """
    id uuid not null, kind text not null, ref text not null, number text not null, turn integer not null,
    at timestamptz not null, actor text not null, actor_name text not null, text text not null,
    attachments jsonb not null,
    constraint pk_credit_repair primary key (tenant_id, id)
""",
    "credit_repair_step": """
    repair_id uuid not null, seq integer not null, at timestamptz not null, act text not null, actor text not null,
    actor_name text not null, on_day date, document_no text not null, reason text not null,
    constraint pk_credit_repair_step primary key (tenant_id, repair_id, seq)
""",
}
INDEXES = (
    "create unique index uq_credit_repair_turn on credit_repair (tenant_id, kind, ref, turn)",
    "create index ix_credit_repair_region on credit_repair (region, at)",
)
# The organization applies, the bureau decides; what was written stays.
RIGHTS = {
    "credit_repair": {"member": "select, insert", "bureau": "select"},
    "credit_repair_step": {"member": "select", "bureau": "select, insert"},
}


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for index in INDEXES:
        op.execute(index)
    for table, rights in RIGHTS.items():
        seen = {"member": OWN, "bureau": f"({JURISDICTION}) or {FOCUS}"}
        for statement in secure(table):
            op.execute(statement)
        for kind, right in rights.items():
            check = JURISDICTION if kind == "bureau" else OWN
            for statement in allow(table, kind, right, seen[kind], check=check):
                op.execute(statement)
    op.execute("alter table published_grade add column replaces text")
    op.execute("alter table finding add column repaired_on date")
    op.execute(f"grant update (repaired_on) on finding to {role('bureau')}")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
