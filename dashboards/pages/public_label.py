"""The page behind the code on a label: whether it is real, which city's, where it stands; nothing else for strangers."""

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.custody_words import LABEL_STATES
from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.pages.custody_record import PublicLabelPage
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import LabelState, label_holder, public_label
from hengjian.platform.db import Caller
from hengjian.tenants.api import known_organization, read_label_id

_PUBLIC = Caller(kind="public", actor="public")
_MOST = 200
_ENDED = frozenset({LabelState.VOID, LabelState.REFUSED})


@get("/v")
async def ask_label(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """For anybody, without an account: the number typed from a label, `?label=`."""
    return await _answer(request, site, guest, request.query_params.get("label", ""))


@get("/v/{label_id:str}")
async def show_public_label(
    request: HtmlRequest, site: GivenSite, guest: GivenGuest, label_id: FromPath[str]
) -> Response[str]:
    """The same, as the code on the label leads here."""
    return await _answer(request, site, guest, label_id)


async def _answer(request: HtmlRequest, site: Site, guest: Visitor | None, text: str) -> Response[str]:
    typed = text.strip()[:_MOST]
    if not typed:
        return site.show(request, "label_check.html", PublicLabelPage(), visitor=guest)
    number = read_label_id(typed)
    if number is None:
        page = PublicLabelPage(typed=typed, outcome="unreadable")
        return site.show(request, "label_check.html", page, visitor=guest, status=422)
    found = await public_label(site.database, number, site.caller(request, _PUBLIC))
    if found is None:
        page = PublicLabelPage(typed=number, outcome="unknown", label_id=number)
        return site.show(request, "label_check.html", page, visitor=guest)
    page = PublicLabelPage(
        typed=number,
        outcome="known",
        label_id=number,
        city=region_name(found.city, site.today),
        state=LABEL_STATES[found.state],
        good=found.state not in _ENDED,
        changed_at=found.changed_at,
        more_href=await _more(site, guest, number) if guest else "",
    )
    return site.show(request, "label_check.html", page, visitor=guest)


async def _more(site: Site, guest: Visitor, number: str) -> str:
    """The label's own page, for the institution that holds it and its bureau."""
    async with site.database.read(guest.caller) as session:
        holder = await label_holder(session, number)
        owner = await known_organization(session, holder) if holder else None
    return f"/orgs/{owner.credit_code}/labels/{number}" if owner else ""
