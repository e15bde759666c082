"""What reports, receipts, an organization's own home, sign-in and error pages print."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.organization_record import GapLine, ReceiptLine
from hengjian.dashboards.pages.overview_record import Figure
from hengjian.dashboards.parts import FindingLine, Pager, ReportForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report; without `href` it is not ready and `state` (marked text) says why."""

    subject: Bilingual | str
    kind: str
    month: str
    language: str
    made_at: datetime | None
    octets: int | None
    sha256: str | None
    href: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A report that was asked for: `making`, `made`, `failed` or `late`; `poll` is empty once nothing more will change.

    `href` leads to the file of a made one.
    """

    month: str
    language: str
    state: str
    poll: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage:
    """Reports the visitor may read, newest first; `organization` names the filter in force.

    Without a `form` the visitor may not ask for one; `making` is the report asked for last.
    """

    organization: str
    form: ReportForm | None
    making: Making | None
    reports: tuple[ReportLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """One row of a batch that was refused or accepted with a warning; `path` is the API's name of the `field`."""

    row: int
    reference: str
    outcome: str
    path: str
    field: str
    message: Bilingual
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count of rows."""

    label: str
    value: int
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    """The receipt of one batch. `more` problem rows are not listed; without `bundle_href` nothing is signed yet."""

    batch: str
    register: Bilingual
    organization: str
    back_href: str
    received_at: datetime
    figures: tuple[Count, ...]
    problems: tuple[ProblemLine, ...]
    more: int
    proof: tuple[tuple[str, str], ...]
    bundle_href: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """One open finding and how to put it right."""

    line: FindingLine
    remedy: Bilingual | str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A requirement that could not be judged, with the facts it lacks."""

    rule_id: str
    title: Bilingual
    missing: tuple[Bilingual | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPage:
    """An organization's own home."""

    name: str
    credit_code: str
    region: Bilingual | str
    grade: str | None
    day: date
    figures: tuple[Figure, ...]
    mend: tuple[Mend, ...]
    missing: tuple[MissingLine, ...]
    gaps: tuple[GapLine, ...]
    receipts: tuple[ReceiptLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """Login and password, or the second factor. `problem` and `advice` are marked texts."""

    login: str = ""
    next: str = ""
    problem: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What went wrong and what to do next; `ways` are marked labels with addresses."""

    status: int
    title: str
    advice: str
    detail: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPage:
    """What is asked and answered; `outcome` is empty before a question, else issued, replaced, unknown or unreadable."""

    digest: str = ""
    outcome: str = ""

    @property
    def groups(self) -> str:
        """The digest in groups of eight, as it is printed on paper."""
        return " ".join(self.digest[at : at + 8] for at in range(0, len(self.digest), 8))
