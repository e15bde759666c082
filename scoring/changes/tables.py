"""Tables of changes of rules: the change, its steps, its impact on history, what its shadow days found, whom it moves."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, Numeric, Row, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, local_table, required, tenant_table
from hengjian.platform.log import Vouching, evidence, vouched
from hengjian.scoring.lawbook_content import canonical_json, content_hash

# A bureau's own; what is approved is law, and everybody may read it.
rule_change = tenant_table(
    "rule_change",
    required("id", Uuid),
    required("no", Text),
    required("bureau", Text),
    required("rule_id", Text),
    required("kind", Text),
    required("state", Text),
    required("from_day", Date),
    Column("ends", Text),
    required("content", JSONB),
    required("version", Text),
    required("drafted_by", Text),
    required("drafted_by_name", Text),
    required("drafted_at", INSTANT),
    Column("submitted_by", Text),
    Column("approved_by", Text),
    Column("approved_by_name", Text),
    Column("approved_at", INSTANT),
    # Four eyes, for the database too.
    CheckConstraint("approved_by <> drafted_by and approved_by <> submitted_by", name="four_eyes"),
    Index("uq_rule_change_no", "tenant_id", "no", unique=True),
    Index("ix_rule_change_state", "state", "approved_at"),
    key=("id",),
)

# Who did what when and why, with the hash of what the change then said (`version`); rows are only ever added.
rule_change_step = tenant_table(
    "rule_change_step",
    required("change_id", Uuid),
    required("id", Uuid),
    required("at", INSTANT),
    required("act", Text),
    required("actor", Text),
    required("actor_name", Text),
    required("reason", Text),
    required("version", Text),
    key=("change_id", "id"),
)
evidence("rule.step", rule_change_step)


# What packs and credit models said in each release that ran here (`shipped`); law is public. Rows are only ever added.
law_content = local_table(
    "law_content",
    Column("hash", Text, primary_key=True),
    required("kind", Text),
    required("name", Text),
    required("release", Text),
    required("first_seen_at", INSTANT),
    required("content", Text),
    Index("ix_law_content_name", "kind", "name", "first_seen_at"),
)


def version_of_content(content: Mapping[str, Any], region: str) -> str:
    """SHA-256 of what a change says and for where: the same content is the same version anywhere."""
    return content_hash(canonical_json({"region": region, **content}))


# The last step of each change that is approved, or claims to be.
_APPROVED_ROWS = """
    select coalesce(c.no, s.change_id::text) as name, s.act, s.version as vouched, s.actor,
           c.id, c.state, c.version, c.region, c.content, c.rule_id, c.kind, c.from_day, c.ends, c.approved_by
      from (select distinct on (tenant_id, change_id) tenant_id, change_id, act, version, actor from rule_change_step
             order by tenant_id, change_id, at desc, id desc) s
      full join rule_change c on c.tenant_id = s.tenant_id and c.id = s.change_id
     where s.act = 'approve' or c.state = 'approved' order by 1
"""


def _is_as_approved(row: Row[Any]) -> bool:
    """Whether an approved change says what its approval vouched for, in its content and in the columns beside it."""
    said = row.content
    beside = (row.rule_id, row.kind, row.from_day.isoformat(), row.ends or "")
    return (
        (row.act, row.state, row.approved_by) == ("approve", "approved", row.actor)
        and row.vouched == row.version == version_of_content(said, row.region)
        and beside == (said.get("rule_id"), said.get("kind"), said.get("from_day"), said.get("ends"))
    )


vouched(
    rule_change,
    Vouching("rule.change", _APPROVED_ROWS, is_gone=lambda row: row.id is None, holds=_is_as_approved),
)

# One walk over the history of a region, for the content of a `version`.
rule_impact = tenant_table(
    "rule_impact",
    required("change_id", Uuid),
    required("id", Uuid),
    required("version", Text),
    required("state", Text),
    required("since", Date),
    required("until", Date),
    required("done", Integer),
    required("total", Integer),
    required("started_at", INSTANT),
    Column("finished_at", INSTANT),
    required("summary", JSONB),
    key=("id",),
)

# One organization, in one region that judges it, whose breaches or scores the change moves.
rule_impact_row = tenant_table(
    "rule_impact_row",
    required("impact_id", Uuid),
    required("organization_id", Uuid),
    required("judged_region", Text),
    required("credit_code", Text),
    required("name", Text),
    required("effect", Text),
    required("grade_moves", Boolean),
    required("days_before", Integer),
    required("days_after", Integer),
    required("open_before", Boolean),
    required("open_after", Boolean),
    Column("points_before", Numeric),
    Column("points_after", Numeric),
    Column("grade_before", Text),
    Column("grade_after", Text),
    required("detail", JSONB),
    key=("impact_id", "organization_id", "judged_region"),
)

# What a change would find today, between its approval and its first day: seen by the bureau, counted nowhere.
shadow_finding = tenant_table(
    "shadow_finding",
    required("change_id", Uuid),
    required("organization_id", Uuid),
    required("judged_region", Text),
    required("credit_code", Text),
    required("name", Text),
    required("subject_kind", Text),
    required("subject", Text),
    required("subject_label", Text),
    required("first_day", Date),
    required("severity", Text),
    Column("measured", Text),
    Column("required", Text),
    required("breached_now", Boolean),
    required("judged_at", INSTANT),
    key=("change_id", "organization_id", "judged_region", "subject_kind", "subject"),
)

# What an organization is told of an approved change: its own difference, nobody else's.
rule_change_effect = tenant_table(
    "rule_change_effect",
    required("change_id", Uuid),
    required("no", Text),
    required("rule_id", Text),
    required("from_day", Date),
    required("given_at", INSTANT),
    required("effect", Text),
    required("days_before", Integer),
    required("days_after", Integer),
    Column("points_before", Numeric),
    Column("points_after", Numeric),
    Column("grade_before", Text),
    Column("grade_after", Text),
    key=("region", "change_id"),
)
