"""The demo region's institutions and its discharger that operates its own equipment."""

from datetime import date

from hengjian.deploy.demo import laboratory as lab
from hengjian.deploy.demo import registers
from hengjian.deploy.demo.invented import credit_code
from hengjian.deploy.demo.outset import CMA_ITEMS, accreditation, laboratory, outset, profile
from hengjian.deploy.demo.plans import COUNT_DAYS, REGISTERED, CityPlan, Plan, Push, Row, Story


def others() -> tuple[Story, ...]:
    """Four institutions, two of them in Wenzhou, and one self-operating discharger."""
    return (
        _institution(
            13,
            "清泉环境检测（演示）有限公司",
            "650105",
            tells="an institution of 2024 under the requirements of 2018: keeps every rule all year",
            granted=date(2024, 5, 20),
            staff=22,
        ),
        _institution(
            14,
            "油城环境监测（演示）有限公司",
            "650203",
            tells="a new institution: 12 people where 20 are asked, and an instrument whose calibration ran out on 2026-09-30",
            granted=date(2026, 3, 2),
            staff=12,
            lapsed=3,
            breaches=("L-02", "L-07"),
        ),
        _self_operating(),
        _institution(
            17,
            "瓯江环境检测（演示）有限公司",
            "330304",
            tells="records and labels every task as Wenzhou asks: one task whole, a test on site, one going on right now",
            granted=date(2024, 6, 3),
            staff=22,
        ),
        _institution(
            18,
            "飞云江检测技术（演示）有限公司",
            "330381",
            tells="a film with a hole of 31 seconds, one archived late, a label on two samples and one of another "
            "institution, an entry made at the office, a broken seal refused, a sampler without training, no spare printer",
            granted=date(2024, 7, 8),
            staff=22,
            breaches=("S-07", "S-08"),
        ),
    )


def _institution(
    number: int,
    name: str,
    region: str,
    *,
    tells: str,
    granted: date,
    staff: int,
    lapsed: int = 0,
    breaches: tuple[str, ...] = (),
) -> Story:
    code = credit_code(number, region)
    serves = (region[:4],)
    kinds = ("INSTITUTION",)
    plan = Plan(cities=(), technicians=0, scope="环境监测服务；检验检测服务；环境保护监测")
    first = profile(number, name, plan, code=code, kinds=kinds, region=region, serves=serves)
    pushes = (
        Push("organizations", (first,)),
        *_premises(number, region, code, granted),
        *_laboratory(number, region, granted, staff, lapsed),
    )
    return Story(
        number=number,
        name=name,
        kinds=kinds,
        region=region,
        credit_code=code,
        serves=serves,
        tells=tells,
        pushes=pushes,
        breaches=breaches,
    )


def _premises(number: int, region: str, code: str, granted: date) -> list[Push]:
    own: Row = {**laboratory(1), "name": "中心实验室", "creditCode": code, "itemsUsed": list(CMA_ITEMS)}
    office: Row = {
        "sourceRef": "OFFICE-1",
        "name": "实验楼",
        "city": region[:4],
        "areaM2": f"{900 + number * 10}.00",
        "validFrom": registers.day(REGISTERED),
    }
    cma: Row = {
        **accreditation(number, date(granted.year + 6, granted.month, granted.day - 1)),
        "validFrom": registers.day(granted),
        "grantedOn": registers.day(granted),
    }
    return [Push("laboratories", (own,)), Push("offices", (office,)), Push("accreditations", (cma,))]


def _laboratory(number: int, region: str, granted: date, count: int, lapsed: int) -> list[Push]:
    people = lab.staff(number, region, count)
    standards, reagents = lab.materials()
    lists: tuple[tuple[str, list[Row]], ...] = (
        ("people", people),
        ("certificates", lab.certificates(number, people)),
        ("trainings", lab.trainings(people)),
        ("capabilities", lab.capabilities(granted)),
        ("methods", lab.methods()),
        ("instruments", lab.instruments(number)),
        ("calibrations", lab.calibrations(lapsed=lapsed)),
        ("referenceMaterials", standards),
        ("reagentLots", reagents),
        ("rooms", lab.rooms()),
        *(("environmentReadings", lab.readings(read)) for read in COUNT_DAYS),
        ("monitoringReports", lab.reports(number, granted)),
        ("testResults", lab.results(granted)),
        ("systemChanges", lab.system_changes()),
    )
    return [Push(kind, tuple(rows)) for kind, rows in lists]


def _self_operating() -> Story:
    number, name, region = 15, "石榴籽热力（演示）有限公司", "650203"
    code, serves = credit_code(number, region), ("6502",)
    kinds = ("DISCHARGER", "CONTRACTOR")
    plan = Plan(
        cities=(CityPlan("6502", 6, 6, 1, early=6),),
        technicians=4,
        scope="热力生产和供应；自有污染源自动监测设施运行维护",
    )
    return Story(
        number=number,
        name=name,
        kinds=kinds,
        region=region,
        credit_code=code,
        serves=serves,
        tells="operates its own six points with four technicians where five are asked",
        pushes=outset(number, name, plan, code=code, kinds=kinds, region=region, serves=serves),
        breaches=("C-03",),
    )
