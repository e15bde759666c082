"""How the grades of a region are spread: for its bureau as it is, for an organization without small groups."""

from collections.abc import Mapping

from hengjian.platform.db import Caller, Database, ReadSession, region_range, sql
from hengjian.scoring.read_standings import FIRST

LEAST_TOLD = 5
"""Groups smaller than this are not told to organizations, none included: nobody is to be singled out."""
LEAST_GROUPS = 2
"""Where fewer grades than this could be told, none is: one told grade says of every neighbour which it holds."""

_GRADES = sql(f"""
    select coalesce(s.grade, 'N') as grade, count(*) as organizations from standing s
     where s.region >= :low and s.region < :high and :kind = any(s.kinds) and {FIRST} group by 1
""")
GRADES = ("A", "B", "C", "D", "N")


async def region_grades(session: ReadSession, *, region: str, kind: str) -> Mapping[str, int]:
    """Organizations of a kind by provisional grade (N is not rated) below a region, as far as the caller sees them."""
    low, high = region_range(region)
    rows = await session.all(_GRADES, {"low": low, "high": high, "kind": kind})
    found = {row.grade: row.organizations for row in rows}
    return {grade: found.get(grade, 0) for grade in GRADES}


async def anonymous_grades(database: Database, *, region: str, kind: str) -> Mapping[str, int | None]:
    """The same for somebody who supervises nobody: counts alone, None where there are fewer than `LEAST_TOLD`.

    Reads as the region's bureau does, and gives out no total: from it a missing group could be worked out.
    """
    async with database.read(Caller(kind="bureau", region=region, actor="scoring.region_grades")) as session:
        found = await region_grades(session, region=region, kind=kind)
    return tellable(found)


def tellable(grades: Mapping[str, int]) -> Mapping[str, int | None]:
    """What may be told of how grades are spread, so that nobody learns from it which grade another holds.

    Groups of fewer than `LEAST_TOLD` are left out, and where fewer than `LEAST_GROUPS` remain, all are: an organization
    that knows its own grade, and even `LEAST_TOLD` - 1 that pool theirs, still find two grades among the others.

    >>> tellable({"A": 9, "B": 5, "C": 1})
    {'A': 9, 'B': 5, 'C': None}
    >>> tellable({"A": 40, "B": 4, "C": 0})
    {'A': None, 'B': None, 'C': None}
    """
    told = {grade: count if count >= LEAST_TOLD else None for grade, count in grades.items()}
    enough = sum(count is not None for count in told.values()) >= LEAST_GROUPS
    return told if enough else dict.fromkeys(told)
