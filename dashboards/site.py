"""What every page needs: the opened parts of the deployment, and the way from a record to an answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import Cookie

from hengjian.dashboards.drawer import Drawer
from hengjian.dashboards.formats import SHANGHAI
from hengjian.dashboards.language import LANGUAGE_COOKIE, LANGUAGES, Language, choose_language
from hengjian.dashboards.render import Templates
from hengjian.dashboards.shell import Shell, address, navigation
from hengjian.dashboards.visitor import Visitor
from hengjian.filing.api import BookletPress
from hengjian.ingestion.api import PushRules
from hengjian.platform.db import Caller, Database
from hengjian.platform.file_room import FileRoom
from hengjian.platform.log.signer_link import SignerLink
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfRenderer
from hengjian.scoring.api import KeptLawBook, LawBook
from hengjian.tenants.api import KnownOrganization, LoginDesk

HtmlRequest = Request[Any, Any, Any]
_YEAR = 365 * 24 * 3600


class Names:
    """Organizations by id, each kept for a minute."""

    def __init__(self, seconds: float = 60.0, most: int = 10_000) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: dict[UUID, tuple[float, KnownOrganization]] = {}

    def get(self, organization_id: UUID) -> KnownOrganization | None:
        """The organization, when it was put here within the last minute."""
        until, found = self._kept.get(organization_id, (0.0, None))
        return found if time.monotonic() < until else None

    def put(self, organization_id: UUID, found: KnownOrganization) -> None:
        """Keeps an organization; all are forgotten when there are too many."""
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[organization_id] = (time.monotonic() + self._seconds, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One deployment as the pages see it.

    `now` gives the time; `public_url` is the address people use, empty when it is the one they typed; `files` is
    where organizations' files are kept, `objects` the store under it; `signer` signs the evidence log; `press` prints packs of rules, `pdf` what is
    drawn while somebody waits; `push_rules` check what people enter as they check pushes.
    """

    database: Database
    kept_lawbook: KeptLawBook
    desk: LoginDesk
    templates: Templates
    drawer: Drawer
    now: Callable[[], datetime]
    public_url: str
    files: FileRoom
    signer: SignerLink
    demo: bool
    push_rules: PushRules
    press: BookletPress = field(default_factory=BookletPress)
    pdf: PdfRenderer = field(default_factory=PdfRenderer)
    names: Names = field(default_factory=Names)

    @property
    def objects(self) -> Objects:
        """The store of reports, recordings and files."""
        return self.files.objects

    @property
    def today(self) -> date:
        """The legal day, in Shanghai."""
        return self.now().astimezone(SHANGHAI).date()

    @property
    def lawbook(self) -> LawBook:
        """The law-book with every approved change, as of the beginning of some request of the last seconds."""
        return self.kept_lawbook.book

    @property
    def lawbook_version(self) -> str:
        """The content hashes of all packs, joined."""
        return " ".join(pack.version for pack in self.lawbook.packs)

    def origin(self, request: HtmlRequest) -> str:
        """Scheme, host and port that our own forms are sent from."""
        return self.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"

    def secure(self, request: HtmlRequest) -> bool:
        """Whether people reach us by https, so that cookies may say so."""
        return self.origin(request).startswith("https:")

    def language(self, request: HtmlRequest, visitor: Visitor | None = None) -> Language:
        """The language of this answer."""
        cookie = request.cookies.get(LANGUAGE_COOKIE)
        return choose_language(request.query_params.get("lang"), cookie, visitor.locale if visitor else None)

    def caller(self, request: HtmlRequest, kind: Caller) -> Caller:
        """The caller of a request before anybody is known, with its source and id."""
        source = request.client.host if request.client else ""
        return Caller(kind=kind.kind, actor=kind.actor, source=source, request_id=request_id(request))

    def shell(
        self, request: HtmlRequest, visitor: Visitor | None, *, csrf: str, as_of: date | None, takes_as_of: bool
    ) -> Shell:
        """The frame of one page."""
        path = request.url.path
        query = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
        language = self.language(request, visitor)
        return Shell(
            language=language,
            here=path,
            switch_href=address(path, query, lang="en" if language == "zh" else "zh"),
            now_href=address(path, query, as_of=None),
            visitor=visitor,
            groups=navigation(visitor, path),
            today=self.today,
            demo=self.demo,
            csrf=csrf,
            request_id=request_id(request),
            lawbook_version=self.lawbook_version,
            as_of=as_of,
            takes_as_of=takes_as_of,
        )

    def show(
        self,
        request: HtmlRequest,
        template: str,
        page: object,
        *,
        visitor: Visitor | None = None,
        csrf: str = "",
        status: int = 200,
        as_of: date | None = None,
        takes_as_of: bool = False,
    ) -> Response[str]:
        """One page as an answer; a language chosen in the address is remembered."""
        token = visitor.csrf if visitor else csrf
        shell = self.shell(request, visitor, csrf=token, as_of=as_of, takes_as_of=takes_as_of)
        response = Response(
            self.templates.html(template, shell, page),
            media_type="text/html",
            status_code=status,
            headers={"Vary": "Cookie", "Content-Language": shell.language},
        )
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(
                Cookie(
                    LANGUAGE_COOKIE, value=shell.language, max_age=_YEAR, samesite="lax", secure=self.secure(request)
                )
            )
        return response


def request_id(request: HtmlRequest) -> str:
    """The id under which this request stands in the log."""
    return str(request.scope.get("state", {}).get("request_id", ""))
