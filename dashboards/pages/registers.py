"""The registers tab of a profile: the rows of one register as of a day, each with its batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.formats import number
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import CHOICES
from hengjian.dashboards.language import Text, Words
from hengjian.dashboards.pages.organization_record import (
    OrganizationHead,
    OtherClaim,
    RegisterEntry,
    RegisterLine,
    RegistersPage,
)
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, show_tab
from hengjian.dashboards.parts import pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.site import HtmlRequest
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import CLAIMED_REGISTERS, ClaimKind, OtherSide, other_sides, own_double_claims
from hengjian.tenants.api import (
    BY_KIND,
    REGISTERS,
    FieldSpec,
    Register,
    RegisterRecord,
    count_registers,
    read_register,
    shown_fields,
)

_PLACES = frozenset({"city", "home_region", "registered_region", "regions_served"})
_LATEST = date(2100, 1, 1)
_MOST_CELLS = 4


@dataclass(frozen=True, slots=True)
class _Claims:
    """The rows that are claimed elsewhere too, as kind and reference, and who else claims those of one register."""

    own: frozenset[tuple[ClaimKind, str]]
    others: Mapping[str, tuple[OtherSide, ...]]


@get("/orgs/{credit_code:str}/registers/{kind:str}")
async def show_register(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], kind: FromPath[str]
) -> Response[str]:
    """One register of an organization as of a day."""
    register = BY_KIND.get(kind)
    if register is None:
        raise PageMissing
    asked = read_query(request, sizes_from=50)
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        counts = await count_registers(session, look.organization.id, on=look.day)
        rows, _ = await read_register(
            session, kind, look.organization.id, on=look.day, limit=asked.size, offset=asked.offset
        )
        claims = await _read_claims(session, look, kind)
        head = await organization_head(session, look, "registers")
    words = site.templates.words(site.language(request, visitor))
    page = _page(look, head, asked, register=register, counts=counts, rows=rows, claims=claims, words=words)
    return show_tab(request, look, "organization_registers.html", page)


def _page(
    look: Look,
    head: OrganizationHead,
    asked: Asked,
    *,
    register: Register,
    counts: dict[str, int],
    rows: tuple[RegisterRecord, ...],
    claims: _Claims,
    words: Words,
) -> RegistersPage:
    fields = shown_fields(register)
    return RegistersPage(
        head=head,
        day=look.day,
        title=Text(register.zh, register.en),
        registers=tuple(
            RegisterEntry(
                label=Text(one.zh, one.en),
                href=f"{look.base}/registers/{one.kind}{look.suffix}",
                count=counts.get(one.kind, 0),
                current=one.kind == register.kind,
                claimed_elsewhere=any(kind is CLAIMED_REGISTERS.get(one.kind) for kind, _ in claims.own),
            )
            for one in REGISTERS
        ),
        columns=tuple(field_label(field) for field in fields),
        rows=tuple(_line(look, register, record, claims=claims, words=words) for record in rows),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=counts.get(register.kind, 0)),
    )


def _line(look: Look, register: Register, record: RegisterRecord, *, claims: _Claims, words: Words) -> RegisterLine:
    fields = shown_fields(register)
    return RegisterLine(
        anchor=f"r-{record.batch_id}-{record.row_index}",
        reference=record.source_ref,
        cells=tuple(shown(field, value, words) for field, value in zip(fields, record.values, strict=True)),
        valid_from=record.valid_from,
        valid_until=record.valid_until,
        recorded_at=record.recorded_at,
        batch=short_id(record.batch_id),
        receipt_href=look.receipt_href(record.batch_id),
        claimed_elsewhere=(CLAIMED_REGISTERS.get(register.kind), record.source_ref) in claims.own,
        others=tuple(
            OtherClaim(one.name, one.ref, f"/orgs/{one.credit_code}/registers/{register.kind}")
            for one in claims.others.get(record.source_ref, ())
        ),
    )


async def _read_claims(session: ReadSession, look: Look, register: str) -> _Claims:
    """What is known today; nothing on a past day, for the comparison is of today."""
    if look.as_of is not None:
        return _Claims(frozenset(), {})
    own = await own_double_claims(session, look.organization.id)
    kind = CLAIMED_REGISTERS.get(register)
    seen = look.visitor.of_bureau and any(one.kind is kind for one in own)
    others = await other_sides(session, look.organization.id, kind) if kind and seen else {}
    return _Claims(frozenset((one.kind, one.ref) for one in own), others)


def shown(field: FieldSpec, value: Any, words: Words) -> str | None:
    """A register value as people read it; a sealed one shows its last four characters only."""
    if value is None or value == []:
        return None
    match value:
        case bool():
            return words("是") if value else words("否")
        case list():
            return words("、").join(_text(field, one, words) for one in value)
        case str():
            return f"…{value}" if field.sealed else _text(field, value, words)
        case _:
            return number(value)


def _text(field: FieldSpec, value: str, words: Words) -> str:
    if field.name in _PLACES:
        return words.of(region_name(value, _LATEST))
    return words(CHOICES[value]) if field.choices is not None and value in CHOICES else value


def summary(register: Register, record: RegisterRecord, words: Words) -> str:
    """The row in one line: its first values, without those that are not given."""
    cells = (shown(field, value, words) for field, value in zip(shown_fields(register), record.values, strict=True))
    return " · ".join([cell for cell in cells if cell][:_MOST_CELLS])


def field_label(field: FieldSpec) -> Text:
    """What a field is called over its column."""
    return Text(field.short_zh or field.zh, field.short_en or field.en)


def short_id(identifier: UUID) -> str:
    """Enough of an id to tell batches apart: the time part and the end."""
    text = identifier.hex
    return f"{text[:12]}…{text[-4:]}"
