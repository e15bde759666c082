"""What is published of yearly grades: for anybody, with or without a key; nothing else of an organization is told."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import strawberry

from hengjian.graphql.context import Info
from hengjian.graphql.errors import ApiError
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_offset, encode_cursor
from hengjian.platform.db import Caller
from hengjian.scoring.api import GradeFilter, PublicGrade, read_public_grades

ANYBODY = Caller(kind="public", actor="public")
"""Who reads it, whoever asks: a key sees no more of it than somebody without one."""
_LONGEST_SEARCH = 60
_LONGEST_REGION = 12


@strawberry.type(name="PublishedGrade", description="A yearly grade as the public register shows it.")
class PublishedGradeType:
    """`until` is the end of validity, or of publicity."""

    credit_code: str
    name: str
    region: str
    by_region: str
    year: int
    total: Decimal | None
    grade: str | None
    unrated: str | None = strawberry.field(description="Why there is no grade.")
    model: str
    model_version: str
    document_no: str
    published_on: date
    until: date
    replaces: str | None = strawberry.field(description="The document that this grade corrects.")
    dossier_sha256: str | None = strawberry.field(
        description="SHA-256 of the dossier kept with a final grade; whoever holds the file can verify it."
    )


@strawberry.type(description="One page of published grades.")
class PublishedGradePage:
    """The newest year first, then by name."""

    nodes: list[PublishedGradeType]
    total_count: int
    page_info: PageInfo


@strawberry.type
class GradeQueries:
    """Questions about what is public; they need no key."""

    @strawberry.field(
        description="Final yearly grades, for anybody. `region` takes those below it too, `search` a name or credit code."
    )
    async def published_grades(
        self,
        info: Info,
        *,
        first: First,
        after: After = None,
        region: str | None = None,
        year: int | None = None,
        search: str | None = None,
    ) -> PublishedGradePage:
        """One page."""
        return await _page(info, "final", first=first, after=after, region=region, year=year, search=search)

    @strawberry.field(description="Yearly results in their publicity today, for anybody.")
    async def publicity(
        self, info: Info, *, first: First, after: After = None, region: str | None = None
    ) -> PublishedGradePage:
        """One page."""
        return await _page(info, "publicity", first=first, after=after, region=region)


async def _page(
    info: Info,
    kind: str,
    *,
    first: int,
    after: str | None,
    region: str | None,
    year: int | None = None,
    search: str | None = None,
) -> PublishedGradePage:
    check_first(first)
    if region is not None and not (region.isascii() and region.isdigit() and len(region) <= _LONGEST_REGION):
        raise ApiError("BAD_INPUT", "(region: the digits of its code)")
    if search is not None and len(search) > _LONGEST_SEARCH:
        raise ApiError("BAD_INPUT", f"(search: at most {_LONGEST_SEARCH} characters)")
    filters = [kind, region, year, search]
    offset = decode_offset(after, filters)
    async with info.context.database.read(ANYBODY) as session:
        found, total = await read_public_grades(
            session,
            GradeFilter(kind=kind, text=search or "", year=year, region=region),
            limit=first,
            offset=offset,
        )
    end = offset + len(found)
    return PublishedGradePage(
        nodes=_nodes(found),
        total_count=total,
        page_info=PageInfo(has_next_page=end < total, end_cursor=encode_cursor([str(end)], filters) if found else None),
    )


def _nodes(found: Sequence[PublicGrade]) -> list[PublishedGradeType]:
    return [
        PublishedGradeType(
            credit_code=one.credit_code,
            name=one.name,
            region=one.region,
            by_region=one.by_region,
            year=one.year,
            total=one.total,
            grade=one.grade,
            unrated=one.unrated,
            model=one.model,
            model_version=one.model_version,
            document_no=one.document_no,
            published_on=one.published_on,
            until=one.until,
            replaces=one.replaces,
            dossier_sha256=one.dossier_sha256,
        )
        for one in found
    ]
