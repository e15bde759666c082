"""The check of the log reads the registers, to hold them against their assertions."""

from alembic import op

from hengjian.platform.db.policies import allow

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

REGISTERS = """
    accreditation calibration capability certificate client_report device_failure
    environment_reading field_event instrument label_event label_printer laboratory method
    monitoring_report monitoring_set monitoring_task office person pledge point point_stop
    policy_document profile reagent_lot recorder_check reference_material registration repair room
    sample spare_item stock storage_check system_change test_result training vehicle visit warehouse
    waste_collection
"""


def upgrade() -> None:
    for table in REGISTERS.split():
        for statement in allow(table, "auditor", "select"):
            op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
