"""Labels issued by bureaus, and whose each number is; what happened to them stands in the register of label events."""

from sqlalchemy import Column, Index, Text, Uuid

from hengjian.platform.db.tables import INSTANT, REGION, local_table, required, tenant_table

# The organization to which it was issued is the tenant; `issued_by` is the bureau.
seal_label = tenant_table(
    "seal_label",
    required("label_id", Text),
    required("issue_id", Uuid),
    required("issued_at", INSTANT),
    required("issued_by", Uuid),
    required("issuer", Text),
    Index("ix_seal_label_issue_id", "tenant_id", "issue_id"),
    key=("label_id",),
)

# Each number once for the whole deployment: no key of a tenant's table can say that. Anybody may ask about a number
# that they hold; sixty bits of chance keep others from being guessed.
label_number = local_table(
    "label_number",
    Column("label_id", Text, primary_key=True),
    required("tenant_id", Uuid),
    required("region", REGION),
    required("issued_at", INSTANT),
)
