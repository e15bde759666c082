"""Tables of credit repair: an organization's applications, and each step of the bureau; rows are only added."""

from sqlalchemy import Column, Date, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, required, tenant_table
from hengjian.platform.log import evidence

# `ref` is a finding's number or the id of a penalty or veto, `number` what people call it; `turn` counts applications
# for the same matter, so of two at once one is refused.
credit_repair = tenant_table(
    "credit_repair",
    required("id", Uuid),
    required("kind", Text),
    required("ref", Text),
    required("number", Text),
    required("turn", Integer),
    required("at", INSTANT),
    required("actor", Text),
    required("actor_name", Text),
    required("text", Text),
    required("attachments", JSONB),
    Index("uq_credit_repair_turn", "tenant_id", "kind", "ref", "turn", unique=True),
    Index("ix_credit_repair_region", "region", "at"),
    key=("id",),
)
evidence("credit.repair", credit_repair)

credit_repair_step = tenant_table(
    "credit_repair_step",
    required("repair_id", Uuid),
    required("seq", Integer),
    required("id", Uuid),
    required("at", INSTANT),
    required("act", Text),
    required("actor", Text),
    required("actor_name", Text),
    Column("on_day", Date),
    required("document_no", Text),
    required("reason", Text),
    key=("repair_id", "seq"),
)
evidence("credit.repair_step", credit_repair_step)
