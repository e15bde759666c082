"""A pack of rules as one frozen record: what its printed booklet says, and nothing else."""

from dataclasses import dataclass
from datetime import date

from hengjian.filing.domain.chart_records import Severity
from hengjian.filing.domain.compliance_report import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One rule, in the reader's words; `parts` are (what, formula in words), `warning` tells why it costs nothing."""

    rule_id: str
    title: str
    subject: str
    severities: tuple[Severity, ...]
    source: str
    clause: str
    quote: str
    formula: str
    parts: tuple[tuple[str, str], ...]
    remedy: str
    since: date
    until: date | None
    warning: str
    parameters: Table
    examples: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBooklet:
    """All rules of a pack as they stand on a day; `version` is the hash of what its files say."""

    title: str
    place: str
    day: date
    since: date
    version: str
    sources: tuple[tuple[str, str], ...]
    rules: tuple[RuleEntry, ...]
