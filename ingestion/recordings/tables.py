"""Tables of recordings: uploads on their way, what was archived, and everything that happened to it since.

A recording is written once. What is found, decided or done later is a row of another table, never a change of it.
"""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, REGION, TEXTS, local_table, required, tenant_table
from hengjian.platform.kept_objects import names_objects
from hengjian.platform.log import evidence

upload = tenant_table(
    "upload",
    required("id", Uuid),
    required("recording_no", Text),
    required("size", BigInteger),
    required("sha256", Text),
    # What the sender tells of the recording, as checked when the upload began.
    required("about", JSONB),
    required("state", Text),
    required("received", BigInteger),
    required("problem", Text),
    required("begun_at", INSTANT),
    required("begun_by", Text),
    required("touched_at", INSTANT),
    Column("complete_at", INSTANT),
    Column("recording_id", Uuid),
    Index("ix_upload_recording_no", "tenant_id", "recording_no"),
    Index("ix_upload_touched_at", "tenant_id", "touched_at"),
    key=("id",),
)

upload_part = tenant_table(
    "upload_part",
    required("upload_id", Uuid),
    required("position", BigInteger),
    required("size", BigInteger),
    required("path", Text),
    key=("upload_id", "position"),
)

recording = tenant_table(
    "recording",
    required("id", Uuid),
    required("recording_no", Text),
    Column("task_ref", Text),
    required("label_ids", TEXTS),
    required("stage", Text),
    required("node", Text),
    Column("purpose", Text),
    required("device_id", Text),
    required("person_refs", TEXTS),
    required("tags", TEXTS),
    required("started_at", INSTANT),
    required("ended_at", INSTANT),
    # When the file was finished; the 72 hours run from here.
    required("completed_at", INSTANT),
    # When the last byte had arrived and the whole was proven by its hash.
    required("archived_at", INSTANT),
    required("sha256", Text),
    required("size", BigInteger),
    required("object_path", Text),
    required("note", Text),
    Column("custodian_ref", Text),
    Column("longitude", Text),
    Column("latitude", Text),
    required("retention_until", Date),
    required("secrecy", Text),
    required("archived_by", Text),
    Index("uq_recording_recording_no", "tenant_id", "recording_no", unique=True),
    Index("ix_recording_task_ref", "tenant_id", "task_ref"),
    Index("ix_recording_started_at", "tenant_id", "started_at", "id"),
    Index("ix_recording_retention_until", "tenant_id", "retention_until"),
    Index("ix_recording_person_refs", "person_refs", postgresql_using="gin"),
    key=("id",),
)

recording_inspection = tenant_table(
    "recording_inspection",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("report", JSONB),
    # What does not fit together: a list of {code, facts}; words in domain/problem_texts.py. Null: nobody compared.
    Column("problems", JSONB),
    # SEEN_IN_TIME, SEEN_LATE, NOT_SEEN or NONE_ISSUED. Null: nobody looked.
    Column("challenge", Text),
    key=("recording_id", "id"),
)

recording_check = tenant_table(
    "recording_check",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    # The hash of what was there; empty when nothing was.
    required("found", Text),
    required("ok", Boolean),
    key=("recording_id", "id"),
)

recording_hold = tenant_table(
    "recording_hold",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("placed", Boolean),
    required("actor", Text),
    required("actor_name", Text),
    required("reason", Text),
    key=("recording_id", "id"),
)

recording_view = tenant_table(
    "recording_view",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("actor", Text),
    required("actor_name", Text),
    required("purpose", Text),
    key=("recording_id", "id"),
)

recording_deletion = tenant_table(
    "recording_deletion",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    Column("recording_no", Text),
    required("sha256", Text),
    Column("retention_until", Date),
    required("because", Text),
    key=("recording_id",),
)

# The same footage in two recordings. An organization sees its own side; what belongs to others only the bureau reads.
footage_match = tenant_table(
    "footage_match",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("found_at", INSTANT),
    required("exact", Boolean),
    required("at_ms", Integer),
    required("pictures", Integer),
    required("elsewhere", Boolean),
    required("other_tenant_id", Uuid),
    required("other_recording_id", Uuid),
    required("other_at_ms", Integer),
    Index("uq_footage_match_other", "tenant_id", "recording_id", "other_recording_id", unique=True),
    key=("recording_id", "id"),
)

# What a reviewer of a bureau saw in a recording, against one of the two lists of five; the newest row of each list stands.
recording_review = evidence(
    "recording.review",
    tenant_table(
        "recording_review",
        required("recording_id", Uuid),
        required("id", Uuid),
        required("at", INSTANT),
        required("reviewer", Text),
        required("reviewer_name", Text),
        required("content_list", Text),
        required("seen", TEXTS),
        required("note", Text),
        key=("recording_id", "id"),
    ),
)

# One picture every so many milliseconds, on one sheet: an object of its own beside the recording.
recording_preview = tenant_table(
    "recording_preview",
    required("recording_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("object_path", Text),
    required("sha256", Text),
    required("size", BigInteger),
    required("width", Integer),
    required("height", Integer),
    required("columns", Integer),
    required("every_ms", Integer),
    required("times_ms", ARRAY(Integer)),
    key=("recording_id", "id"),
)
names_objects(recording_preview, "values (t.object_path)")

# What of a task must be seen and is not, as worked out when a recording or an event last came.
task_missing = tenant_table(
    "task_missing",
    required("task_ref", Text),
    required("missing_ms", BigInteger),
    required("at", INSTANT),
    key=("task_ref",),
)

# A word given out for one task that must be seen in the picture within minutes.
field_challenge = tenant_table(
    "field_challenge",
    required("id", Uuid),
    required("task_ref", Text),
    required("code", Text),
    required("issued_at", INSTANT),
    required("valid_until", INSTANT),
    required("issued_to", Text),
    Column("longitude", Text),
    Column("latitude", Text),
    Index("ix_field_challenge_task_ref", "tenant_id", "task_ref"),
    key=("id",),
)

# Which object each recording rests on. Several recordings, also of several organizations, may rest on one object: it
# goes with the last of them. Only jobs read this.
archived_object = local_table(
    "archived_object",
    Column("recording_id", Uuid, primary_key=True),
    required("tenant_id", Uuid),
    required("region", REGION),
    required("sha256", Text),
    required("path", Text),
    Column("task_ref", Text),
    Column("ended_at", INSTANT),
    Index("ix_archived_object_sha256", "sha256"),
    Index("ix_archived_object_ended_at", "ended_at", postgresql_where=text("ended_at is not null")),
)

# How each recording's pictures look, second by second, and the keys under which alike ones are found: across all
# organizations, so only jobs read this.
footage_print = local_table(
    "footage_print",
    Column("recording_id", Uuid, primary_key=True),
    required("tenant_id", Uuid),
    required("region", REGION),
    required("at_ms", ARRAY(Integer)),
    required("bits", ARRAY(BigInteger)),
    required("keys", ARRAY(BigInteger)),
    Index("ix_footage_print_keys", "keys", postgresql_using="gin"),
)

evidence("recording", recording)
evidence("recording.inspection", recording_inspection)
evidence("recording.check", recording_check)
evidence("recording.hold", recording_hold)
evidence("recording.deletion", recording_deletion)
evidence("field.challenge", field_challenge)
