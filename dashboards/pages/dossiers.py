"""Dossiers as files: all that is needed to recompute a finding or a score, for who may see it."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.pages.profile import open_profile
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import DossierRequest, issue_dossier, read_finding, standings_of
from hengjian.scoring.errors import NoCreditModelError, UnknownFindingError
from hengjian.tenants.api import get_supervised


@get("/findings/{no:str}/dossier.json")
async def download_finding_dossier(site: GivenSite, visitor: GivenVisitor, no: FromPath[str]) -> Response[bytes]:
    """The dossier of one finding, as of today."""
    async with site.database.read(visitor.caller) as session:
        found = await read_finding(session, no)
    if found is None:
        raise PageMissing
    wanted = DossierRequest(region=found.head.region, as_of=site.today, known_at=site.now(), finding=no)
    return await _answer(site, visitor, found.head.tenant_id, wanted)


@get("/orgs/{credit_code:str}/score/dossier.json")
async def download_score_dossier(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[bytes]:
    """The dossier of an organization's score on the day and in the region looked at."""
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        standing = look.standing_among(await standings_of(session, look.organization.id))
    region = standing.region if standing else look.organization.region
    wanted = DossierRequest(region=region, as_of=look.day, known_at=site.now())
    return await _answer(site, visitor, look.organization.id, wanted)


async def _answer(site: Site, visitor: Visitor, organization_id: UUID, wanted: DossierRequest) -> Response[bytes]:
    """The file; what it is known by and who took it are kept with it.

    Raises:
        PageMissing: the visitor sees no such organization or finding.
    """
    focus = organization_id if visitor.of_bureau else None
    async with site.database.write(visitor.caller, focus=focus) as session:
        organization = await get_supervised(session, organization_id, on=wanted.as_of)
        if organization is None:
            raise PageMissing
        try:
            made = await issue_dossier(session, organization, wanted, lawbook=site.lawbook)
        except (UnknownFindingError, NoCreditModelError) as missing:
            raise PageMissing from missing
    return Response(
        made.content,
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{made.file_name}"',
            "ETag": f'"{made.sha256}"',
        },
    )
