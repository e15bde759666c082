"""What packs and credit models said in each release that this installation ran: kept when first seen, never changed.

The files of a release say what they say of the past too, so the next release could tell it otherwise. What was kept
shows what was told before, and from when. Approved changes are kept by themselves and are no part of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.scoring.changes.check import differences
from hengjian.scoring.changes.versions import RuleDifference
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.lawbook_content import canonical_json, content_hash

Json = dict[str, Any]
PACK, CREDIT_MODEL = "pack", "credit_model"
_KEEPER = Caller(kind="job", actor="law-book")
_KNOWN = sql("select hash from law_content where hash = any(:hashes)")
_KEEP = sql("""
    insert into law_content (hash, kind, name, release, first_seen_at, content)
    values (:hash, :kind, :name, :release, :now, :content) on conflict do nothing
""")
_KEPT = sql("""
    select hash, kind, name, release, first_seen_at, content from law_content
     where kind = :kind and name = :name order by first_seen_at, hash
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """The content of a pack or credit model as a release brought it; its days are those of `first_seen_at` on.

    `hash` is the SHA-256 under which it was kept; `sound` is false where the content is no longer of it.
    """

    hash: str
    kind: str
    name: str
    release: str
    first_seen_at: datetime
    content: str

    @property
    def sound(self) -> bool:
        """Whether it still says what was kept."""
        return content_hash(self.content) == self.hash


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedText:
    """What a rule's file (or all of a pack or model) said from a release on, and what today's says differently.

    `content` is told here alone, as canonical JSON, and `hash` its SHA-256; `shipped` is the whole in which it was first seen.
    """

    shipped: Shipped
    content: str
    hash: str
    differences: tuple[RuleDifference, ...]


async def keep_shipped(database: Database, book: LawBook, *, release: str, now: datetime) -> None:
    """Keep what the files say, as far as it was never seen here before; a worker does so when it starts."""
    shipped = book.origin or book
    found = [(PACK, pack.id, pack.version, pack.content) for pack in shipped.packs]
    found += [(CREDIT_MODEL, model.id, model.version, model.content) for model in shipped.credit_models]
    async with database.read(_KEEPER) as session:
        rows = await session.all(_KNOWN, {"hashes": [version for _, _, version, _ in found]})
    known = {row.hash for row in rows}
    missing = [one for one in found if one[2] not in known]
    if missing:
        async with database.write(_KEEPER) as session:
            for kind, name, version, content in missing:
                said = {"kind": kind, "name": name, "hash": version, "content": content}
                await session.run(_KEEP, {**said, "release": release, "now": now})


async def read_rule_texts(session: ReadSession, book: LawBook, rule_id: str) -> tuple[ShippedText, ...]:
    """What a rule's file said, release by release, each once and the latest last.

    Raises:
        UnknownRuleError: no pack has the rule.
    """
    packs = {pack.id for pack, _ in book.find(rule_id)}
    shipped = [pack for pack in (book.origin or book).packs if pack.id in packs]
    return tuple([text for pack in shipped for text in await _texts(session, PACK, pack.id, pack.content, rule_id)])


async def read_pack_texts(session: ReadSession, book: LawBook, pack_id: str) -> tuple[ShippedText, ...]:
    """What a pack said, release by release; none for an unknown one."""
    shipped = [pack for pack in (book.origin or book).packs if pack.id == pack_id]
    return tuple([text for pack in shipped for text in await _texts(session, PACK, pack.id, pack.content)])


async def read_model_texts(session: ReadSession, book: LawBook, model_id: str) -> tuple[ShippedText, ...]:
    """What a credit model said, release by release; none for an unknown one."""
    models = [model for model in book.credit_models if model.id == model_id]
    return tuple([text for one in models for text in await _texts(session, CREDIT_MODEL, one.id, one.content)])


async def _texts(session: ReadSession, kind: str, name: str, today: str, rule_id: str = "") -> tuple[ShippedText, ...]:
    """The contents that were kept, those that say the same of the rule only once."""
    found: dict[str, ShippedText] = {}
    for row in await session.all(_KEPT, {"kind": kind, "name": name}):
        shipped = Shipped(**row._asdict())
        said = _files(shipped.content, rule_id)
        content = canonical_json(said)
        version = content_hash(content)
        if said and version not in found:
            different = tuple(_differences(said, _files(today, rule_id)))
            found[version] = ShippedText(shipped=shipped, content=content, hash=version, differences=different)
    return tuple(found.values())


def _files(content: str, rule_id: str) -> Json:
    """The files of a content by their names without ending; of one rule alone when it is named."""
    files = {name.removesuffix(".yaml"): said for name, said in json.loads(content).items()}
    return {name: said for name, said in files.items() if rule_id in {"", name}}


def _differences(before: Json, after: Json) -> Iterator[RuleDifference]:
    for name in sorted(before.keys() | after.keys()):
        for one in differences(before.get(name), after.get(name)):
            yield RuleDifference(name, one)
