"""Tables of what was declared and answered: so far the reports."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, Index, Integer, Text, Uuid, text

from hengjian.platform.db.tables import INSTANT, required, tenant_table
from hengjian.platform.kept_objects import names_objects
from hengjian.platform.log import evidence

# `tenant_id` is whom the report is about: the organization, or the bureau for its region. `known_at` is the time of
# knowledge of its data. A failed one has no file and says in `problem` which error it was.
report = tenant_table(
    "report",
    required("id", Uuid),
    required("kind", Text),
    required("month", Date),
    required("language", Text),
    required("number", Text),
    required("state", Text),
    required("created_at", INSTANT),
    required("known_at", INSTANT),
    required("requested_by", Text),
    required("scheduled", Boolean),
    required("law_book", Text),
    required("pages", Integer),
    required("size_bytes", BigInteger),
    required("sha256", Text),
    required("object_path", Text),
    required("problem", Text),
    CheckConstraint("kind in ('organization', 'bureau')", name="kind"),
    CheckConstraint("state in ('made', 'failed')", name="state"),
    Index(
        "uq_report_scheduled",
        "tenant_id",
        "month",
        "language",
        unique=True,
        postgresql_where=text("scheduled and state = 'made'"),
    ),
    Index("ix_report_created_at", "tenant_id", "created_at"),
    Index("ix_report_region", "region", "created_at"),
    key=("id",),
)
evidence("report", report)
names_objects(report, "values (t.object_path)")
