"""Uploads in a rough world: a server killed, sessions and keys that end, sizes that lie, parts at once and out of turn."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import Archive, UploadDesk, UploadLimits, UploadRefusedError
from hengjian.ingestion.recordings.keeping import ABANDONED_AFTER, Keeper
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from hengjian.tenants.api import begin_login, csrf_token, finish_login
from tests.ingestion.test_uploads import Tus
from tests.support.api import Api, Sender, a_sender
from tests.support.live import live_server
from tests.support.people import Authenticator, an_account, quick_desk, request
from tests.support.uploading import TUS, about, metadata, sha256

PART = 200_000
PATCH = {"content-type": "application/offset+octet-stream"}


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects(tmp_path.as_uri())


async def state_of(owner: AsyncConnection, sender: Sender) -> list[tuple[str, int]]:
    """State and bytes received of the organization's uploads."""
    wanted = text("select state, received from upload where tenant_id = :t order by begun_at")
    return [tuple(row) for row in await owner.execute(wanted, {"t": sender.organization.id})]


async def slowly(content: bytes) -> AsyncIterator[bytes]:
    """A part that is still on its way when the server dies."""
    yield content[: len(content) // 2]
    await asyncio.sleep(30)
    yield content[len(content) // 2 :]


async def test_an_upload_goes_on_after_the_server_was_killed(
    app_url: str, database: Database, owner: AsyncConnection, tmp_path: Path
) -> None:
    """kill -9 in the middle of a part: what was answered is there, the cut part is not, and the whole is sound."""
    sender, content = await a_sender(database), os.urandom(5 * PART + 77)
    headers = {"authorization": f"Bearer {sender.key}", **TUS}
    with live_server(app_url, tmp_path) as live:
        async with httpx.AsyncClient(base_url=live.url, headers=headers, timeout=30) as client:
            told = {"upload-length": str(len(content)), "upload-metadata": metadata(content, about())}
            place = (await client.post("/uploads", headers=told)).headers["location"]
            for start in (0, PART):
                part = content[start : start + PART]
                answer = await client.patch(place, headers={**PATCH, "upload-offset": str(start)}, content=part)
                assert answer.status_code == 204
            cut = {**PATCH, "upload-offset": str(2 * PART)}
            sending = asyncio.create_task(
                client.patch(place, headers=cut, content=slowly(content[2 * PART : 3 * PART]))
            )
            await asyncio.sleep(0.5)
            live.kill()
            with pytest.raises(httpx.TransportError):
                await sending
    with live_server(app_url, tmp_path) as live:
        async with httpx.AsyncClient(base_url=live.url, headers=headers, timeout=30) as client:
            offset = int((await client.head(place)).headers["upload-offset"])
            assert offset == 2 * PART
            while offset < len(content):
                part = content[offset : offset + PART]
                answer = await client.patch(place, headers={**PATCH, "upload-offset": str(offset)}, content=part)
                offset = int(answer.headers["upload-offset"])
    payload = {"tenant_id": str(sender.organization.id), "upload_id": place.rsplit("/", 1)[1]}
    await Archive(database, Objects((tmp_path / "objects").as_uri())).archive(payload)
    kept = text("select sha256 from recording where tenant_id = :t")
    assert await owner.scalar(kept, {"t": sender.organization.id}) == sha256(content)
    assert await state_of(owner, sender) == [("ARCHIVED", len(content))]


async def test_two_uploads_at_once_share_one_quota(database: Database, objects: Objects) -> None:
    """Begun at the same moment, together too large: one is taken; another organization is not concerned."""
    desk = UploadDesk(database, objects, UploadLimits(quota=15_000))
    one, other = await a_sender(database), await a_sender(database)

    async def begin(sender: Sender, number: str) -> str:
        try:
            await desk.begin(sender.caller, size=9_000, sha256=sha256(number.encode()), about=about(number))
        except UploadRefusedError as refused:
            return f"{refused.code} {refused.facts['left']}"
        return "taken"

    found = await asyncio.gather(*(begin(one, f"V-{number}") for number in range(4)), begin(other, "V-0"))
    assert sorted(found) == ["QUOTA_EXCEEDED 6000"] * 3 + ["taken"] * 2


async def test_two_uploads_side_by_side_do_not_mix(
    database: Database, objects: Objects, owner: AsyncConnection
) -> None:
    """Parts of both arrive in turn and at once; each becomes its own recording."""
    desk, sender = UploadDesk(database, objects, UploadLimits()), await a_sender(database)
    contents = {f"V-{number}": os.urandom(5 * 1_000) for number in range(3)}

    async def send(number: str, content: bytes) -> None:
        status = await desk.begin(sender.caller, size=len(content), sha256=sha256(content), about=about(number))
        for start in range(0, len(content), 1_000):
            await desk.append(sender.caller, status.id, offset=start, part=content[start : start + 1_000])
            await asyncio.sleep(0)
        payload = {"tenant_id": str(sender.organization.id), "upload_id": str(status.id)}
        await Archive(database, objects).archive(payload)

    await asyncio.gather(*(send(number, content) for number, content in contents.items()))
    rows = await owner.execute(
        text("select recording_no, sha256 from recording where tenant_id = :t"), {"t": sender.organization.id}
    )
    assert {row.recording_no: row.sha256 for row in rows} == {one: sha256(content) for one, content in contents.items()}


async def test_sizes_that_lie(database: Database, objects: Objects, owner: AsyncConnection, api: Api) -> None:
    """More than declared is refused, less than declared stays open and is never archived, and is dropped in the end."""
    sender, content = await a_sender(database), b"x" * 1_000
    tus = Tus(api, sender.key)
    small = (await tus.begin(content[:600], about("V-small"))).headers["location"]
    beyond = await tus.send(small, 0, content)
    assert (beyond.status_code, beyond.json()["code"]) == (400, "BEYOND_LENGTH")
    assert await tus.offset(small) == 0
    for told in ("0", "-1", "1e3", "ten", "9" * 30, ""):
        answer = await tus.begin(content, about("V-odd"), **{"upload-length": told})
        assert (answer.status_code, answer.json()["code"]) in {(400, "UPLOAD_LENGTH"), (413, "UPLOAD_TOO_LARGE")}, told
    desk = UploadDesk(database, objects, UploadLimits())
    large = await desk.begin(sender.caller, size=5_000, sha256=sha256(content), about=about("V-large"))
    await desk.append(sender.caller, large.id, offset=0, part=content)
    tenant = str(sender.organization.id)
    await Archive(database, objects).archive({"tenant_id": tenant, "upload_id": str(large.id)})
    assert ("OPEN", 1_000) in await state_of(owner, sender)
    later = datetime.now(UTC) + ABANDONED_AFTER + timedelta(minutes=1)
    await Keeper(database, objects, lambda: later).look_after({"tenant_id": tenant})
    assert await state_of(owner, sender) == []
    with pytest.raises(UploadRefusedError, match="Begin anew"):
        await desk.append(sender.caller, large.id, offset=1_000, part=content)


async def test_parts_out_of_turn_are_told_where_to_go_on(api: Api, database: Database) -> None:
    """Parallel parts are taken in their order only: no gap, no overlap, and the place to go on is in the answer."""
    sender, content = await a_sender(database), bytes(range(250)) * 4
    tus = Tus(api, sender.key)
    place = (await tus.begin(content, about())).headers["location"]
    answers = await asyncio.gather(
        *(tus.send(place, start, content[start : start + 250]) for start in (750, 500, 0, 250))
    )
    taken = [answer.status_code for answer in answers].count(204)
    assert taken >= 1
    refused = [answer for answer in answers if answer.status_code != 204]
    assert {(one.status_code, one.json()["code"]) for one in refused} <= {(409, "OFFSET_MISMATCH")}
    assert all(int(one.headers["upload-offset"]) % 250 == 0 for one in refused)
    offset = await tus.offset(place)
    assert offset == 250 * taken
    overlapping = await tus.send(place, max(0, offset - 100), content[offset - 100 : offset + 100])
    assert (overlapping.status_code, overlapping.headers["upload-offset"]) == (409, str(offset))


async def test_a_session_that_ends_midway_is_told_and_the_upload_goes_on_after_signing_in(
    api: Api, database: Database, owner: AsyncConnection
) -> None:
    """401 with what to do; the bytes that were acknowledged stay; another account of the same organization goes on."""
    sender, content = await a_sender(database), bytes(range(200)) * 10

    async def signed_in() -> dict[str, str]:
        person, login = await an_account(database, sender.organization), quick_desk(database)
        first = await begin_login(login, login=person.login, password=person.password, caller=request())
        token = await finish_login(login, first, code=Authenticator(person.totp_secret).code(), caller=request())
        cookie = f"hengjian_session={token}"
        return {**TUS, "origin": "http://localhost", "x-csrf-token": csrf_token(token), "cookie": cookie}

    async def send(head: dict[str, str], start: int) -> httpx.Response:
        told = head | PATCH | {"upload-offset": str(start)}
        return await api.client.patch(place, headers=told, content=content[start : start + 1_000])

    head = await signed_in()
    told = {"upload-length": str(len(content)), "upload-metadata": metadata(content, about())}
    place = (await api.client.post("/my/uploads", headers=head | told)).headers["location"]
    assert (await send(head, 0)).status_code == 204
    over = "update session set expires_at = now() - interval '1 minute' where account_id in (select id from account where tenant_id = :t)"
    await owner.execute(text(over), {"t": sender.organization.id})
    ended = await send(head, 1_000)
    assert (ended.status_code, ended.json()["code"]) == (401, "NOT_SIGNED_IN")
    assert "重新登录" in ended.json()["messageZh"]
    again = await signed_in()
    assert (await api.client.head(place, headers=again)).headers["upload-offset"] == "1000"
    assert (await send(again, 1_000)).status_code == 204
    assert await state_of(owner, sender) == [("COMPLETE", len(content))]


async def test_a_key_that_is_revoked_midway_sends_nothing_more(
    api: Api, database: Database, owner: AsyncConnection
) -> None:
    """Within seconds; with a new key of the same organization it goes on."""
    sender, other, content = await a_sender(database), await a_sender(database), bytes(2_000)
    tus = Tus(api, sender.key)
    place = (await tus.begin(content, about())).headers["location"]
    assert (await tus.send(place, 0, content[:1_000])).status_code == 204
    await owner.execute(
        text("update api_key set revoked_at = now() where tenant_id = :t"), {"t": sender.organization.id}
    )
    for _ in range(60):
        if (await api.client.head(place, headers=tus.headers)).status_code == 401:
            break
        await asyncio.sleep(0.2)
    answer = await tus.send(place, 1_000, content[1_000:])
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    for method in ("get", "head"):
        stranger = await api.client.request(method, place, headers=Tus(api, other.key).headers)
        assert stranger.status_code == 404
