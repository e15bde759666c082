"""Bureaus of the demo region, and who logs in where."""

from dataclasses import dataclass

from hengjian.deploy.demo.invented import credit_code
from hengjian.deploy.demo.plans import Story


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau with its jurisdiction."""

    region: str
    name: str
    credit_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with one role in the bureau or organization of a credit code."""

    login: str
    name: str
    role: str
    region: str
    credit_code: str


PROVINCE = Bureau("65", "新疆维吾尔自治区生态环境厅（演示）", credit_code(90_065, "65", department="11"))
BUREAUS = (
    PROVINCE,
    Bureau("6501", "乌鲁木齐市生态环境局（演示）", credit_code(90_001, "6501", department="11")),
    Bureau("6502", "克拉玛依市生态环境局（演示）", credit_code(90_002, "6502", department="11")),
    Bureau("3303", "温州市生态环境局（演示）", credit_code(90_003, "3303", department="11")),
)
BUREAU_ROLES = (
    ("inspector", "监管员"),
    ("reviewer", "复核员"),
    ("rule_author", "规则管理员"),
    ("administrator", "管理员"),
)
APPEALED_REGION = "6502"
"""Its bureau has a second inspector and a second reviewer: an objection is decided by others than the confirmation."""
ORGANIZATION_ROLES = (("clerk", "经办人"), ("filing_signatory", "申报签署人"))


def log_ins(stories: tuple[Story, ...]) -> list[Person]:
    """Every role in every bureau, two of them twice in one; both roles in two contractors and in the institutions."""
    bureaus = [
        Person(f"{role.replace('_', '-')}{bureau.region}", f"演示{title}", role, bureau.region, bureau.credit_code)
        for bureau in BUREAUS
        for role, title in BUREAU_ROLES
    ]
    seconds = [
        Person(f"second-{role}{bureau.region}", f"演示{title}乙", role, bureau.region, bureau.credit_code)
        for bureau in BUREAUS
        if bureau.region == APPEALED_REGION
        for role, title in BUREAU_ROLES[:2]
    ]
    organizations = [
        Person(f"{role.replace('_', '-')}-{story.number:02d}", f"演示{title}", role, story.region, story.credit_code)
        for story in (*stories[:2], *(one for one in stories if "INSTITUTION" in one.kinds))
        for role, title in ORGANIZATION_ROLES
    ]
    return bureaus + seconds + organizations
