"""Batches with their receipts, and what each stream has seen."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PUSH_BATCH = """
create table push_batch (
    tenant_id uuid not null,
    region text collate "C" not null,
    id uuid not null,
    kind text not null,
    stream text not null,
    sequence bigint,
    client text not null,
    idempotency_key text,
    fingerprint bytea not null,
    mode text not null,
    state text not null,
    received_at timestamptz not null,
    sent integer not null,
    accepted integer not null,
    warned integer not null,
    refused integer not null,
    rows jsonb not null,
    corrects uuid,
    request_id text not null,
    constraint pk_push_batch primary key (tenant_id, id)
)
"""

PUSH_STREAM = """
create table push_stream (
    tenant_id uuid not null,
    region text collate "C" not null,
    kind text not null,
    stream text not null,
    highest bigint not null,
    missing jsonb not null,
    touched_at timestamptz not null,
    constraint pk_push_stream primary key (tenant_id, kind, stream)
)
"""


def upgrade() -> None:
    op.execute(PUSH_BATCH)
    op.execute(
        "create unique index uq_push_batch_idempotency_key on push_batch (tenant_id, client, kind, idempotency_key) "
        "where idempotency_key is not null"
    )
    op.execute(
        "create unique index uq_push_batch_sequence on push_batch (tenant_id, kind, stream, sequence) "
        "where sequence is not null and idempotency_key is not null"
    )
    op.execute("create index ix_push_batch_received_at on push_batch (tenant_id, received_at)")
    op.execute(PUSH_STREAM)
    seen = f"({JURISDICTION}) or {FOCUS}"
    for statement in (
        *secure("push_batch"),
        *allow("push_batch", "member", "select, insert", OWN),
        *allow("push_batch", "bureau", "select, insert", seen, check=OWN),
        *allow("push_batch", "job", "select", OWN),
        *secure("push_stream"),
        *allow("push_stream", "member", "select, insert, update", OWN),
        *allow("push_stream", "bureau", "select, insert, update", seen, check=OWN),
        *allow("push_stream", "job", "select", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
