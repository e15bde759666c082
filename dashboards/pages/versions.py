"""The versions of a rule, or of a whole pack, for anybody: when which text stood where, and how any two differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.language import Bilingual, Words
from hengjian.dashboards.pages.change_words import what_changes
from hengjian.dashboards.pages.changes import reader
from hengjian.dashboards.pages.difference_words import difference_lines
from hengjian.dashboards.pages.rule_words import home_region
from hengjian.dashboards.pages.versions_record import (
    DifferenceLine,
    ShippedLine,
    Side,
    VersionChange,
    VersionLine,
    VersionsPage,
)
from hengjian.dashboards.places import place_name
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import (
    Moment,
    RuleDifference,
    ScoringError,
    ShippedText,
    UnknownRuleError,
    Version,
    change_head,
    pack_differences,
    read_model_texts,
    read_pack_texts,
    read_pack_versions,
    read_rule_texts,
    read_rule_versions,
    rule_differences,
)

Compare = Callable[[Moment, Moment, Words], Iterable[DifferenceLine]]


@dataclass(frozen=True, slots=True)
class _About:
    """A rule or a pack, with its versions and how to compare two days."""

    rule_id: str
    title: Bilingual
    action: str
    versions: Sequence[Version]
    shipped: Sequence[ShippedText]
    compare: Compare


@get("/rules/{rule_id:str}/versions")
async def show_rule_versions(
    request: HtmlRequest, site: GivenSite, guest: GivenGuest, rule_id: FromPath[str]
) -> Response[str]:
    """Every version of one rule, and how two of them differ, field by field."""
    book = site.lawbook
    try:
        rule = book.find(rule_id)[0][1]
    except UnknownRuleError as unknown:
        raise PageMissing from unknown
    async with site.database.read(reader(guest)) as session:
        versions = await read_rule_versions(session, book, rule_id)
        shipped = await read_rule_texts(session, book, rule_id)

    def compare(before: Moment, after: Moment, words: Words) -> Iterable[DifferenceLine]:
        return difference_lines(site, rule_id, rule_differences(book, rule_id, before, after), words)

    about = _About(rule_id, rule.title, f"/rules/{rule_id}/versions", versions, shipped, compare)
    return _answer(request, site, guest, about)


@get("/rules/packs/{pack_id:str}/versions")
async def show_pack_versions(
    request: HtmlRequest, site: GivenSite, guest: GivenGuest, pack_id: FromPath[str]
) -> Response[str]:
    """Every day on which a pack became another, and how two of them differ, over all its rules."""
    book = site.lawbook
    pack = next((one for one in book.packs if one.id == pack_id), None)
    if pack is None:
        raise PageMissing
    async with site.database.read(reader(guest)) as session:
        versions = await read_pack_versions(session, book, pack)
        shipped = await read_pack_texts(session, book, pack.id)

    def compare(before: Moment, after: Moment, words: Words) -> Iterable[DifferenceLine]:
        return _by_rule(site, pack_differences(book, pack, before, after), words)

    about = _About("", pack.title, f"/rules/packs/{pack.id}/versions", versions, shipped, compare)
    return _answer(request, site, guest, about)


@get("/rules/models/{model_id:str}/versions")
async def show_model_versions(
    request: HtmlRequest, site: GivenSite, guest: GivenGuest, model_id: FromPath[str]
) -> Response[str]:
    """What a credit model said in each release; a model is dated as a whole, so there is nothing else to compare."""
    book = site.lawbook
    model = next((one for one in book.credit_models if one.id == model_id), None)
    if model is None:
        raise PageMissing
    async with site.database.read(reader(guest)) as session:
        shipped = await read_model_texts(session, book, model_id)
    words = site.templates.words(site.language(request, guest))
    page = VersionsPage(
        rule_id="",
        title=model.title,
        action=f"/rules/models/{model_id}/versions",
        versions=(),
        before=None,
        after=None,
        differences=(),
        shipped=_shipped(site, shipped, words),
    )
    return site.show(request, "versions.html", page, visitor=guest)


def _by_rule(site: Site, found: Iterable[RuleDifference], words: Words) -> Iterator[DifferenceLine]:
    """The lines of each rule; what is said elsewhere (of the pack, in a model, of a rule that is gone) tells its file."""
    rules = {rule.id for pack in site.lawbook.packs for rule in pack.rules}
    for name, own in groupby(found, key=lambda one: one.rule_id):
        for line in difference_lines(site, name, [one.difference for one in own], words):
            yield line if name in rules else replace(line, rule_id="", where=f"{name} · {line.where}")


def _shipped(site: Site, found: Iterable[ShippedText], words: Words) -> tuple[ShippedLine, ...]:
    return tuple(
        ShippedLine(
            release=one.shipped.release,
            seen_at=one.shipped.first_seen_at,
            hash=one.hash,
            pack_version=one.shipped.hash,
            differences=tuple(_by_rule(site, one.differences, words)),
            sound=one.shipped.sound,
        )
        for one in found
    )


def _answer(request: HtmlRequest, site: Site, guest: Visitor | None, about: _About) -> Response[str]:
    asked = read_query(request)
    words = site.templates.words(site.language(request, guest))
    current = _current(about.versions, site, home_region(guest))
    before, after = _pair(about.versions, current, _asked(asked.value("before")), _asked(asked.value("after")))
    page = VersionsPage(
        rule_id=about.rule_id,
        title=about.title,
        action=about.action,
        versions=tuple(
            _line(site, one, words, now=one.moment == current, chosen=(before, after)) for one in about.versions
        ),
        before=_side(site, before),
        after=_side(site, after),
        differences=tuple(about.compare(before, after, words)) if before and after else (),
        shipped=_shipped(site, about.shipped, words),
    )
    return site.show(request, "versions.html", page, visitor=guest)


def _asked(key: str | None) -> Moment | None:
    try:
        return Moment.read(key) if key else None
    except ScoringError as unknown:
        raise BadQuery from unknown


def _current(versions: Sequence[Version], site: Site, home: str | None) -> Moment | None:
    """The version that stands today in the reader's region, or in the widest one when it is not for the reader's."""
    moments = [one.moment for one in versions]
    here = home if home and any(home.startswith(one.region) for one in moments) else moments[0].region
    begun = [one for one in moments if one.day <= site.today and here.startswith(one.region)]
    return max(begun, key=lambda one: (len(one.region), one.day), default=None)


def _preceding(versions: Sequence[Version], after: Moment | None) -> Moment | None:
    """The version before another: in its region, or in one above it."""
    if after is None:
        return None
    earlier = [
        one.moment for one in versions if one.moment.day < after.day and after.region.startswith(one.moment.region)
    ]
    return max(earlier, key=lambda one: (len(one.region), one.day), default=None)


def _pair(
    versions: Sequence[Version], current: Moment | None, before: Moment | None, after: Moment | None
) -> tuple[Moment | None, Moment | None]:
    """The two to compare: those asked for, else today's and the one before it; of the first one, what comes next."""
    after = after or current
    before = before or _preceding(versions, after)
    if before is None and after == current:
        following = next((one.moment for one in versions if current is None or one.moment.day > current.day), None)
        return (after, following) if following else (None, after)
    return before, after


def _side(site: Site, moment: Moment | None) -> Side | None:
    return None if moment is None else Side(moment.day, place_name(moment.region, site.today))


def _line(
    site: Site, one: Version, words: Words, *, now: bool, chosen: tuple[Moment | None, Moment | None]
) -> VersionLine:
    return VersionLine(
        key=one.moment.key,
        since=one.moment.day,
        until=one.until,
        region=place_name(one.moment.region, site.today),
        hash=one.hash,
        pack_version=one.pack_version,
        rules=one.rules,
        changes=tuple(
            VersionChange(
                number=change.no,
                what=what_changes(site, change_head(change, site.today), words),
                bureau=change.bureau,
                approved_by=change.approved_by_name,
                approved_at=change.approved_at,
            )
            for change in one.changes
        ),
        now=now,
        before=one.moment == chosen[0],
        after=one.moment == chosen[1],
    )
