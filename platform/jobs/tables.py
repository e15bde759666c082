"""The queue and the memory of what has fired. Local tables: they live on the coordinator."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, PrimaryKeyConstraint, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, local_table, required

# `due_at` of a waiting job is when it may start; of a running one, when its worker counts as dead.
job = local_table(
    "job",
    Column("id", Uuid, primary_key=True),
    required("name", Text),
    required("payload", JSONB),
    Column("dedupe", Text),
    required("state", Text, server_default="waiting"),
    required("due_at", INSTANT, server_default=text("now()")),
    required("attempts", Integer, server_default=text("0")),
    required("worker", Text, server_default=""),
    required("last_error", Text, server_default=""),
    required("created_at", INSTANT, server_default=text("now()")),
    Column("finished_at", INSTANT),
    CheckConstraint("state in ('waiting', 'running', 'done', 'superseded', 'failed')", name="state"),
    Index("ix_job_due_at", "due_at", postgresql_where=text("state in ('waiting', 'running')")),
    Index(
        "uq_job_name_dedupe",
        "name",
        "dedupe",
        unique=True,
        postgresql_where=text("state = 'waiting' and dedupe is not null"),
    ),
    Index("ix_job_finished_at", "finished_at", postgresql_where=text("finished_at is not null")),
)

# Since when a schedule is known: slots before that never fire.
job_schedule = local_table(
    "job_schedule",
    Column("name", Text, primary_key=True),
    required("known_since", INSTANT),
)

job_slot = local_table(
    "job_slot",
    required("name", Text),
    required("slot", INSTANT),
    required("fired_at", INSTANT, server_default=text("now()")),
    PrimaryKeyConstraint("name", "slot"),
)
