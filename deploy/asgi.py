"""The web application: every router of the product, plugged together."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from hengjian.deploy.api import api_router
from hengjian.deploy.failures import EXCEPTION_HANDLERS
from hengjian.deploy.health import health_router
from hengjian.deploy.logs import set_up_logs
from hengjian.deploy.pages import pages_router
from hengjian.deploy.processes import end_with_server
from hengjian.deploy.public_log import log_router
from hengjian.deploy.request_frame import RequestFrame
from hengjian.deploy.services import Services, open_services
from hengjian.deploy.settings import read_settings
from hengjian.deploy.uploads import key_uploads, session_uploads

STATIC = Path(__file__).parent.parent / "dashboards" / "static"


def _health(services: Services) -> Router:
    return health_router(services.database)


def _static(_services: Services) -> Router:
    cache = CacheControlHeader(public=True, max_age=3600)
    return create_static_files_router("/static", directories=[STATIC], cache_control=cache, include_in_schema=False)


# One line for each part that answers requests.
ROUTERS: Sequence[Callable[[Services], Router]] = (
    _health,
    _static,
    api_router,
    key_uploads,
    session_uploads,
    log_router,
    pages_router,
)


def compose(services: Services) -> ASGIApp:
    """The whole application over opened services; they are closed with it."""

    async def close() -> None:
        await services.database.close()

    app = Litestar(
        route_handlers=[router(services) for router in ROUTERS],
        exception_handlers=EXCEPTION_HANDLERS,
        on_shutdown=[close],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=services.settings.limits.body,
        debug=False,
    )
    return RequestFrame(app, https=services.settings.web.url.startswith("https:"))


def create_app() -> ASGIApp:
    """What the web server loads in each of its processes."""
    end_with_server()
    settings = read_settings(os.environ)
    set_up_logs(settings.operation.log_level)
    return compose(open_services(settings))
