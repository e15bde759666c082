"""Years with a final grade are read by who scores; a final grade keeps its dossier; lists of a year answer from indexes."""

from alembic import op

from hengjian.platform.db.policies import SLICE, allow

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in allow("published_grade", "slice", "select", SLICE):
        op.execute(statement)
    op.execute(
        "create index ix_finding_contested on finding (region, tenant_id) where objected or appeal_to is not null"
    )
    op.execute("create index ix_finding_decision_at on finding_decision (region, at)")
    op.execute("alter table published_grade add column dossier_path text, add column dossier_sha256 text")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
