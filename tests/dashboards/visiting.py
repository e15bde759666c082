"""The pages as a browser meets them, without a network between, and people who sign in."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
from litestar import Litestar
from litestar.types import ASGIApp

from hengjian.dashboards.render import load_templates
from hengjian.dashboards.routes import page_router
from hengjian.dashboards.site import Site
from hengjian.deploy.request_frame import RequestFrame
from hengjian.platform.db import Database
from hengjian.platform.file_room import QUOTA, FileRoom
from hengjian.platform.log.signer_link import SignerLink
from hengjian.platform.objects import Objects
from hengjian.scoring.api import KeptLawBook, load_lawbook
from hengjian.tenants.api import IssuedAccount
from tests.dashboards.sample_frame import NoDrawer
from tests.support.people import Authenticator, quick_desk
from tests.support.pushing import RULES

ORIGIN = "http://localhost"
_FIELD = re.compile(r'name="csrf" value="([0-9a-f]+)"')
LAWBOOK = load_lawbook()
TEMPLATES = load_templates()


def pages_over(database: Database, objects: Objects | None = None, *, file_quota: int = QUOTA) -> ASGIApp:
    """Every page in the request frame."""
    site = Site(
        database=database,
        kept_lawbook=KeptLawBook(LAWBOOK),
        desk=quick_desk(database),
        templates=TEMPLATES,
        drawer=NoDrawer(),
        now=lambda: datetime.now(UTC),
        public_url="",
        files=FileRoom(objects or Objects("memory://"), file_quota),
        signer=SignerLink(Path("no-signer")),
        demo=True,
        push_rules=RULES,
    )
    return RequestFrame(Litestar([page_router(site)], openapi_config=None, logging_config=None), https=False)


@dataclass
class Browser:
    """Keeps cookies, follows nothing, and says where a form comes from, as browsers do."""

    client: httpx.AsyncClient
    last: httpx.Response = field(init=False)

    async def get(self, path: str) -> httpx.Response:
        """One page."""
        self.last = await self.client.get(path)
        return self.last

    async def send(
        self, path: str, *, origin: str = ORIGIN, csrf: str | None = None, **fields: str | list[str]
    ) -> httpx.Response:
        """The form of the page that was opened last."""
        token = self._token() if csrf is None else csrf
        self.last = await self.client.post(path, data={"csrf": token, **fields}, headers={"origin": origin})
        return self.last

    async def hand_in(self, path: str, attached: Mapping[str, bytes], **fields: str) -> httpx.Response:
        """The same with files, by their names."""
        files = [("files", one) for one in attached.items()]
        told = {"csrf": self._token(), **fields}
        self.last = await self.client.post(path, data=told, files=files, headers={"origin": ORIGIN})
        return self.last

    def _token(self) -> str:
        found = _FIELD.search(self.last.text)
        return found[1] if found else ""

    async def sign_in(self, person: IssuedAccount, *, ahead: int = 0) -> httpx.Response:
        """Both steps."""
        await self.get("/login")
        first = await self.send("/login", login=person.login, password=person.password)
        assert first.status_code == 303, first.text
        await self.get(first.headers["location"])
        return await self.send("/login/otp", code=Authenticator(person.totp_secret).code(ahead))


@asynccontextmanager
async def browser_over(
    database: Database, objects: Objects | None = None, *, file_quota: int = QUOTA
) -> AsyncIterator[Browser]:
    """One browser, nobody signed in."""
    app = cast(
        "Any", pages_over(database, objects, file_quota=file_quota)
    )  # httpx types ASGI messages as plain mappings, Litestar as typed ones
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield Browser(client)
