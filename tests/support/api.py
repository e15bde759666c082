"""The API as its callers meet it, in this process, and organizations with keys."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import structlog
from litestar import Litestar
from litestar.types import ASGIApp

from hengjian.deploy.api import api_router
from hengjian.deploy.failures import EXCEPTION_HANDLERS
from hengjian.deploy.request_frame import RequestFrame
from hengjian.deploy.services import Services
from hengjian.deploy.settings import read_settings
from hengjian.deploy.uploads import key_uploads, session_uploads
from hengjian.platform.db import Caller, Database
from hengjian.platform.log.signer_link import SignerLink
from hengjian.tenants.api import SCOPES, Holder, KnownOrganization, issue_key
from tests.support.people import KEY, OPERATOR, a_bureau, a_contractor

ROWS = "{ index sourceRef status problems { path code kind warning messageZh messageEn hintZh hintEn expected got } }"
PAYLOAD = f"""{{
  receipt {{ id kind stream sequence idempotencyKey state receivedAt sent accepted acceptedWithWarnings refused
    corrects replayed dryRun expectedNext missing {{ first last }} rows {ROWS} }}
  rows {ROWS}
  userErrors {{ path code messageZh messageEn hintZh hintEn retryable }}
}}"""


@dataclass(frozen=True)
class Sender:
    """An organization with its key, and the caller that the key stands for."""

    organization: KnownOrganization
    key: str

    @property
    def caller(self) -> Caller:
        home = self.organization
        kind: Any = "bureau" if home.is_bureau else "member"
        return Caller(kind=kind, tenant_id=home.id, region=home.region, actor="key:test", scopes=SCOPES)


async def with_key(database: Database, organization: KnownOrganization) -> Sender:
    """A key with every scope for an organization that is there."""
    kind = "bureau" if organization.is_bureau else "member"
    holder = Holder(organization.id, kind, organization.region)
    async with database.write(OPERATOR) as session:
        issued = await issue_key(session, holder, label="test", scopes=SCOPES)
    return Sender(organization, issued.text)


async def a_sender(database: Database, region: str = "650102") -> Sender:
    """A contractor with a key."""
    return await with_key(database, await a_contractor(database, region))


async def a_bureau_sender(database: Database, region: str = "6501") -> Sender:
    """A bureau with a key."""
    return await with_key(database, await a_bureau(database, region))


def push_document(kind: str) -> str:
    """The mutation of a kind with its batch in a variable: what clients send, and what the fast way takes."""
    name = kind[0].upper() + kind[1:]
    return f"mutation ($input: Push{name}Input!) {{ push{name}(input: $input) {PAYLOAD} }}"


def typed_document(kind: str) -> str:
    """The same in a form that the fast way does not take."""
    name = kind[0].upper() + kind[1:]
    return f"mutation ($input: Push{name}Input!) {{ ... on Mutation {{ push{name}(input: $input) {PAYLOAD} }} }}"


@cache
def application(app_url: str) -> tuple[Database, ASGIApp]:
    """The API in the request frame, over a database, put together once for all tests."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])  # no costly drawing of tracebacks
    database = Database.connect(app_url)
    signer = SignerLink(Path("no-signer"))
    services = Services(settings=read_settings({}), database=database, key=KEY, objects="memory://", signer=signer)
    body = services.settings.limits.body
    app = Litestar(
        [api_router(services), key_uploads(services), session_uploads(services)],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=body,
    )
    return database, RequestFrame(app, https=False)


@asynccontextmanager
async def api_over(app_url: str) -> AsyncIterator["Api"]:
    """The application for one test; its connections end with the test's event loop."""
    database, app = application(app_url)
    api = Api(app)
    yield api
    await api.client.aclose()
    await database.close()


class Api:
    """Asks the API, without a network between."""

    def __init__(self, app: ASGIApp) -> None:
        plain: Any = app  # the two libraries spell the same interface differently
        transport = httpx.ASGITransport(plain, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60)

    async def post(self, key: str, body: bytes | Mapping[str, Any], **headers: str) -> httpx.Response:
        """One request, as it is answered."""
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        told = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post("/graphql", headers=told | named, **sent)

    async def ask(self, key: str, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The body of the answer."""
        answer = await self.post(key, {"query": query, "variables": variables})
        body: dict[str, Any] = answer.json()
        return body

    async def codes(self, key: str, query: str, variables: Mapping[str, Any] | None = None) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in (await self.ask(key, query, variables)).get("errors", [])]

    async def push(
        self, key: str, kind: str, rows: Sequence[Mapping[str, Any]], *, way: str = "fast", **batch: Any
    ) -> dict[str, Any]:
        """The payload of one push; the `typed` way goes through GraphQL's own coercion, the `fast` one around it."""
        name = kind[0].upper() + kind[1:]
        given = {"idempotencyKey": str(uuid4()), **batch, "rows": list(rows)}
        document = push_document(kind) if way == "fast" else typed_document(kind)
        body = await self.ask(key, document, {"input": given})
        assert "errors" not in body, body
        payload: dict[str, Any] = body["data"][f"push{name}"]
        return payload
