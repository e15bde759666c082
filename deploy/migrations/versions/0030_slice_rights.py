"""What came after slices: whoever judges many organizations at once reads these facts and queues leaves of the log."""

from alembic import op

from hengjian.platform.db.policies import SLICE, allow

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None

REGISTERS = (
    *("visit", "point_stop", "repair", "waste_collection", "client_report"),
    *("monitoring_task", "sample", "label_event", "field_event", "label_printer", "recorder_check", "storage_check"),
)
RECORDINGS = ("seal_label", "recording", "recording_inspection", "recording_check", "recording_deletion", "upload")


def upgrade() -> None:
    assertions = tuple(f"{register}_assertion" for register in REGISTERS)
    for table in (*REGISTERS, *assertions, *RECORDINGS):
        for statement in allow(table, "slice", "select", SLICE):
            op.execute(statement)
    for statement in allow("log_queue", "slice", "insert"):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
