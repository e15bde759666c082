"""Times as they are printed: the legal day and hour of Asia/Shanghai."""

from datetime import datetime

from hengjian.platform.calendar import LEGAL_ZONE


def moment_text(moment: datetime | None) -> str:
    """Day and minute; a dash where there is none."""
    return "–" if moment is None else f"{moment.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"
