"""Versions of rules, for anybody: what stood where from which day on, and how any two differ."""

from datetime import date, datetime

import strawberry

from hengjian.graphql.context import Info
from hengjian.graphql.errors import ApiError
from hengjian.graphql.queries_grades import ANYBODY
from hengjian.scoring.api import (
    Difference,
    Moment,
    ScoringError,
    ShippedText,
    StoredChange,
    UnknownRuleError,
    Version,
    read_model_texts,
    read_rule_texts,
    read_rule_versions,
    rule_differences,
)


@strawberry.type(description="The approved change with which a version begins.")
class RuleVersionChange:
    """One change."""

    number: str
    bureau: str
    approved_by: str
    approved_at: datetime | None


@strawberry.type(description="What a rule says in a region, and all below it that say nothing else, from a day on.")
class RuleVersion:
    """One version."""

    key: str = strawberry.field(
        description="Day and region, 2025-10-01.65 (00 is the whole country); `ruleDifferences` takes any such pair."
    )
    since: date
    until: date | None = strawberry.field(description="The first day of the next version in the region.")
    region: str
    in_force: bool
    hash: str | None = strawberry.field(description="SHA-256 of what the rule says then and there.")
    pack: str
    pack_version: str = strawberry.field(description="Hash of the pack's content, as shipped or with the changes.")
    changes: list[RuleVersionChange] = strawberry.field(description="Empty for what was shipped.")


@strawberry.type(description="One value that a rule says differently on two days.")
class RuleDifference:
    """One difference."""

    path: str = strawberry.field(description="The field in the rule's file, parameters.points_per_supervisor.value.")
    before: str | None
    after: str | None


@strawberry.type(description="What the files of a release said of a rule or credit model, kept when first loaded here.")
class LawText:
    """One text."""

    release: str = strawberry.field(description="The release of this software that brought it.")
    first_seen_at: datetime
    content: str = strawberry.field(description="The text as canonical JSON, under the name of its file.")
    hash: str = strawberry.field(description="SHA-256 of the content.")
    whole_hash: str = strawberry.field(description="Hash of the pack or model in which it was first seen.")
    sound: bool = strawberry.field(description="false where what was kept is no longer of its hash: it was altered.")
    differences: list[RuleDifference] = strawberry.field(description="What today's files say differently.")


@strawberry.type
class RuleVersionQueries:
    """Questions about versions of rules."""

    @strawberry.field(description="Every version of a rule, region by region and day by day; for anybody.")
    async def rule_versions(self, info: Info, rule: str) -> list[RuleVersion]:
        """The versions."""
        async with info.context.database.read(ANYBODY) as session:
            try:
                found = await read_rule_versions(session, info.context.lawbook, rule)
            except UnknownRuleError as error:
                raise ApiError("NOT_FOUND", str(error)) from error
        return [_version(one) for one in found]

    @strawberry.field(
        description="What a rule says differently on two days, each with its region (2025-10-01.65); for anybody."
    )
    def rule_differences(self, info: Info, rule: str, before: str, after: str) -> list[RuleDifference]:
        """The differences, field by field."""
        try:
            found = rule_differences(info.context.lawbook, rule, Moment.read(before), Moment.read(after))
        except UnknownRuleError as error:
            raise ApiError("NOT_FOUND", str(error)) from error
        except ScoringError as error:
            raise ApiError("BAD_INPUT", str(error)) from error
        return [_difference(one) for one in found]

    @strawberry.field(description="What a rule's file said, release by release, the latest last; for anybody.")
    async def rule_texts(self, info: Info, rule: str) -> list[LawText]:
        """The texts, each once."""
        async with info.context.database.read(ANYBODY) as session:
            try:
                found = await read_rule_texts(session, info.context.lawbook, rule)
            except UnknownRuleError as error:
                raise ApiError("NOT_FOUND", str(error)) from error
        return [_text(one) for one in found]

    @strawberry.field(description="What a credit model said, release by release, the latest last; for anybody.")
    async def credit_model_texts(self, info: Info, model: str) -> list[LawText]:
        """The texts, each once; none for an unknown model."""
        async with info.context.database.read(ANYBODY) as session:
            return [_text(one) for one in await read_model_texts(session, info.context.lawbook, model)]


def _text(one: ShippedText) -> LawText:
    return LawText(
        release=one.shipped.release,
        first_seen_at=one.shipped.first_seen_at,
        content=one.content,
        hash=one.hash,
        whole_hash=one.shipped.hash,
        sound=one.shipped.sound,
        differences=[_difference(found.difference) for found in one.differences],
    )


def _difference(one: Difference) -> RuleDifference:
    return RuleDifference(path=one.path, before=one.before or None, after=one.after or None)


def _version(one: Version) -> RuleVersion:
    return RuleVersion(
        key=one.moment.key,
        since=one.moment.day,
        until=one.until,
        region=one.moment.region,
        in_force=bool(one.hash),
        hash=one.hash or None,
        pack=one.pack,
        pack_version=one.pack_version,
        changes=[_change(change) for change in one.changes],
    )


def _change(change: StoredChange) -> RuleVersionChange:
    return RuleVersionChange(
        number=change.no,
        bureau=change.bureau,
        approved_by=change.approved_by_name,
        approved_at=change.approved_at,
    )
