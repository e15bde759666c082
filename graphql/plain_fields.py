"""Objects whose chosen fields are plain attributes, read without the executor's work for each field.

The executor resolves, locates and completes every field by itself, which is most of what a small answer costs. A
selection of attributes always does the same, so we work out once what it reads. Whatever is not as expected (a missing
value, one of another type) sends the object the executor's own way, which tells the error and its path.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphql.execution import Executor

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    SelectionSetNode,
    Undefined,
)

Put = Callable[[Any], Any]
# Of every field: its name in the answer, its attribute, and what puts its value into the answer's form.
Plan = tuple[tuple[str, str, Put], ...]
_Context = TypeVar("_Context")


class UnexpectedValueError(Exception):
    """The executor has to look at this object itself."""


@dataclass(slots=True)
class Plans:
    """The plans of one document, which keeps its nodes alive: they are known by their identity."""

    known: dict[tuple[int, str], Plan | None] = field(default_factory=dict)

    def of(self, kind: GraphQLObjectType, selections: SelectionSetNode) -> Plan | None:
        """What these selections read of this type; None when some need more than an attribute."""
        key = (id(selections), kind.name)
        try:
            return self.known[key]
        except KeyError:
            plan = self.known[key] = _plan(kind, selections)
            return plan


class PlainExecutor(Executor[_Context]):
    """The executor, with a short way for objects that are read attribute by attribute."""

    def __init__(self, *given: Any, plans: Plans, **named: Any) -> None:
        super().__init__(*given, **named)
        self._plans = plans

    def collect_and_execute_subfields(
        self, return_type: GraphQLObjectType, field_details_list: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """The short way where there is one."""
        if len(field_details_list) == 1:
            selections = field_details_list[0].node.selection_set
            plan = self._plans.of(return_type, selections) if selections is not None else None
            if plan is not None:
                try:
                    return _read(plan, result)
                except Exception:  # noqa: BLE001, S110  # whatever it was happens again below, and is told with its path
                    pass
        return super().collect_and_execute_subfields(return_type, field_details_list, path, result, position_context)


def _read(plan: Plan, source: Any) -> dict[str, Any]:
    return {name: put(getattr(source, attribute)) for name, attribute, put in plan}


def _plan(kind: GraphQLObjectType, selections: SelectionSetNode) -> Plan | None:
    parts: dict[str, tuple[str, str, Put]] = {}
    for node in selections.selections:
        if not isinstance(node, FieldNode) or node.directives or node.arguments:
            return None
        name = node.alias.value if node.alias else node.name.value
        definition = kind.fields.get(node.name.value)
        if name in parts or definition is None or definition.args:
            return None
        if not getattr(definition.resolve, "_is_default", False):
            return None
        put = _put(definition.type, node.selection_set)
        if put is None:
            return None
        parts[name] = (name, definition.extensions["strawberry-definition"].python_name, put)
    return tuple(parts.values())


def _put(kind: GraphQLOutputType, selections: SelectionSetNode | None) -> Put | None:
    """What puts a value of this type into the answer, or None when the executor has to."""
    if isinstance(kind, GraphQLNonNull):
        return _of_type(kind.of_type, selections)
    inner = _of_type(kind, selections)
    return None if inner is None else lambda value: None if value is None else inner(value)


def _of_type(kind: GraphQLOutputType, selections: SelectionSetNode | None) -> Put | None:
    if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
        return _leaf(kind)
    if isinstance(kind, GraphQLList):
        each = _put(kind.of_type, selections)
        return None if each is None else lambda values: [each(value) for value in _listed(values)]
    if isinstance(kind, GraphQLObjectType) and kind.is_type_of is None and selections is not None:
        plan = _plan(kind, selections)
        return None if plan is None else lambda value: _read(plan, value)
    return None


def _leaf(kind: GraphQLScalarType | GraphQLEnumType) -> Put:
    coerce = kind.coerce_output_value

    def put(value: Any) -> Any:
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise UnexpectedValueError
        return coerced

    return put


def _listed(values: Any) -> Any:
    if not isinstance(values, list | tuple):
        raise UnexpectedValueError
    return values
