"""One mutation a kind. The same resolver serves two schemas: the one that is published, and its fast twin."""

from typing import Any

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.push_inputs import push_input, push_name, to_push
from hengjian.graphql.push_types import PushPayloadType, payload
from hengjian.ingestion.api import Push, push_rows
from hengjian.tenants.api import REGISTERS, Register


def push_fields(inputs: dict[str, Any]) -> list[Any]:
    """The push mutations.

    Args:
        inputs: by kind, the type of the argument `input`; the fast twin takes rows that are decoded already.
    """
    return [_push_field(register, inputs[register.kind]) for register in REGISTERS]


def typed_inputs() -> dict[str, Any]:
    """By kind, the input type that is published."""
    return {register.kind: push_input(register) for register in REGISTERS}


def _push_field(register: Register, annotation: Any) -> Any:
    async def resolve(info: Info, input: Any) -> PushPayloadType:  # noqa: A002  # the argument's name in the API
        context = info.context
        caller = caller_with(info, "organizations" if info.context.caller.kind == "bureau" else "push")
        push = input if isinstance(input, Push) else to_push(register, input)
        answer = await push_rows(
            context.database, caller, register, push, rules=context.rules, bounds_known=context.bounds_known
        )
        return payload(answer)

    resolve.__name__ = f"push_{register.table}"
    resolve.__annotations__["input"] = annotation
    return strawberry.mutation(
        resolve, name=f"push{push_name(register)}", description=f"Push {register.en} ({register.zh})."
    )
