"""The shape of law-book files. Unknown keys are refused, so a misspelt one never passes unnoticed."""

import re
from datetime import date
from typing import Any, TypeVar

import msgspec

from hengjian.scoring.domain.rules import Sameness, SourceStatus
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.lawbook_yaml import Document, Path

Shape = TypeVar("Shape", bound=msgspec.Struct)


class WordingShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A text for people."""

    zh: str
    en: str


class CitationShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Source, clause and the clause's own words."""

    source: str
    clause: str
    quote: str


class EntryShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One dated value of a parameter."""

    since: date = msgspec.field(name="from")
    value: Any
    unit: WordingShape
    source_status: SourceStatus
    region: str | None = None
    note: WordingShape | None = None


class CaseShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A severity for certain breaches."""

    when: str
    severity: Severity


class UnderShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Rules under which a breach counts, as it tells of the same event."""

    rules: list[str]
    same: Sameness
    reason: WordingShape
    lacks: list[str] = []
    named: list[str] = []
    each: str | None = None


class RuleShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One rule file."""

    id: str
    title: WordingShape
    cites: CitationShape
    subject: str
    dimension: str
    inputs: list[str]
    require: str
    formula: WordingShape
    unit: WordingShape
    remedy: WordingShape
    severity: Severity
    parameters: dict[str, list[EntryShape]]
    examples: list[dict[str, Any]]
    labels: dict[str, WordingShape] = {}
    optional: list[str] = []
    applies: str | None = None
    measured: str | None = None
    required: str | None = None
    lacking: str | None = None
    severity_cases: list[CaseShape] = []
    counted_under: list[UnderShape] = []
    in_force_from: date | None = None
    in_force_until: date | None = None


class PackShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A pack's own file, pack.yaml."""

    id: str
    title: WordingShape
    region: str
    in_force_from: date
    sources: dict[str, WordingShape]


def fit(document: Document, shape: type[Shape]) -> Shape:
    """The document in its shape.

    Raises:
        PackError: a key is missing, unknown or of the wrong type, with its line.
    """
    try:
        return msgspec.convert(document.value, shape)
    except msgspec.ValidationError as error:
        raise document.error(
            _path(document, str(error)),
            zh=f"内容不合格式：{error}",
            en=f"does not fit the format: {error}",
        ) from error


def _path(document: Document, message: str) -> Path:
    found = re.search(r"`\$(.*)`", message)
    steps = re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", found.group(1)) if found else []
    path: Path = tuple(int(index) if index else name for name, index in steps)
    unknown = re.search(r"unknown field `(\w+)`", message)
    return (*path, unknown.group(1)) if unknown and (*path, unknown.group(1)) in document.lines else path
