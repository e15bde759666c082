"""Findings have a life: decisions, statements, deadlines and notices, and the score of what is confirmed."""

from alembic import op

from hengjian.platform.db.policies import JURISDICTION, OWN, allow, role, secure

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'

COLUMNS = (
    """
    alter table finding
        add column proposal text, add column proposed_by text, add column until date,
        add column confirmed boolean not null default false, add column deciders text[] not null default '{}',
        add column verified_by text, add column resume_to text, add column frozen_on date,
        add column objected boolean not null default false, add column due_on date,
        add column due_provisional boolean not null default false, add column decided_facts text
    """,
    # What is dismissed is not open; the indexes of the overview leave it out, so that they still answer alone.
    "drop index ix_finding_open",
    "drop index ix_finding_gravest",
    (
        "create index ix_finding_open on finding (region, rule_id, severity, opened_on, tenant_id) "
        "where closed_on is null and state <> 'dismissed'"
    ),
    (
        "create index ix_finding_gravest on finding "
        "(array_position(array['critical', 'major', 'minor', 'info'], severity), opened_on, id) "
        "where closed_on is null and state <> 'dismissed'"
    ),
    "create index ix_finding_due on finding (tenant_id, due_on) where due_on is not null",
    "alter table score add column official_total numeric, add column official_grade text",
    "alter table standing add column official_total numeric, add column official_grade text",
)

TABLES = {
    "finding_decision": """
    finding_id uuid not null, id uuid not null, at timestamptz not null, act text not null, actor text not null,
    actor_name text not null, reason text not null, until date, facts_sha256 text not null,
    pack_version text not null,
    constraint pk_finding_decision primary key (tenant_id, finding_id, id)
""",
    "finding_statement": """
    finding_id uuid not null, id uuid not null, at timestamptz not null, act text not null, actor text not null,
    actor_name text not null, text text not null, late boolean not null, attachments jsonb not null,
    constraint pk_finding_statement primary key (tenant_id, finding_id, id)
""",
    "notice": """
    id uuid not null, at timestamptz not null, side text not null, kind text not null, finding_no text not null,
    rule_id text not null, due_on date, dedupe text not null,
    constraint pk_notice primary key (tenant_id, id)
""",
    "notice_read": """
    notice_id uuid not null, reader text not null, at timestamptz not null,
    constraint pk_notice_read primary key (tenant_id, notice_id, reader)
""",
}

INDEXES = (
    "create unique index uq_notice_dedupe on notice (tenant_id, dedupe)",
    "create index ix_notice_region on notice (region, at)",
)

# An organization states, a bureau decides, a job reminds; what was written stays.
RIGHTS = {
    "finding_decision": {"member": "select", "bureau": "select, insert", "job": "select"},
    "finding_statement": {"member": "select, insert", "bureau": "select", "job": "select"},
    "notice": {"member": "select, insert", "bureau": "select, insert", "job": "select, insert"},
    "notice_read": {"member": "select, insert", "bureau": "select, insert", "job": "select"},
}
WHICH = {"member": OWN, "bureau": JURISDICTION, "job": OWN}

DECIDED = (
    "state, proposal, proposed_by, until, confirmed, deciders, verified_by, resume_to, frozen_on, objected, due_on, "
    "due_provisional, decided_facts"
)
# By itself an organization leaves a finding stated, or confirmed with an objection, and nothing else.
STATED = "state = 'stated' or (objected and confirmed and state in ('confirmed', 'rectified'))"


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for index in INDEXES:
        op.execute(index)
    for table, rights in RIGHTS.items():
        for statement in secure(table):
            op.execute(statement)
        for kind, right in rights.items():
            for statement in allow(table, kind, right, WHICH[kind]):
                op.execute(statement)
    for kind in ("member", "bureau"):
        op.execute(f"grant insert on finding_event to {role(kind)}")
    op.execute(f"grant update ({DECIDED}) on finding to {role('bureau')}")
    op.execute(
        "grant update (state, proposal, proposed_by, until, frozen_on, objected, due_on, due_provisional) "
        f"on finding to {role('member')}"
    )
    op.execute(f"alter policy member on finding with check ({OWN} and ({STATED}))")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
