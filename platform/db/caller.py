"""Who asks: everything the database and the audit need to know of a caller."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

CallerKind = Literal["member", "bureau", "public", "job", "gate", "auditor", "slice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One caller of one request or job.

    `kind` picks the database role. A member or a job acts inside `tenant_id`; a bureau sees the rows whose region
    lies in `region` (a prefix in the GB/T 2260 tree); public sees what is public; gate is the moment before the
    caller is known; auditor reads what is logged, of everybody, and writes nothing; slice judges the organizations
    whose ids lie in `tenants` (first and last, both inside) and may nothing else. Absent tenant or region means: no
    rows of that sort.
    """

    kind: CallerKind
    tenant_id: UUID | None = None
    tenants: tuple[UUID, UUID] | None = None
    region: str | None = None
    actor: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    source: str = ""
    request_id: str = ""


GATE = Caller(kind="gate", actor="gate")


def region_range(region: str | None) -> tuple[str, str]:
    """The half-open range of region codes below a prefix, compared byte by byte.

    >>> region_range("6501")
    ('6501', '6502')
    >>> region_range("69")
    ('69', '6:')
    >>> region_range(None)
    ('', '')
    """
    if not region:
        return "", ""
    return region, region[:-1] + chr(ord(region[-1]) + 1)
