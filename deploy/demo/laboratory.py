"""The rows a monitoring institution sends, register by register."""

from datetime import date, timedelta

from hengjian.deploy.demo import registers
from hengjian.deploy.demo.invented import identity_number, person_name
from hengjian.deploy.demo.outset import CMA_ITEMS
from hengjian.deploy.demo.plans import COUNT_DAYS, REGISTERED, Row

POSTS = (
    ("TECHNICAL_MANAGER", "高级工程师"),
    ("QUALITY_MANAGER", "高级工程师"),
    ("AUTHORIZED_SIGNATORY", "高级工程师"),
    ("AUTHORIZED_SIGNATORY", "工程师"),
    ("SAMPLER", "助理工程师"),
    ("SAMPLER", "技术员"),
    ("SAMPLER", "工程师"),
    ("ANALYST", "工程师"),
    ("ANALYST", "助理工程师"),
    ("ANALYST", "工程师"),
    ("CHECKER", "工程师"),
    ("AUDITOR", "高级工程师"),
    *(("SAMPLER", "技术员"), ("ANALYST", "助理工程师")) * 5,
)
LEVELS = {
    "高级工程师": "ASSOCIATE_SENIOR",
    "工程师": "INTERMEDIATE",
    "助理工程师": "JUNIOR",
    "技术员": "NONE",
}
METHODS = {
    "化学需氧量": "HJ 828-2017",
    "氨氮": "HJ 535-2009",
    "总磷": "GB/T 11893-1989",
    "总氮": "HJ 636-2012",
    "二氧化硫": "HJ 57-2017",
    "氮氧化物": "HJ 693-2014",
    "颗粒物": "HJ 836-2017",
}
ANALYST, CHECKER, AUDITOR = "E-008", "E-011", "E-012"
INSTRUMENTS = ("气相色谱仪", "原子吸收分光光度计", "离子色谱仪", "紫外分光光度计", "电子天平", "大气采样器")
_DAY = registers.day


def staff(number: int, region: str, count: int) -> list[Row]:
    """The first `count` posts, each held by one person."""
    return [
        {
            "sourceRef": f"E-{index:03d}",
            "name": person_name(number * 40 + index),
            "role": role,
            "hiredOn": _DAY(registers.hired_on(number, index)),
            "title": title,
            "titleLevel": LEVELS[title],
            "experiencedSince": _DAY(date(2011 + index % 9, 4, 1)),
            "education": ("本科", "硕士", "大专")[index % 3],
            "identityNumber": identity_number(number * 40 + index),
            "city": region[:4],
        }
        for index, (role, title) in enumerate(POSTS[:count], start=1)
    ]


def certificates(number: int, people: list[Row]) -> list[Row]:
    """A certificate for every item, for each who samples or analyses."""
    working = [row for row in people if row["role"] in {"SAMPLER", "ANALYST"}]
    rows = []
    for row in working:
        issued = registers.hired_on(number, int(str(row["sourceRef"])[-3:])) + timedelta(days=42)
        made = registers.certificate(number, str(row["sourceRef"]), issued, issued + timedelta(days=1825))
        rows.append({**made, "kind": "MONITORING", "items": list(CMA_ITEMS)})
    return rows


def trainings(people: list[Row]) -> list[Row]:
    """One training a year for each."""
    rows: list[Row] = [
        {
            "sourceRef": f"TRAIN-{row['sourceRef']}",
            "personRef": row["sourceRef"],
            "topic": "监测质量管理与职业道德",
            "heldOn": "2026-03-20",
            "passed": True,
        }
        for row in people
    ]
    return rows


def capabilities(since: date) -> list[Row]:
    """The annex to the CMA: each item by its method."""
    return [
        {
            "sourceRef": f"SCOPE-{index:02d}",
            "accreditationRef": "CMA-1",
            "category": "水和废水" if index <= 4 else "空气和废气",
            "item": item,
            "methodCode": METHODS[item],
            "validFrom": _DAY(since),
        }
        for index, item in enumerate(CMA_ITEMS, start=1)
    ]


def methods() -> list[Row]:
    """The methods in use, all verified."""
    return [
        {
            "sourceRef": f"M-{index:02d}",
            "code": METHODS[item],
            "name": f"{item}的测定",
            "items": [item],
            "verifiedOn": "2023-04-10",
            "inUseFrom": "2023-05-08",
        }
        for index, item in enumerate(CMA_ITEMS, start=1)
    ]


def instruments(number: int) -> list[Row]:
    """Six instruments, the last of them leased."""
    return [
        {
            "sourceRef": f"INS-{index:03d}",
            "name": name,
            "manufacturer": "瀚海分析（演示）",
            "model": f"LAB-{index}00",
            "serial": f"{number:02d}LAB{index:04d}",
            "commissionedOn": _DAY(registers.hired_on(number, index)),
            "tenure": "LEASED" if index == len(INSTRUMENTS) else "OWNED",
            **({"leaseUntil": "2027-12-31"} if index == len(INSTRUMENTS) else {}),
        }
        for index, name in enumerate(INSTRUMENTS, start=1)
    ]


def calibrations(*, lapsed: int = 0) -> list[Row]:
    """One calibration a year of each instrument; that of the instrument with this number ran out on 2026-09-30."""
    rows: list[Row] = []
    for index in range(1, len(INSTRUMENTS) + 1):
        years = [(date(2025, 6, 16), date(2026, 6, 15)), (date(2026, 6, 8), date(2027, 6, 7))]
        for year, (done, until) in enumerate([(date(2025, 10, 1), date(2026, 9, 30))] if index == lapsed else years):
            rows.append(
                {
                    "sourceRef": f"CAL-{index:03d}-{year}",
                    "instrumentRef": f"INS-{index:03d}",
                    "kind": ("CALIBRATION", "VERIFICATION")[index % 2],
                    "number": f"JZ{done.year}{index:04d}",
                    "issuer": "自治区计量院（演示）",
                    "calibratedOn": _DAY(done),
                    "validTo": _DAY(until),
                    "fitForUse": True,
                }
            )
    return rows


def materials() -> tuple[list[Row], list[Row]]:
    """Reference materials and reagents, accepted before use and not expired."""
    standards: list[Row] = [
        {
            "sourceRef": f"RM-{index}",
            "name": f"{item}标准溶液",
            "lot": f"B2025{index:02d}",
            "certificateNumber": f"GBW(E)08{index:04d}",
            "expiresOn": "2027-08-31",
            "acceptedOn": "2025-09-05",
            "inUseFrom": "2025-09-08",
        }
        for index, item in enumerate(CMA_ITEMS[:4], start=1)
    ]
    reagents: list[Row] = [
        {
            "sourceRef": f"RG-{index}",
            "name": name,
            "lot": f"S2025{index:02d}",
            "keyReagent": key,
            "expiresOn": "2027-06-30",
            "acceptedOn": "2025-09-05",
            "inUseFrom": "2025-09-08",
        }
        for index, (name, key) in enumerate([("硫酸", True), ("重铬酸钾", True), ("滤纸", False)], start=1)
    ]
    return standards, reagents


def rooms() -> list[Row]:
    """Two rooms with limits."""
    common: Row = {"temperatureLow": "18", "temperatureHigh": "26", "validFrom": _DAY(REGISTERED)}
    return [
        {**common, "sourceRef": "ROOM-1", "name": "天平室", "humidityLow": "35", "humidityHigh": "65"},
        {**common, "sourceRef": "ROOM-2", "name": "理化分析室"},
    ]


def readings(read: date) -> list[Row]:
    """What was read in both rooms on a day; in July it was too warm in one, and something was done about it."""
    hot = read.month == 7
    return [
        {"sourceRef": "ENV-1", "roomRef": "ROOM-1", "readOn": _DAY(read), "temperature": "22.5", "humidity": "48"},
        {
            "sourceRef": "ENV-2",
            "roomRef": "ROOM-2",
            "readOn": _DAY(read),
            "temperature": "26.4" if hot else "23.1",
            **({"action": "检修空调，复测 24.8 ℃ 后继续检测"} if hot else {}),
        },
    ]


def reports(number: int, since: date) -> list[Row]:
    """A report in the middle of each month."""
    return [
        {
            "sourceRef": f"REP-{issued:%Y%m}",
            "number": f"XJHJ{number:02d}-{issued:%Y}-{issued:%m}",
            "issuedOn": _DAY(issued),
            "signatoryRef": "E-003",
        }
        for issued in _issued(since)
    ]


def results(since: date) -> list[Row]:
    """Three items in each report, tested five days before, checked and reviewed by two others."""
    return [
        {
            "sourceRef": f"RES-{issued:%Y%m}-{place + 1}",
            "item": CMA_ITEMS[place],
            "testedOn": _DAY(issued - timedelta(days=5)),
            "methodRef": f"M-{place + 1:02d}",
            "reportRef": f"REP-{issued:%Y%m}",
            "analystRef": ANALYST,
            "checkerRef": CHECKER,
            "reviewerRef": AUDITOR,
        }
        for issued in _issued(since)
        for place in range(3)
    ]


def _issued(since: date) -> list[date]:
    return [first.replace(day=15) for first in COUNT_DAYS if first >= since]


def system_changes() -> list[Row]:
    """One change of the laboratory's information system, approved before it took effect."""
    return [
        {
            "sourceRef": "CHANGE-1",
            "title": "LIMS 升级：原始记录修改留痕",
            "implementedOn": "2026-05-11",
            "approvedOn": "2026-05-06",
            "approver": person_name(0),
        }
    ]
