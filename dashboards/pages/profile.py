"""What the tabs of an organization's profile share: who is looked at, as of which day, and the head."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Response

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.ask_report import report_form
from hengjian.dashboards.pages.organization_record import OrganizationHead, Tab
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_day
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import CreditModel, printed_score, standing_of
from hengjian.tenants.api import VisibleOrganization, visible_organization

_TABS = (
    ("facts", mark("概况"), ""),
    ("findings", mark("违规项"), "/findings"),
    ("registers", mark("登记台账"), "/registers/people"),
    ("score", mark("评分"), "/score"),
    ("receipts", mark("回执"), "/receipts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visitor's look at one organization on a day; `as_of` is set when that day is not today."""

    site: Site
    visitor: Visitor
    organization: VisibleOrganization
    day: date
    as_of: date | None

    @property
    def base(self) -> str:
        """The address of the profile."""
        return f"/orgs/{self.organization.credit_code}"

    @property
    def suffix(self) -> str:
        """What keeps the day when one goes on to another tab."""
        return f"?as_of={self.as_of.isoformat()}" if self.as_of else ""

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
        BadQuery: the day cannot be read or lies ahead.
    """
    today = site.today
    asked = read_day(request.query_params.get("as_of"))
    if asked is not None and asked > today:
        raise BadQuery
    async with site.database.read(visitor.caller) as session:
        found = await visible_organization(session, credit_code, on=today)
    if found is None:
        raise PageMissing
    as_of = asked if asked != today else None
    return Look(site=site, visitor=visitor, organization=found, day=asked or today, as_of=as_of)


async def organization_head(session: ReadSession, look: Look, current: str) -> OrganizationHead:
    """Name, provisional grade and tabs; grade and score are today's and stay away on a past day."""
    standing = await standing_of(session, look.organization.id)
    past = look.as_of is not None
    model = look.site.lawbook.credit_model(region=look.organization.region, on=look.day)
    shown = standing if standing is not None and not past else None
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
        ),
        report=None
        if past
        else report_form(look.site, look.visitor, look.organization.credit_code, look.organization.name),
    )


def score_text(total: object, model: CreditModel | None) -> str | None:
    """A score to two decimals (three near the border of a grade); None when not rated."""
    if total is None or model is None:
        return None
    return printed_score(total, model)  # type: ignore[arg-type]  # numeric columns are decimals


def show_tab(request: HtmlRequest, look: Look, template: str, page: object) -> Response[str]:
    """A tab as an answer, with the amber bar on a past day."""
    return look.site.show(request, template, page, visitor=look.visitor, as_of=look.as_of, takes_as_of=True)


def _count(name: str, open_findings: int | None) -> int | None:
    return open_findings if name == "findings" else None
