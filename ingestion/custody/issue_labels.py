"""A bureau issues labels to an institution of its region (温环发〔2023〕5号 附件2 第二条)."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hengjian.ingestion.custody.errors import LabelCountError, NotABureauError, NotAnInstitutionError
from hengjian.ingestion.custody.label_numbers import claim_numbers
from hengjian.platform import audit
from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.log import Entry, append_leaf
from hengjian.tenants.api import OrganizationKind, VisibleOrganization, visible_organization

MOST_LABELS = 5_000
LABEL_ISSUE = "label.issue"

_INSERT = """
insert into seal_label (tenant_id, region, label_id, issue_id, issued_at, issued_by, issuer)
select $1, $2, number, $4, $5, $6, $7 from unnest($3::text[]) as number
"""
_ISSUES = sql("""
    select issue_id, issued_at, issued_by, issuer, count(*) as labels,
           count(*) filter (where exists (
               select from label_event e where e.tenant_id = s.tenant_id and e.label_id = s.label_id)) as used
      from seal_label s where tenant_id = :tenant
     group by issue_id, issued_at, issued_by, issuer order by issued_at desc limit 100
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelIssue:
    """Labels issued together; `labels` counts them and `used` those of which anything was told."""

    id: UUID
    issued_at: datetime
    issuer: str
    labels: int
    used: int = 0
    numbers: tuple[str, ...] = ()


async def label_recipient(session: ReadSession, credit_code: str, *, on: date) -> VisibleOrganization:
    """The institution of the caller's region with this credit code.

    Raises:
        NotABureauError: the caller is no bureau.
        NotAnInstitutionError: there is none such, or it is no institution.
    """
    if session.caller.kind != "bureau" or session.caller.tenant_id is None:
        raise NotABureauError
    found = await visible_organization(session, credit_code, on=on)
    if found is None or OrganizationKind.INSTITUTION not in found.kinds:
        raise NotAnInstitutionError
    return found


async def issue_labels(
    session: Session, holder: VisibleOrganization, *, count: int, issuer: str, now: datetime
) -> LabelIssue:
    """New labels for an institution: numbers, audit row and leaf of the evidence log in the caller's transaction.

    Args:
        session: of a bureau, with the institution in focus.
        holder: from `label_recipient`.
        count: 1 to 5,000.
        issuer: name of the bureau, printed on lists.
        now: server time.

    Raises:
        LabelCountError: none or too many.
    """
    if not 1 <= count <= MOST_LABELS:
        raise LabelCountError
    bureau = session.caller.tenant_id
    if bureau is None:
        raise NotABureauError
    served = session.caller.region or ""
    city = served if len(served) >= 4 else holder.region
    tenant_id, region, issue_id = holder.id, holder.region, uuid7()
    numbers = await claim_numbers(session, city, count, tenant_id=tenant_id, region=region, now=now)
    await session.fetch_raw(_INSERT, tenant_id, region, numbers, issue_id, now, bureau, issuer)
    digest = hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()
    facts = {"count": count, "city": city[:4], "numbers_sha256": digest, "issued_by": bureau}
    await append_leaf(session, Entry(kind=LABEL_ISSUE, id=issue_id, tenant_id=tenant_id, region=region, facts=facts))
    detail = {"count": count, "city": city[:4]}
    await audit.record(session, LABEL_ISSUE, target=str(issue_id), tenant_id=tenant_id, detail=detail)
    return LabelIssue(id=issue_id, issued_at=now, issuer=issuer, labels=count, numbers=tuple(numbers))


async def label_issues_of(session: ReadSession, tenant_id: UUID) -> tuple[LabelIssue, ...]:
    """The last hundred issues to an organization, the newest first."""
    rows = await session.all(_ISSUES, {"tenant": tenant_id})
    return tuple(
        LabelIssue(id=row.issue_id, issued_at=row.issued_at, issuer=row.issuer, labels=row.labels, used=row.used)
        for row in rows
    )
