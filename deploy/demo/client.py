"""A plain GraphQL client over HTTP: what a contractor's own program would be."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


class AnswerError(Exception):
    """The server answered, but not with what was asked for."""


class Client:
    """One kept-alive connection with one key. Not safe for several threads.

    A broken connection is tried again: every push carries an idempotency key, so nothing is entered twice.
    """

    def __init__(self, url: str, key: str | None = None, *, timeout_seconds: float = 60) -> None:
        self._url = urlsplit(url)
        self._headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self._timeout = timeout_seconds
        self._connection: HTTPConnection | None = None

    def ask(self, document: str, variables: Mapping[str, object] | None = None) -> Json:
        """The `data` of an answer.

        Raises:
            AnswerError: the answer carries errors or is no GraphQL answer.
        """
        body = json.dumps({"query": document, "variables": variables or {}}).encode()
        status, text = self._send("POST", self._url.path, body)
        try:
            answer = json.loads(text)
        except ValueError as unreadable:
            raise AnswerError(f"HTTP {status}: {text[:300]!r}") from unreadable
        if answer.get("errors") or not isinstance(answer.get("data"), dict):
            raise AnswerError(json.dumps(answer.get("errors", answer), ensure_ascii=False)[:1500])
        data: Json = answer["data"]
        return data

    def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        for wait_seconds in (0.2, 1.0, 3.0, None):
            try:
                return self._send_once(method, path, body)
            except (OSError, HTTPException):
                self.close()
                if wait_seconds is None:
                    raise
                time.sleep(wait_seconds)
        raise AssertionError("the last try returns or raises")

    def _send_once(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        if self._connection is None:
            kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
            self._connection = kind(self._url.netloc, timeout=self._timeout)
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        """Let the connection go; the next question opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
