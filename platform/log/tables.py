"""Tables of the evidence log. All local: there is one order of leaves for the whole deployment."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from hengjian.platform.db.tables import INSTANT, REGION, local_table, required

# Written in the transaction of the deed, without a number: numbers are given when it is known to be committed.
log_queue = local_table(
    "log_queue",
    Column("id", Uuid, primary_key=True),
    required("kind", Text),
    required("record_id", Text),
    Column("tenant_id", Uuid),
    Column("region", REGION),
    required("body", Text),
    required("salt", LargeBinary),
    Index("ix_log_queue_record_id", "record_id"),
)

# `body` is what is hashed. `salt` keeps a digest from being guessed; it is erased when its record is deleted lawfully.
log_leaf = local_table(
    "log_leaf",
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    required("kind", Text),
    required("record_id", Text),
    Column("tenant_id", Uuid),
    Column("region", REGION),
    required("body", Text),
    required("salt", LargeBinary),
    required("sequenced_at", INSTANT, server_default=text("now()")),
    Index("ix_log_leaf_record_id", "record_id"),
)

# Up to 256 hashes of 32 bytes: leaves on level 0, roots of 256 hashes of the level below on the others.
log_tile = local_table(
    "log_tile",
    required("level", SmallInteger),
    required("number", BigInteger),
    required("hashes", LargeBinary),
    PrimaryKeyConstraint("level", "number"),
)

log_checkpoint = local_table(
    "log_checkpoint",
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    required("root", LargeBinary),
    required("note", Text),
    required("key", Text),
    required("at", INSTANT, server_default=text("now()")),
)

# What others say of a checkpoint: `cosignature` of a witness (a signature line), `timestamp` of an authority (base64).
log_attestation = local_table(
    "log_attestation",
    required("size", BigInteger),
    required("kind", Text),
    required("name", Text),
    required("body", Text),
    required("at", INSTANT, server_default=text("now()")),
    PrimaryKeyConstraint("size", "kind", "name"),
)


def evidence(kind: str, table: Table) -> Table:
    """Mark an append-only table whose every row is a leaf; `id` names the row, and rows are never changed.

    The checker compares every row of the table with its leaf, and every leaf of this kind with its row.
    """
    table.info["evidence"] = kind
    return table
