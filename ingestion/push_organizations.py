"""What is special about pushing organizations: who may push whom, and the directory that follows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from hengjian.ingestion.check_rows import CheckedRows, row_result
from hengjian.ingestion.domain.receipts import RowResult, RowStatus
from hengjian.ingestion.store_batches import take_turns
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session
from hengjian.tenants.api import (
    DirectoryEntry,
    Issue,
    OrganizationKind,
    OrganizationRow,
    Register,
    RegisterRow,
    RowsToWrite,
    Sealer,
    enter_or_update,
    load_regions,
    own_entry,
    visible_entries,
    write_rows,
)


async def check_organizations(session: Session, rows: Sequence[RegisterRow], checked: CheckedRows) -> CheckedRows:
    """Refuse rows about organizations that the caller may not speak for.

    An organization speaks for itself and leaves its home region as it is; a bureau enters organizations of its region,
    and says of none that it serves elsewhere.
    """
    sound = {index: row for index in checked.accepted if isinstance(row := rows[index], OrganizationRow)}
    known = await visible_entries(session, [row.credit_code for row in sound.values()])
    results, accepted = dict(checked.results), []
    first_place: dict[str, int] = {}
    for index, row in sound.items():
        entry = known.get(row.credit_code)
        issues = _bureau_issues(session, row, entry) if session.caller.kind == "bureau" else _own_issues(row, entry)
        if not row.name.strip():
            issues.append(Issue(("name",), "TEXT_EMPTY"))
        if first_place.setdefault(row.credit_code, index) != index:
            issues.append(Issue(("creditCode",), "DUPLICATE_CREDIT_CODE", "", str(first_place[row.credit_code] + 1)))
        if issues:
            results[index] = _with(results.get(index), row_result(index, row, issues))
        if not issues:
            accepted.append(index)
    return CheckedRows(accepted, results)


def _with(before: RowResult | None, now: RowResult) -> RowResult:
    problems = (before.problems if before else ()) + now.problems
    return RowResult(now.index, now.source_ref, RowStatus.REFUSED, problems)


def _own_issues(row: OrganizationRow, entry: DirectoryEntry | None) -> list[Issue]:
    if entry is None:
        return [Issue(("creditCode",), "ORGANIZATION_NOT_YOURS", "", row.credit_code)]
    issues = []
    if row.home_region != entry.region:
        issues.append(Issue(("homeRegion",), "HOME_REGION_FIXED", entry.region, row.home_region))
    if not row.kinds or OrganizationKind.BUREAU in row.kinds:
        issues.append(Issue(("kinds",), "KINDS_UNFIT", "", ", ".join(row.kinds)))
    return issues


def _bureau_issues(session: Session, row: OrganizationRow, entry: DirectoryEntry | None) -> list[Issue]:
    jurisdiction = session.caller.region or ""
    issues = []
    if not row.home_region.startswith(jurisdiction):
        issues.append(Issue(("homeRegion",), "OUTSIDE_JURISDICTION", jurisdiction, row.home_region))
    elif entry is None and load_regions().find(row.home_region, legal_day(datetime.now(UTC))) is None:
        issues.append(Issue(("homeRegion",), "HOME_REGION_UNFIT", "", row.home_region))
    issues += [
        Issue(("regionsServed",), "OUTSIDE_JURISDICTION", jurisdiction, region)
        for region in row.regions_served
        if not region.startswith(jurisdiction)
    ]
    if entry is not None and entry.region != row.home_region:
        issues.append(Issue(("homeRegion",), "HOME_REGION_FIXED", entry.region, row.home_region))
    if not row.kinds or OrganizationKind.BUREAU in row.kinds or (entry is not None and entry.is_bureau):
        issues.append(Issue(("kinds",), "KINDS_UNFIT", "", ", ".join(row.kinds)))
    return issues


async def write_organizations(
    session: Session, register: Register, accepted: RowsToWrite, *, sealer: Sealer
) -> list[UUID]:
    """Bring the directory up to date, and keep each row among the organization's own registers; whom it touched.

    Raises:
        OrganizationExistsError: an organization is entered outside the bureau's jurisdiction.
    """
    today = legal_day(accepted.recorded_at)
    me = await own_entry(session)
    known = await visible_entries(
        session, [row.credit_code for row in accepted.rows if isinstance(row, OrganizationRow)]
    )
    recorded_at = await take_turns(session, register.kind, [entry.id for entry in known.values()])
    touched = []
    for index, row in zip(accepted.indexes, accepted.rows, strict=True):
        if not isinstance(row, OrganizationRow):
            continue
        entry = await enter_or_update(session, row, known=known.get(row.credit_code), demo=me.demo, today=today)
        one = RowsToWrite(
            tenant_id=entry.id,
            region=entry.region,
            batch_id=accepted.batch_id,
            recorded_at=recorded_at,
            indexes=[index],
            rows=[row],
        )
        await write_rows(session, register, one, sealer=sealer)
        touched.append(entry.id)
    return touched
