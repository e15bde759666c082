"""The public register: anybody looks up a published grade, and the list in its publicity, without signing in."""

from litestar import Response, get

from hengjian.dashboards.given import GivenSite
from hengjian.dashboards.pages.results import printed
from hengjian.dashboards.pages.results_record import RegisterLine, RegisterPage
from hengjian.dashboards.parts import pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.platform.db import Caller
from hengjian.scoring.api import PublicGrade, read_public_grades

ANYBODY = Caller(kind="public", actor="public")
_LISTS = frozenset({"publicity"})


@get("/register")
async def show_public_register(request: HtmlRequest, site: GivenSite) -> Response[str]:
    """Published grades by name or credit code; `?list=publicity` shows what may still be objected to."""
    asked = read_query(request)
    publicity = asked.one_of("list", _LISTS) is not None
    text = (asked.value("q") or "").strip()[:60]
    kind = "publicity" if publicity else "final"
    async with site.database.read(site.caller(request, ANYBODY)) as session:
        found, total = await read_public_grades(session, kind, text=text, limit=asked.size, offset=asked.offset)
    page = RegisterPage(
        publicity=publicity,
        text=text,
        final_href=address("/register", asked.query, list=None, page=None),
        publicity_href=address("/register", asked.query, list="publicity", page=None),
        lines=tuple(_line(site, one) for one in found),
        pager=pager("/register", asked.query, page=asked.page, size=asked.size, total=total),
    )
    return site.show(request, "register.html", page)


def _line(site: Site, one: PublicGrade) -> RegisterLine:
    return RegisterLine(
        name=one.name,
        credit_code=one.credit_code,
        region=region_name(one.region, site.today),
        by_region=region_name(one.by_region, site.today),
        year=one.year,
        total=printed(site, one.total, one.region, one.year),
        grade=one.grade,
        unrated=one.unrated,
        model=one.model,
        model_version=one.model_version,
        document_no=one.document_no,
        published_on=one.published_on,
        until=one.until,
        replaces=one.replaces,
    )
