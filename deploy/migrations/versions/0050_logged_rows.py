"""The auditor reads what was pushed, in every register that there is: its rows are in the evidence log too."""

from alembic import op

from hengjian.platform.db.policies import allow

revision = "0050"
down_revision = "0030"
branch_labels = None
depends_on = None

ASSERTIONS = r"select tablename from pg_tables where schemaname = 'public' and tablename like '%\_assertion' order by 1"


def upgrade() -> None:
    for (table,) in op.get_bind().exec_driver_sql(ASSERTIONS).all():
        for statement in allow(str(table), "auditor", "select"):
            op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
