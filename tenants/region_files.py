"""The dated list of regions, as shipped."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from hengjian.tenants.domain.regions import Region, RegionBook, region_book

REGION_FILE = Path(__file__).parent / "regions" / "regions.csv"


@cache
def load_regions(path: Path = REGION_FILE) -> RegionBook:
    """The regions of a CSV file with the columns of `Region`; read once.

    Raises:
        ValueError: a date cannot be read, a code is malformed, or two regions hold one code at once.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return region_book(_region(row) for row in csv.DictReader(lines))


def _region(row: dict[str, str]) -> Region:
    return Region(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        parent=row["parent"] or None,
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        replaced_by=row["replaced_by"] or None,
        source=row["source"],
    )
