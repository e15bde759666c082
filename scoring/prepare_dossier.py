"""Make the dossier of an organization's score or of one finding: facts and rows gathered, judged and sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_record import history_of
from hengjian.scoring.domain.dossier import About, digest, make_dossier
from hengjian.scoring.domain.dossier_inputs import Judgeable
from hengjian.scoring.domain.dossier_result import judge_all, rules_of
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.timeline import law_days
from hengjian.scoring.errors import UnknownFindingError
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_subjects import gather_subjects
from hengjian.scoring.read_cases import read_cases
from hengjian.scoring.score_months import business_of, kind_of
from hengjian.scoring.stored_values import as_text
from hengjian.tenants.api import (
    REGISTERS,
    Register,
    RegisterRecord,
    SupervisedOrganization,
    get_supervised,
    rows_between,
    shown_fields,
)

_FINDING = sql("""
    select region, rule_id, subject_kind, subject, opened_on, closed_on from finding
    where tenant_id = :tenant and no = :no
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRequest:
    """What a dossier is wanted of: the score on a day in a region, or (with `finding`) one finding as of that day."""

    region: str
    as_of: date
    known_at: datetime
    finding: str | None = None


async def prepare_dossier(
    session: ReadSession, organization: SupervisedOrganization, wanted: DossierRequest, *, lawbook: LawBook
) -> bytes:
    """The dossier, as canonical bytes. Facts and decisions are those known when it is made.

    Raises:
        UnknownFindingError: the organization has no finding of that number.
    """
    row = await _finding(session, organization.id, wanted.finding) if wanted.finding else None
    region = row.region if row else wanted.region
    since = min(date(wanted.as_of.year - 1, wanted.as_of.month, 1), row.opened_on if row else wanted.as_of)
    subjects = await gather_judgeable(
        session, organization, lawbook=lawbook, region=region, since=since, until=wanted.as_of
    )
    packs = [pack for pack in lawbook.packs if region.startswith(pack.region)]
    if row is not None:
        subjects = [
            item for item in subjects if (item.subject.kind, item.subject.key) == (row.subject_kind, row.subject)
        ]
        packs = [pack for pack in packs if any(rule.id == row.rule_id for rule in pack.rules)]
    model = lawbook.credit_model(region=region, on=wanted.as_of) if row is None else None
    found = judge_all(subjects, rules_of(LawBook(tuple(packs)), region, row.rule_id if row else None))
    return make_dossier(
        About(
            credit_code=organization.credit_code,
            name=organization.name,
            region=region,
            since=since,
            as_of=wanted.as_of,
            known_at=wanted.known_at.isoformat(timespec="seconds"),
            basis="decisions",
            rule=row.rule_id if row else None,
            finding=wanted.finding,
        ),
        packs=packs,
        model=model,
        subjects=subjects,
        history=await read_history(session, organization, subjects, region=region, model=model, now=wanted.known_at),
        cases=await read_cases(session, organization.id, region, found),
        provenance=await _provenance(session, organization.id, since=since, until=wanted.as_of),
    )


async def rated_place(
    session: ReadSession, tenant_id: UUID, *, below: str, days: Sequence[date]
) -> tuple[SupervisedOrganization, str] | None:
    """An organization as on the first of the days on which it is judged below a region, and the region that judges it.

    The stored score of a year is judged by the regions of the day of judgement: that day comes first, the last day of
    the year is for who has left since. None: it is judged there on none of the days.
    """
    for day in days:
        organization = await get_supervised(session, tenant_id, on=day)
        judged = organization.judged_regions if organization else ()
        here = next((one for one in judged if one.startswith(below)), None)
        if organization is not None and here is not None:
            return organization, here
    return None


async def gather_judgeable(
    session: ReadSession,
    organization: SupervisedOrganization,
    *,
    lawbook: LawBook,
    region: str,
    since: date,
    until: date,
) -> list[Judgeable]:
    """Every subject that is judged in a region, with its facts on each day on which facts or rules change."""
    rules = [rule for pack in lawbook.packs for rule in pack.rules]
    fixed = sorted({since, until, *law_days(rules, since=since, until=until)})
    subjects = (await gather_subjects(session, [organization], fixed, lawbook=lawbook))[organization.id]
    return [
        Judgeable(subject, tuple(subject.days)) for subject in subjects if organization.belongs_to(subject.city, region)
    ]


async def read_history(
    session: ReadSession,
    organization: SupervisedOrganization,
    subjects: Sequence[Judgeable],
    *,
    region: str,
    model: CreditModel | None,
    now: datetime | None = None,
) -> CreditHistory:
    """What a score counts beside the findings, as known `now`.

    A dimension of findings is assessed by the verdicts that follow.
    """
    kind = kind_of(organization.kinds)
    moment = now or datetime.now(UTC)
    today = legal_day(moment)
    days = subjects[0].days if subjects else (today,)
    record = (await gather_credit(session, [organization.id], since=days[0], now=moment))[organization.id]
    return history_of(
        record,
        kind=kind,
        business=business_of(kind, (item.subject for item in subjects)),
        model=model,
        here=lambda city: organization.belongs_to(city, region),
        region=region,
        # A month is known to be silent once it is over: that of the last day, where the day is its last and gone.
        today=min(today, days[-1] + timedelta(days=1)),
    )


async def _finding(session: ReadSession, tenant_id: UUID, no: str) -> Any:
    row = await session.first(_FINDING, {"tenant": tenant_id, "no": no})
    if row is None:
        raise UnknownFindingError(no)
    return row


async def _provenance(session: ReadSession, tenant_id: UUID, *, since: date, until: date) -> list[dict[str, Any]]:
    return [
        _row(register, record)
        for register in REGISTERS
        for record in await rows_between(session, register.kind, tenant_id, since=since, until=until)
    ]


def _row(register: Register, record: RegisterRecord) -> dict[str, Any]:
    """Where a row came from; its values enter as a hash only, so that no person's data leave with a dossier."""
    names = [spec.name for spec in shown_fields(register)]
    held = {
        "register": register.kind,
        "source_ref": record.source_ref,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": None if record.valid_until is None else record.valid_until.isoformat(),
    }
    values = {name: _plain(value) for name, value in zip(names, record.values, strict=True)}
    return {
        **held,
        "batch": str(record.batch_id),
        "index": str(record.row_index),
        "recorded_at": record.recorded_at.isoformat(),
        "sha256": digest({**held, "values": values}),
    }


def _plain(value: Any) -> Any:
    return as_text(tuple(value) if isinstance(value, list) else value)
