"""Asking the same of many organizations at once: each is gathered as ever, and equal questions travel as one.

Whoever gathers one organization's facts waits at each question; when all of a slice wait, every statement goes to the
database once, with the organizations as rows.
"""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Executable, Row

from hengjian.platform.db import ReadSession
from hengjian.platform.db.database import Parameters

Answer = TypeVar("Answer")
_CASTS = {date: "date", int: "integer", list: "date[]"}


class Asker(ReadSession):
    """Takes the questions of many.

    Of a statement `instead` tells what is asked for it, nothing for one that nobody needs here; `columns` what is read
    of its answer.
    """

    def __init__(
        self, session: ReadSession, *, instead: Mapping[str, str], columns: Mapping[str, Sequence[str]]
    ) -> None:
        self.caller = session.caller
        self._session = session
        self._instead = instead
        self._columns = columns
        self._waiting: dict[str, list[_Question]] = defaultdict(list)
        self._turn = asyncio.Lock()

    async def fetch_raw(self, sql: str, *values: object) -> list[Any]:
        """Wait for the answer to one organization's question."""
        if self._instead.get(sql) == "":
            return []
        question = _Question(values)
        self._waiting[sql].append(question)
        return await question.answer

    async def all(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        """A question that is not asked together: each organization's own, one after the other."""
        async with self._turn:
            return await self._session.all(statement, parameters)

    async def gather(self, asking: Sequence[Coroutine[Any, Any, Answer]]) -> list[Answer]:
        """The answers of all who ask."""
        tasks = [asyncio.ensure_future(one) for one in asking]
        try:
            while not all(task.done() for task in tasks):
                await asyncio.sleep(0)  # everybody goes on up to the next question
                waiting, self._waiting = self._waiting, defaultdict(list)
                for statement, questions in waiting.items():
                    await self._ask(statement, questions)
            return [task.result() for task in tasks]
        finally:
            for task in tasks:
                task.cancel()

    async def _ask(self, statement: str, questions: Sequence["_Question"]) -> None:
        columns = self._columns.get(statement)
        kinds = tuple(_CASTS[type(value)] for value in questions[0].values[1:])
        ids = [question.values[0] for question in questions]
        rest = [
            [_written(value) for value in column] for column in zip(*(q.values[1:] for q in questions), strict=True)
        ]
        asked = for_many(self._instead.get(statement, statement), kinds, columns)
        async with self._turn:
            rows = await self._session.fetch_raw(asked, ids, *rest)
        found: list[list[Any]] = [[] for _ in questions]
        for row in rows:
            found[row["asked_no"] - 1].append(_Partial(row) if columns else row)
        for question, answer in zip(questions, found, strict=True):
            question.answer.set_result(answer)


def for_many(statement: str, kinds: Sequence[str], columns: Sequence[str] | None) -> str:
    """A statement about the organization $1 as one about each of the organizations in the array $1.

    Further parameters become arrays too, one item an organization. Columns that nobody reads are not computed.
    """
    names = ["id", *(f"v{place}" for place in range(2, len(kinds) + 2))]
    arrays = ", ".join(["$1::uuid[]", *(f"${place}::text[]" for place in range(2, len(kinds) + 2))])
    each = statement
    for place, kind in reversed(list(enumerate(kinds, start=2))):
        each = each.replace(f"${place}", f"asked.v{place}::{kind}")
    each = each.replace("$1", "asked.id")
    read = ", ".join(f"found.{name}" for name in columns) if columns else "found.*"
    return (
        f"select asked.no as asked_no, {read} from unnest({arrays}) with ordinality as asked({', '.join(names)}, no), "
        f"lateral ({each}) found"
    )


@dataclass(slots=True)
class _Question:
    values: tuple[Any, ...]
    answer: "asyncio.Future[list[Any]]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class _Partial(dict[str, Any]):
    """A row of which only some columns were read; the others are unknown."""

    def __missing__(self, _name: str) -> None:
        return None


def _written(value: object) -> str:
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)
