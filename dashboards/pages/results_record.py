"""What the yearly result prints: a bureau's list with its steps, and the public register."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import Filter, Pager
from hengjian.scoring.api import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One organization on a list: as listed and as scored now; `waits` is how many findings are contested.

    `kept` is the SHA-256 of the dossier that was kept with a final grade.
    """

    name: str
    credit_code: str
    region: Bilingual | str
    listed: str | None
    listed_grade: str | None
    total: str | None
    grade: str | None
    unrated: str | None
    findings: int
    waits: int
    stale: bool
    document_no: str | None
    dossier_href: str
    wrong: bool = False
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class LeftLine:
    """An organization that left the region in the year: it is not graded here."""

    name: str
    credit_code: str
    region: Bilingual | str
    left_on: date


@dataclass(frozen=True, slots=True)
class ResultDone:
    """A step that was taken; `label` is marked text."""

    label: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ResultChoice:
    """A step that the visitor may take now; `label` and `hint` are marked texts."""

    act: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyResultPage:
    """The result of a year in the visitor's region.

    `state` and `waits` are marked texts: where it stands, and why nothing can be done now. `poll` is where to ask again
    while grades are being published, else empty. `left` are the first of those who left in the year, `left_total` says how many.
    """

    year: int
    years: tuple[tuple[int, str, bool], ...]
    region: Bilingual | str
    state: str
    publicity_until: date | None
    publish_by: date | None
    late: bool
    choices: tuple[ResultChoice, ...]
    waits: str
    lines: tuple[ResultLine, ...]
    tally: Tally
    filter: Filter
    csv_href: str
    poll: str
    steps: tuple[ResultDone, ...]
    pager: Pager
    left: tuple[LeftLine, ...] = ()
    left_total: int = 0
    problem: Bilingual | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One published grade, or one in publicity."""

    name: str
    credit_code: str
    region: Bilingual | str
    by_region: Bilingual | str
    year: int
    total: str | None
    grade: str | None
    unrated: str | None
    model: str
    model_version: str
    document_no: str
    published_on: date
    until: date
    replaces: str | None = None
    dossier_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The public register: final grades, or (`publicity`) what is in its publicity now."""

    publicity: bool
    filter: Filter
    csv_href: str
    final_href: str
    publicity_href: str
    lines: tuple[RegisterLine, ...]
    pager: Pager
