"""Registers of monitoring institutions: rooms, materials, methods and scope, calibrations, reports and results."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REGISTERS = {
    "room": "name text not null, purpose text, temperature_low numeric, temperature_high numeric, "
    "humidity_low numeric, humidity_high numeric",
    "environment_reading": "room_ref text not null, read_on date not null, temperature numeric, humidity numeric, "
    "action text",
    "calibration": "instrument_ref text not null, kind text not null, number text not null, issuer text, "
    "calibrated_on date not null, fit_for_use boolean not null",
    "reference_material": "name text not null, lot text not null, certificate_number text, expires_on date not null, "
    "accepted_on date, in_use_from date not null, in_use_until date",
    "reagent_lot": "name text not null, lot text not null, supplier text, key_reagent boolean not null, "
    "expires_on date not null, accepted_on date, in_use_from date not null, in_use_until date",
    "method": "code text not null, name text not null, items text[] not null, verified_on date, superseded_on date, "
    "in_use_from date not null, in_use_until date",
    "capability": "accreditation_ref text not null, category text, item text not null, method_code text not null",
    "training": "person_ref text not null, topic text not null, held_on date not null, passed boolean",
    "monitoring_report": "number text not null, issued_on date not null, signatory_ref text, amends_number text, "
    "amended boolean not null, amendment_reason text",
    "test_result": "item text not null, tested_on date not null, method_ref text not null, report_ref text, "
    "analyst_ref text not null, checker_ref text, reviewer_ref text",
    "system_change": "title text not null, implemented_on date not null, approved_on date, approver text",
}

# What registers that are there already gain; a list is empty where the sender of the release before says nothing.
ADDED = {
    "accreditation": ("granted_on date",),
    "person": ("title_level text", "experienced_since date"),
    "certificate": ("items text[] not null default '{}'",),
    "instrument": ("retired_on date", "tenure text", "lease_until date", "calibration_exempt boolean"),
}


def upgrade() -> None:
    for table, columns in REGISTERS.items():
        _register(table, columns)
    for table, added in ADDED.items():
        for column in added:
            op.execute(f"alter table {table} add column {column}")
            op.execute(f"alter table {table}_assertion add column {column}")


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
