"""A standing keeps by rule what was said of all its subjects, as a number: only what has changed is looked at again."""

from alembic import op

revision = "0060"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table standing add column said jsonb")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
