"""Every error that may reach a caller: a stable code, a status, words in both languages; told alike everywhere."""

import importlib
import inspect
import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from string import Formatter
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from graphql import GraphQLError
from hengjian.graphql.errors import describe
from hengjian.ingestion.recordings.domain.refusal_texts import REFUSAL_TEXTS
from hengjian.ingestion.recordings.domain.upload_texts import UPLOAD_TEXTS
from hengjian.ingestion.recordings.errors import ReviewRefusedError
from hengjian.platform.db import DatabaseBusyError, told_of
from hengjian.platform.errors import ToldError
from hengjian.tenants.errors import OrganizationUnfitError, PasswordUnfitError
from tests.support.tree import ROOT, python_files

CONTEXTS = ("platform", "tenants", "ingestion", "scoring", "filing")
# Exceptions that stay inside: who catches them, always.
INSIDE = {
    "AbsentInputError": "an input that is not known; the evaluation of a rule gives no data",
    "ChartSpecError": "a chart of ours that cannot be drawn; the page shows its table",
    "SignerAwayError": "the signer does not answer; leaves wait",
    "StampError": "a time stamp that does not hold; verifier and check say so",
    "TooMuchUnnamedError": "the sweep of a store stops; the job fails and its error is in the log",
    "UnsatisfiableRangeError": "a range of octets that is not there; answered with 416",
    "VerificationError": "carries a verdict of the offline verifier, which imports nothing of ours",
}
VALUES: Mapping[Any, Any] = {
    str: "文字 text",
    int: 1,
    float: 1.0,
    date: date(2026, 11, 20),
    timedelta: timedelta(seconds=30),
    UUID: UUID(int=1),
    int | None: 1,
    date | None: None,
    list[str]: ["a"],
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def exceptions() -> list[type[Exception]]:
    """Every public exception class that the contexts declare."""
    found: dict[str, type[Exception]] = {}
    for path in python_files(*CONTEXTS):
        if not re.search(r"^class \w+Error\(", path.read_text("utf-8"), re.MULTILINE):
            continue
        module = importlib.import_module(".".join(("hengjian", *path.relative_to(ROOT).with_suffix("").parts)))
        declared = inspect.getmembers(module, inspect.isclass)
        ours = {name: kind for name, kind in declared if kind.__module__ == module.__name__ and name[0] != "_"}
        found |= {name: kind for name, kind in ours.items() if issubclass(kind, Exception)}
    return [found[name] for name in sorted(found)]


ALL = exceptions()
TOLD: list[type[ToldError]] = [kind for kind in ALL if issubclass(kind, ToldError) and kind is not ToldError]


def choices(kind: type[ToldError]) -> dict[str, list[Any]]:
    """Arguments that are one of a list: reasons, codes, faults."""
    texts: dict[str, Any] = {
        "UploadRefusedError": UPLOAD_TEXTS,
        "RecordingRefusedError": REFUSAL_TEXTS,
        "ReviewRefusedError": ReviewRefusedError._TEXTS,
    }
    if kind.__name__ in texts:
        return {"code": list(texts[kind.__name__])}
    if kind is PasswordUnfitError:
        return {"fault": list(PasswordUnfitError._WORDS)}
    return {"field": list(OrganizationUnfitError._WORDS)} if kind is OrganizationUnfitError else {}


def made(kind: type[ToldError]) -> Iterator[ToldError]:
    """The error in every way in which it can be made."""
    if kind.__init__ in (Exception.__init__, ToldError.__init__):
        yield kind()
        return
    hints, given = get_type_hints(kind.__init__), dict[str, list[Any]]()
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        wanted = hints.get(name)
        if name == "self":
            continue
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            given |= {field: ["1"] for field in fields_of(kind)}
        elif name in choices(kind):
            given[name] = choices(kind)[name]
        elif isinstance(wanted, type) and issubclass(wanted, Enum):
            given[name] = list(wanted)
        elif name in {"zh", "en"}:
            given[name] = ["文字" if name == "zh" else "text"]
        elif parameter.default is inspect.Parameter.empty:
            given[name] = [VALUES.get(wanted, ["a"])]
    for values in itertools.product(*given.values()):
        yield kind(**dict(zip(given, values, strict=True)))


def fields_of(kind: type[ToldError]) -> set[str]:
    """What the texts of an error leave to be filled in."""
    texts = [words for code in choices(kind)["code"] for words in _words(kind, code)]
    return {field for text in texts for _, field, _, _ in Formatter().parse(text) if field}


def _words(kind: type[ToldError], code: str) -> tuple[str, str]:
    if kind.__name__ == "UploadRefusedError":
        return UPLOAD_TEXTS[code].zh, UPLOAD_TEXTS[code].en
    return REFUSAL_TEXTS.get(code, ("", ""))


def named(kind: type[Exception]) -> str:
    return kind.__name__


def test_no_exception_is_forgotten() -> None:
    """Each is told to whoever asked, or is known to stay inside, with the reason."""
    assert len(TOLD) > 50
    assert {kind.__name__ for kind in ALL if not issubclass(kind, ToldError)} == set(INSIDE)


@pytest.mark.parametrize("kind", TOLD, ids=named)
def test_each_error_is_told_in_both_languages_with_code_and_status(kind: type[ToldError]) -> None:
    """However it is made; and GraphQL answers with its code, never with INTERNAL."""
    errors = list(made(kind))
    assert errors
    for error in errors:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", error.code)
        assert 400 <= error.status <= 503
        assert CHINESE.search(error.zh), error.code
        assert re.search("[a-z]{3}", error.en), error.code
        assert not error.retryable or error.status in {404, 429, 500, 503}, error.code
        said = describe(GraphQLError("x", original_error=error), "request-1")
        extensions: Any = said["extensions"]
        assert (extensions["code"], extensions["messageZh"]) == (error.code, error.zh)
        assert extensions["retryable"] is error.retryable


@pytest.mark.parametrize(
    ("state", "busy"),
    [
        *((state, True) for state in ("53100", "53300", "57P03", "57014", "40001", "55P03", "08006", "58030")),
        *((state, False) for state in ("23505", "42501", "22021")),
    ],
)
def test_a_database_that_is_full_away_or_overloaded_is_told_as_busy(state: str, busy: bool) -> None:
    """Nothing was kept, the same may be sent again; a fault of ours is not excused with it."""

    class DriverError(Exception):
        sqlstate = state

    found = told_of(DBAPIError(None, None, DriverError()))
    assert isinstance(found, DatabaseBusyError) is busy
    assert told_of(ConnectionRefusedError()) is not None
    assert told_of(ZeroDivisionError()) is None
