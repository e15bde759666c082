"""Row-level security as statements: one role for each kind of caller, one policy for each role.

Policies compare settings with columns and read no table, so they keep their index and run on Citus workers.
"""

from collections.abc import Iterator

ROLES = ("member", "bureau", "public", "job", "gate", "auditor", "slice")

OWN = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid"
JURISDICTION = "region >= current_setting('app.region_from', true) and region < current_setting('app.region_to', true)"
SLICE = (
    "tenant_id >= nullif(current_setting('app.tenant_from', true), '')::uuid "
    "and tenant_id <= nullif(current_setting('app.tenant_to', true), '')::uuid"
)
FOCUS = "tenant_id = nullif(current_setting('app.focus', true), '')::uuid"


def role(kind: str) -> str:
    """The database role of a kind of caller."""
    return f"hengjian_{kind}"


def secure(table: str) -> Iterator[str]:
    """Row-level security, also for the owner; without a policy nobody sees a row."""
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"


def allow(table: str, kind: str, rights: str, using: str = "true", *, check: str | None = None) -> Iterator[str]:
    """Give one kind of caller rights on a table, and the one policy that limits them.

    Args:
        table: its name.
        kind: member, bureau, public, job, gate, auditor or slice.
        rights: as in GRANT, `select, insert`.
        using: which rows are seen (and changed).
        check: which rows may be written; the same as `using` unless given.
    """
    yield f"grant {rights} on {table} to {role(kind)}"
    writes = any(right in rights for right in ("insert", "update"))
    reads = any(right in rights for right in ("select", "update", "delete"))
    clauses = (f" using ({using})" if reads else "") + (f" with check ({check or using})" if writes else "")
    command = "insert" if rights.strip() == "insert" else "all"
    yield f"create policy {kind} on {table} for {command} to {role(kind)}{clauses}"
