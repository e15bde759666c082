"""Records that several pages print: a line of findings, a pager, a sortable head, a filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.shell import address
from hengjian.scoring.api import CountedIn

PAGE_SIZES = (20, 50, 100)
Query = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding in a list. `measured` and `required` are texts ready to print; None is no data.

    A line may stand for several `times` the same rule at the same organization; `href` leads to all of them then.
    """

    number: str
    organization: str
    credit_code: str
    rule_id: str
    title: Bilingual
    severity: str
    state: str
    since: date
    days: int
    measured: str | None
    required: str | None
    unit: Bilingual | str = ""
    subject: str = ""
    region: Bilingual | str = ""
    grade: str | None = None
    until: date | None = None
    times: int = 1
    href: str = ""
    due: date | None = None
    counted_in: tuple[CountedIn, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number in a pager; an empty address is a gap."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Which part of a list is shown, and the way to the others."""

    first: int
    last: int
    total: int
    links: tuple[PageLink, ...]
    sizes: tuple[PageLink, ...]


def pager(path: str, query: Query, *, page: int, size: int, total: int) -> Pager:
    """The pager of a list of `total` rows of which page number `page` (from 1) is shown.

    >>> pager("/orgs", [], page=2, size=20, total=45).links[1].current
    True
    """
    pages = max(1, -(-total // size))
    near = {1, pages, page - 1, page, page + 1} & set(range(1, pages + 1))
    links: list[PageLink] = []
    for number in sorted(near):
        if links and links[-1].label != str(number - 1):
            links.append(PageLink("…", ""))
        links.append(PageLink(str(number), address(path, query, page=str(number)), number == page))
    return Pager(
        first=(page - 1) * size + 1 if total else 0,
        last=min(page * size, total),
        total=total,
        links=tuple(links),
        sizes=tuple(
            PageLink(str(one), address(path, query, size=str(one), page=None), one == size) for one in PAGE_SIZES
        ),
    )


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `href` sorts by it, `direction` tells how it is sorted now."""

    label: str
    href: str = ""
    direction: str = ""
    numeric: bool = False


def heads(
    path: str, query: Query, columns: Sequence[tuple[str, str, bool]], *, sort: str, numeric_first: str = "desc"
) -> tuple[Head, ...]:
    """Heads for columns (label, sort key or empty, numeric). The key `-open` sorts `open` descending."""

    def head(label: str, key: str, numeric: bool) -> Head:
        if not key:
            return Head(label, numeric=numeric)
        down = f"-{key}"
        if sort == key:
            return Head(label, address(path, query, sort=down, page=None), "ascending", numeric)
        if sort == down:
            return Head(label, address(path, query, sort=key, page=None), "descending", numeric)
        first = down if numeric and numeric_first == "desc" else key
        return Head(label, address(path, query, sort=first, page=None), "", numeric)

    return tuple(head(*column) for column in columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """Asking for the compliance report of one of these months on an organization or a bureau."""

    credit_code: str
    name: str
    months: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: Bilingual | str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of a filter. Its labels are marked texts, or names that carry both languages."""

    name: str
    label: str
    options: tuple[Option, ...]


def choice(name: str, label: str, options: Mapping[str, Bilingual | str], chosen: str | None) -> Choice:
    """A select whose first option is 'all'."""
    return Choice(name, label, tuple(Option(value, text, value == chosen) for value, text in options.items()))


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force; following `href` removes it."""

    label: str
    value: Bilingual | str
    href: str


@dataclass(frozen=True, slots=True)
class DayField:
    """A day to type into a filter, `2026-05-03`; empty when none is chosen."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A GET form over a list: free text, selects, and what is chosen now."""

    action: str
    text: str
    text_label: str
    choices: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    hidden: tuple[tuple[str, str], ...] = field(default=())
    days: tuple[DayField, ...] = ()


def chips(path: str, query: Query, choices: Sequence[Choice], text: tuple[str, str] | None) -> tuple[Chip, ...]:
    """A removable chip for each filter in force; `text` is the label and value of the free text, if any."""
    found = [
        Chip(one.label, option.label, address(path, query, **{one.name: None, "page": None}))
        for one in choices
        for option in one.options
        if option.chosen and option.value
    ]
    if text and text[1]:
        found.insert(0, Chip(text[0], text[1], address(path, query, q=None, page=None)))
    return tuple(found)
