"""The indexes of the overview leave out dismissed findings, which it does not count."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = (
    "drop index ix_finding_opened_on",
    "drop index ix_finding_closed_on",
    (
        "create index ix_finding_opened_on on finding (opened_on, closed_on, severity, region, tenant_id) "
        "where state <> 'dismissed'"
    ),
    (
        "create index ix_finding_closed_on on finding (closed_on, opened_on, severity, region, tenant_id) "
        "where closed_on is not null and state <> 'dismissed'"
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
