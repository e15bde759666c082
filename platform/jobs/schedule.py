"""Which slots of a schedule are due, from its cron expression and what has fired already."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from hengjian.platform.calendar import LEGAL_ZONE

_FIELDS = 5
_LONGEST_LOOK_BACK = timedelta(days=62)


@dataclass(frozen=True)
class Schedule:
    """When a job is due.

    `cron` has five fields (minute hour day month weekday) in Asia/Shanghai; weekdays are written as names (mon-sun),
    because numbers mean different days to different cron readers. After a downtime at most the newest `catch_up`
    missed slots fire; older ones are given up.
    """

    job: str
    cron: str
    catch_up: int = 1

    def __post_init__(self) -> None:
        """Refuses what can't be kept.

        Raises:
            ValueError: not five fields, a weekday as a number, an unreadable field, or no slot to catch up with.
        """
        fields = self.cron.split()
        if len(fields) != _FIELDS:
            raise ValueError(f"{self.job}: a cron expression has five fields, not {len(fields)}")
        if any(sign.isdigit() for sign in fields[-1].split("/")[0]):
            raise ValueError(f"{self.job}: write weekdays as names (mon-sun), not {fields[-1]!r}")
        if self.catch_up < 1:
            raise ValueError(f"{self.job}: catch_up is 1 or more")
        CronTrigger.from_crontab(self.cron, timezone=LEGAL_ZONE)


def due_slots(schedule: Schedule, last: datetime, now: datetime) -> list[datetime]:
    """The slots after `last` up to and including `now`, oldest first, at most `catch_up` of the newest.

    Both times carry their zone. A slot is the scheduled time itself, never the time at which somebody looked, so
    two workers looking at different moments compute the same slots. After more than 62 days of downtime nothing older
    is looked for.

    Example:
        >>> from datetime import UTC
        >>> nightly = Schedule(job="scoring.evaluate_all", cron="0 2 * * *")
        >>> due_slots(nightly, datetime(2026, 11, 19, 12, tzinfo=UTC), datetime(2026, 11, 19, 18, tzinfo=UTC))
        [datetime.datetime(2026, 11, 20, 2, 0, tzinfo=zoneinfo.ZoneInfo(key='Asia/Shanghai'))]
    """
    trigger = CronTrigger.from_crontab(schedule.cron, timezone=LEGAL_ZONE)
    newest: deque[datetime] = deque(maxlen=schedule.catch_up)
    since = max(last, now - _LONGEST_LOOK_BACK)
    slot = trigger.get_next_fire_time(since.astimezone(LEGAL_ZONE), now.astimezone(LEGAL_ZONE))
    while slot is not None and slot <= now:
        newest.append(slot)
        following = trigger.get_next_fire_time(slot, now.astimezone(LEGAL_ZONE))
        slot = following if following is None or following > slot else None
    return list(newest)
