"""How long a recording is kept: the longest of the classes that apply (rules C6)."""

from datetime import date

YEARS = 10
"""录像 (温环发〔2023〕5号 附件1 第十三条); raw monitoring records (5) and reports of a laboratory (6) ask for less."""


def retention_until(made_on: date) -> date:
    """The last day on which it must be kept.

    >>> retention_until(date(2026, 3, 1))
    datetime.date(2036, 3, 1)
    >>> retention_until(date(2024, 2, 29))
    datetime.date(2034, 2, 28)
    """
    try:
        return made_on.replace(year=made_on.year + YEARS)
    except ValueError:  # the 29th of February in a year without one
        return made_on.replace(year=made_on.year + YEARS, day=28)
