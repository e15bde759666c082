"""The short way through plain attributes answers as the executor itself does."""

from enum import Enum
from typing import Any

import pytest
import strawberry

from graphql import ExecutionResult, execute, parse
from hengjian.graphql.plain_fields import PlainExecutor, Plans


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.type
class Part:
    name: str
    weight: int | None = None


@strawberry.type
class Thing:
    id: strawberry.ID
    colour: Colour
    parts: list[Part]
    part_count: int

    @strawberry.field
    def told(self) -> str:
        """Not an attribute."""
        return f"thing {self.id}"


def _thing(**other: Any) -> Thing:
    given = {"id": strawberry.ID("7"), "colour": Colour.RED, "parts": [Part(name="a"), Part(name="b", weight=2)]}
    return Thing(**{"part_count": 2, **given, **other})


@strawberry.type
class Query:
    @strawberry.field
    def good(self) -> Thing:
        """As its type says."""
        return _thing()

    @strawberry.field
    def bad(self) -> Thing | None:
        """With values that its type forbids."""
        return _thing(parts=[Part(name=None), Part(name="b", weight=2**40)], part_count="two")  # type: ignore[arg-type]


SCHEMA = strawberry.Schema(Query)._schema


def both(text: str, variables: dict[str, Any] | None = None) -> tuple[ExecutionResult, ExecutionResult, Plans]:
    document, plans = parse(text), Plans()
    long = execute(SCHEMA, document, variable_values=variables)
    named: dict[str, Any] = {"executor_class": PlainExecutor, "plans": plans}
    short = execute(SCHEMA, document, variable_values=variables, **named)
    again = execute(SCHEMA, document, variable_values=variables, **named)
    assert isinstance(long, ExecutionResult)
    assert isinstance(short, ExecutionResult)
    assert short == again
    return long, short, plans


@pytest.mark.parametrize(
    "chosen",
    [
        "id colour partCount",
        "number: partCount parts { name weight }",
        "id told",
        "id id",
        "__typename id",
        "...F",
        "... on Thing { id } parts { name }",
        "parts { ...G } id",
    ],
)
def test_answers_are_the_same_and_in_the_same_order(chosen: str) -> None:
    """Whatever is chosen, and however it is written."""
    fragments = ("fragment F on Thing { colour }" if "F" in chosen else "") + (
        "fragment G on Part { weight }" if "G" in chosen else ""
    )
    long, short, _ = both(f"{{ good {{ {chosen} }} }} {fragments}")
    assert long.errors is None
    assert short == long
    assert str(short.data) == str(long.data)


@pytest.mark.parametrize("chosen", ["id partCount", "parts { name }", "parts { weight }"])
def test_errors_keep_their_words_and_paths(chosen: str) -> None:
    """A value of the wrong sort is told with its place, as the executor tells it."""
    long, short, _ = both(f"{{ bad {{ {chosen} }} }}")
    assert long.errors
    assert [e.formatted for e in short.errors or ()] == [e.formatted for e in long.errors]
    assert short.data == long.data


@pytest.mark.parametrize(("wanted", "shown"), [(True, {"id": "7", "partCount": 2}), (False, {"id": "7"})])
def test_directives_hold(wanted: bool, shown: dict[str, Any]) -> None:
    """A field that one request leaves out is there for the next."""
    _, short, _ = both("query ($w: Boolean!) { good { id partCount @include(if: $w) } }", {"w": wanted})
    assert short.data == {"good": shown}


def test_plain_selections_do_take_the_short_way() -> None:
    """A selection of attributes has a plan, one with a resolver has none."""
    _, _, plans = both("{ good { id parts { name } } }")
    assert [plan is not None for plan in plans.known.values()] == [True]
    _, _, plans = both("{ good { id told } }")
    assert list(plans.known.values()) == [None]
