"""Recordings of the demo region: each a small film, sent by tus as a camera's program would send it."""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from hashlib import sha256
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from hengjian.deploy.demo.client import AnswerError
from hengjian.deploy.demo.films import Film, draw

PART = "application/offset+octet-stream"
ARCHIVED_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One recording of a task; `completed` is when its file was finished, the end of the film unless told."""

    number: str
    task: str
    stage: str
    film: Film
    node: str = "WHOLE"
    completed: datetime | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def about(self) -> dict[str, object]:
        """What is told of it."""
        return {
            "recordingNo": self.number,
            "stage": self.stage,
            "node": self.node,
            "deviceId": f"cam-{self.stage.lower()}",
            "taskRef": self.task,
            "startedAt": self.film.begins.isoformat(timespec="seconds"),
            "endedAt": self.film.ends.isoformat(timespec="seconds"),
            "completedAt": (self.completed or self.film.ends).isoformat(timespec="seconds"),
            "personRefs": list(self.people),
            "tags": list(self.tags),
            **self.more,
        }


class Sender:
    """One kept-alive connection to `/uploads` with one key. Not safe for several threads."""

    def __init__(self, base_url: str, key: str) -> None:
        url = urlsplit(base_url)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        self._link = kind(url.netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}

    def upload(self, clip: Clip) -> str:
        """Send a recording; one that was sent before is known by its number and content, one that broke off goes on.

        Returns: the address of the upload.

        Raises:
            AnswerError: it was refused.
            OSError: the server does not answer.
        """
        content = draw(clip.film, seed=clip.number)
        told = {"sha256": sha256(content).hexdigest(), "about": json.dumps(clip.about, ensure_ascii=False)}
        metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in told.items())
        begun, _ = self._ask("POST", "/uploads", b"", {"Upload-Length": str(len(content)), "Upload-Metadata": metadata})
        offset, place = int(begun["Upload-Offset"]), begun["Location"]
        if offset < len(content):
            self._ask("PATCH", place, content[offset:], {"Content-Type": PART, "Upload-Offset": str(offset)})
        return place

    def wait_until_archived(self, places: Sequence[str]) -> None:
        """Wait until these uploads are recordings, half a minute at most: the product goes on without us."""
        until, waiting = time.monotonic() + ARCHIVED_SECONDS, list(places)
        while waiting and time.monotonic() < until:
            _, said = self._ask("GET", waiting[-1], b"", {})
            if json.loads(said)["state"] == "ARCHIVED":
                waiting.pop()
            else:
                time.sleep(0.2)

    def close(self) -> None:
        """Let the connection go."""
        self._link.close()

    def _ask(self, method: str, place: str, body: bytes, headers: Mapping[str, str]) -> tuple[Message, bytes]:
        self._link.request(method, place, body, {**self._headers, **headers})
        response = self._link.getresponse()
        said = response.read()
        if response.status not in {200, 201, 204}:
            raise AnswerError(f"{method} {place}: HTTP {response.status} {said[:300].decode('utf-8', 'replace')}")
        return response.headers, said
