"""Facts of one organization on given days, from its registers as they are known now."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value
from hengjian.scoring.fact_statements import (
    CHANGE_DAYS,
    CITIES,
    CONTRACTOR,
    FIRST_DAYS,
    ITEMS,
    LABORATORIES,
    TECHNICIANS,
)

# From which register each fact of the organization itself is counted.
SOURCES = {
    "points": "points",
    "sets": "sets",
    "technicians": "people",
    "supervisors": "people",
    "technicians_due": "people",
    "technicians_certified": "certificates",
    "office_area_m2": "offices",
    "exclusive_warehouses": "warehouses",
    "shared_warehouses": "warehouses",
    "policy_documents": "policyDocuments",
    "active_registrations": "registrations",
    "business_scope": "organizations",
    "platform_modules": "organizations",
    "mobile": "organizations",
}
FirstDays = dict[str, date]


async def change_days(
    session: ReadSession, tenant_id: UUID, *, since: date, until: date, certificate_months: int
) -> list[date]:
    """The days after `since` up to `until` on which a fact may change, rising."""
    rows = await session.fetch_raw(CHANGE_DAYS, tenant_id, since, until, certificate_months)
    return [row["day"] for row in rows]


async def gather_facts(
    session: ReadSession, tenant_id: UUID, days: Sequence[date], *, certificate_months: int
) -> list[Subject]:
    """Every subject of an organization with its facts on each of the days.

    Args:
        session: in the organization's context.
        tenant_id: the organization.
        days: rising.
        certificate_months: term within which a technician obtains a certificate.
    """
    first_days = {
        row["kind"]: row["first_day"]
        for row in await session.fetch_raw(FIRST_DAYS, tenant_id)
        if row["first_day"] is not None
    }
    listed = list(days)
    subjects = [await _contractor(session, tenant_id, listed, first_days, certificate_months)]
    subjects += await _cities(session, tenant_id, listed, first_days)
    subjects += await _items(session, tenant_id, listed, subjects[0])
    subjects += await _technicians(session, tenant_id, listed, first_days)
    subjects += await _laboratories(session, tenant_id, listed, first_days)
    return subjects


def _known(first_days: FirstDays, kind: str, day: date) -> bool:
    """Whether a register had any row by that day; before, its facts are unknown rather than zero."""
    first = first_days.get(kind)
    return first is not None and first <= day


def _value(value: Any) -> Value | None:
    known: Value | None = tuple(value) if isinstance(value, list) else value
    return known


async def _contractor(
    session: ReadSession, tenant_id: UUID, days: list[date], first_days: FirstDays, certificate_months: int
) -> Subject:
    subject = Subject(kind="contractor", key="", label="")
    for row in await session.fetch_raw(CONTRACTOR, tenant_id, days, certificate_months):
        day: date = row["day"]
        subject.by_day[day] = {
            name: _value(row[name]) if _known(first_days, kind, day) else None for name, kind in SOURCES.items()
        }
    return subject


async def _cities(session: ReadSession, tenant_id: UUID, days: list[date], first_days: FirstDays) -> list[Subject]:
    cities: dict[str, Subject] = {}
    for row in await session.fetch_raw(CITIES, tenant_id, days):
        city, day = row["city"], row["day"]
        subject = cities.setdefault(city, Subject(kind="contractor_city", key=city, label=city, city=city))
        subject.by_day[day] = {
            "sets": row["sets"] if _known(first_days, "sets", day) else None,
            "points": row["points"] if _known(first_days, "points", day) else None,
            "vehicles": row["vehicles"] if _known(first_days, "vehicles", day) else None,
        }
    return list(cities.values())


async def _items(session: ReadSession, tenant_id: UUID, days: list[date], contractor: Subject) -> list[Subject]:
    items: dict[str, Subject] = {}
    for row in await session.fetch_raw(ITEMS, tenant_id, days):
        core = row["kind"] == "CORE"
        ref, day = row["source_ref"], row["day"]
        subject = items.setdefault(ref, Subject(kind="core_item" if core else "item", key=ref, label=row["name"]))
        facts: dict[str, Value | None]
        if core:
            sets = contractor.by_day[day].get("sets")
            facts = {"core_stock": row["stock"], "failure_rate_bp": row["failure_rate_bp"], "sets": sets}
        else:
            facts = {
                "stock": row["stock"],
                "monthly_usage": row["monthly_usage"],
                "installed_base": row["installed_base"],
            }
        subject.by_day[day] = facts
    return list(items.values())


async def _technicians(session: ReadSession, tenant_id: UUID, days: list[date], first_days: FirstDays) -> list[Subject]:
    people: dict[str, Subject] = {}
    for row in await session.fetch_raw(TECHNICIANS, tenant_id, days[0]):
        subject = people.setdefault(row["source_ref"], Subject(kind="person", key=row["source_ref"], label=row["name"]))
        for day in days:
            if row["valid_from"] <= day < row["valid_until"]:
                subject.by_day[day] = _person(row, day, first_days)
    return [person for person in people.values() if person.by_day]


def _person(row: Any, day: date, first_days: FirstDays) -> Facts:
    certified = row["certified_on"] if row["certified_on"] is not None and row["certified_on"] <= day else None
    signed = row["signed_on"] if row["signed_on"] is not None and row["signed_on"] <= day else None
    return {
        "as_of": day,
        "hired_on": row["hired_on"],
        "first_certificate_on": certified,
        "certificate_held": certified is not None if _known(first_days, "certificates", day) else None,
        "pledge_signed": signed is not None if _known(first_days, "pledges", day) else None,
        "pledge_signed_on": signed,
    }


async def _laboratories(
    session: ReadSession, tenant_id: UUID, days: list[date], first_days: FirstDays
) -> list[Subject]:
    laboratories: dict[str, Subject] = {}
    for row in await session.fetch_raw(LABORATORIES, tenant_id, days):
        ref, day, cma_from = row["source_ref"], row["day"], row["cma_from"]
        subject = laboratories.setdefault(ref, Subject(kind="laboratory", key=ref, label=row["name"]))
        used, scope = set(row["items_used"]), set(row["items"] or ())
        subject.by_day[day] = {
            "as_of": day,
            "used_on": day,
            "cma_held": cma_from is not None if _known(first_days, "accreditations", day) else None,
            "cma_valid_from": cma_from,
            "cma_valid_to": None if cma_from is None else row["cma_until"] - timedelta(days=1),
            "item_in_scope": used <= scope if used and cma_from is not None else None,
        }
    return list(laboratories.values())
