"""Who looks, and the frame around every sample page."""

from datetime import UTC, date, datetime

from markupsafe import Markup

from hengjian.dashboards.language import Language, Text
from hengjian.dashboards.parts import FindingLine
from hengjian.dashboards.shell import Shell, address, navigation
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import Caller
from hengjian.scoring.api import CountedIn


class NoDrawer:
    """Charts without the server's drawing: the page as it is before the first one is ready."""

    def svg(self, spec: str, width: int, name: str) -> Markup | None:  # noqa: ARG002  # a drawer's signature
        return None


DRAWER = NoDrawer()
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
CODE = "91650100MA77K3X20Q"
NAME = "天山绿测环境技术有限公司"
C05 = Text("人均维护监测点位", "Points per technician")
C04 = Text("督查人员配备", "Supervisors per points")
URUMQI = Text("乌鲁木齐市", "Urumqi")
POINTS_A_PERSON = Text("点位/人", "points a person")

INSPECTOR = Visitor(
    name="阿依努尔",
    login="ayinuer@urumqi",
    roles=("inspector",),
    organization=Text("乌鲁木齐市生态环境局", "Urumqi Ecology and Environment Bureau"),
    credit_code="11650100MB1234567X",
    of_bureau=True,
    caller=Caller(kind="bureau", region="6501"),
)
CLERK = Visitor(
    name="李春梅",
    login="lichunmei@tianshan",
    roles=("clerk",),
    organization=Text(NAME),
    credit_code=CODE,
    of_bureau=False,
    caller=Caller(kind="public"),
)


def shell(path: str, language: Language, visitor: Visitor | None, as_of: date | None = None) -> Shell:
    return Shell(
        language=language,
        here=path,
        switch_href=address(path, [], lang="en" if language == "zh" else "zh"),
        now_href=path,
        visitor=visitor,
        groups=navigation(visitor, path),
        today=TODAY,
        demo=True,
        csrf="t" * 64,
        request_id="7f3c91ab",
        lawbook_version="a41f" + "0" * 58 + "9c",
        as_of=as_of,
        takes_as_of=path.startswith("/orgs/"),
    )


def finding(number: str = "650100-2026-00418", **changes: object) -> FindingLine:
    fields: dict[str, object] = {
        "number": number,
        "organization": NAME,
        "credit_code": CODE,
        "rule_id": "C-05",
        "title": C05,
        "severity": "major",
        "state": "detected",
        "since": date(2026, 9, 12),
        "days": 70,
        "measured": "8.07",
        "required": "≤ 8",
        "unit": POINTS_A_PERSON,
        "region": URUMQI,
        "grade": "B",
    }
    return FindingLine(**{**fields, **changes})  # type: ignore[arg-type]  # the keys are FindingLine's own


LINES = (
    finding(
        "650100-2026-00437",
        organization="博格达检测技术有限公司",
        rule_id="C-17",
        title=Text("实验室资质认定", "Laboratory's CMA"),
        severity="critical",
        measured=None,
        required=None,
        days=3,
        grade="C",
    ),
    finding(),
    finding(
        "650100-2026-00391",
        counted_in=(CountedIn("C-07", "650100-2026-00388"), CountedIn("C-05")),
        organization="西域清源运维服务有限公司",
        rule_id="C-04",
        title=C04,
        measured="1",
        required="≥ 3",
        unit=Text("人", "people"),
        days=124,
        grade="D",
        state="confirmed",
    ),
    finding(
        "650100-2026-00402",
        organization="达坂城清风运维有限公司",
        rule_id="C-02",
        title=Text("办公场所面积", "Office area"),
        severity="minor",
        measured="49.99",
        required="≥ 50",
        unit="m²",
        subject="米东区",
        days=1241,
        grade=None,
        state="closed",
    ),
)
