"""What a contractor sends first: every register once, then a count of its stock each month."""

from datetime import date

from hengjian.deploy.demo import registers
from hengjian.deploy.demo.plans import REGISTERED, Plan, Push, Row

CMA_ITEMS = ("化学需氧量", "氨氮", "总磷", "总氮", "二氧化硫", "氮氧化物", "颗粒物")


def outset(
    number: int, name: str, plan: Plan, *, code: str, kinds: tuple[str, ...], region: str, serves: tuple[str, ...]
) -> tuple[Push, ...]:
    """The first pushes, those that others refer to first; kinds without rows are left out."""
    offices, warehouses = registers.premises(plan)
    lists: tuple[tuple[str, list[Row]], ...] = (
        ("organizations", [profile(number, name, plan, code=code, kinds=kinds, region=region, serves=serves)]),
        ("registrations", registrations(number, plan, serves)),
        ("laboratories", [laboratory(number)]),
        ("accreditations", [accreditation(number)]),
        ("people", registers.people(number, plan)),
        ("certificates", _certificates(number, plan)),
        ("pledges", registers.pledges(number, plan)),
        ("points", registers.points(number, plan)),
        ("sets", registers.sets(plan)),
        ("instruments", registers.instruments(number, plan)),
        ("offices", offices),
        ("warehouses", warehouses),
        ("spareItems", registers.spare_items(plan)),
        ("vehicles", registers.vehicles(number, plan)),
        ("policyDocuments", registers.policy_documents(plan)),
        *(("stock", registers.stock(plan, counted)) for counted in plan.stock_days),
    )
    return tuple(Push(kind, tuple(rows)) for kind, rows in lists if rows)


def profile(
    number: int, name: str, plan: Plan, *, code: str, kinds: tuple[str, ...], region: str, serves: tuple[str, ...]
) -> Row:
    """What the organization says of itself."""
    return {
        "sourceRef": code,
        "creditCode": code,
        "name": name,
        "kinds": list(kinds),
        "homeRegion": region,
        "businessScope": plan.scope,
        "contactName": f"{name[:2]}值班室",
        "contactPhone": f"0991-00000{number:02d}",
        "address": f"演示路{number}号",
        "platformModules": list(plan.modules),
        "mobile": plan.mobile,
        "regionsServed": list(serves),
        "validFrom": registers.day(REGISTERED),
    }


def registrations(number: int, plan: Plan, serves: tuple[str, ...]) -> list[Row]:
    """Registered with the authority's platform and with the association, once for the province."""
    common: Row = {"registeredRegion": serves[0][:2], "validFrom": registers.day(REGISTERED)}
    authority: Row = {"sourceRef": "REG-A", "registry": "AUTHORITY_PLATFORM", "number": f"XJ-YW-2025-{number:03d}"}
    association: Row = {"sourceRef": "REG-B", "registry": "INDUSTRY_ASSOCIATION", "number": f"XJHX-{number:04d}"}
    until = plan.registered_until
    ends: Row = {"validTo": registers.day(until)} if until else {}
    return [{**common, **authority, **ends}, {**common, **association, "validTo": "2028-12-31"}]


def laboratory(number: int) -> Row:
    """Its own laboratory for odd numbers, a contracted one for even numbers."""
    return {
        "sourceRef": "LAB-1",
        "name": "比对实验室",
        "ownership": ("CONTRACTED", "OWN")[number % 2],
        "itemsUsed": list(CMA_ITEMS[:3]),
        "validFrom": registers.day(REGISTERED),
    }


def accreditation(number: int, until: date = date(2029, 6, 30)) -> Row:
    """The laboratory's CMA."""
    return {
        "sourceRef": "CMA-1",
        "number": f"2531120{number:05d}",
        "laboratoryRef": "LAB-1",
        "items": list(CMA_ITEMS),
        "validFrom": registers.day(REGISTERED),
        "validTo": registers.day(until),
    }


def _certificates(number: int, plan: Plan) -> list[Row]:
    rows = registers.certificates(number, plan)
    if plan.certificates_until is not None:
        for row in rows[:2]:
            row["validTo"] = registers.day(plan.certificates_until)
    return rows
