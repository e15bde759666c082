"""What a story says in numbers, and the pushes it becomes."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Row = dict[str, object]
Mode = Literal["ROW_BY_ROW", "ALL_OR_NOTHING"]

REGISTERED = date(2025, 9, 1)
"""First day of premises, vehicles, documents: before the law-book's first day, so that no gap of data looks like a breach."""
SERVICE = date(2025, 11, 3)
"""First day on which the first points are served."""
TODAY = date(2026, 11, 20)
"""The day the stories end; the loader shifts nothing, so the history stands still."""
COUNT_DAYS = (date(2025, 11, 1), date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12)))
"""Days on which stock is counted: the first of each month."""
FULL_SCOPE = "污染源自动监测设施运维技术服务；自动监控设施运行维护；环境保护监测；环保技术推广服务"
MODULES = ("DATA_ACCESS", "OPERATION_MANAGEMENT", "DOCUMENT_MANAGEMENT")
POLICIES = {
    "STAFF_MANAGEMENT": "运维人员管理制度",
    "SUPERVISION": "运维督查制度",
    "HAZARDOUS_WASTE": "危险废物管理制度",
    "ARCHIVES": "档案管理制度",
    "REPORTING": "定期汇报制度",
    "WORK_INSTRUCTIONS": "运维作业指导书",
}


@dataclass(frozen=True, slots=True)
class Push:
    """One batch of one kind.

    `skip` numbers of the stream are left out before it (a push that never arrived); `repeated` sends the batch twice
    under the same key, as a client does whose connection broke.
    """

    kind: str
    rows: tuple[Row, ...]
    mode: Mode = "ROW_BY_ROW"
    skip: int = 0
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class CityPlan:
    """What a contractor has in one city. `early` of the points run from the first day, the others start month by month."""

    city: str
    points: int
    sets: int
    vehicles: int
    early: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The numbers of a contractor on the last day, unless a later push of its story changes them."""

    cities: tuple[CityPlan, ...]
    technicians: int
    supervisors: int = 1
    office_m2: str = "120.0"
    scope: str = FULL_SCOPE
    shared_warehouse: bool = False
    policies: tuple[str, ...] = tuple(POLICIES)
    modules: tuple[str, ...] = MODULES
    mobile: bool = True
    registered_until: date | None = date(2028, 12, 31)
    certificates_until: date | None = None
    pledged: bool = True
    usage_known: bool = True
    stock_days: tuple[date, ...] = COUNT_DAYS

    @property
    def sets(self) -> int:
        """Sets in all cities."""
        return sum(city.sets for city in self.cities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One organization of the demo region, what it shows, and everything it sends, in the order of sending.

    `breaches` are the rules that it must be found to break today; `no_data` those that cannot be judged.
    """

    number: int
    name: str
    kinds: tuple[str, ...]
    region: str
    credit_code: str
    serves: tuple[str, ...]
    tells: str
    pushes: tuple[Push, ...]
    breaches: tuple[str, ...] = ()
    no_data: tuple[str, ...] = ()
