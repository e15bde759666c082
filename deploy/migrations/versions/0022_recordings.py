"""Recordings: uploads, the archive, inspections, checks, holds, views, deletions, matches, challenges."""

from collections.abc import Iterator

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'
EVENT = "recording_id uuid not null, id uuid not null, at timestamptz not null"

TABLES = {
    "upload": """
    id uuid not null, recording_no text not null, size bigint not null, sha256 text not null, about jsonb not null,
    state text not null, received bigint not null, problem text not null, begun_at timestamptz not null,
    begun_by text not null, touched_at timestamptz not null, complete_at timestamptz, recording_id uuid,
    constraint pk_upload primary key (tenant_id, id)
""",
    "upload_part": """
    upload_id uuid not null, position bigint not null, size bigint not null, path text not null,
    constraint pk_upload_part primary key (tenant_id, upload_id, position)
""",
    "recording": """
    id uuid not null, recording_no text not null, task_ref text, label_ids text[] not null, stage text not null,
    node text not null, purpose text, device_id text not null, person_refs text[] not null, tags text[] not null,
    started_at timestamptz not null, ended_at timestamptz not null, completed_at timestamptz not null,
    archived_at timestamptz not null, sha256 text not null, size bigint not null, object_path text not null,
    note text not null, custodian_ref text, longitude text, latitude text, retention_until date not null,
    secrecy text not null, archived_by text not null,
    constraint pk_recording primary key (tenant_id, id)
""",
    "recording_inspection": f"""
    {EVENT}, report jsonb not null, problems jsonb, challenge text,
    constraint pk_recording_inspection primary key (tenant_id, recording_id, id)
""",
    "recording_check": f"""
    {EVENT}, found text not null, ok boolean not null,
    constraint pk_recording_check primary key (tenant_id, recording_id, id)
""",
    "recording_hold": f"""
    {EVENT}, placed boolean not null, actor text not null, actor_name text not null, reason text not null,
    constraint pk_recording_hold primary key (tenant_id, recording_id, id)
""",
    "recording_view": f"""
    {EVENT}, actor text not null, actor_name text not null, purpose text not null,
    constraint pk_recording_view primary key (tenant_id, recording_id, id)
""",
    "recording_deletion": f"""
    {EVENT}, recording_no text, sha256 text not null, retention_until date, because text not null,
    constraint pk_recording_deletion primary key (tenant_id, recording_id)
""",
    "footage_match": """
    recording_id uuid not null, id uuid not null, found_at timestamptz not null, exact boolean not null,
    at_ms integer not null, pictures integer not null, elsewhere boolean not null, other_tenant_id uuid not null,
    other_recording_id uuid not null, other_at_ms integer not null,
    constraint pk_footage_match primary key (tenant_id, recording_id, id)
""",
    "field_challenge": """
    id uuid not null, task_ref text not null, code text not null, issued_at timestamptz not null,
    valid_until timestamptz not null, issued_to text not null, longitude text, latitude text,
    constraint pk_field_challenge primary key (tenant_id, id)
""",
}

# Across organizations; only jobs have rights.
LOCAL = {
    "archived_object": """
    recording_id uuid not null constraint pk_archived_object primary key, tenant_id uuid not null,
    region text collate "C" not null, sha256 text not null, path text not null, task_ref text,
    ended_at timestamptz
""",
    "footage_print": """
    recording_id uuid not null constraint pk_footage_print primary key, tenant_id uuid not null,
    region text collate "C" not null, at_ms integer[] not null, bits bigint[] not null,
    keys bigint[] not null
""",
}

INDEXES = (
    "create index ix_upload_recording_no on upload (tenant_id, recording_no)",
    "create unique index uq_recording_recording_no on recording (tenant_id, recording_no)",
    "create index ix_recording_task_ref on recording (tenant_id, task_ref)",
    "create index ix_upload_touched_at on upload (tenant_id, touched_at)",
    "create index ix_recording_started_at on recording (tenant_id, started_at, id)",
    "create index ix_recording_retention_until on recording (tenant_id, retention_until)",
    "create index ix_recording_person_refs on recording using gin (person_refs)",
    "create index ix_archived_object_sha256 on archived_object (sha256)",
    "create index ix_archived_object_ended_at on archived_object (ended_at) where ended_at is not null",
    "create index ix_footage_print_keys on footage_print using gin (keys)",
    "create unique index uq_footage_match_other on footage_match (tenant_id, recording_id, other_recording_id)",
    "create index ix_field_challenge_task_ref on field_challenge (tenant_id, task_ref)",
)

# Nobody changes a recording; only the job that follows its retention deletes the row, and writes why.
RIGHTS = {
    "upload": {"member": "select, insert, update", "bureau": "select", "job": "select, update, delete"},
    "upload_part": {"member": "select, insert, delete", "bureau": "select", "job": "select, delete"},
    "recording": {"member": "select", "bureau": "select", "job": "select, insert, delete"},
    "recording_inspection": {"member": "select", "bureau": "select", "job": "select, insert, delete"},
    "recording_check": {"member": "select", "bureau": "select", "job": "select, insert"},
    "recording_hold": {"member": "select", "bureau": "select, insert", "job": "select"},
    "recording_view": {"member": "select, insert", "bureau": "select, insert", "job": "select"},
    "recording_deletion": {"member": "select", "bureau": "select", "job": "select, insert"},
    "field_challenge": {"member": "select, insert", "bureau": "select, insert", "job": "select"},
}
SEEN = f"({JURISDICTION}) or {FOCUS}"
WHICH = {"member": OWN, "bureau": SEEN, "job": OWN}
OWN_SIDE = "tenant_id, region, recording_id, id, found_at, exact, at_ms, pictures, elsewhere"


LOGGED = (
    "recording",
    "recording_inspection",
    "recording_check",
    "recording_hold",
    "recording_deletion",
    "field_challenge",
)


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for table, columns in LOCAL.items():
        op.execute(f"create table {table} ({columns})")
    for table in (*TABLES, *LOCAL):
        for statement in secure(table):
            op.execute(statement)
    for statement in (*INDEXES, *_rights()):
        op.execute(statement)


def _rights() -> Iterator[str]:
    for table, rights in RIGHTS.items():
        for kind, right in rights.items():
            yield from allow(table, kind, right, WHICH[kind])
    for kind, right in {"bureau": "select", "job": "select, insert, delete"}.items():
        yield from allow("footage_match", kind, right, WHICH[kind])
    yield from allow("footage_match", "member", f"select ({OWN_SIDE})", OWN)
    for table in LOCAL:
        yield from allow(table, "job", "select, insert, update, delete")
    for table in LOGGED:
        yield from allow(table, "auditor", "select")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
