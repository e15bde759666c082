"""A finding names the findings under which it counts, not only their rules; the next judgement fills it."""

from alembic import op

revision = "0068"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table finding add column counted_in jsonb not null default '[]'")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
