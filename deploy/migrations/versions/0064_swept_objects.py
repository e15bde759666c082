"""The sweep of objects reads, as the auditor, every table whose rows name objects."""

from alembic import op

from hengjian.platform.db.policies import allow

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in allow("recording_preview", "auditor", "select"):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
