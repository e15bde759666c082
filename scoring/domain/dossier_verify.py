"""Verifying a dossier: read strictly, compared byte by byte with its hashes, judged and scored again from its inputs.

Needs nothing but this package's domain, msgspec and the canonical JSON of `platform.proof`: no server, no database, no law-book on disk.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hengjian.platform.proof.records import canonical
from hengjian.scoring.domain.credit_content import model_from_content, refused
from hengjian.scoring.domain.dossier import FIRST_FORMAT, FORMAT, SECTIONS, digest
from hengjian.scoring.domain.dossier_decisions import read_lives
from hengjian.scoring.domain.dossier_inputs import read_history, read_subject
from hengjian.scoring.domain.dossier_result import (
    decided_result,
    history_with,
    judge_all,
    rules_of,
    score_of,
    write_result,
)
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_content import pack_from_content
from hengjian.scoring.errors import ScoringError

Json = Mapping[str, Any]
_UNSOUND = (ScoringError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError, IndexError)


class Outcome(StrEnum):
    """What verifying comes to."""

    VERIFIED = "verified"
    DIFFERS = "differs"
    LAYOUT = "layout"
    UNREADABLE = "unreadable"
    UNKNOWN_FORMAT = "unknown_format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome, and for a dossier that differs the first difference: where, what it says, what comes out.

    `layout` is a dossier in other bytes than its canonical ones: the place of the first, those of the file, the right
    ones. Of an unreadable file `where` is why: `empty`; `json`, cut off or damaged, and `says` how the reader put it;
    `number`, it holds the JSON number that `says` is, and a dossier holds none; `format`, JSON of another kind.
    """

    outcome: Outcome
    where: str = ""
    says: str = ""
    recomputed: str = ""
    about: Json | None = None
    result: Json | None = None


class _DifferenceError(Exception):
    def __init__(self, where: str, says: Any, recomputed: Any) -> None:
        super().__init__(where)
        self.where, self.says, self.recomputed = where, says, recomputed


class _UnreadableError(Exception):
    def __init__(self, where: str, says: str) -> None:
        super().__init__(where)
        self.where, self.says = where, says


def verify_dossier(content: bytes) -> Verification:
    """Verify a dossier; whoever changed a byte, and even its hashes, is told where it differs first."""
    try:
        document, tidy = _read(content)
    except _UnreadableError as error:
        return Verification(outcome=Outcome.UNREADABLE, where=error.where, says=error.says)
    if (known := document["format"]) not in {FORMAT, FIRST_FORMAT}:
        return Verification(
            outcome=Outcome.UNKNOWN_FORMAT, where="format", says=str(known)[:80], recomputed=f"{FIRST_FORMAT}, {FORMAT}"
        )
    if content != tidy:
        return _other_bytes(content, tidy)
    try:
        _compare_hashes(document)
        _compare_law(document["law"])
        _first_difference("result", document["result"], _recompute(document))
    except _DifferenceError as found:
        return Verification(
            outcome=Outcome.DIFFERS,
            where=found.where,
            says=_short(found.says),
            recomputed=_short(found.recomputed),
        )
    except _UNSOUND as error:
        return Verification(
            outcome=Outcome.DIFFERS, where="inputs", recomputed=f"{type(error).__name__}: {error}"[:200]
        )
    return Verification(outcome=Outcome.VERIFIED, about=document["about"], result=document["result"])


def replay_dossier(content: bytes, book: LawBook) -> Verification:
    """Judge a dossier's own facts again by another law-book: its days lie in the past, so nothing may differ.

    One that does not verify by itself is told as `verify_dossier` tells it.
    """
    verified = verify_dossier(content)
    if verified.outcome is not Outcome.VERIFIED:
        return verified
    document = json.loads(content, parse_int=refused, parse_float=refused, parse_constant=refused)
    try:
        _first_difference("result", document["result"], _recompute(document, book))
    except _DifferenceError as found:
        return Verification(
            outcome=Outcome.DIFFERS, where=found.where, says=_short(found.says), recomputed=_short(found.recomputed)
        )
    return verified


def _read(content: bytes) -> tuple[Json, bytes]:
    """What the file holds, and its canonical bytes."""
    if not content.strip():
        raise _UnreadableError("empty", "")
    try:
        document = json.loads(content, parse_int=refused, parse_float=refused, parse_constant=refused)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _UnreadableError("json", str(error)[:200]) from error
    except ValueError as error:
        raise _UnreadableError("number", str(error)) from error
    if not isinstance(document, dict) or "format" not in document:
        raise _UnreadableError("format", "")
    try:
        return document, canonical(document)
    except _UNSOUND as error:
        raise _UnreadableError("json", str(error)[:200]) from error


def _other_bytes(content: bytes, tidy: bytes) -> Verification:
    place = next((i for i, pair in enumerate(zip(content, tidy, strict=False)) if pair[0] != pair[1]), -1)
    place = min(len(content), len(tidy)) if place < 0 else place
    return Verification(
        outcome=Outcome.LAYOUT,
        where=f"byte {place}",
        says=_short(content[place : place + 40]),
        recomputed=_short(tidy[place : place + 40]),
    )


def _compare_hashes(document: Json) -> None:
    _same_names("", document, ("format", *SECTIONS, "hashes", "hash"))
    _same_names("hashes", document["hashes"], SECTIONS)
    for name in SECTIONS:
        computed = digest(document[name])
        if document["hashes"].get(name) != computed:
            raise _DifferenceError(f"hashes.{name}", document["hashes"].get(name), computed)
    whole = digest({name: value for name, value in document.items() if name != "hash"})
    if document.get("hash") != whole:
        raise _DifferenceError("hash", document.get("hash"), whole)


def _same_names(where: str, found: Json, wanted: tuple[str, ...]) -> None:
    if set(found) != set(wanted):
        raise _DifferenceError(where or "sections", sorted(found), sorted(wanted))


def _compare_law(law: Json) -> None:
    for place, pack in enumerate(law["packs"]):
        version = pack_from_content(pack["content"], pack["types"]).version
        if version != pack["version"]:
            raise _DifferenceError(f"law.packs[{place}].version", pack["version"], version)
    if law["credit_model"] is not None:
        version = model_from_content(law["credit_model"]["content"]).version
        if version != law["credit_model"]["version"]:
            raise _DifferenceError("law.credit_model.version", law["credit_model"]["version"], version)


def _recompute(document: Json, book: LawBook | None = None) -> Json:
    """The result by the law-book inside the dossier, or by another one's packs of the same names."""
    law, about, inputs = document["law"], document["about"], document["inputs"]
    if book is None:
        packs = tuple(pack_from_content(pack["content"], pack["types"]) for pack in law["packs"])
    else:
        packs = tuple(pack for pack in book.packs if pack.id in {one["id"] for one in law["packs"]})
    book = LawBook(packs)
    shape = law["credit_model"]
    model = None if shape is None else model_from_content(shape["content"])
    as_of = date.fromisoformat(about["as_of"])
    subjects = [read_subject(item) for item in inputs["subjects"]]
    found = judge_all(subjects, rules_of(book, about["region"], about["rule"]))
    history = read_history(inputs["history"])
    if document["format"] == FIRST_FORMAT:
        return write_result(found, score_of(history_with(history, found, as_of), model, as_of), model)
    return decided_result(found, history, model, as_of, read_lives(inputs["decisions"]))


def _first_difference(where: str, says: Any, recomputed: Any) -> None:
    if isinstance(says, dict) and isinstance(recomputed, dict):
        for name in sorted(says.keys() | recomputed.keys()):
            _first_difference(f"{where}.{name}", says.get(name), recomputed.get(name))
    elif isinstance(says, list) and isinstance(recomputed, list) and len(says) == len(recomputed):
        for place, (one, other) in enumerate(zip(says, recomputed, strict=True)):
            _first_difference(f"{where}[{place}]", one, other)
    elif says != recomputed or type(says) is not type(recomputed):
        raise _DifferenceError(where, says, recomputed)


def _short(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= 200 else told[:199] + "…"
