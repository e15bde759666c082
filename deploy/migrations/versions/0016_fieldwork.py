"""Registers of a contractor's work: visits, stops, repairs, waste ledger, reports to clients; what a point has."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REGISTERS = {
    "visit": "point_ref text not null, person_ref text not null, purposes text[] not null, "
    "started_at timestamptz not null, ended_at timestamptz not null, vehicle_ref text, longitude numeric, "
    "latitude numeric, door_entered_at timestamptz, mobile boolean not null, submitted_at timestamptz, "
    "reviewed_at timestamptz, reviewed_by_ref text",
    "point_stop": "point_ref text not null, stopped_from date not null, stopped_until date, reason text not null",
    "repair": "point_ref text not null, repaired_on date not null, person_ref text, fault text not null, "
    "spare_used boolean not null, original_brand text, original_model text, spare_brand text, spare_model text, "
    "compatibility_proof text",
    "waste_collection": "point_ref text not null, collected_on date not null, quantity_l numeric, handed_to text, "
    "licence_number text, licence_until date",
    "client_report": "discharger text not null, month date not null, received_on date not null, "
    "sections text[] not null, number text",
}
OF_POINTS = ("longitude numeric", "latitude numeric", "door_system boolean", "produces_waste boolean")


def upgrade() -> None:
    for table, columns in REGISTERS.items():
        _register(table, columns)
    for column in OF_POINTS:
        op.execute(f"alter table point add column {column}")
        op.execute(f"alter table point_assertion add column {column}")


def _register(table: str, columns: str) -> None:
    assertion = f"{table}_assertion"
    op.execute(
        f'create table {assertion} (tenant_id uuid not null, region text collate "C" not null, '
        "batch_id uuid not null, row_index integer not null, recorded_at timestamptz not null, "
        "source_ref text not null, valid_from date not null, valid_until date not null, "
        f"withdrawn boolean not null, {columns}, "
        f"constraint pk_{assertion} primary key (tenant_id, batch_id, row_index))"
    )
    op.execute(f"create index ix_{assertion}_ref on {assertion} (tenant_id, source_ref, recorded_at)")
    op.execute(
        f'create table {table} (tenant_id uuid not null, region text collate "C" not null, '
        "source_ref text not null, valid_from date not null, valid_until date not null, batch_id uuid not null, "
        f"row_index integer not null, recorded_at timestamptz not null, {columns}, "
        f"constraint pk_{table} primary key (tenant_id, source_ref, valid_from))"
    )
    seen = f"({JURISDICTION}) or {FOCUS}"
    for statement in (
        *secure(assertion),
        *allow(assertion, "member", "select, insert", OWN),
        *allow(assertion, "bureau", "select", seen),
        *allow(assertion, "job", "select", OWN),
        *secure(table),
        *allow(table, "member", "select, insert, update, delete", OWN),
        *allow(table, "bureau", "select", seen),
        *allow(table, "job", "select", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
