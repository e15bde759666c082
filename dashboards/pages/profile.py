"""What the tabs of an organization's profile share: who is looked at, as of which day, and the head."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.ask_report import report_form
from hengjian.dashboards.pages.organization_record import OrganizationHead, RegionSwitch, Tab
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_day
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    CLAIMED_REGISTERS,
    ClaimKind,
    CreditModel,
    Standing,
    own_double_claims,
    printed_score,
    standings_of,
)
from hengjian.tenants.api import VisibleOrganization, visible_organization

_TABS = (
    ("facts", mark("概况"), ""),
    ("findings", mark("违规项"), "/findings"),
    ("registers", mark("登记台账"), "/registers/people"),
    ("recordings", mark("录像"), "/recordings"),
    ("score", mark("评分"), "/score"),
    ("credit", mark("信用事件"), "/credit"),
    ("tasks", mark("监测任务"), "/tasks"),
    ("labels", mark("识别标识码"), "/labels"),
    ("receipts", mark("回执"), "/receipts"),
)
_OF_INSTITUTIONS = frozenset({"tasks", "labels"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visitor's look at one organization on a day; `as_of` is set when that day is not today.

    `region` is the one whose standing is asked for, empty for the worst of them.
    """

    site: Site
    visitor: Visitor
    organization: VisibleOrganization
    day: date
    as_of: date | None
    region: str = ""

    @property
    def base(self) -> str:
        """The address of the profile."""
        return f"/orgs/{self.organization.credit_code}"

    @property
    def suffix(self) -> str:
        """What keeps day and region when one goes on to another tab."""
        day = self.as_of.isoformat() if self.as_of else None
        return address("", [], as_of=day, region=self.region or None)

    def standing_among(self, standings: Sequence[Standing]) -> Standing | None:
        """The standing to show: that of the region asked for, else the worst."""
        asked = [one for one in standings if one.region == self.region]
        return next(iter([*asked, *standings]), None)

    def read(self) -> AbstractAsyncContextManager[ReadSession]:
        """A read of this organization: a bureau's with it in focus, for its home may lie elsewhere."""
        focus = self.organization.id if self.visitor.of_bureau else None
        return self.site.database.read(self.visitor.caller, focus=focus)

    def receipt_href(self, batch_id: UUID) -> str:
        """Where a batch's receipt is shown."""
        return f"{self.base}/receipts/{batch_id}"


async def open_profile(request: HtmlRequest, site: Site, visitor: Visitor, credit_code: str) -> Look:
    """Who is looked at, and as of which day.

    Raises:
        PageMissing: the visitor sees no such organization.
        BadQuery: the day cannot be read or lies ahead, or the organization is not judged in the region asked for.
    """
    today = site.today
    asked = read_day(request.query_params.get("as_of"))
    if asked is not None and asked > today:
        raise BadQuery
    async with site.database.read(visitor.caller) as session:
        found = await visible_organization(session, credit_code, on=today)
    if found is None:
        raise PageMissing
    region = request.query_params.get("region", "")
    if region and region not in found.regions:
        raise BadQuery
    as_of = asked if asked != today else None
    return Look(site=site, visitor=visitor, organization=found, day=asked or today, as_of=as_of, region=region)


async def organization_head(session: ReadSession, look: Look, current: str) -> OrganizationHead:
    """Name, provisional grade and tabs; grade and score are today's and stay away on a past day."""
    standings = await standings_of(session, look.organization.id)
    standing = look.standing_among(standings)
    past = look.as_of is not None
    shown = standing if standing is not None and not past else None
    claimed = () if past else await own_double_claims(session, look.organization.id)
    marked = next((name for name, kind in CLAIMED_REGISTERS.items() if any(one.kind is kind for one in claimed)), "")
    label = next((f"labels/{one.ref}" for one in claimed if one.kind is ClaimKind.LABEL), "")
    model = look.site.lawbook.credit_model(region=shown.region if shown else look.organization.region, on=look.day)
    return OrganizationHead(
        name=look.organization.name,
        credit_code=look.organization.credit_code,
        kinds=look.organization.kinds,
        region=region_name(look.organization.region, look.day),
        grade=shown.grade if shown else None,
        score=score_text(shown.total, model) if shown else None,
        base=look.base,
        suffix=look.suffix,
        tabs=tuple(
            Tab(label, look.base + path + look.suffix, _count(name, shown.open if shown else None), name == current)
            for name, label, path in _TABS
            if name not in _OF_INSTITUTIONS or "INSTITUTION" in look.organization.kinds
        ),
        judged=_judged(look, current, standings, shown) if shown else (),
        claimed_elsewhere=len(claimed),
        claimed_href=f"{look.base}/{f'registers/{marked}' if marked else label}{look.suffix}" if claimed else "",
        report=None
        if past
        else report_form(look.site, look.visitor, look.organization.credit_code, look.organization.name),
    )


def _judged(look: Look, current: str, standings: Sequence[Standing], shown: Standing) -> tuple[RegionSwitch, ...]:
    """The regions that judge the organization, with the way to each one's standing; none when there is but one."""
    if len(standings) < 2:
        return ()
    path = look.base + next(path for name, _, path in _TABS if name == current)
    return tuple(
        RegionSwitch(
            region_name(one.region, look.day), f"{path}?region={one.region}", one.grade, one.region == shown.region
        )
        for one in sorted(standings, key=lambda one: one.region)
    )


def score_text(total: object, model: CreditModel | None) -> str | None:
    """A score to two decimals (three near the border of a grade); None when not rated."""
    if total is None or model is None:
        return None
    return printed_score(total, model)  # type: ignore[arg-type]  # numeric columns are decimals


def show_tab(request: HtmlRequest, look: Look, template: str, page: object, *, status: int = 200) -> Response[str]:
    """A tab as an answer, with the amber bar on a past day."""
    return look.site.show(
        request, template, page, visitor=look.visitor, status=status, as_of=look.as_of, takes_as_of=True
    )


def _count(name: str, open_findings: int | None) -> int | None:
    return open_findings if name == "findings" else None
