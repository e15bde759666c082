"""A finding tells under which rules it counts, being the same event as what they found; the next judgement fills it."""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table finding add column counted_under text[] not null default '{}'")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
