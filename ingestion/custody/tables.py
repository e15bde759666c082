"""Labels issued by bureaus; what happened to them stands in the register of label events."""

from sqlalchemy import Index, Text, Uuid

from hengjian.platform.db.tables import INSTANT, required, tenant_table

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
