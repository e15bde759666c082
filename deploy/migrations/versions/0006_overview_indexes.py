"""Indexes that answer an overview of ten thousand organizations from themselves.

Each holds the columns that row-level security reads, so that PostgreSQL need not visit the rows.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    "create index ix_finding_open on finding (region, rule_id, severity, opened_on, tenant_id) where closed_on is null",
    (
        "create index ix_finding_gravest on finding "
        "(array_position(array['critical', 'major', 'minor', 'info'], severity), opened_on, id) where closed_on is null"
    ),
    "create index ix_finding_opened_on on finding (opened_on, closed_on, severity, region, tenant_id)",
    "create index ix_finding_closed_on on finding (closed_on, opened_on, severity, region, tenant_id) where closed_on is not null",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
