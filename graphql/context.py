"""What each request of the API carries."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader
from strawberry.types.nodes import SelectedField, Selection

from hengjian.graphql.errors import ApiError
from hengjian.ingestion.api import RECEIPT_KIND, PushRules
from hengjian.platform.db import Caller, Database
from hengjian.platform.log.find import Evidence, find_evidence
from hengjian.platform.log.signer_link import SignerLink
from hengjian.platform.pdf import PdfRenderer
from hengjian.scoring.api import KeptLawBook, LawBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the API of one deployment works with."""

    database: Database
    rules: PushRules
    kept_lawbook: KeptLawBook
    signer: SignerLink
    public_url: str
    pdf: PdfRenderer = dataclasses.field(default_factory=PdfRenderer)


@dataclass(slots=True, kw_only=True)
class ApiContext:
    """The caller and the means to serve one request."""

    means: Means
    caller: Caller
    bounds_known: bool = False
    _evidence: DataLoader[UUID, Evidence | None] | None = None

    @property
    def evidence(self) -> DataLoader[UUID, Evidence | None]:
        """What proves receipts, read for all of a request's at once."""
        if self._evidence is None:
            self._evidence = DataLoader(self._load_evidence)
        return self._evidence

    async def _load_evidence(self, receipts: list[UUID]) -> list[Evidence | None]:
        async with self.database.read(self.caller) as session:
            found = await find_evidence(session, RECEIPT_KIND, receipts)
        return [found.get(one) for one in receipts]

    @property
    def database(self) -> Database:
        """The door to the data."""
        return self.means.database

    @property
    def rules(self) -> PushRules:
        """What pushes are checked with."""
        return self.means.rules

    @property
    def lawbook(self) -> LawBook:
        """The rules of the law."""
        return self.means.kept_lawbook.book


Info = strawberry.Info[ApiContext, None]


def caller_with(info: Info, scope: str) -> Caller:
    """The caller, when its key has this scope.

    Raises:
        ApiError: FORBIDDEN.
    """
    caller = info.context.caller
    if scope not in caller.scopes:
        raise ApiError("FORBIDDEN", f"(scope: {scope})")
    return caller


def asks_for(fields: Sequence[Selection], *path: str) -> bool:
    """Whether the request wants the field at the end of the path, through fragments too."""
    for field in fields:
        if not isinstance(field, SelectedField):
            if asks_for(field.selections, *path):
                return True
        elif field.name == path[0] and (len(path) == 1 or asks_for(field.selections, *path[1:])):
            return True
    return False
