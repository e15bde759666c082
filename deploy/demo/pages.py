"""The pages as a person uses them: sign in with both factors, open a page, send its form."""

import re
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode, urlsplit

import pyotp

from hengjian.deploy.demo.client import AnswerError, Json

_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Pages:
    """One person's browser. Not safe for several threads."""

    def __init__(self, base_url: str, *, timeout_seconds: float = 60) -> None:
        self._url = urlsplit(base_url)
        self._timeout = timeout_seconds
        self._cookies: dict[str, str] = {}

    @classmethod
    def signed_in(cls, base_url: str, user: Json) -> Self:
        """The browser of a person of `demo.json` after both factors.

        Raises:
            AnswerError: the log-in was refused.
        """
        pages = cls(base_url)
        pages.submit("/login", "/login", {"login": user["login"], "password": user["password"]})
        pages.submit("/login/otp", "/login/otp", {"code": pyotp.TOTP(user["totp_secret"]).now()})
        return pages

    def read(self, page: str) -> str:
        """The text of a page.

        Raises:
            AnswerError: it does not open.
        """
        status, text = self._send("GET", page)
        if status != 200:
            raise AnswerError(f"{page}: HTTP {status}")
        return text

    def submit(self, page: str, action: str, fields: Mapping[str, str]) -> None:
        """Open a page and send a form of it.

        Raises:
            AnswerError: the page has no form, or what was sent was refused.
        """
        found = _CSRF.search(self.read(page))
        if found is None:
            raise AnswerError(f"{page}: no form")
        status, _ = self._send("POST", action, urlencode({"csrf": found[1], **fields}))
        if status != 303:
            raise AnswerError(f"{action}: HTTP {status}, refused {fields.get('act', '')}")

    def _send(self, method: str, path: str, form: str | None = None) -> tuple[int, str]:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        link = kind(self._url.netloc, timeout=self._timeout)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, path, form, headers)
            response = link.getresponse()
            self._keep(response)
            return response.status, response.read().decode()
        finally:
            link.close()

    def _keep(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies.update((name, one.value) for name, one in SimpleCookie(line).items())
