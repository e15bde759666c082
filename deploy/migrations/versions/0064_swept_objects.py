"""The nightly sweep of objects that no row names reads, as the auditor, every table whose rows name objects."""

from alembic import op

from hengjian.platform.db.policies import allow

revision = "0064"
down_revision = "0062"
branch_labels = None
depends_on = None

READ = "select 1 from pg_policies where tablename = '{}' and policyname = 'auditor'"


def upgrade() -> None:
    for table in ("recording_preview", "credit_repair"):
        if op.get_bind().exec_driver_sql(READ.format(table)).first() is None:
            for statement in allow(table, "auditor", "select"):
                op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
