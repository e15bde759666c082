"""Sample yearly results: a bureau's list and the public register."""

from datetime import UTC, date, datetime

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.mirror_record import MirrorListPage, MirrorPage, NoDataLine, UndoneLine, UnjudgedLine
from hengjian.dashboards.pages.other_records import LogPage, Vouched
from hengjian.dashboards.pages.results_record import (
    LeftLine,
    RegisterLine,
    RegisterPage,
    ResultChoice,
    ResultDone,
    ResultLine,
    YearlyResultPage,
)
from hengjian.dashboards.parts import Filter, pager
from hengjian.scoring.api import Tally
from tests.dashboards.sample_frame import C05, CODE, LINES, NAME, NOW

CITY = Text("乌鲁木齐市", "Urumqi")


def listed(action: str) -> Filter:
    return Filter(action=action, text="", text_label="机构名称或统一社会信用代码", choices=(), chips=())


def yearly_result() -> YearlyResultPage:
    lines = tuple(
        ResultLine(
            name=NAME,
            credit_code=CODE,
            region=CITY,
            listed="98.00",
            listed_grade="A",
            total=None if unrated else "98.00",
            grade=None if unrated else "A",
            unrated=unrated,
            findings=2,
            waits=waits,
            stale=False,
            document_no=number,
            dossier_href=f"/credit/2025/{CODE}/dossier",
            kept="9f2b" * 16 if number else None,
        )
        for unrated, waits, number in (("first_year", 0, "PJ-650100-2025-00001"), (None, 1, None))
    )
    return YearlyResultPage(
        year=2025,
        years=((2025, "/credit/2025", True), (2026, "/credit/2026", False)),
        region=CITY,
        state="公示期满，待公布",
        publicity_until=date(2026, 3, 2),
        publish_by=date(2026, 3, 9),
        late=True,
        choices=(ResultChoice("publish", "公布等级", "公示期未满"),),
        waits="公示期未满",
        lines=lines,
        tally=Tally(total=2, final=1),
        filter=listed("/credit/2025"),
        csv_href="/credit/2025/list.csv",
        poll="/credit/2025",
        steps=(ResultDone("编制名单", "阿依努尔", NOW, "<b>说明</b>"),),
        pager=pager("/credit/2025", [], page=1, size=20, total=2),
        left=(LeftLine(NAME, CODE, CITY, date(2025, 8, 15)),),
        left_total=101,
        problem=Text("公示期未满", "publicity is not over"),
        kept="已写的话",
    )


def register(*, publicity: bool = False) -> RegisterPage:
    line = RegisterLine(
        name=NAME,
        credit_code=CODE,
        region=CITY,
        by_region=CITY,
        year=2025,
        total=None,
        grade=None,
        unrated="first_year",
        model="hebei-2026",
        model_version="9f2b" * 16,
        document_no="PJ-650100-2025-00001",
        published_on=date(2026, 3, 9),
        until=date(2027, 3, 9),
    )
    return RegisterPage(
        publicity=publicity,
        filter=listed("/register"),
        csv_href="/register.csv",
        final_href="/register",
        publicity_href="/register?list=publicity",
        lines=() if publicity else (line,),
        pager=pager("/register", [], page=1, size=20, total=1),
    )


def mirror() -> MirrorPage:
    line = UndoneLine(C05, "C-05", 8, "/mirror/behind?what=confirmed", 1, "/mirror/behind?what=undone", "12.5%")
    return MirrorPage(
        since=date(2025, 11, 1),
        decided=9,
        decided_href="/mirror/behind?what=decided",
        median_days="6.5",
        overdue=2,
        overdue_href="/mirror/behind?what=overdue",
        tables=(("按规则", "规则", (line,)), ("按承办人", "承办人", ())),
        no_data=(NoDataLine("C-05", C05, 12, 3, "/mirror/behind?what=no_data&rule=C-05"),),
    )


def behind(*, unjudged: bool = False) -> MirrorListPage:
    return MirrorListPage(
        title="被推翻的确认",
        about=C05,
        lines=() if unjudged else LINES,
        unjudged=(UnjudgedLine(NAME, CODE, "", "运维人员数"),) if unjudged else (),
        pager=pager("/mirror/behind", [], page=1, size=20, total=3),
    )


def log_page() -> LogPage:
    """The evidence log with a witness and no time stamp yet."""
    at = datetime(2026, 11, 20, 16, 3, 12, tzinfo=UTC)
    return LogPage(
        name="bureau.example/evidence",
        size=48_213,
        root="Yk0xOXZ1c2VkIGZvciBhIHNhbXBsZSByb290IGhhc2g=",
        signed_at=at,
        key="bureau.example/evidence+1f2e3d4c+AYk0xOXZ1c2VkIGZvciBhIHNhbXBsZSByb290IGhhc2g=",
        fingerprint="ab" * 32,
        witnesses=(Vouched("witness.example/1", 48_000, at),),
    )
