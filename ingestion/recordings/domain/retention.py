"""How long what was recorded is kept: the longest of the classes that apply (rules C6)."""

from datetime import date
from enum import StrEnum


class RetentionClass(StrEnum):
    """Kinds of record with a term of their own."""

    VIDEO = "VIDEO"
    RAW_MONITORING = "RAW_MONITORING"
    LABORATORY = "LABORATORY"
    OPERATION = "OPERATION"
    DECISION = "DECISION"


# Years: 录像 (温环发〔2023〕5号 附件1 第十三条), 原始监测记录 (生态环境监测条例 第二十六条, in force 2026-01-01),
# 检验检测报告和原始记录 (市场监管总局令第39号), 运维数据 (S004 5.5.3), decisions (our proposal).
YEARS = {
    RetentionClass.VIDEO: 10,
    RetentionClass.RAW_MONITORING: 5,
    RetentionClass.LABORATORY: 6,
    RetentionClass.OPERATION: 2,
    RetentionClass.DECISION: 10,
}


def retention_until(made_on: date, *classes: RetentionClass) -> date:
    """The last day on which it must be kept; without classes as a recording.

    >>> retention_until(date(2026, 3, 1))
    datetime.date(2036, 3, 1)
    >>> retention_until(date(2024, 2, 29))
    datetime.date(2034, 2, 28)
    """
    years = max(YEARS[each] for each in (classes or (RetentionClass.VIDEO,)))
    try:
        return made_on.replace(year=made_on.year + years)
    except ValueError:  # the 29th of February in a year without one
        return made_on.replace(year=made_on.year + years, day=28)
