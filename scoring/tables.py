"""Tables of what it means: verdicts, findings with their history, scores, and the standing that dashboards read."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Numeric, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, REGION, TEXTS, local_table, required, tenant_table

# The verdict on each subject as of the last evaluation; rebuilt each time, nothing rests on it alone.
judgement = tenant_table(
    "judgement",
    required("rule_id", Text),
    required("subject_kind", Text),
    required("subject", Text),
    required("subject_label", Text),
    required("verdict", Text),
    Column("severity", Text),
    Column("measured", Text),
    Column("required", Text),
    required("missing", TEXTS),
    required("lacking", TEXTS),
    Column("reason", Text),
    required("facts", JSONB),
    required("since", Date),
    required("as_of", Date),
    required("judged_at", INSTANT),
    required("pack_version", Text),
    key=("region", "rule_id", "subject"),
)

finding = tenant_table(
    "finding",
    required("id", Uuid),
    required("no", Text),
    required("rule_id", Text),
    required("subject_kind", Text),
    required("subject", Text),
    required("subject_label", Text),
    required("severity", Text),
    required("state", Text),
    # Breached from the first day up to, not including, `closed_on`; open while that is null.
    required("opened_on", Date),
    Column("closed_on", Date),
    required("detected_at", INSTANT),
    required("judged_at", INSTANT),
    Column("measured", Text),
    Column("required", Text),
    required("lacking", TEXTS),
    required("facts", JSONB),
    required("pack_version", Text),
    required("costs_points", Boolean),
    Index("ix_finding_region", "region", "detected_at"),
    Index("ix_finding_rule", "tenant_id", "rule_id", "subject"),
    Index("ix_finding_no", "no"),
    Index(
        "ix_finding_open",
        *("region", "rule_id", "severity", "opened_on", "tenant_id"),
        postgresql_where=text("closed_on is null"),
    ),
    Index(
        "ix_finding_gravest",
        text("array_position(array['critical', 'major', 'minor', 'info'], severity)"),
        *("opened_on", "id"),
        postgresql_where=text("closed_on is null"),
    ),
    Index("ix_finding_opened_on", "opened_on", "closed_on", "severity", "region", "tenant_id"),
    Index(
        "ix_finding_closed_on",
        *("closed_on", "opened_on", "severity", "region", "tenant_id"),
        postgresql_where=text("closed_on is not null"),
    ),
    key=("id",),
)

finding_event = tenant_table(
    "finding_event",
    required("finding_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("event", Text),
    required("actor", Text),
    required("detail", JSONB),
    key=("finding_id", "id"),
)

score = tenant_table(
    "score",
    required("month", Date),
    required("as_of", Date),
    Column("total", Numeric),
    Column("grade", Text),
    Column("unrated", Text),
    required("dimensions", JSONB),
    required("losses", JSONB),
    required("open_findings", Integer),
    required("model", Text),
    required("model_version", Text),
    required("pack_version", Text),
    required("computed_at", INSTANT),
    key=("region", "month"),
)

# One row an organization and region: all that lists and overviews need, so that they read one table.
standing = tenant_table(
    "standing",
    required("home_region", REGION),
    required("credit_code", Text),
    required("name", Text),
    required("pinyin", Text),
    required("initials", Text),
    required("kinds", TEXTS),
    required("demo", Boolean),
    Column("total", Numeric),
    Column("grade", Text),
    Column("grade_before", Text),
    Column("unrated", Text),
    required("critical", Integer),
    required("major", Integer),
    required("minor", Integer),
    required("info", Integer),
    required("no_data", Integer),
    required("judged", Integer),
    Column("points", Integer),
    Column("last_push_at", INSTANT),
    required("as_of", Date),
    required("computed_at", INSTANT),
    Index("ix_standing_region", "region", "total"),
    key=("region",),
)

# Gap-free numbers of findings: one counter a region and year.
number_series = local_table("number_series", Column("series", Text, primary_key=True), required("last", Integer))
