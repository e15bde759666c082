"""What the tabs of an organization's profile print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.charts import Chart
from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import FindingLine, Pager, ReportForm
from hengjian.scoring.api import CountedIn


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab; `count` None is not counted."""

    label: str
    href: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class RegionSwitch:
    """One of several regions that judge an organization, and the way to its standing there."""

    name: Bilingual | str
    href: str
    grade: str | None
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationHead:
    """The top of every tab. `suffix` carries day and region one looks at; `report` asks for a report.

    `judged` are the regions that judge it when there are several: grade and score are those of the current one.
    `claimed_elsewhere` counts its rows that another organization claims too; `claimed_href` leads to the first register.
    """

    name: str
    credit_code: str
    kinds: tuple[str, ...]
    region: Bilingual | str
    grade: str | None
    score: str | None
    base: str
    suffix: str
    tabs: tuple[Tab, ...]
    judged: tuple[RegionSwitch, ...] = ()
    report: ReportForm | None = None
    claimed_elsewhere: int = 0
    claimed_href: str = ""


@dataclass(frozen=True, slots=True)
class FactUsed:
    """One fact that a verdict rests on, with the way to its rows."""

    name: Bilingual | str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """One requirement against the facts. `finding` is the number of the open finding, if there is one."""

    rule_id: str
    title: Bilingual
    subject: str
    verdict: str
    severity: str | None
    measured: str | None
    required: str | None
    unit: Bilingual | str
    facts: tuple[FactUsed, ...]
    missing: tuple[Bilingual | str, ...]
    finding: str | None
    counted_in: tuple[CountedIn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Many subjects for which one rule says the same: printed closed."""

    rule_id: str
    title: Bilingual
    verdict: str
    lines: tuple[VerdictLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsPage:
    """Facts and verdicts of one organization on a day."""

    head: OrganizationHead
    day: date
    counts: Mapping[str, int]
    lines: tuple[VerdictLine, ...]
    folded: tuple[Folded, ...]
    intervals: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFindingsPage:
    """Findings of one organization."""

    head: OrganizationHead
    lines: tuple[FindingLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One register in the list beside the rows."""

    label: Bilingual
    href: str
    count: int
    current: bool
    claimed_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class OtherClaim:
    """Who else claims the same, and the way to their register."""

    name: str
    reference: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One row in force on the day, with when it came and in which batch.

    `claimed_elsewhere`: another organization claims the same; `others` names them, for a bureau that supervises both.
    """

    anchor: str
    reference: str
    cells: tuple[str | None, ...]
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    batch: str
    receipt_href: str
    claimed_elsewhere: bool = False
    others: tuple[OtherClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistersPage:
    """The rows of one register as of a day."""

    head: OrganizationHead
    day: date
    title: Bilingual
    registers: tuple[RegisterEntry, ...]
    columns: tuple[Bilingual, ...]
    rows: tuple[RegisterLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One batch received."""

    href: str
    received_at: datetime
    register: Bilingual
    batch: str
    sequence: str | None
    accepted: int
    warned: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A stream of pushes in which numbers are missing; `missing` reads `9, 12–14`."""

    register: Bilingual
    stream: str
    missing: str
    highest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsPage:
    """Batches received from one organization, newest first, and what its streams lack."""

    head: OrganizationHead
    gaps: tuple[GapLine, ...]
    receipts: tuple[ReceiptLine, ...]
    pager: Pager
