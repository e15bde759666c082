"""Tables of credit events: what bureaus decided on an organization, with every step of a person; rows are only added.

What an event has become is folded from its steps (`scoring.domain.credit_events`). A step's number is part of its key,
so of two people who decide at once one is refused.
"""

from sqlalchemy import Boolean, Column, Date, Index, Integer, Numeric, Text, Uuid

from hengjian.platform.db.tables import INSTANT, TEXTS, required, tenant_table
from hengjian.platform.log import evidence

# A penalty as entered; it counts once a second person has confirmed it. `measure` as the credit model names it, `fine`
# in yuan for a fine; `conduct` is the veto item that the decision found proven, if any.
penalty = tenant_table(
    "penalty",
    required("id", Uuid),
    required("document_no", Text),
    required("measure", Text),
    Column("fine", Numeric),
    required("decided_on", Date),
    Column("duty_done_on", Date),
    required("organ", Text),
    Column("conduct", Text),
    required("summary", Text),
    required("entered_at", INSTANT),
    required("entered_by", Text),
    required("entered_by_name", Text),
    Index("ix_penalty_region", "region", "decided_on"),
    key=("id",),
)
evidence("credit.penalty", penalty)

# A veto item laid before people, by the engine or by one of them; it gives a grade only when two have decided it.
# `rests_on` are numbers of findings and documents, `dedupe` lets the same grounds come once.
veto = tenant_table(
    "veto",
    required("id", Uuid),
    required("item", Text),
    required("ground", Text),
    required("rests_on", TEXTS),
    required("proposed_at", INSTANT),
    required("proposed_by", Text),
    required("dedupe", Text),
    Index("uq_veto_dedupe", "tenant_id", "dedupe", unique=True),
    Index("ix_veto_region", "region", "proposed_at"),
    key=("id",),
)
evidence("credit.veto", veto)

# The result of a spot check, comparison, blind sample or verified complaint; unfit ones have a severity and a due day.
credit_check = tenant_table(
    "credit_check",
    required("id", Uuid),
    required("kind", Text),
    required("document_no", Text),
    required("checked_on", Date),
    required("fit", Boolean),
    Column("severity", Text),
    Column("due_on", Date),
    required("organ", Text),
    required("summary", Text),
    required("entered_at", INSTANT),
    required("entered_by", Text),
    required("entered_by_name", Text),
    Index("ix_credit_check_region", "region", "checked_on"),
    key=("id",),
)
evidence("credit.check", credit_check)

# Each step with an event (`event`: penalty, veto, check): `on_day` from when it works, `document_no` what orders it.
credit_step = tenant_table(
    "credit_step",
    required("event_id", Uuid),
    required("seq", Integer),
    required("id", Uuid),
    required("event", Text),
    required("at", INSTANT),
    required("act", Text),
    required("actor", Text),
    required("actor_name", Text),
    Column("on_day", Date),
    required("document_no", Text),
    required("reason", Text),
    key=("event_id", "seq"),
)
evidence("credit.step", credit_step)
