"""Having the newest checkpoint stamped by time-stamp authorities (RFC 3161); an authority that is away is asked again."""

import asyncio
import base64
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote, urlsplit, urlunsplit

from cryptography.x509 import Certificate

from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.platform.log.store import latest_checkpoint
from hengjian.platform.log.troubles import CheckReport, TroubleKind
from hengjian.platform.proof.notes import Note
from hengjian.platform.proof.stamps import StampError, question_about, read_token, stamped_at

STAMPER = Caller(kind="job", actor="log.stamp")
SECONDS = 20
_LARGEST = 1_000_000
_KEEP = sql("""
    insert into log_attestation (size, kind, name, body) values (:size, 'timestamp', :name, :body)
    on conflict (size, kind, name) do nothing
""")
_STAMPS = sql("""
    select a.size, a.name, a.body, c.note from log_attestation a left join log_checkpoint c using (size)
     where a.kind = 'timestamp' order by a.size, a.name
""")
_RECENT = sql(
    "select distinct name from log_attestation where kind = 'timestamp' and at > now() - cast(:within as interval)"
)
_THIN = sql("""
    delete from log_checkpoint c where at < now() - interval '30 days'
       and not exists (select from log_attestation a where a.size = c.size)
       and exists (select from log_checkpoint l where l.size > c.size
                      and (l.at at time zone 'Asia/Shanghai')::date = (c.at at time zone 'Asia/Shanghai')::date)
""")

Ask = Callable[[str, bytes], bytes]
"""Posts a question to an address, gives the answer; raises OSError when there is none."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """How it went with one authority: when it saw the checkpoint of `size`, or what was wrong."""

    authority: str
    size: int
    at: str = ""
    problem: str = ""


def authority_name(url: str) -> str:
    """The address as everybody may read it: without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def ask_authority(url: str, question: bytes) -> bytes:
    """POST one question; user and password in the address go along as Basic.

    Raises:
        OSError: no answer.
    """
    head = {"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"}
    parts = urlsplit(url)
    if parts.username:
        told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        head["authorization"] = f"Basic {base64.b64encode(told.encode()).decode()}"
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    request = urllib.request.Request(url, data=question, headers=head)  # noqa: S310  # http(s) only: settings are checked
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # the same
        return bytes(answer.read(_LARGEST))


async def stamp_newest(
    database: Database,
    authorities: Sequence[str],
    *,
    roots: Sequence[Certificate] = (),
    unless_within: timedelta | None = None,
    ask: Ask = ask_authority,
) -> list[Stamping]:
    """Have the newest checkpoint stamped by each authority, and keep what holds; no transaction waits for an answer.

    Args:
        database: of the log.
        authorities: addresses (http, https).
        roots: their CA certificates; a token that does not verify under them is not kept.
        unless_within: authorities that stamped so recently are left alone.
        ask: posts the question.
    """
    async with database.read(STAMPER) as session:
        newest = await latest_checkpoint(session)
        lately = {"within": unless_within or timedelta(0)}
        fresh = {row.name for row in await session.all(_RECENT, lately)} if unless_within else set()
    if newest is None:
        return []
    text, found = Note.read(newest.note).text, []
    for url in authorities:
        name = authority_name(url)
        if name in fresh:
            continue
        question = question_about(text)
        try:
            token = await asyncio.to_thread(ask, url, question.body)
            at = stamped_at(text, token, nonce=question.nonce, roots=roots)
        except (OSError, StampError) as error:
            found.append(Stamping(name, newest.size, problem=str(error) or type(error).__name__))
            continue
        async with database.write(STAMPER) as session:
            await session.run(_KEEP, {"size": newest.size, "name": name, "body": base64.b64encode(token).decode()})
        found.append(Stamping(name, newest.size, at=at.isoformat()))
    return found


async def check_stamps(session: ReadSession, report: CheckReport, roots: Sequence[Certificate]) -> None:
    """Each stored time stamp is over its checkpoint, and by an authority under these roots when there are any."""
    for row in await session.all(_STAMPS):
        report.stamps += 1
        try:
            stamped_at(Note.read(row.note or "").text, read_token(row.body), roots=roots)
        except ValueError:
            report.found(TroubleKind.STAMP_WRONG, f"checkpoint {row.size}, {row.name}")


async def thin_checkpoints(database: Database) -> int:
    """Of checkpoints older than 30 days keep the last of each legal day, and those that others signed; how many went.

    Any tree size can still be proved consistent with a later one: proofs are made from tiles.
    """
    async with database.write(STAMPER) as session:
        return await session.run(_THIN)
