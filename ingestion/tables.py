"""Tables of what arrived: batches with their receipts, and what each stream has seen."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, required, tenant_table
from hengjian.platform.log import evidence

push_batch = tenant_table(
    "push_batch",
    required("id", Uuid),
    required("kind", Text),
    required("stream", Text),
    Column("sequence", BigInteger),
    required("client", Text),
    # Absent for a batch refused as a whole: it does not burn its key.
    Column("idempotency_key", Text),
    required("fingerprint", LargeBinary),
    required("mode", Text),
    required("state", Text),
    required("received_at", INSTANT),
    required("sent", Integer),
    required("accepted", Integer),
    required("warned", Integer),
    required("refused", Integer),
    required("rows", JSONB),
    Column("corrects", Uuid),
    required("request_id", Text),
    Index(
        "uq_push_batch_idempotency_key",
        "tenant_id",
        "client",
        "kind",
        "idempotency_key",
        unique=True,
        postgresql_where=text("idempotency_key is not null"),
    ),
    Index(
        "uq_push_batch_sequence",
        "tenant_id",
        "kind",
        "stream",
        "sequence",
        unique=True,
        postgresql_where=text("sequence is not null and idempotency_key is not null"),
    ),
    Index("ix_push_batch_received_at", "tenant_id", "received_at"),
    key=("id",),
)
RECEIPT_KIND = "push"
evidence(RECEIPT_KIND, push_batch)

push_stream = tenant_table(
    "push_stream",
    required("kind", Text),
    required("stream", Text),
    required("highest", BigInteger),
    required("missing", JSONB),
    required("touched_at", INSTANT),
    # Every push that took its turn counts, also one that changed nothing: the same number, the same registers.
    required("pushes", BigInteger),
    key=("kind", "stream"),
)
