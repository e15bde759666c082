"""What the database layer refuses."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeoutError

from hengjian.platform.errors import ToldError


class OutsideJurisdictionError(ToldError):
    """The organization asked for does not serve the caller's region, or does not exist (the two look alike)."""

    code = "NOT_FOUND"
    status = 404
    zh = "没有这一对象，或不在您的管辖范围内。请核对编号后再试。"
    en = "There is no such thing, or it is outside your jurisdiction. Check its number and try again."


class NoContextError(ToldError):
    """A caller without tenant or region asked for a role that needs one."""

    code = "FORBIDDEN"
    status = 403
    zh = "此密钥或账号不属于任何机构，不能办理这一项。请使用机构自己的密钥或账号。"
    en = "This key or account belongs to no organization and may not do that. Use an organization's own."


class DatabaseBusyError(ToldError):
    """The database does not take this now: overloaded, restarting, out of reach or without room on its disk."""

    code = "BUSY"
    status = 503
    retryable = True
    zh = "系统繁忙，没有保存任何内容。请稍后用同样的内容重试。"
    en = "Busy, and nothing was kept. Send the same again shortly."


# SQLSTATE classes of PostgreSQL: connection, rolled back, no resources (53100 is a full disk), lock, operator, system.
_PASSING = ("08", "40", "53", "55P03", "57", "58")


def told_of(error: BaseException | None) -> ToldError | None:
    """What whoever asked is told of an error; None when it was not foreseen and is nobody's business but ours."""
    if isinstance(error, ToldError):
        return error
    if isinstance(error, SQLAlchemyTimeoutError | ConnectionError):
        return DatabaseBusyError()
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    lost = error.connection_invalidated or isinstance(error.orig, asyncpg.InterfaceError)
    return DatabaseBusyError() if lost or str(state).startswith(_PASSING) else None
