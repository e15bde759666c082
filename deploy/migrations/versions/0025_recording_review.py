"""Looking at recordings: what a reviewer saw in them, and previews made of them."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null, recording_id uuid not null, id uuid not null'

TABLES = {
    "recording_review": f"""
    {HEAD}, at timestamptz not null, reviewer text not null, reviewer_name text not null, content_list text not null,
    seen text[] not null, note text not null,
    constraint pk_recording_review primary key (tenant_id, recording_id, id)
""",
    "recording_preview": f"""
    {HEAD}, at timestamptz not null, object_path text not null, sha256 text not null, size bigint not null,
    width integer not null, height integer not null, columns integer not null, every_ms integer not null,
    times_ms integer[] not null,
    constraint pk_recording_preview primary key (tenant_id, recording_id, id)
""",
}
SEEN = f"({JURISDICTION}) or {FOCUS}"


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({columns})")
        for statement in secure(table):
            op.execute(statement)
    for statement in (
        *allow("recording_review", "member", "select", OWN),
        *allow("recording_review", "bureau", "select, insert", SEEN),
        *allow("recording_review", "job", "select", OWN),
        *allow("recording_review", "auditor", "select"),
        *allow("recording_preview", "member", "select", OWN),
        *allow("recording_preview", "bureau", "select", SEEN),
        *allow("recording_preview", "job", "select, insert, delete", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
