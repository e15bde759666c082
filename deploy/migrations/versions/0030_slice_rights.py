"""The registers that came after slices: each may be read by whoever judges many organizations at once."""

from alembic import op

from hengjian.platform.db.policies import SLICE, allow

revision = "0030"
down_revision = "0022"
branch_labels = None
depends_on = None

REGISTERS = (
    *("visit", "point_stop", "repair", "waste_collection", "client_report"),
    *("monitoring_task", "sample", "label_event", "field_event", "label_printer", "recorder_check", "storage_check"),
)


def upgrade() -> None:
    for register in REGISTERS:
        for table in (register, f"{register}_assertion"):
            for statement in allow(table, "slice", "select", SLICE):
                op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
