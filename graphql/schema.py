"""The published schema, and its fast twin for pushes whose rows are decoded already.

The twin differs in one thing: the type of each push's argument is a scalar that takes a decoded batch as it is. A
document is always parsed and validated against the published schema, so both answer the same.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, NewType

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from graphql import GraphQLSchema
from hengjian.graphql.credit_fields import credit_fields
from hengjian.graphql.finding_fields import finding_fields
from hengjian.graphql.label_fields import label_fields
from hengjian.graphql.push_fields import push_fields, typed_inputs
from hengjian.graphql.push_inputs import push_name
from hengjian.graphql.query import Query
from hengjian.graphql.recording_fields import recording_fields
from hengjian.graphql.repair_fields import repair_fields
from hengjian.graphql.scalars import SCALARS
from hengjian.ingestion.api import Push
from hengjian.tenants.api import REGISTERS, Register, field_specs


@dataclass(frozen=True, slots=True)
class Schemas:
    """Both schemas, and by mutation name the type of its batch; kinds with decimals or moments have none."""

    published: GraphQLSchema
    twin: GraphQLSchema
    sdl: str
    batches: dict[str, Any]


@cache
def schemas() -> Schemas:
    """Built once a process."""
    published = _build(typed_inputs(), {})
    scalars: dict[object, Any] = {}
    inputs: dict[str, Any] = {}
    for register in REGISTERS:
        name = f"Push{push_name(register)}Input"
        decoded: Any = NewType(name, object)  # type: ignore[misc]  # the name is made from the register's
        scalars[decoded] = strawberry.scalar(name=name, parse_value=_as_it_is, serialize=_as_it_is)
        inputs[register.kind] = decoded
    twin = _build(inputs, scalars)
    batches = {f"push{push_name(register)}": _batch(register) for register in REGISTERS if _exact(register)}
    return Schemas(_core(published), _core(twin), published.as_str() + "\n", batches)


def _build(inputs: dict[str, Any], scalars: dict[object, Any]) -> strawberry.Schema:
    fields = [
        *push_fields(inputs),
        *finding_fields(),
        *credit_fields(),
        *repair_fields(),
        *label_fields(),
        *recording_fields(),
    ]
    if len({field.python_name for field in fields}) < len(fields):  # else one would silently take another's place
        raise ValueError("two mutations are made from functions of one name")
    mutation = create_type(
        "Mutation",
        fields,
        description=(
            "Pushes: one mutation a register; an organization's answers to findings; a bureau's credit events; credit "
            "repair; labels; challenges and holds of recordings."
        ),
    )
    config = StrawberryConfig(scalar_map={**SCALARS, **scalars})
    return strawberry.Schema(Query, mutation, config=config)


def _core(schema: strawberry.Schema) -> GraphQLSchema:
    core: GraphQLSchema = schema._schema  # noqa: SLF001  # we run graphql-core ourselves: cached documents, own limits
    return core


def _batch(register: Register) -> Any:
    return Push[register.row]  # type: ignore[name-defined]  # the row's type is a value here


def _exact(register: Register) -> bool:
    """Whether msgspec and GraphQL accept the same.

    A JSON number would pass for a decimal, and a moment in other forms than RFC 3339; such kinds go the long way.
    """
    return all(spec.shape not in {"decimal", "moment"} for spec in field_specs(register.row))


def _as_it_is(value: object) -> object:
    return value
