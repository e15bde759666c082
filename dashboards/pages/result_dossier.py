"""The dossier behind a line of a yearly list: once the grade is final the bytes kept with it, before that made now."""

from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageError, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.pages.results import year_of
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.audit import record
from hengjian.platform.objects import ObjectDamagedError, ObjectMissingError
from hengjian.scoring.api import DossierRequest, FinalDossier, find_final_dossier, prepare_dossier, rated_place
from hengjian.tenants.api import organization_id_of


@get("/credit/{year:int}/{credit_code:str}/dossier")
async def download_dossier(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, year: FromPath[int], credit_code: FromPath[str]
) -> Response[bytes]:
    """The dossier as of the last day of the year; the audit keeps who took it, and anybody can recompute it."""
    region = read_query(request).value("region")
    async with site.database.read(visitor.caller) as session:
        identity = await organization_id_of(session, credit_code)
        found = await find_final_dossier(session, identity, year_of(site, year), region=region) if identity else None
    if identity is None:
        raise PageMissing
    if found is None:
        content = await _made_now(site, visitor, identity, year, region=region)
    else:
        content = await _kept(site, visitor, identity, found)
    name = f"dossier-{credit_code}-{found.document_no if found else date(year, 12, 31).isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)


async def _kept(site: Site, visitor: Visitor, identity: UUID, found: FinalDossier) -> bytes:
    try:
        content = await site.objects.take(found.path, sha256=found.sha256)
    except (ObjectMissingError, ObjectDamagedError) as damaged:
        raise PageError from damaged
    async with site.database.write(visitor.caller) as session:
        detail = {"document_no": found.document_no, "sha256": found.sha256}
        await record(session, "export.dossier", target=found.document_no, tenant_id=identity, detail=detail)
    return content


async def _made_now(site: Site, visitor: Visitor, identity: UUID, year: int, *, region: str | None) -> bytes:
    """For a bureau, before the grade is final."""
    as_of = date(year, 12, 31)
    if not visitor.of_bureau:
        raise PageMissing
    async with site.database.write(visitor.caller, focus=identity) as session:
        below = visitor.caller.region or ""
        wished = region if region is not None and region.startswith(below) else below
        place = await rated_place(session, identity, below=wished, days=(site.today, as_of))
        if place is None or region not in {None, place[1]}:
            raise PageMissing
        organization, here = place
        wanted = DossierRequest(region=here, as_of=as_of, known_at=site.now())
        content = await prepare_dossier(session, organization, wanted, lawbook=site.lawbook)
        detail = {"as_of": str(as_of)}
        await record(session, "export.dossier", target=organization.credit_code, tenant_id=identity, detail=detail)
    return content
