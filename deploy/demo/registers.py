"""The rows a contractor sends for its plan, register by register."""

from datetime import date, timedelta
from decimal import Decimal

from hengjian.deploy.demo.invented import (
    GAS_FACTORS,
    WATER_FACTORS,
    discharger,
    identity_number,
    mn,
    person_name,
    plate,
)
from hengjian.deploy.demo.plans import POLICIES, REGISTERED, SERVICE, CityPlan, Plan, Row

CONSUMABLES = (
    ("C-PUMPTUBE", "蠕动泵管", "根"),
    ("C-FILTER", "采样滤芯", "个"),
    ("C-DIGEST", "消解管", "支"),
    ("C-SEAL", "密封圈", "只"),
)
CORE_SPARES = (
    ("K-PUMP", "蠕动泵", "台", 250),
    ("K-LOGGER", "数采仪主板", "块", 150),
    ("K-LIGHT", "光源组件", "套", 200),
)


def day(value: date) -> str:
    """A day as the API takes it."""
    return value.isoformat()


def people(number: int, plan: Plan) -> list[Row]:
    """Technicians T-001 …, supervisors S-001 …, one quality officer; hired between January 2024 and August 2025."""
    posts = [("T", "TECHNICIAN", plan.technicians), ("S", "SUPERVISOR", plan.supervisors), ("Q", "QUALITY_OFFICER", 1)]
    cities = [city.city for city in plan.cities] or ["6501"]
    rows: list[Row] = []
    for prefix, role, count in posts:
        for index in range(1, count + 1):
            serial = number * 40 + len(rows)
            rows.append(
                {
                    "sourceRef": f"{prefix}-{index:03d}",
                    "name": person_name(serial),
                    "role": role,
                    "hiredOn": day(hired_on(number, index)),
                    "title": ("工程师", "助理工程师", "高级工程师", "技术员")[serial % 4],
                    "education": ("本科", "大专", "硕士")[serial % 3],
                    "identityNumber": identity_number(serial),
                    "city": cities[index % len(cities)],
                }
            )
    return rows


def hired_on(number: int, index: int) -> date:
    """The day a person of the first roster was hired."""
    return date(2024, 1, 8) + timedelta(days=(number * 17 + index * 41) % 590)


def certificate(number: int, ref: str, issued: date, until: date) -> Row:
    """A certificate of one person."""
    return {
        "sourceRef": f"CERT-{ref}",
        "personRef": ref,
        "kind": ("WATER", "GAS", "DATA_LOGGER")[int(ref[-3:]) % 3],
        "number": f"XJYW{issued.year}{number:02d}{ref[-3:]}",
        "issuer": "新疆环境监测行业培训中心（演示）",
        "issuedOn": day(issued),
        "validTo": day(until),
    }


def certificates(number: int, plan: Plan) -> list[Row]:
    """One certificate for each technician, issued six weeks after the hire, valid for three years."""
    rows = []
    for index in range(1, plan.technicians + 1):
        issued = hired_on(number, index) + timedelta(days=42)
        rows.append(certificate(number, f"T-{index:03d}", issued, issued + timedelta(days=1095)))
    return rows


def pledge(ref: str, signed: date) -> Row:
    """A pledge of one person."""
    return {"sourceRef": f"PLEDGE-{ref}", "personRef": ref, "signedOn": day(signed), "textVersion": "2025版"}


def pledges(number: int, plan: Plan) -> list[Row]:
    """One pledge for each technician, signed two days after the hire."""
    count = plan.technicians if plan.pledged else 0
    return [pledge(f"T-{i:03d}", hired_on(number, i) + timedelta(days=2)) for i in range(1, count + 1)]


def point(number: int, city: str, index: int, since: date) -> Row:
    """One point of a contractor in a city."""
    serial = number * 200 + int(city[-1]) * 100 + index
    name, code = discharger(serial // 2, city)
    water = index % 2 == 0
    factors = (WATER_FACTORS if water else GAS_FACTORS)[serial % 3]
    return {
        "sourceRef": f"PT-{city}-{index:03d}",
        "name": f"{name}{'废水总排口' if water else '废气排放口'}{'DW' if water else 'DA'}{index:03d}",
        "discharger": name,
        "dischargerCreditCode": code,
        "medium": "WATER" if water else "GAS",
        "mn": mn(serial),
        "factors": factors,
        "city": city,
        **position(serial, city),
        "doorSystem": False,
        "producesWaste": water,
        "inServiceFrom": day(since),
    }


def position(serial: int, city: str) -> Row:
    """Somewhere within some twenty kilometres of the city, always the same for the same point."""
    east, north = {"6501": (87_600, 43_800), "6502": (84_900, 45_580)}[city]
    east, north = east + serial * 37 % 400 - 200, north + serial * 53 % 300 - 150
    return {"longitude": f"{east // 1000}.{east % 1000:03d}", "latitude": f"{north // 1000}.{north % 1000:03d}"}


def points(number: int, plan: Plan) -> list[Row]:
    """The points of every city; those after the early ones start one by one, about two weeks apart."""
    return [
        point(number, city.city, index, starts_on(city, index))
        for city in plan.cities
        for index in range(1, city.points + 1)
    ]


def starts_on(city: CityPlan, index: int) -> date:
    """First day in service of a point, always before September 2026."""
    late = city.points - city.early
    if index <= city.early or late == 0:
        return SERVICE
    return SERVICE + timedelta(days=(index - city.early) * 290 // late)


def monitoring_set(city: str, point_index: int, place: int, since: date) -> Row:
    """One set at a point; place 1 is the first one there."""
    return {
        "sourceRef": f"SET-{city}-{point_index:03d}-{place}",
        "pointRef": f"PT-{city}-{point_index:03d}",
        "name": ("在线监测仪", "烟气连续监测系统")[point_index % 2] + f"{place}#",
        "city": city,
        "inServiceFrom": day(since),
    }


def sets(plan: Plan) -> list[Row]:
    """As many sets a city as planned: one at each point, then a second one at the first points."""
    rows = []
    for city in plan.cities:
        for place_number in range(city.sets if city.points else 0):
            round_number, index = divmod(place_number, city.points)
            rows.append(monitoring_set(city.city, index + 1, round_number + 1, starts_on(city, index + 1)))
    return rows


def instruments(number: int, plan: Plan) -> list[Row]:
    """One instrument at each point."""
    return [
        {
            "sourceRef": f"INS-{city.city}-{index:03d}",
            "name": ("化学需氧量在线分析仪", "烟气分析仪")[index % 2],
            "manufacturer": ("天池仪器（演示）", "瀚海分析（演示）")[number % 2],
            "model": ("TC-3000", "HH-900", "TC-5100")[index % 3],
            "serial": f"{number:02d}{city.city}{index:04d}",
            "pointRef": f"PT-{city.city}-{index:03d}",
            "commissionedOn": day(starts_on(city, index)),
        }
        for city in plan.cities
        for index in range(1, city.points + 1)
    ]


def premises(plan: Plan) -> tuple[list[Row], list[Row]]:
    """Offices and warehouses: one of each in the first city."""
    city = plan.cities[0].city if plan.cities else "6501"
    office: Row = {
        "sourceRef": "OFFICE-1",
        "name": "运维中心",
        "city": city,
        "areaM2": plan.office_m2,
        "address": "演示路1号",
        "validFrom": day(REGISTERED),
    }
    store: Row = {
        "sourceRef": "WH-1",
        "name": "中心备件库",
        "city": city,
        "shared": plan.shared_warehouse,
        "validFrom": day(REGISTERED),
    }
    return [office], [store]


def spare_items(plan: Plan) -> list[Row]:
    """Four consumables and three core spares, their need in proportion to the sets."""
    rows: list[Row] = []
    for place, (ref, name, unit) in enumerate(CONSUMABLES):
        base, usage = need(plan, place)
        row: Row = {
            "sourceRef": ref,
            "name": name,
            "kind": "CONSUMABLE",
            "unit": unit,
            "installedBase": base,
            "validFrom": day(REGISTERED),
        }
        rows.append({**row, "monthlyUsage": usage} if plan.usage_known else row)
    for ref, name, unit, rate in CORE_SPARES:
        rows.append(
            {
                "sourceRef": ref,
                "name": name,
                "kind": "CORE",
                "unit": unit,
                "failureRateBp": rate,
                "validFrom": day(REGISTERED),
            }
        )
    return rows


def need(plan: Plan, place: int) -> tuple[int, int]:
    """Installed base and monthly usage of a consumable."""
    base = max(6, plan.sets * (place + 2) // 4)
    return base, max(3, base // 3)


def stock_row(ref: str, quantity: int, counted: date) -> Row:
    """The count of one spare in the only warehouse."""
    return {
        "sourceRef": f"STOCK-{ref}",
        "itemRef": ref,
        "warehouseRef": "WH-1",
        "quantity": quantity,
        "countedOn": day(counted),
    }


def stock(plan: Plan, counted: date) -> list[Row]:
    """A full count on one day, enough for every rule: a tenth above the base, and above what fails in a month."""
    swing = counted.month % 4
    rows = []
    for place, (ref, _, _) in enumerate(CONSUMABLES):
        base, usage = need(plan, place)
        rows.append(stock_row(ref, max(-(-base * 11 // 10), usage * 11 // 10 + 1) + swing + place, counted))
    for ref, _, _, rate in CORE_SPARES:
        rows.append(stock_row(ref, int(Decimal(rate * plan.sets) / 10_000) + 1 + swing % 2, counted))
    return rows


def vehicles(number: int, plan: Plan) -> list[Row]:
    """The cars of each city."""
    return [
        {
            "sourceRef": f"CAR-{city.city}-{index}",
            "plate": plate(number * 20 + index, city.city),
            "city": city.city,
            "model": ("皮卡", "厢式监测车", "越野车")[index % 3],
            "validFrom": day(REGISTERED),
        }
        for city in plan.cities
        for index in range(1, city.vehicles + 1)
    ]


def policy_documents(plan: Plan) -> list[Row]:
    """The policy documents in force."""
    return [
        {
            "sourceRef": f"POLICY-{kind}",
            "kind": kind,
            "title": POLICIES[kind],
            "version": "2025-1",
            "validFrom": day(REGISTERED),
        }
        for kind in plan.policies
    ]
