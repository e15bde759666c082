"""Registers as of a day: one field a kind, with the row's own declaration as its type."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from types import GenericAlias
from typing import Any

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_offset, encode_cursor
from hengjian.graphql.push_inputs import kind_of, push_name, type_name
from hengjian.platform.calendar import legal_day
from hengjian.tenants.api import (
    REGISTERS,
    FieldSpec,
    Register,
    RegisterRecord,
    read_register,
    shown_fields,
    visible_organization,
)

_COMMON: dict[str, tuple[Any, str]] = {
    "source_ref": (str, "来源编号 the sender's own reference"),
    "valid_from": (date, "生效日期 first day on which the row is true"),
    "valid_until": (date | None, "first day on which it no longer is; null while it is open"),
    "recorded_at": (datetime, "登记时间 when it was received"),
    "receipt": (strawberry.ID, "the receipt of its batch"),
    "row_index": (int, "its place in that batch, from 0"),
}


def register_fields() -> dict[str, Any]:
    """By kind, the field that lists a register."""
    return {register.kind: _field(register) for register in REGISTERS if register.kind != "organizations"}


def _field(register: Register) -> Any:
    page = _page_type(register)

    async def resolve(
        info: Info, first: First, after: After = None, as_of: date | None = None, credit_code: str | None = None
    ) -> Any:
        check_first(first)
        caller = caller_with(info, "read")
        today = legal_day(datetime.now(UTC))
        filters = [register.kind, as_of, credit_code]
        offset = decode_offset(after, filters)
        tenant_id = caller.tenant_id
        if credit_code is not None:
            async with info.context.database.read(caller) as session:
                entry = await visible_organization(session, credit_code, on=today)
            tenant_id = entry.id if entry else None
        if tenant_id is None:
            return page(nodes=[], total_count=0, page_info=PageInfo(has_next_page=False, end_cursor=None))
        focus = tenant_id if caller.kind == "bureau" and credit_code is not None else None
        async with info.context.database.read(caller, focus=focus) as session:
            found, total = await read_register(
                session, register.kind, tenant_id, on=as_of or today, limit=first, offset=offset
            )
        end = offset + len(found)
        cursor = encode_cursor([str(end)], filters) if found else None
        build = _builder(register)
        return page(
            nodes=[build(record) for record in found],
            total_count=total,
            page_info=PageInfo(has_next_page=end < total, end_cursor=cursor),
        )

    resolve.__name__ = register.table
    resolve.__annotations__["return"] = page
    description = f"{register.zh} {register.en}, as of a day (by default today), by source reference."
    return strawberry.field(resolver=resolve, name=register.kind, description=description)


@cache
def _node_type(register: Register) -> Any:
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__annotations__": annotations}
    for name, (kind, told) in _COMMON.items():
        annotations[name], namespace[name] = kind, strawberry.field(description=told)
    for spec in shown_fields(register):
        kind = kind_of(spec)
        name = output_name(spec)
        annotations[name] = kind | None if spec.optional else kind
        namespace[name] = strawberry.field(description=f"{spec.zh} {spec.en}")
    name = f"{type_name(register)}Row"
    return strawberry.type(type(name, (), namespace), name=name, description=register.row.__doc__)


@cache
def _page_type(register: Register) -> Any:
    name = f"{push_name(register)}Page"
    annotations = {
        "nodes": GenericAlias(list, (_node_type(register),)),
        "total_count": int,
        "page_info": PageInfo,
    }
    return strawberry.type(
        type(name, (), {"__annotations__": annotations}), name=name, description=f"One page of {register.en}."
    )


def output_name(spec: FieldSpec) -> str:
    """The name of a field on the way out: a sealed one shows its last four."""
    return f"{spec.name.removesuffix('_number')}_last4" if spec.sealed else spec.name


@cache
def _builder(register: Register) -> Callable[[RegisterRecord], Any]:
    node, specs = _node_type(register), shown_fields(register)

    def build(record: RegisterRecord) -> Any:
        own = {output_name(spec): _out(spec, value) for spec, value in zip(specs, record.values, strict=True)}
        return node(
            source_ref=record.source_ref,
            valid_from=record.valid_from,
            valid_until=record.valid_until,
            recorded_at=record.recorded_at,
            receipt=strawberry.ID(str(record.batch_id)),
            row_index=record.row_index,
            **own,
        )

    return build


def _out(spec: FieldSpec, value: Any) -> Any:
    if spec.choices is None or value is None:
        return value
    return [spec.choices(item) for item in value] if spec.shape == "texts" else spec.choices(value)
