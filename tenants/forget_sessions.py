"""What logging in need not remember for ever."""

from datetime import timedelta

from hengjian.platform.db import Database
from hengjian.platform.jobs.forget import forget

_KEPT = timedelta(days=30)


async def forget_sessions(database: Database) -> int:
    """Remove sessions and counted failures 30 days after their end; how many rows. The audit keeps each log-in."""
    sessions = await forget(database, "session", "id", "expires_at", _KEPT)
    return sessions + await forget(database, "login_pause", "subject", "last_failed_at", _KEPT)
