"""Bytes per second of an upload over HTTP, in parts, against writing the same file on the same disk with fsync."""

import asyncio
import os
import time

import httpx

from hengjian.platform.db import Database
from tests.bench.figures import Figure, Rounds, compared
from tests.bench.stage import Stage, settle
from tests.support.api import a_sender
from tests.support.uploading import TUS, about, metadata

SIZE = 200 << 20
PART = 8 << 20
ROUNDS = 3
_MEGA = 1e6


def measure(stage: Stage) -> list[Figure]:
    """The sender's whole wait: begin, 25 parts one after another, all acknowledged."""
    port = stage.product()
    key = asyncio.run(_key(stage.app_url))
    ours, theirs = Rounds(), Rounds()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for number in range(ROUNDS + 1):
            content = os.urandom(SIZE)
            before = stage.cpu("product"), stage.cpu("postgres")
            ours.rates.append(SIZE / _MEGA / _upload(client, key, content, f"V-{number}"))
            ours.server.append(stage.cpu("product") - before[0])
            ours.postgres.append(stage.cpu("postgres") - before[1])
            theirs.rates.append(SIZE / _MEGA / _write(stage, content))
            settle()
    ours = ours.skip(1)
    figure = compared("upload_vs_write", Rounds(ours.rates), theirs.skip(1), "MB/s")
    figure["note"] = f"CPU ms a recording of {SIZE >> 20} MiB, server + PostgreSQL: {ours.cost()}"
    return [figure]


async def _key(app_url: str) -> str:
    database = Database.connect(app_url)
    try:
        return (await a_sender(database)).key
    finally:
        await database.close()


def _upload(client: httpx.Client, key: str, content: bytes, number: str) -> float:
    """Seconds; the hash that is declared is the camera's, made beforehand.

    Raises:
        RuntimeError: an answer is not as wanted.
    """
    headers = {**TUS, "authorization": f"Bearer {key}"}
    told = {"upload-length": str(SIZE), "upload-metadata": metadata(content, about(number))}
    begun = time.perf_counter()
    place = client.post("/uploads", headers=headers | told).headers["location"]
    for offset in range(0, SIZE, PART):
        sent = {"upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
        answer = client.patch(place, headers=headers | sent, content=content[offset : offset + PART])
        if answer.status_code != 204:
            raise RuntimeError(answer.text)
    return time.perf_counter() - begun


def _write(stage: Stage, content: bytes) -> float:
    file = stage.folder / "floor"
    begun = time.perf_counter()
    with file.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    seconds = time.perf_counter() - begun
    file.unlink()
    return seconds
