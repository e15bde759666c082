"""Input types of the pushes, made from the rows' own declarations, so that each field is described once."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import GenericAlias
from typing import Any
from uuid import UUID

import strawberry

from hengjian.ingestion.api import BatchMode, Push, ReportMode
from hengjian.tenants.api import FieldSpec, Register, RegisterRow, field_specs

_PLAIN: dict[str, Any] = {
    "text": str,
    "texts": list[str],
    "date": date,
    "moment": datetime,
    "integer": int,
    "decimal": Decimal,
    "boolean": bool,
}


def type_name(register: Register) -> str:
    """The row's type in the API: `Person` for people."""
    return register.row.__name__.removesuffix("Row")


def push_name(register: Register) -> str:
    """The kind as part of a name: `People`, `SpareItems`."""
    return register.kind[0].upper() + register.kind[1:]


@cache
def row_input(register: Register) -> Any:
    """`PersonInput` and its like."""
    return _input_type(f"{type_name(register)}Input", register.row.__doc__ or "", field_specs(register.row))


@cache
def push_input(register: Register) -> Any:
    """`PushPeopleInput` and its like: the batch around the rows."""
    row = row_input(register)
    name = f"Push{push_name(register)}Input"
    namespace: dict[str, Any] = {
        "__annotations__": {
            "idempotency_key": str,
            "stream": str,
            "sequence": int | None,
            "mode": BatchMode,
            "dry_run": bool,
            "report": ReportMode,
            "corrects": UUID | None,
            "rows": GenericAlias(list, (row,)),
        },
        "idempotency_key": strawberry.field(description="1 to 255 characters, new for each batch; a UUID is best."),
        "stream": strawberry.field(default="default", description="Name of the stream that `sequence` counts."),
        "sequence": strawberry.field(default=None, description="Counts the pushes of a stream from 1."),
        "mode": strawberry.field(default=BatchMode.ROW_BY_ROW),
        "dry_run": strawberry.field(default=False, description="Check and answer, keep nothing."),
        "report": strawberry.field(default=ReportMode.PROBLEMS),
        "corrects": strawberry.field(default=None, description="The receipt whose refused rows these correct."),
        "rows": strawberry.field(description="1 to 5,000 rows."),
    }
    return strawberry.input(type(name, (), namespace), name=name, description=f"{register.zh} / {register.en}")


def to_push(register: Register, given: Any) -> Push[Any]:
    """The batch as the contexts take it; bounds are not checked yet."""
    specs = field_specs(register.row)
    return Push(
        idempotency_key=given.idempotency_key,
        stream=given.stream,
        sequence=given.sequence,
        mode=given.mode,
        dry_run=given.dry_run,
        report=given.report,
        corrects=given.corrects,
        rows=[_to_row(register.row, specs, row) for row in given.rows],
    )


def _to_row(row: type[RegisterRow], specs: tuple[FieldSpec, ...], given: Any) -> RegisterRow:
    values = {spec.name: value for spec in specs if (value := getattr(given, spec.name)) is not strawberry.UNSET}
    return row(**values)


def _input_type(name: str, description: str, specs: tuple[FieldSpec, ...]) -> Any:
    annotations: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__annotations__": annotations}
    for spec in specs:
        kind = kind_of(spec)
        told = " ".join(part for part in (spec.zh, spec.en, f"({spec.unit})" if spec.unit else "") if part)
        annotations[spec.name] = kind | None if spec.optional else kind
        if spec.optional:
            namespace[spec.name] = strawberry.field(default=strawberry.UNSET, description=told)
        elif isinstance(spec.default, list):
            namespace[spec.name] = strawberry.field(default_factory=list, description=told)
        elif spec.default is not None:
            namespace[spec.name] = strawberry.field(default=spec.default, description=told)
        else:
            namespace[spec.name] = strawberry.field(description=told)
    return strawberry.input(type(name, (), namespace), name=name, description=description)


def kind_of(spec: FieldSpec) -> Any:
    """The type of a field in the API."""
    if spec.choices is None:
        return _PLAIN[spec.shape]
    enum = choices_enum(spec.choices)
    return GenericAlias(list, (enum,)) if spec.shape == "texts" else enum


@cache
def choices_enum(choices: type[Enum]) -> type[Enum]:
    """A closed list as an enumeration of the schema, the same one wherever it is used."""
    return strawberry.enum(choices, description=choices.__doc__)
