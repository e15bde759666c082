"""The demo region's institutions and its discharger that operates its own equipment."""

from datetime import date

from hengjian.deploy.demo import registers
from hengjian.deploy.demo.invented import credit_code, identity_number, person_name
from hengjian.deploy.demo.outset import CMA_ITEMS, accreditation, laboratory, outset, profile
from hengjian.deploy.demo.plans import REGISTERED, CityPlan, Plan, Push, Row, Story

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
)


def others() -> tuple[Story, ...]:
    """Two institutions and one self-operating discharger."""
    return (
        _institution(
            13, "清泉环境检测（演示）有限公司", "650105", tells="an institution: its rules are not assessed yet"
        ),
        _institution(
            14,
            "油城环境监测（演示）有限公司",
            "650203",
            tells="an institution whose CMA ran out on 2026-06-30",
            accredited_until=date(2026, 6, 30),
        ),
        _self_operating(),
    )


def _institution(
    number: int, name: str, region: str, *, tells: str, accredited_until: date = date(2030, 3, 31)
) -> Story:
    code = credit_code(number, region)
    serves = (region[:4],)
    kinds = ("INSTITUTION",)
    plan = Plan(cities=(), technicians=0, scope="环境监测服务；检验检测服务；环境保护监测")
    own: Row = {**laboratory(1), "name": "中心实验室", "creditCode": code, "itemsUsed": list(CMA_ITEMS)}
    office: Row = {
        "sourceRef": "OFFICE-1",
        "name": "实验楼",
        "city": region[:4],
        "areaM2": f"{900 + number * 10}.00",
        "validFrom": registers.day(REGISTERED),
    }
    lists: tuple[tuple[str, tuple[Row, ...]], ...] = (
        (
            "organizations",
            (profile(number, name, plan, code=code, kinds=kinds, region=region, serves=serves),),
        ),
        ("laboratories", (own,)),
        ("accreditations", (accreditation(number, accredited_until),)),
        ("people", tuple(_staff(number, region))),
        ("instruments", tuple(_instruments(number))),
        ("offices", (office,)),
    )
    return Story(
        number=number,
        name=name,
        kinds=kinds,
        region=region,
        credit_code=code,
        serves=serves,
        tells=tells,
        pushes=tuple(Push(kind, rows) for kind, rows in lists),
    )


def _staff(number: int, region: str) -> list[Row]:
    return [
        {
            "sourceRef": f"E-{index:03d}",
            "name": person_name(number * 40 + index),
            "role": role,
            "hiredOn": registers.day(registers.hired_on(number, index)),
            "title": title,
            "education": ("本科", "硕士", "大专")[index % 3],
            "identityNumber": identity_number(number * 40 + index),
            "city": region[:4],
        }
        for index, (role, title) in enumerate(POSTS, start=1)
    ]


def _instruments(number: int) -> list[Row]:
    names = ("气相色谱仪", "原子吸收分光光度计", "离子色谱仪", "紫外分光光度计", "电子天平", "大气采样器")
    return [
        {
            "sourceRef": f"INS-{index:03d}",
            "name": name,
            "manufacturer": "瀚海分析（演示）",
            "model": f"LAB-{index}00",
            "serial": f"{number:02d}LAB{index:04d}",
            "commissionedOn": registers.day(registers.hired_on(number, index)),
        }
        for index, name in enumerate(names, start=1)
    ]


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
