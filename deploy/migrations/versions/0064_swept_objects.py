"""The sweep of objects reads, as the auditor, every table whose rows name objects; repairs and their steps are logged."""

from alembic import op
from sqlalchemy import text

from hengjian.platform.db.policies import allow
from hengjian.platform.ids import uuid7
from hengjian.platform.log.append import COVERS, Entry, leaf_of

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

POLICY = "select 1 from pg_policies where tablename = '{}' and policyname = 'auditor'"
STEP_ID = "select 1 from information_schema.columns where table_name = 'credit_repair_step' and column_name = 'id'"
KINDS = ("credit.repair", "credit.repair_step")
# A UUIDv7 of the time of the step, so that a step from before the log is known as such.
STEP_IDS = """
update credit_repair_step set id = (
    encode(substring(int8send((extract(epoch from at) * 1000)::bigint) from 3), 'hex')
    || '7' || substr(md5(repair_id::text || seq), 1, 3) || '8' || substr(md5(repair_id::text || seq), 4, 15)
)::uuid
"""
QUEUE = text("""
    insert into log_queue (id, kind, record_id, body, salt) select :id, :kind, :record_id, :body, :salt
     where exists (select from log_leaf) or exists (select from log_queue)
""")


def upgrade() -> None:
    bind = op.get_bind()
    if bind.exec_driver_sql(STEP_ID).first() is None:
        op.execute("alter table credit_repair_step add column id uuid")
        op.execute("alter table credit_repair_step no force row level security")
        op.execute(STEP_IDS)
        op.execute("alter table credit_repair_step force row level security")
        op.execute("alter table credit_repair_step alter column id set not null")
        _say_since_when()
    for table in ("recording_preview", "credit_repair", "credit_repair_step"):
        if bind.exec_driver_sql(POLICY.format(table)).first() is None:
            for statement in allow(table, "auditor", "select"):
                op.execute(statement)


def _say_since_when() -> None:
    """A leaf says from when these kinds are logged: earlier rows have none."""
    leaf = leaf_of(Entry(kind=COVERS, id=uuid7(), facts={"kinds": list(KINDS)}))
    told = {"id": leaf.id, "kind": leaf.kind, "record_id": leaf.record_id, "body": leaf.body, "salt": leaf.salt}
    for table in ("log_queue", "log_leaf"):
        op.execute(f"alter table {table} no force row level security")
    op.get_bind().execute(QUEUE, told)
    for table in ("log_queue", "log_leaf"):
        op.execute(f"alter table {table} force row level security")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
