"""Regions by GB/T 2260: codes of 2, 4 or 6 digits in a tree (65 → 6501 → 650102), dated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

_LENGTHS = (2, 4, 6)
"""Digits of a province, a city, a county."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region while it held its code and name.

    `valid_from` None: since before the first list known. `valid_to` is exclusive; None: in force.
    `replaced_by` is the code that took over its territory, when it is known to be one.
    """

    code: str
    name_zh: str
    name_en: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    replaced_by: str | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether the region had this code on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class RegionBook:
    """All regions ever listed, by code; a code that was given twice keeps both, the later one last."""

    by_code: Mapping[str, tuple[Region, ...]]

    def find(self, code: str, day: date) -> Region | None:
        """The region of that code on that day, or None."""
        return next((region for region in self.by_code.get(code, ()) if region.holds_on(day)), None)

    def name(self, code: str, day: date, *, english: bool = False) -> str | None:
        """The region's own name on that day; a code no longer or not yet in force answers the nearest name."""
        regions = self.by_code.get(code)
        if not regions:
            return None
        region = self.find(code, day) or regions[-1]
        return region.name_en if english else region.name_zh

    def full_name(self, code: str, day: date) -> str | None:
        """The name with those above it, as on an envelope: 新疆维吾尔自治区乌鲁木齐市天山区; None when unknown."""
        if code not in self.by_code:
            return None
        names = [self.name(part, day) or "" for part in lineage(code)]
        return "".join(dict.fromkeys(name for name in names if not name.endswith("直辖县级行政区划")))

    def children(self, code: str | None, day: date) -> tuple[Region, ...]:
        """The regions directly below a code on that day, in the order of their codes; None gives the provinces."""
        held = (self.find(each, day) for each in sorted(self.by_code))
        return tuple(region for region in held if region is not None and region.parent == code)

    def codes(self) -> frozenset[str]:
        """Every code ever listed."""
        return frozenset(self.by_code)


def region_book(regions: Iterable[Region]) -> RegionBook:
    """Gather regions into a book.

    Raises:
        ValueError: a code is no region code, its parent is not its prefix, or two regions hold one code at once.
    """
    by_code: dict[str, tuple[Region, ...]] = {}
    for region in sorted(regions, key=lambda each: (each.code, each.valid_from or date.min)):
        if parse_region(region.code) != region.code or parent_of(region.code) != region.parent:
            raise ValueError(f"{region.code} is no region code below {region.parent}")
        earlier = by_code.get(region.code, ())
        if earlier and (earlier[-1].valid_to or date.max) > (region.valid_from or date.min):
            raise ValueError(f"two regions hold {region.code} at once")
        by_code[region.code] = (*earlier, region)
    return RegionBook(by_code=by_code)


def parse_region(text: str) -> str | None:
    """The code in its short form, or None: 650000 and 65 are the province, 650100 and 6501 the city."""
    code = text.strip()
    if len(code) not in _LENGTHS or not all(character in "0123456789" for character in code):
        return None
    if len(code) == 6 and code.endswith("0000"):
        code = code[:2]
    elif len(code) == 6 and code.endswith("00"):
        code = code[:4]
    return None if "00" in {code[:2], code[2:4]} else code


def parent_of(code: str) -> str | None:
    """The code above, or None for a province."""
    return code[:-2] if len(code) > 2 else None


def lineage(code: str) -> tuple[str, ...]:
    """The codes from the province down to this one: 650102 gives 65, 6501, 650102."""
    return tuple(code[:length] for length in range(2, len(code) + 1, 2))


def region_range(code: str) -> tuple[str, str]:
    """The half-open range of codes that lie in a region, itself included, ordered byte by byte (COLLATE "C").

    Example: "65" gives ("65", "66"), "650109" gives ("650109", "65010:"), for ":" follows "9".
    """
    return code, code[:-1] + chr(ord(code[-1]) + 1)
