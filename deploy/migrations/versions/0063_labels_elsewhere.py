"""Who judges many organizations reads which of their labels others use too; what tasks lack in recordings is kept."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, SLICE, allow, secure

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

TASK_MISSING = """
create table task_missing (
    tenant_id uuid not null, region text collate "C" not null, task_ref text not null, missing_ms bigint not null,
    at timestamptz not null, constraint pk_task_missing primary key (tenant_id, task_ref)
)
"""


def upgrade() -> None:
    for statement in (
        *allow("claim", "slice", "select", SLICE),
        TASK_MISSING,
        *secure("task_missing"),
        *allow("task_missing", "member", "select", OWN),
        *allow("task_missing", "bureau", "select", f"({JURISDICTION}) or {FOCUS}"),
        *allow("task_missing", "job", "select, insert, update", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
