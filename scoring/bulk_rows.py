"""Many rows of a table in one statement: they travel as one JSON text, PostgreSQL gives each column its type."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Table

from hengjian.platform.db import Session

Rows = Sequence[Mapping[str, Any]]
_encode = msgspec.json.Encoder().encode


async def insert_rows(session: Session, table: Table, rows: Rows, *, on_conflict: str = "") -> None:
    """Insert rows that all have the same columns; `on_conflict` is the clause for those whose key is there."""
    if rows:
        await session.fetch_raw(_insert(table, tuple(rows[0]), on_conflict), _encode(rows).decode())


async def upsert_rows(session: Session, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns; a row whose key is there takes their values."""
    if rows:
        key = [column.name for column in table.primary_key.columns]
        changed = ", ".join(f"{name} = excluded.{name}" for name in rows[0] if name not in key)
        await insert_rows(session, table, rows, on_conflict=f"on conflict ({', '.join(key)}) do update set {changed}")


async def update_rows(session: Session, table: Table, rows: Rows) -> None:
    """Give the rows with these keys the other columns' values; all have the same columns."""
    if rows:
        await session.fetch_raw(_update(table, tuple(rows[0])), _encode(rows).decode())


async def delete_rows(session: Session, table: Table, keys: Rows) -> None:
    """Remove the rows with these keys."""
    if keys:
        await session.fetch_raw(_delete(table, tuple(keys[0])), _encode(keys).decode())


def _sent(table: Table, columns: tuple[str, ...]) -> str:
    return f"select {', '.join(columns)} from json_populate_recordset(null::{table.name}, $1::text::json)"


@cache
def _insert(table: Table, columns: tuple[str, ...], on_conflict: str) -> str:
    return f"insert into {table.name} ({', '.join(columns)}) {_sent(table, columns)} {on_conflict}"


@cache
def _update(table: Table, columns: tuple[str, ...]) -> str:
    key = [column.name for column in table.primary_key.columns]
    changed = ", ".join(f"{name} = sent.{name}" for name in columns if name not in key)
    return f"update {table.name} kept set {changed} from ({_sent(table, columns)}) sent where {_same(key)}"


@cache
def _delete(table: Table, key: tuple[str, ...]) -> str:
    return f"delete from {table.name} kept using ({_sent(table, key)}) sent where {_same(key)}"


def _same(key: Sequence[str]) -> str:
    return " and ".join(f"kept.{name} = sent.{name}" for name in key)
