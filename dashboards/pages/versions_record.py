"""What the page of the versions of a rule or a pack prints: every version, and how two of them differ."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """The approved change that a version begins with; `what` says what changes."""

    number: str
    what: str
    bureau: str
    approved_by: str
    approved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version: from which day to before which, where, by what; an empty hash is not in force.

    Without changes it was shipped with the pack of `pack_version`. `rules` are those of a pack that begin to say
    something else.
    """

    key: str
    since: date
    until: date | None
    region: Bilingual | str
    hash: str
    pack_version: str
    rules: tuple[str, ...]
    changes: tuple[VersionChange, ...]
    now: bool
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One value that two versions say differently; empty is absent. `where` is `path` in people's words."""

    path: str
    before: str
    after: str
    where: str = ""
    rule_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLine:
    """What the files said from a release on, and in what today's differ; `sound` is false where it was tampered with."""

    release: str
    seen_at: datetime
    hash: str
    pack_version: str
    differences: tuple[DifferenceLine, ...]
    sound: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared: a day in a region."""

    day: date
    region: Bilingual | str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    """The versions of a rule, or of a pack (then `rule_id` is empty), and the differences of the two that are chosen.

    `shipped` is what each release said; a credit model has nothing else.
    """

    rule_id: str
    title: Bilingual
    action: str
    versions: tuple[VersionLine, ...]
    before: Side | None
    after: Side | None
    differences: tuple[DifferenceLine, ...]
    shipped: tuple[ShippedLine, ...]
