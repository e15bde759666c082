"""What each request of the API carries."""

from dataclasses import dataclass

import strawberry

from hengjian.graphql.errors import ApiError
from hengjian.ingestion.api import PushRules
from hengjian.platform.db import Caller, Database


@dataclass(slots=True, kw_only=True)
class ApiContext:
    """The caller and the means to serve one request."""

    database: Database
    caller: Caller
    rules: PushRules
    bounds_known: bool = False


Info = strawberry.Info[ApiContext, None]


def caller_with(info: Info, scope: str) -> Caller:
    """The caller, when its key has this scope.

    Raises:
        ApiError: FORBIDDEN.
    """
    caller = info.context.caller
    if scope not in caller.scopes:
        raise ApiError("FORBIDDEN", f"(scope: {scope})")
    return caller
