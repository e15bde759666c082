"""The versions of rules: what stands in a region from a day on, by which change it came, and how any two differ.

A version is told by its region and its first day. Its hash is of what stands then and there alone, so that nothing
which is approved later, or for elsewhere, makes an earlier version another.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from hengjian.platform.db import ReadSession
from hengjian.scoring.changes.check import Difference, differences, rule_version
from hengjian.scoring.changes.overlay import entry_said
from hengjian.scoring.changes.stored import StoredChange, approved_changes
from hengjian.scoring.domain.lawbook import LawBook, Pack
from hengjian.scoring.domain.rules import Rule, turning_days
from hengjian.scoring.errors import VersionUnknownError

Json = dict[str, Any]
COUNTRY = "00"
"""How a key writes the whole country."""
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{2}(?:\d{2}){0,2})\Z", re.ASCII)
# Where an edition comes from is told beside it, and is no part of what it says.
_PLACE = frozenset({"edition", "region", "in_force_from", "in_force_until", "off"})


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A day in a region ("" is the whole country): what `key` writes as `2025-10-01.65`."""

    day: date
    region: str

    @property
    def key(self) -> str:
        """As addresses and the API write it."""
        return f"{self.day.isoformat()}.{self.region or COUNTRY}"

    @classmethod
    def read(cls, key: str) -> "Moment":
        """The moment that a key names.

        Raises:
            VersionUnknownError: it is not written so.
        """
        found = _KEY.match(key)
        try:
            day = date.fromisoformat(found.group(1) if found else "")
        except ValueError as error:
            raise VersionUnknownError(key) from error
        region = found.group(2) if found else ""
        return cls(day, "" if region == COUNTRY else region)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What stands in a region from `moment.day` to before `until`, of one rule or of the `rules` of a pack that begin.

    `hash` is the SHA-256 of its content, empty while nothing is in force. `changes` are the approved changes that begin
    or end with it; without any it was shipped. `pack_version` is the hash of the pack that says so.
    """

    moment: Moment
    until: date | None
    hash: str
    rules: tuple[str, ...]
    changes: tuple[StoredChange, ...]
    pack: str
    pack_version: str


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One value that a rule says differently on two moments; an empty text stands for nothing."""

    rule_id: str
    difference: Difference


async def read_rule_versions(session: ReadSession, book: LawBook, rule_id: str) -> tuple[Version, ...]:
    """Every version of a rule, region by region, in the order of days.

    Raises:
        UnknownRuleError: no pack has the rule.
    """
    packs = {pack.id: pack for pack, _ in book.find(rule_id)}
    changes = await approved_changes(session)
    return tuple(version for pack in packs.values() for version in rule_versions(book, pack, rule_id, changes))


async def read_pack_versions(session: ReadSession, book: LawBook, pack: Pack) -> tuple[Version, ...]:
    """Every day on which a rule of the pack becomes another, region by region, with the rules that do."""
    changes = await approved_changes(session)
    names = _names(pack)
    found: dict[Moment, list[Version]] = {}
    for name in names:
        for version in rule_versions(book, pack, name, changes):
            found.setdefault(version.moment, []).append(version)
    moments = sorted(found, key=lambda one: (len(one.region), one.region, one.day))
    return tuple(
        Version(
            moment=moment,
            until=next((one.day for one in moments if one.region == moment.region and one.day > moment.day), None),
            hash=rule_version({name: _standing(book, pack, name, moment) for name in names}),
            rules=tuple(rule for one in found[moment] for rule in one.rules),
            changes=tuple({change.no: change for one in found[moment] for change in one.changes}.values()),
            pack=pack.id,
            pack_version=_pack_version(book, pack, changed=any(one.changes for one in found[moment])),
        )
        for moment in moments
    )


def rule_versions(book: LawBook, pack: Pack, rule_id: str, changes: Sequence[StoredChange] = ()) -> Iterator[Version]:
    """The versions of one rule of a pack.

    A region below the pack's has versions of its own from the day on which it first differs from the region above it.
    """
    rules = [rule for rule in pack.rules if rule.id == rule_id]
    days, regions = sorted(turning_days(rules)), _regions(pack, rules)
    told = {(region, day): _standing(book, pack, rule_id, Moment(day, region)) for region in regions for day in days}
    for region in regions:
        above = max((one for one in regions if one != region and region.startswith(one)), key=len, default=None)
        begun = list(_begun(told, days, region, above))
        for place, day in enumerate(begun):
            said, moment = told[region, day], Moment(day, region)
            causes = tuple(_causes(changes, rule_id, moment))
            yield Version(
                moment=moment,
                until=begun[place + 1] if place + 1 < len(begun) else None,
                hash=rule_version(said) if said else "",
                rules=(rule_id,),
                changes=causes,
                pack=pack.id,
                pack_version=_pack_version(book, pack, changed=bool(causes)),
            )


def rule_differences(book: LawBook, rule_id: str, before: Moment, after: Moment) -> tuple[Difference, ...]:
    """What one rule says differently on two moments, field by field; not in force is a field of its own.

    Raises:
        UnknownRuleError: no pack has the rule.
    """
    return tuple(differences(_told(standing(book, rule_id, before)), _told(standing(book, rule_id, after))))


def pack_differences(book: LawBook, pack: Pack, before: Moment, after: Moment) -> tuple[RuleDifference, ...]:
    """What the rules of a pack say differently on two moments, rule by rule."""
    return tuple(
        RuleDifference(name, one)
        for name in _names(pack)
        for one in differences(_told(_standing(book, pack, name, before)), _told(_standing(book, pack, name, after)))
    )


def standing(book: LawBook, rule_id: str, moment: Moment) -> Json:
    """What the rule's file says as it stands on a day in a region, each parameter with its one value; {} without it.

    Raises:
        UnknownRuleError: no pack has the rule.
    """
    packs = [pack for pack, _ in book.find(rule_id)]
    return next((said for pack in packs if (said := _standing(book, pack, rule_id, moment))), {})


def _standing(book: LawBook, pack: Pack, rule_id: str, moment: Moment) -> Json:
    now = book.rule_in_force(rule_id, region=moment.region or pack.region, on=moment.day)
    if now is None or now.rule.pack != pack.id:
        return {}
    file = _files(pack.content)[f"{now.rule.file}.yaml"]
    said = {name: value for name, value in file.items() if name not in _PLACE}
    return said | {
        "parameters": {name: entry_said(entry) for name, entry in now.parameters.items()},
        "examples": [one for one in file["examples"] if _has_come(one, moment)],
    }


def _has_come(example: Mapping[str, Any], moment: Moment) -> bool:
    """Whether an example is about a day that has come, in this region: later ones belong to later versions."""
    day = example.get("date") or ""
    return day <= moment.day.isoformat() and moment.region.startswith(example.get("region") or "")


@lru_cache(maxsize=16)
def _files(content: str) -> dict[str, Json]:
    """The files of a pack; read, never changed."""
    files: dict[str, Json] = json.loads(content)
    return files


def _told(said: Json) -> Json:
    return {"in_force": True, **said} if said else {"in_force": False}


def _regions(pack: Pack, rules: Sequence[Rule]) -> list[str]:
    """Every region for which something is said, the widest first."""
    own = {rule.region for rule in rules}
    entries = {entry.region for rule in rules for parameter in rule.parameters for entry in parameter.entries}
    return sorted({pack.region} | own | entries, key=lambda region: (len(region), region))


def _begun(
    told: Mapping[tuple[str, date], Json], days: Sequence[date], region: str, above: str | None
) -> Iterator[date]:
    """The days on which a version of the region begins: since it first differed from the region above it."""
    own, before = above is None, Json()
    for day in days:
        now = told[region, day]
        if now != before if own else now != told[above or "", day]:
            own = True
            yield day
        before = now


def _causes(changes: Sequence[StoredChange], rule_id: str, moment: Moment) -> Iterator[StoredChange]:
    for change in changes:
        new = change.new
        if (new.rule_id, new.from_day) == (rule_id, moment.day) and moment.region.startswith(change.region):
            yield change


def _names(pack: Pack) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.id for rule in pack.rules))


def _pack_version(book: LawBook, pack: Pack, *, changed: bool) -> str:
    """The hash of the pack as it is shipped, or with the changes."""
    shipped = next(one for one in (book.origin or book).packs if one.id == pack.id)
    return pack.version if changed else shipped.version
