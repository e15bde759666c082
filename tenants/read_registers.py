"""Reading registers as of a day: the rows in force on it, as known now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause

from hengjian.platform.db import ReadSession, sql
from hengjian.tenants.domain.field_specs import FieldSpec, own_fields, sealed_columns
from hengjian.tenants.domain.registers import BY_KIND, REGISTERS, Register
from hengjian.tenants.domain.row_checks import OPEN_END

_BEGUN = "tenant_id = :tenant and valid_from <= :on"
_IN_FORCE = "tenant_id = :tenant and valid_from <= :on and valid_until > :on"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRecord:
    """One row in force. `values` follow the register's own fields; a sealed one gives its last four digits.

    `valid_until` is the first day on which it no longer holds, None while no end is known.
    """

    source_ref: str
    values: tuple[Any, ...]
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    batch_id: UUID
    row_index: int


async def count_registers(session: ReadSession, tenant_id: UUID, *, on: date) -> dict[str, int]:
    """Rows in force on a day, by kind; one query for all registers."""
    rows = await session.all(_count_all(), {"tenant": tenant_id, "on": on})
    return {row.kind: row.rows for row in rows}


async def read_register(
    session: ReadSession,
    kind: str,
    tenant_id: UUID,
    *,
    on: date,
    where: Mapping[str, str] | None = None,
    ended: bool = False,
    limit: int,
    offset: int = 0,
) -> tuple[tuple[RegisterRecord, ...], int]:
    """Rows of one register in force on a day, by source reference, and how many there are in all.

    `where` gives columns and their values: a role, a reference; a city takes its counties with it. `ended` adds the
    rows that were in force before that day and are no longer.

    Raises:
        KeyError: the register has no such column.
    """
    register = BY_KIND[kind]
    wanted = where or {}
    allowed = {"source_ref", *_columns(register)}
    filters = "".join(f" and {_condition(name, allowed)}" for name in wanted)
    values = {"tenant": tenant_id, "on": on, "limit": limit, "offset": offset}
    rows = await session.all(
        _page(kind, filters, ended=ended), values | {f"w_{name}": text for name, text in wanted.items()}
    )
    return tuple(_record(register, row) for row in rows), rows[0].total if rows else 0


async def rows_between(
    session: ReadSession, kind: str, tenant_id: UUID, *, since: date, until: date
) -> tuple[RegisterRecord, ...]:
    """The rows of one register in force on any day from `since` to `until`, as known now, by source reference."""
    rows = await session.all(_between(kind), {"tenant": tenant_id, "since": since, "until": until})
    return tuple(_record(BY_KIND[kind], row) for row in rows)


def shown_fields(register: Register) -> tuple[FieldSpec, ...]:
    """The fields whose values a record carries, in order."""
    return own_fields(register.row)


def _record(register: Register, row: Row[Any]) -> RegisterRecord:
    return RegisterRecord(
        source_ref=row.source_ref,
        values=tuple(getattr(row, column) for column in _columns(register)),
        valid_from=row.valid_from,
        valid_until=None if row.valid_until >= OPEN_END else row.valid_until,
        recorded_at=row.recorded_at,
        batch_id=row.batch_id,
        row_index=row.row_index,
    )


def _condition(name: str, allowed: Collection[str]) -> str:
    if name not in allowed:
        raise KeyError(name)
    return f"starts_with({name}, :w_{name})" if name == "city" else f"{name} = :w_{name}"


def _columns(register: Register) -> list[str]:
    return [sealed_columns(spec)[1] if spec.sealed else spec.name for spec in own_fields(register.row)]


@cache
def _count_all() -> TextClause:
    parts = (
        f"select '{register.kind}' as kind, count(*) as rows from {register.table} where {_IN_FORCE}"
        for register in REGISTERS
    )
    return sql(" union all ".join(parts))


@cache
def _page(kind: str, filters: str, *, ended: bool) -> TextClause:
    register = BY_KIND[kind]
    own = ", ".join(_columns(register))
    return sql(
        f"select source_ref, valid_from, valid_until, recorded_at, batch_id, row_index, {own}, "
        f"count(*) over () as total from {register.table} where {_BEGUN if ended else _IN_FORCE}{filters} "
        "order by source_ref, valid_from desc limit :limit offset :offset"
    )


@cache
def _between(kind: str) -> TextClause:
    register = BY_KIND[kind]
    own = ", ".join(_columns(register))
    return sql(
        f"select source_ref, valid_from, valid_until, recorded_at, batch_id, row_index, {own} from {register.table} "
        "where tenant_id = :tenant and valid_from <= :until and valid_until > :since order by source_ref, valid_from"
    )
