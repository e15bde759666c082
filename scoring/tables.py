"""Tables of what it means: verdicts, findings with their history, scores, and the standing that dashboards read."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Numeric, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, REGION, TEXTS, local_table, required, tenant_table
from hengjian.platform.kept_objects import names_objects
from hengjian.platform.log import evidence

# The verdict on each subject. A row is written when what it says changes (`digest`): `judged_at`, `as_of` and the pack
# are those of that judgement, and the standing of the region tells of the last one. Nothing rests on it alone.
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
    Column("digest", BigInteger),
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
    # The rules under which it counts, being the same event as what they found; empty where it counts itself.
    required("counted_under", TEXTS, server_default=text("'{}'")),
    # The same finding by finding: rule and number of each.
    required("counted_in", JSONB, server_default=text("'[]'")),
    # The decision: what is proposed, what stands, who took part, what is due (`scoring.domain.finding_life`).
    Column("proposal", Text),
    Column("proposed_by", Text),
    Column("until", Date),
    required("confirmed", Boolean, server_default=text("false")),
    required("deciders", TEXTS, server_default=text("'{}'")),
    Column("verified_by", Text),
    Column("resume_to", Text),
    Column("frozen_on", Date),
    Column("repaired_on", Date),
    required("objected", Boolean, server_default=text("false")),
    Column("due_on", Date),
    required("due_provisional", Boolean, server_default=text("false")),
    # The appeal: whether an objection was decided, by the bureau of which region, until when, and with whom it waits.
    required("heard", Boolean, server_default=text("false")),
    Column("decided_in", Text),
    Column("appeal_until", Date),
    Column("appeal_to", Text),
    # The site or job on which it falls; null is the whole organization.
    Column("unit", Text),
    # Digest of the facts on which the standing dismissal or open proposal rests.
    Column("decided_facts", Text),
    Index("ix_finding_due", "tenant_id", "due_on", postgresql_where=text("due_on is not null")),
    Index("ix_finding_region", "region", "detected_at"),
    Index("ix_finding_rule", "tenant_id", "rule_id", "subject"),
    Index("ix_finding_no", "no"),
    Index("ix_finding_contested", "region", "tenant_id", postgresql_where=text("objected or appeal_to is not null")),
    Index(
        "ix_finding_open",
        *("region", "rule_id", "severity", "opened_on", "tenant_id"),
        postgresql_where=text("closed_on is null and state <> 'dismissed'"),
    ),
    Index(
        "ix_finding_gravest",
        text("array_position(array['critical', 'major', 'minor', 'info'], severity)"),
        *("opened_on", "id"),
        postgresql_where=text("closed_on is null and state <> 'dismissed'"),
    ),
    Index(
        "ix_finding_opened_on",
        *("opened_on", "closed_on", "severity", "region", "tenant_id"),
        postgresql_where=text("state <> 'dismissed'"),
    ),
    Index(
        "ix_finding_closed_on",
        *("closed_on", "opened_on", "severity", "region", "tenant_id"),
        postgresql_where=text("closed_on is not null and state <> 'dismissed'"),
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

# Each step of a person in a bureau, with its reason and what it rested on; rows are only ever added.
finding_decision = tenant_table(
    "finding_decision",
    required("finding_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("act", Text),
    required("actor", Text),
    required("actor_name", Text),
    required("reason", Text),
    Column("until", Date),
    required("facts_sha256", Text),
    required("pack_version", Text),
    # On appeal: the fact proposed or accepted, and the score before and after (`scoring.appeal_effect`).
    Column("accepted", JSONB(none_as_null=True)),
    Column("effect", JSONB(none_as_null=True)),
    Index("ix_finding_decision_at", "region", "at"),
    key=("finding_id", "id"),
)
evidence("finding.decision", finding_decision)

# What the organization says to a finding, with the files it hands in; rows are only ever added.
finding_statement = tenant_table(
    "finding_statement",
    required("finding_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("act", Text),
    required("actor", Text),
    required("actor_name", Text),
    required("text", Text),
    required("late", Boolean),
    required("attachments", JSONB),
    # With an appeal: the fact that is contested, empty where the application of the rule is.
    Column("contest", JSONB(none_as_null=True)),
    key=("finding_id", "id"),
)
evidence("finding.statement", finding_statement)
names_objects(finding_statement, "select jsonb_path_query(t.attachments, '$[*].path') #>> '{}'")

# Facts that an upper bureau accepted on appeal, in the place of those pushed; rows are only ever added.
accepted_fact = tenant_table(
    "accepted_fact",
    required("finding_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("subject_kind", Text),
    required("subject", Text),
    required("accepted", JSONB),
    key=("id",),
)
evidence("finding.accepted_fact", accepted_fact)

# What somebody should know, for the organization's people or the bureaus over it; `dedupe` lets none come twice.
notice = tenant_table(
    "notice",
    required("id", Uuid),
    required("at", INSTANT),
    required("side", Text),
    required("kind", Text),
    required("finding_no", Text),
    required("rule_id", Text),
    Column("due_on", Date),
    required("dedupe", Text),
    Index("uq_notice_dedupe", "tenant_id", "dedupe", unique=True),
    Index("ix_notice_region", "region", "at"),
    key=("id",),
)

notice_read = tenant_table(
    "notice_read",
    required("notice_id", Uuid),
    required("reader", Text),
    required("at", INSTANT),
    key=("notice_id", "reader"),
)

# Written when what it says changes, as a judgement.
score = tenant_table(
    "score",
    required("month", Date),
    required("as_of", Date),
    Column("total", Numeric),
    Column("grade", Text),
    Column("unrated", Text),
    required("dimensions", JSONB),
    required("losses", JSONB),
    # What it rests on beside rules: penalties, devices, silent months, caps; `losses` are those of rules.
    required("steps", JSONB, server_default=text("'[]'")),
    required("open_findings", Integer),
    # From confirmed findings only; `total` and `grade` are as if all open ones were confirmed.
    Column("official_total", Numeric),
    Column("official_grade", Text),
    required("model", Text),
    required("model_version", Text),
    required("pack_version", Text),
    required("computed_at", INSTANT),
    Column("digest", BigInteger),
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
    Column("official_total", Numeric),
    Column("official_grade", Text),
    Column("unrated", Text),
    required("critical", Integer),
    required("major", Integer),
    required("minor", Integer),
    required("info", Integer),
    required("no_data", Integer),
    required("judged", Integer),
    Column("points", Integer),
    Column("last_push_at", INSTANT),
    # By rule a digest of what it says of its subjects: verdicts of a rule are compared row by row when it has changed.
    Column("said", JSONB),
    required("as_of", Date),
    required("computed_at", INSTANT),
    Index("ix_standing_region", "region", "total"),
    key=("region",),
)

# What each rule said at the last judgement with all that it rests on, as text: it is read and written whole.
carried_over = tenant_table("carried_over", required("content", Text), key=("region",))

# Gap-free numbers of findings: one counter a region and year.
number_series = local_table("number_series", Column("series", Text, primary_key=True), required("last", Integer))
