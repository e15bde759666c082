"""Tables of the yearly result: the steps of a bureau, the list that it prepared, and what the public sees."""

from sqlalchemy import Column, Date, Index, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from hengjian.platform.db.tables import INSTANT, REGION, required, tenant_table
from hengjian.platform.kept_objects import names_objects
from hengjian.platform.log import evidence

# Each step with the result of a year, under the bureau that took it; rows are only ever added.
result_step = tenant_table(
    "result_step",
    required("year", Integer),
    required("id", Uuid),
    required("at", INSTANT),
    required("act", Text),
    required("actor", Text),
    required("actor_name", Text),
    required("reason", Text),
    Column("publicity_until", Date),
    key=("region", "year", "id"),
)
evidence("result.step", result_step)

# One organization on a list, as it was prepared; `prepared` is the step, `basis` what the official score rested on.
result_entry = tenant_table(
    "result_entry",
    required("year", Integer),
    required("prepared", Uuid),
    required("by_region", REGION),
    required("credit_code", Text),
    required("name", Text),
    Column("total", Numeric),
    Column("grade", Text),
    Column("unrated", Text),
    required("as_of", Date),
    required("model", Text),
    required("model_version", Text),
    required("pack_version", Text),
    required("basis", JSONB),
    required("basis_sha256", Text),
    Index("ix_result_entry_list", "by_region", "year", "prepared"),
    key=("year", "region", "prepared"),
)

# What the public sees: `publicity` up to `until`, and `final` grades; of several the last one published stands.
published_grade = tenant_table(
    "published_grade",
    required("year", Integer),
    required("id", Uuid),
    required("kind", Text),
    required("by_region", REGION),
    required("credit_code", Text),
    required("name", Text),
    Column("total", Numeric),
    Column("grade", Text),
    Column("unrated", Text),
    required("model", Text),
    required("model_version", Text),
    required("document_no", Text),
    required("published_on", Date),
    required("until", Date),
    # The document that this one corrects; null for the first.
    Column("replaces", Text),
    required("at", INSTANT),
    # The dossier of a final grade, as it was kept with it; null in publicity, and where there was nobody left to judge.
    Column("dossier_path", Text),
    Column("dossier_sha256", Text),
    Index("ix_published_grade_list", "kind", "year", "region"),
    key=("year", "region", "id"),
)
evidence("result.published", published_grade)
names_objects(published_grade, "values (t.dossier_path)")
