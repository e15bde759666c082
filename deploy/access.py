"""How to reach the database: as the role that owns nothing, and as the administrator for migrations."""

import asyncio
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from hengjian.deploy.embedded import LOGIN, Server, admin_url, find_place, login_password, login_url, plain_url
from hengjian.deploy.embedded.server import write_secret
from hengjian.deploy.errors import SettingError, UnreachableError
from hengjian.deploy.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Addresses as SQLAlchemy reads them.

    `application` is the login role that web and worker use. `migration` is the administrator; None when only the
    login role is known, and then somebody else runs the migrations.
    """

    application: str
    migration: str | None
    password: str


def embedded_access(server: Server) -> Access:
    """Both addresses of the embedded server.

    Raises:
        NotRunningError: it does not run.
    """
    migration = admin_url(server)
    return Access(application=login_url(server), migration=migration, password=login_password(server))


def find_access(settings: Settings) -> Access:
    """The database of the settings: the one that HENGJIAN_DATABASE_URL names, else the embedded server that runs.

    Raises:
        NotRunningError: no address is given and no embedded server runs.
        SettingError: an address cannot be read.
    """
    if not settings.database.url:
        return embedded_access(Server(find_place(settings.storage.state)))
    return given_access(settings)


def given_access(settings: Settings) -> Access:
    """The access that HENGJIAN_DATABASE_URL (and HENGJIAN_MIGRATION_URL) give.

    An administrator's address is enough: the login role then gets a password of its own, kept in the state folder.

    Raises:
        SettingError: an address cannot be read.
    """
    given = _read("HENGJIAN_DATABASE_URL", settings.database.url)
    if given.username == LOGIN:
        other = settings.database.migration_url
        migration = _text(_read("HENGJIAN_MIGRATION_URL", other)) if other else None
        return Access(application=_text(given), migration=migration, password=given.password or "")
    file = settings.storage.state / "login.password"
    if file.exists():
        password = file.read_text("ascii").strip()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        password = write_secret(file)
    application = given.set(username=LOGIN, password=password)
    return Access(application=_text(application), migration=_text(given), password=password)


def _read(name: str, text: str) -> URL:
    """An address in any of the usual spellings, as asyncpg's dialect wants it."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise SettingError(name, value="…", wanted="postgresql://user:password@host:port/database") from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise SettingError(name, value=url.get_backend_name(), wanted="postgresql://user:password@host:port/database")
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def check_reachable(url: str) -> None:
    """Try one log-in.

    Raises:
        UnreachableError: no session could be opened; with where (without the password) and why.
    """
    where = make_url(url).set(drivername="postgresql").render_as_string()
    try:
        asyncio.run(_log_in(plain_url(url)))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise UnreachableError(where, reason=str(error) or type(error).__name__) from error


async def _log_in(url: str) -> None:
    link = await asyncpg.connect(url, timeout=5)
    await link.close()
