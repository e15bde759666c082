"""Strict scalars: what they refuse would otherwise be guessed at, and a law-book does not guess."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from graphql.utilities import value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from graphql import GraphQLError, ValueNode

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)


def parse_date(value: object) -> date:
    """`YYYY-MM-DD` and nothing else."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise GraphQLError(f"Date takes YYYY-MM-DD, e.g. 2026-11-20; got {_short(value)}")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"there is no such day: {value}") from error


def parse_date_time(value: object) -> datetime:
    """RFC 3339 with an offset, at most microseconds."""
    if not isinstance(value, str) or not _DATE_TIME.fullmatch(value):
        raise GraphQLError(
            f"DateTime takes RFC 3339 with an offset, e.g. 2026-11-20T09:30:00+08:00; got {_short(value)}"
        )
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError(f"there is no such time: {value}") from error


def parse_decimal(value: object) -> Decimal:
    """A decimal written as text, at most 18 digits before and 9 after the point; trailing zeros are kept."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise GraphQLError(f'Decimal takes text such as "49.99" (quoted, no exponent); got {_short(value)}')
    return Decimal(value)


def _short(value: object) -> str:
    return repr(value)[:60]


def _literal(parse: Any) -> Any:
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        return parse(value_from_ast_untyped(node, variables))

    return parse_literal


DATE = strawberry.scalar(
    name="Date",
    description="A day, YYYY-MM-DD, in the legal time of China (Asia/Shanghai).",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    serialize=date.isoformat,
    parse_value=parse_date,
    parse_literal=_literal(parse_date),
)
DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="A moment, RFC 3339 with an offset, at most microseconds.",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    serialize=datetime.isoformat,
    parse_value=parse_date_time,
    parse_literal=_literal(parse_date_time),
)
DECIMAL = strawberry.scalar(
    name="Decimal",
    description='An exact decimal as text, e.g. "49.99".',
    serialize=str,
    parse_value=parse_decimal,
    parse_literal=_literal(parse_decimal),
)

SCALARS: dict[object, ScalarDefinition] = {date: DATE, datetime: DATE_TIME, Decimal: DECIMAL}
