"""Table of claims: which organization says it has what, as keyed fingerprints."""

from sqlalchemy import Boolean, Date, Index, LargeBinary, Text

from hengjian.platform.db.tables import required, tenant_table

# `claimed_elsewhere` is all that the organization itself is told; a bureau compares the rows of its jurisdiction.
claim = tenant_table(
    "claim",
    required("kind", Text),
    required("source_ref", Text),
    required("valid_from", Date),
    required("valid_until", Date),
    required("fingerprint", LargeBinary),
    required("claimed_elsewhere", Boolean),
    Index("ix_claim_fingerprint", "kind", "fingerprint"),
    key=("kind", "source_ref", "valid_from"),
)
