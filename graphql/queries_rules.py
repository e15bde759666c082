"""The public law-book: what anybody may read, with or without a key."""

from datetime import UTC, date, datetime

import strawberry

from hengjian.graphql.context import Info
from hengjian.graphql.errors import ApiError
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_offset, encode_cursor
from hengjian.graphql.rule_types import RuleType, rule_type
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import SOURCE_MARKS, RuleFilter, UnknownRuleError, catalogue_rule, search_rules

_LONGEST_SEARCH = 100


@strawberry.type(description="One page of rules.")
class RulePage:
    """Rules by pack and name."""

    nodes: list[RuleType]
    total_count: int
    page_info: PageInfo


@strawberry.input(description="What a list of rules is narrowed to.")
class RuleSearch:
    """Each part that is given must fit."""

    text: str | None = strawberry.field(
        default=None,
        description="Words in number, title, clause, quotation, formula or remedy, in Chinese, English or pinyin.",
    )
    pack: str | None = None
    severity: str | None = strawberry.field(default=None, description="critical, major, minor or info.")
    source_status: str | None = strawberry.field(default=None, description=", ".join(SOURCE_MARKS) + ".")


@strawberry.type
class RuleQueries:
    """Questions about the law-book; they need no key."""

    @strawberry.field(
        description="The rules of the law-book, for anybody. `region` and `on` choose the limits that are `now` and "
        "what is in force (by default each pack's own region, today)."
    )
    def rules(
        self,
        info: Info,
        *,
        first: First,
        after: After = None,
        search: RuleSearch | None = None,
        region: str | None = None,
        on: date | None = None,
    ) -> RulePage:
        """One page."""
        check_first(first)
        asked = search or RuleSearch()
        if asked.text is not None and len(asked.text) > _LONGEST_SEARCH:
            raise ApiError("BAD_INPUT", f"(search.text: at most {_LONGEST_SEARCH} characters)")
        wanted = RuleFilter(
            text=asked.text, pack=asked.pack, severity=asked.severity, source_status=asked.source_status
        )
        filters = ["rules", wanted, region, on]
        offset = decode_offset(after, filters)
        day = on or legal_day(datetime.now(UTC))
        found = search_rules(info.context.lawbook, wanted, region=region, on=day)
        end = min(offset + first, len(found))
        shown = found[offset:end]
        return RulePage(
            nodes=[rule_type(info.context.lawbook, one.pack, one.rule, region=region, on=day) for one in shown],
            total_count=len(found),
            page_info=PageInfo(
                has_next_page=end < len(found), end_cursor=encode_cursor([str(end)], filters) if shown else None
            ),
        )

    @strawberry.field(description="One rule by its name, e.g. C-04; for anybody.")
    def rule(
        self,
        info: Info,
        id: str,  # noqa: A002  # the argument's name in the API
        *,
        region: str | None = None,
        on: date | None = None,
    ) -> RuleType:
        """The rule."""
        book, day = info.context.lawbook, on or legal_day(datetime.now(UTC))
        try:
            pack, file = book.find(id)[0]
        except UnknownRuleError as error:
            raise ApiError("NOT_FOUND", str(error)) from error
        return rule_type(
            book, pack, catalogue_rule(book, pack, file, region=region, on=day).rule, region=region, on=day
        )
