"""Write accepted rows: the assertion for ever, and what is known now, in one statement."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from hengjian.platform.db import Session
from hengjian.tenants.domain.field_specs import array_type, column_names, own_fields
from hengjian.tenants.domain.fields import RegisterRow
from hengjian.tenants.domain.registers import BY_KIND, Register
from hengjian.tenants.domain.row_checks import end_of, start_of

_COMMON = ("row_index", "source_ref", "valid_from", "valid_until", "withdrawn")
_COMMON_TYPES = ("integer", "text", "date", "date", "boolean")
# Texts of a column travel as one text, each closed by a mark, as the driver takes far longer over a list of them; those
# inside one value are parted by another. No text of a row holds such a character: the checks refuse it.
_END, _ABSENT, _SEPARATOR = "\x1e", "\x1d", "\x1f"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Keeps an identity number as a fingerprint that only this deployment can compute, and its last four."""

    key: bytes

    def fingerprint(self, text: str) -> bytes:
        """HMAC-SHA-256 of the tidied text: equal for equal numbers, of no use without the key."""
        return hmac.digest(self.key, text.encode(), "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsToWrite:
    """Rows of one accepted batch with their places in it."""

    tenant_id: UUID
    region: str
    batch_id: UUID
    recorded_at: datetime
    indexes: Sequence[int]
    rows: Sequence[RegisterRow]


async def write_rows(session: Session, register: Register, accepted: RowsToWrite, *, sealer: Sealer) -> None:
    """Append the assertions and bring the register of what is known now up to date.

    A row governs its reference from `valid_from` on: what was known of later days is dropped, what was known before
    ends there. A withdrawn row leaves nothing from that day on.
    """
    rows = accepted.rows
    await session.fetch_raw(
        _write_statement(register),
        accepted.tenant_id,
        accepted.region,
        accepted.batch_id,
        accepted.recorded_at,
        list(accepted.indexes),
        _joined([row.source_ref for row in rows]),
        [_known_start(register, row) for row in rows],
        [end_of(register, row) for row in rows],
        [row.withdrawn for row in rows],
        *_own_columns(register, rows, sealer),
    )


async def unknown_references(
    session: Session, register: Register, rows: Sequence[RegisterRow], tenant_id: UUID
) -> dict[str, frozenset[str]]:
    """For each reference field of a kind, the references that the register doesn't know yet."""
    unknown: dict[str, frozenset[str]] = {}
    for field, kind in register.refs:
        wanted = list({ref for row in rows if (ref := getattr(row, field)) is not None})
        if wanted:
            found = await session.fetch_raw(_missing_statement(kind), tenant_id, wanted)
            unknown[field] = frozenset(record["ref"] for record in found)
    return unknown


async def recorded_content(
    session: Session, register: Register, rows: Sequence[RegisterRow], tenant_id: UUID
) -> dict[str, dict[str, object]]:
    """Of the rows whose references are recorded already, what is recorded: each own field by its name.

    For registers of events only, which hold one row a reference and nothing sealed.
    """
    found = await session.fetch_raw(_content_statement(register), tenant_id, [row.source_ref for row in rows])
    names = column_names(register.row)
    return {record["source_ref"]: {name: record[name] for name in names} for record in found}


def _known_start(register: Register, row: RegisterRow) -> date:
    start = start_of(register, row)
    if start is None:
        message = "a row without a start was accepted"
        raise ValueError(message)
    return start


def _own_columns(register: Register, rows: Sequence[RegisterRow], sealer: Sealer) -> list[list[Any] | str]:
    columns: list[list[Any] | str] = []
    for spec in own_fields(register.row):
        values = [getattr(row, spec.name) for row in rows]
        if spec.sealed:
            columns.append([None if value is None else sealer.fingerprint(value) for value in values])
            columns.append(_joined([None if value is None else value[-4:] for value in values]))
        elif spec.shape == "texts":
            columns.append(_joined([None if value is None else _SEPARATOR.join(value) for value in values]))
        elif spec.shape == "text":
            columns.append(_joined(values))
        else:
            columns.append(values)
    return columns


def _joined(texts: Sequence[str | None]) -> str:
    return _END.join([_ABSENT if text is None else text for text in texts]) + _END


def _array(number: int, kind: str) -> str:
    """A parameter as the array of one column; joined texts have one empty place more than rows."""
    if kind == "text":
        return f"string_to_array(${number}::text, chr({ord(_END)}), chr({ord(_ABSENT)}))"
    return f"${number}::{kind}[]"


def _own_types(register: Register) -> list[str]:
    types: list[str] = []
    for spec in own_fields(register.row):
        types += ["bytea", "text"] if spec.sealed else [array_type(spec.shape)]
    return types


@cache
def _write_statement(register: Register) -> str:
    """One statement: $1 tenant, $2 region, $3 batch, $4 recorded at, then an array a column.

    What is known of each reference is looked up one by one (`offset 0` keeps it so) and met again by its place: a
    join over the register would read all rows of the organization at every push. Nobody else moves these rows
    meanwhile, as pushes of one kind follow each other; so what a row replaces is dropped first (that is what counting
    it waits for), and a plain insert does.
    """
    table, names = register.table, column_names(register.row)
    lists = {spec.name for spec in own_fields(register.row) if spec.shape == "texts"}
    types = [*_COMMON_TYPES, *_own_types(register)]
    arrays = ", ".join(_array(number, kind) for number, kind in enumerate(types, start=5))
    own = ", ".join(names)
    parted = f"chr({ord(_SEPARATOR)})"
    values = ", ".join(f"string_to_array(i.{name}, {parted})" if name in lists else f"i.{name}" for name in names)
    return f"""
with incoming as (
    select * from unnest({arrays}) as i({", ".join(_COMMON)}, {own})
    where i.row_index is not null
), asserted as (
    insert into {table}_assertion (tenant_id, region, batch_id, recorded_at, {", ".join(_COMMON)}, {own})
    select $1, $2, $3, $4, i.row_index, i.source_ref, i.valid_from, i.valid_until, i.withdrawn, {values}
    from incoming i
), known as materialized (
    select k.place, k.valid_from, k.valid_until, i.valid_from as starts
    from incoming i cross join lateral (
        select t.ctid as place, t.valid_from, t.valid_until from {table} t
        where t.tenant_id = $1 and t.source_ref = i.source_ref
          and (t.valid_from >= i.valid_from or t.valid_until > i.valid_from) offset 0
    ) k
), dropped as (
    delete from {table} t
    where t.tenant_id = $1 and t.ctid = any (array(
        select k.place from known k
        where k.valid_from >= k.starts)) returning 1
), shortened as (
    update {table} t set valid_until = k.starts from known k
    where t.tenant_id = $1 and t.ctid = k.place and k.valid_from < k.starts and k.valid_until > k.starts
      and t.ctid = any (array(select k.place from known k where k.valid_from < k.starts and k.valid_until > k.starts))
)
insert into {table} as t (tenant_id, region, source_ref, valid_from, valid_until, batch_id, row_index,
                          recorded_at, {own})
select $1, $2, i.source_ref, i.valid_from, i.valid_until, $3, i.row_index, $4, {values}
from incoming i where not i.withdrawn and (select count(*) from dropped) >= 0"""


@cache
def _missing_statement(kind: str) -> str:
    table = BY_KIND[kind].table
    return (
        "select wanted.ref from unnest($2::text[]) as wanted(ref) where not exists "
        f"(select from {table} t where t.tenant_id = $1 and t.source_ref = wanted.ref)"
    )


@cache
def _content_statement(register: Register) -> str:
    own = ", ".join(column_names(register.row))
    return f"select source_ref, {own} from {register.table} where tenant_id = $1 and source_ref = any($2::text[])"
