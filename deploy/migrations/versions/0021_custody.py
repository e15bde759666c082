"""Registers of the way of a sample: tasks, samples, events of labels and tasks, printers, checks; labels issued."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REGISTERS = {
    "monitoring_task": "client text not null, client_credit_code text, point_name text not null, city text not null, "
    "longitude numeric, latitude numeric, origin text not null, planned_on date not null, items text[] not null, "
    "sampler_refs text[] not null, sampling_minutes bigint, equipment_used boolean not null",
    "sample": "task_ref text not null, items text[] not null, method_ref text, container text, "
    "preservation text[] not null, holding_minutes bigint, key_steps text[] not null, brought_back boolean not null",
    "label_event": "label_id text not null, sample_ref text, kind text not null, happened_at timestamptz not null, "
    "device_id text, longitude numeric, latitude numeric, accuracy_m bigint, person_ref text not null, "
    "counterpart_ref text, sampled_at timestamptz, character text, fixative text, seal_material text, "
    "seal_state text, timely boolean, preserved boolean, printer_ref text, photo_sha256 text, reason text",
    "field_event": "task_ref text not null, sample_ref text, kind text not null, preservation text, key_step text, "
    "happened_at timestamptz not null, ended_at timestamptz, device_id text, longitude numeric, latitude numeric, "
    "accuracy_m bigint, person_refs text[] not null, note text",
    "label_printer": "name text not null, serial text, spare boolean not null, keeper_ref text",
    "recorder_check": "checked_on date not null, device_id text, working boolean not null, spare_used boolean not null",
    "storage_check": "checked_on date not null, free_days bigint not null, custodian_ref text",
}

SEAL_LABEL = """
create table seal_label (
    tenant_id uuid not null, region text collate "C" not null, label_id text not null, issue_id uuid not null,
    issued_at timestamptz not null, issued_by uuid not null, issuer text not null,
    constraint pk_seal_label primary key (tenant_id, label_id)
)
"""

# Each number once in all cities: a local table, as no key of a tenant's table can hold that.
LABEL_NUMBER = """
create table label_number (
    label_id text not null, tenant_id uuid not null, region text collate "C" not null, issued_at timestamptz not null,
    constraint pk_label_number primary key (label_id)
)
"""


def upgrade() -> None:
    for table, columns in REGISTERS.items():
        _register(table, columns)
    op.execute("create index ix_label_event_label_id on label_event (tenant_id, label_id)")
    op.execute("create index ix_field_event_task_ref on field_event (tenant_id, task_ref)")
    op.execute("create index ix_sample_task_ref on sample (tenant_id, task_ref)")
    op.execute(SEAL_LABEL)
    op.execute(LABEL_NUMBER)
    op.execute("create index ix_seal_label_issue_id on seal_label (tenant_id, issue_id)")
    for statement in (
        *secure("seal_label"),
        *allow("seal_label", "member", "select", OWN),
        *allow("seal_label", "bureau", "select, insert", f"({JURISDICTION}) or {FOCUS}"),
        *allow("seal_label", "job", "select", OWN),
        *secure("label_number"),
        *allow("label_number", "member", "select", OWN),
        *allow("label_number", "bureau", "select, insert", f"({JURISDICTION}) or {FOCUS}"),
        *allow("label_number", "public", "select (label_id, tenant_id, issued_at)"),
    ):
        op.execute(statement)


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
