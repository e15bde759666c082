"""Who looks at a page: the person behind a session."""

from dataclasses import dataclass

from hengjian.dashboards.language import Bilingual
from hengjian.platform.db import Caller
from hengjian.tenants.api import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One signed-in person, with the caller that the database will see.

    `kinds` says what the person's organization is, `csrf` is what the forms carry.
    """

    name: str
    login: str
    roles: tuple[str, ...]
    organization: Bilingual | str
    credit_code: str
    of_bureau: bool
    caller: Caller
    kinds: frozenset[str] = frozenset()
    csrf: str = ""
    locale: str | None = None
    signed_in: SignedIn | None = None

    @property
    def home(self) -> str:
        """The page a sign-in leads to."""
        return "/overview" if self.of_bureau else "/my"
