"""The pages for people, put together from what the deployment has."""

from datetime import UTC, datetime

from litestar import Router

from hengjian.dashboards.drawer import ChildDrawer
from hengjian.dashboards.render import load_templates
from hengjian.dashboards.routes import page_router
from hengjian.dashboards.site import Site
from hengjian.deploy.api import push_rules
from hengjian.deploy.services import Services
from hengjian.platform.file_room import FileRoom
from hengjian.platform.objects import Objects
from hengjian.scoring.api import KeptLawBook, load_lawbook
from hengjian.tenants.api import LoginDesk, PasswordHashes, load_regions, second_factor_box


def _now() -> datetime:
    return datetime.now(UTC)


def site_of(services: Services) -> Site:
    """One deployment as the pages see it: law-book, regions and templates are read once, here."""
    load_regions()
    desk = LoginDesk(database=services.database, passwords=PasswordHashes(), box=second_factor_box(services.key))
    return Site(
        database=services.database,
        kept_lawbook=KeptLawBook(load_lawbook()),
        desk=desk,
        templates=load_templates(),
        drawer=ChildDrawer(),
        now=_now,
        public_url=services.settings.web.origin,
        files=FileRoom(Objects(services.objects), services.settings.storage.file_quota),
        signer=services.signer,
        demo=services.settings.operation.demo,
        push_rules=push_rules(services),
    )


def pages_router(services: Services) -> Router:
    """Every page."""
    return page_router(site_of(services))
