"""News on its way up: written with the change itself, handed on afterwards."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, local_table, required

outbox = local_table(
    "outbox",
    Column("id", Uuid, primary_key=True),
    required("name", Text),
    required("payload", JSONB),
    required("created_at", INSTANT, server_default=text("now()")),
    Column("dispatched_at", INSTANT),
    Index("ix_outbox_waiting", "id", postgresql_where=text("dispatched_at is null")),
    Index("ix_outbox_dispatched_at", "dispatched_at"),
)

event_seen = local_table(
    "event_seen",
    required("consumer", Text),
    required("event_id", Uuid),
    required("seen_at", INSTANT, server_default=text("now()")),
    PrimaryKeyConstraint("consumer", "event_id"),
)
