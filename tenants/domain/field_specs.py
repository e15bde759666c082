"""What is known of each field of a register row, read once from its type: used by tables, API, checks and pages."""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Literal, assert_never

import msgspec

from hengjian.tenants.domain.fields import RegisterRow

Shape = Literal["text", "texts", "date", "moment", "integer", "decimal", "boolean"]
ROW_FIELDS = ("source_ref", "valid_from", "valid_to", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field: its names, shape and bounds. Lengths are in characters; `choices` is a closed list.

    `short_zh` and `short_en` stand over a column; empty ones are the same as the full names.
    """

    name: str
    camel: str
    shape: Shape
    zh: str
    en: str
    short_zh: str = ""
    short_en: str = ""
    unit: str = ""
    optional: bool = False
    default: object = None
    sealed: bool = False
    choices: type[Enum] | None = None
    shortest: int = 0
    longest: int | None = None
    least: int | None = None
    most: int | None = None


@cache
def field_specs(row: type[RegisterRow]) -> tuple[FieldSpec, ...]:
    """Every field of a row in the order of its declaration, the four common ones first."""
    struct = msgspec.inspect.type_info(row)
    if not isinstance(struct, msgspec.inspect.StructType):
        message = f"{row!r} is not a struct"
        raise TypeError(message)
    return tuple(_spec(field) for field in struct.fields)


@cache
def own_fields(row: type[RegisterRow]) -> tuple[FieldSpec, ...]:
    """The fields that this kind adds to the common four."""
    return tuple(spec for spec in field_specs(row) if spec.name not in ROW_FIELDS)


def _spec(field: msgspec.inspect.Field) -> FieldSpec:
    inner, extra = _unwrap(field.type)
    optional = isinstance(inner, msgspec.inspect.UnionType)
    if isinstance(inner, msgspec.inspect.UnionType):
        inner, found = _unwrap(next(t for t in inner.types if not isinstance(t, msgspec.inspect.NoneType)))
        extra = {**found, **extra}
    shape, bounds = _shape(inner)
    default = field.default_factory() if callable(field.default_factory) else field.default
    return FieldSpec(
        name=field.name,
        camel=field.encode_name,
        shape=shape,
        zh=str(extra.get("zh", "")),
        en=str(extra.get("en", "")),
        short_zh=str(extra.get("short_zh", "")),
        short_en=str(extra.get("short_en", "")),
        unit=str(extra.get("unit", "")),
        sealed=bool(extra.get("sealed", False)),
        optional=optional,
        default=None if field.required else default,
        **bounds,  # type: ignore[arg-type]  # the keys are FieldSpec's own
    )


def _unwrap(kind: msgspec.inspect.Type) -> tuple[msgspec.inspect.Type, dict[str, object]]:
    extra: dict[str, object] = {}
    while isinstance(kind, msgspec.inspect.Metadata):
        extra = {**extra, **(kind.extra or {})}
        kind = kind.type
    return kind, extra


def _shape(kind: msgspec.inspect.Type) -> tuple[Shape, dict[str, object]]:  # noqa: PLR0911  # one return a shape
    match kind:
        case msgspec.inspect.StrType():
            return "text", {"shortest": kind.min_length or 0, "longest": kind.max_length}
        case msgspec.inspect.EnumType():
            return "text", {"choices": kind.cls}
        case msgspec.inspect.ListType():
            _, bounds = _shape(_unwrap(kind.item_type)[0])
            return "texts", {"most": kind.max_length, **{k: v for k, v in bounds.items() if k in _ITEM_BOUNDS}}
        case msgspec.inspect.IntType():
            return "integer", {"least": kind.ge, "most": kind.le}
        case msgspec.inspect.DateType():
            return "date", {}
        case msgspec.inspect.DateTimeType():
            return "moment", {}
        case msgspec.inspect.DecimalType():
            return "decimal", {}
        case msgspec.inspect.BoolType():
            return "boolean", {}
        case _:
            message = f"a register row cannot hold {kind!r}"
            raise TypeError(message)


_ITEM_BOUNDS = ("choices", "shortest", "longest")


def column_names(row: type[RegisterRow]) -> tuple[str, ...]:
    """Names of the stored columns of a kind's own fields: a sealed field becomes fingerprint and last four."""
    names: list[str] = []
    for spec in own_fields(row):
        names += sealed_columns(spec) if spec.sealed else [spec.name]
    return tuple(names)


def sealed_columns(spec: FieldSpec) -> list[str]:
    """The two columns that stand for a sealed field."""
    stem = spec.name.removesuffix("_number")
    return [f"{stem}_fingerprint", f"{stem}_last4"]


def array_type(shape: Shape) -> str:
    """The PostgreSQL type that carries a column of this shape into unnest (lists travel joined)."""
    match shape:
        case "text" | "texts":
            return "text"
        case "date":
            return "date"
        case "moment":
            return "timestamptz"
        case "integer":
            return "bigint"
        case "decimal":
            return "numeric"
        case "boolean":
            return "boolean"
        case _ as never:
            assert_never(never)
