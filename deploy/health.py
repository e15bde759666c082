"""What machines ask: does it live, can it serve, how does it fare."""

import structlog
from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from hengjian.platform.db import GATE, Database, sql

_LOG = structlog.stdlib.get_logger("hengjian.health")


@get("/healthz", sync_to_thread=False)
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/readyz")
async def readyz(database: NamedDependency[Database]) -> Response[dict[str, str]]:
    """The database answers in our own role and context, which only a migrated schema does; 503 while it does not."""
    try:
        async with database.read(GATE) as session:
            await session.scalar(sql("select 1"))
    except (OSError, TimeoutError, SQLAlchemyError) as error:
        _LOG.warning("not ready", reason=type(error).__name__)
        return Response({"status": "unavailable", "part": "database"}, status_code=503)
    return Response({"status": "ok"})


@get("/metrics", sync_to_thread=False)
def metrics() -> Response[bytes]:
    """Counts and times of this process for Prometheus; a proxy in front keeps it from strangers."""
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})


def health_router(database: Database) -> Router:
    """All three, for this database."""
    provide = Provide(lambda: database, sync_to_thread=False)
    return Router("/", route_handlers=[healthz, readyz, metrics], dependencies={"database": provide})
