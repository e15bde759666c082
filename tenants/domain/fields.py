"""Fields of register rows: how one is labelled, bounded and stored, said once for the API, the tables and the pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec

NAME_LENGTH = 200
TEXT_LENGTH = 4000
LIST_LENGTH = 100


def label(
    zh: str, en: str, *, short_zh: str = "", short_en: str = "", unit: str = "", sealed: bool = False
) -> msgspec.Meta:
    """What a field is called.

    Args:
        zh: the standard's own name.
        en: the same in English.
        short_zh: the name over a column, where the standard's own is too long for one.
        short_en: the English name over a column, without explanations.
        unit: unit of a quantity, e.g. `m²`.
        sealed: stored only as a keyed fingerprint and its last four characters.
    """
    return msgspec.Meta(
        description=en,
        extra={"zh": zh, "en": en, "short_zh": short_zh, "short_en": short_en, "unit": unit, "sealed": sealed},
    )


SourceRef = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH)]
Prose = Annotated[str, msgspec.Meta(max_length=TEXT_LENGTH)]
Names = Annotated[list[Name], msgspec.Meta(max_length=LIST_LENGTH)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2_000_000_000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]

Longitude = Annotated[Decimal, label("经度", "longitude, WGS 84 or CGCS2000, east positive", unit="°")]
Latitude = Annotated[Decimal, label("纬度", "latitude, WGS 84 or CGCS2000, north positive", unit="°")]


class RegisterRow(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True, gc=False):
    """One assertion about one thing: true from `valid_from` to the end of `valid_to`, as far as the sender knows.

    A later row of the same `source_ref` replaces all that was known from its `valid_from` on. `withdrawn` says that
    from then on there is no such thing.
    """

    source_ref: Annotated[SourceRef, label("来源编号", "the sender's own reference, unique within the register")]
    valid_from: (
        Annotated[date, label("生效日期", "first day on which the row is true; by default the row's natural start")]
        | None
    ) = None
    valid_to: Annotated[date, label("截止日期", "last day on which the row is true; absent means open")] | None = None
    withdrawn: Annotated[bool, label("撤回", "from validFrom on there is no such thing")] = False


Day = date
