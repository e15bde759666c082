"""Names of regions in both languages."""

from datetime import date

from hengjian.dashboards.language import Bilingual, Text
from hengjian.tenants.api import load_regions

_WHOLE_COUNTRY = Text("全国", "the whole country")


def region_name(code: str, on: date) -> Bilingual | str:
    """The region's own name on a day; the code itself where the table has none."""
    book = load_regions()
    name = book.name(code, on)
    return Text(name, book.name(code, on, english=True) or "") if name else code


def place_name(code: str, on: date) -> Bilingual | str:
    """The region's name, of no code the whole country."""
    return region_name(code, on) if code else _WHOLE_COUNTRY


def region_names(codes: tuple[str, ...], on: date) -> Bilingual | str:
    """Several regions in a row, the first one first."""
    found = [region_name(code, on) for code in codes]
    texts = [one if isinstance(one, Text) else Text(str(one)) for one in found]
    return Text("、".join(text.zh for text in texts), ", ".join(text.en or text.zh for text in texts))
