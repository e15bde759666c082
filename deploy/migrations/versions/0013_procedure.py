"""The procedure of the yearly grade: appeals to the upper bureau, the yearly result, its publicity and publication."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, role, secure

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'

COLUMNS = (
    """
    alter table finding
        add column heard boolean not null default false, add column decided_in text,
        add column appeal_until date, add column appeal_to text
    """,
    "alter table finding_decision add column accepted jsonb, add column effect jsonb",
    "alter table finding_statement add column contest jsonb",
)

TABLES = {
    "accepted_fact": """
    finding_id uuid not null, id uuid not null, at timestamptz not null, subject_kind text not null,
    subject text not null, accepted jsonb not null,
    constraint pk_accepted_fact primary key (tenant_id, id)
""",
}
RIGHTS = {
    "accepted_fact": {"member": "select", "bureau": "select, insert", "job": "select"},
}
WHICH = {"member": OWN, "bureau": JURISDICTION, "job": OWN}
# An organization's facts are the same for every bureau that it serves.
SEEN = {("accepted_fact", "bureau"): f"({JURISDICTION}) or {FOCUS}"}

APPEAL = "heard, decided_in, appeal_until, appeal_to"
# By itself an organization leaves a finding stated, or confirmed with an objection or appeal, and nothing else.
STATED = (
    "state = 'stated' or ((objected or appeal_to is not null) and confirmed and state in ('confirmed', 'rectified'))"
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for table, rights in RIGHTS.items():
        for statement in secure(table):
            op.execute(statement)
        for kind, right in rights.items():
            using = SEEN.get((table, kind), WHICH[kind])
            for statement in allow(table, kind, right, using, check=WHICH[kind]):
                op.execute(statement)
    op.execute(f"grant update ({APPEAL}) on finding to {role('bureau')}")
    op.execute(f"grant update (appeal_until, appeal_to) on finding to {role('member')}")
    op.execute(f"alter policy member on finding with check ({OWN} and ({STATED}))")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
