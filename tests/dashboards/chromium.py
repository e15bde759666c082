"""Debian's Chromium over a real web process, with ears for everything that the console says."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, Geolocation, Page, async_playwright

from hengjian.deploy.processes import start_bound
from hengjian.tenants.api import IssuedAccount
from tests.support.people import KEY, Authenticator

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SERIOUS = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
    .filter(one => one.impact === 'serious' || one.impact === 'critical')
    .map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`))"""


_CUT_OFF = """() => [...document.querySelectorAll('.tw:has(> .rec), figure.chart:not(.wide)')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel ?? one.outerHTML.slice(0, 120))"""


@contextmanager
def web_process(app_url: str, folder: Path) -> Iterator[str]:
    """The product's web server over a database; its address."""
    key = folder / "secret.key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "HENGJIAN_DATABASE_URL": app_url,
        "HENGJIAN_MIGRATION_URL": "",
        "HENGJIAN_STATE": str(folder),
        "HENGJIAN_SECRET_KEY_FILE": str(key),
        "HENGJIAN_DEMO": "yes",
        "PORT": str(port),
    }
    log = folder / "web.log"
    with log.open("wb") as output:
        serve = [sys.executable, "-m", "hengjian.deploy.cli", "serve"]
        web = start_bound(serve, output=output.fileno(), environment=environment)
    try:
        _wait_until_ready(port, log, web)
        yield f"http://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait(20)


def _wait_until_ready(port: int, log: Path, web: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and web.poll() is None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            link.request("GET", "/readyz")
            if link.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            link.close()
        time.sleep(0.2)
    raise RuntimeError(f"the web process did not become ready: {log.read_text()[-2000:]}")


@dataclass
class Visit:
    """One browser window at one width, and what its console said."""

    page: Page
    context: BrowserContext
    address: str
    heard: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Keep errors and warnings of the console, and scripts that failed."""
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(f"{message.type}: {message.text}")

    async def go(self, path: str) -> int:
        """Open a page and let its charts be drawn; its status."""
        answer = await self.page.goto(self.address + path)
        for name in await self.page.evaluate(
            "() => [...document.querySelectorAll('figure.chart')].map(f => f.dataset.vega)"
        ):
            figure = f"figure.chart[data-vega={name}]"
            await self.page.locator(figure).scroll_into_view_if_needed()
            await self.page.wait_for_selector(f"{figure}[data-drawn]")
        return answer.status if answer else 0

    async def sign_in(self, person: IssuedAccount, *, ahead: int = 0) -> None:
        """Both steps, by keyboard."""
        await self.page.goto(self.address + "/")
        await self.page.get_by_label("账号").fill(person.login)
        await self.page.keyboard.press("Tab")
        await self.page.keyboard.type(person.password)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/login/otp**")
        field = self.page.locator("#code")  # it has autofocus, which a busy browser gives some time after the load
        await field.press_sequentially(Authenticator(person.totp_secret).code(ahead))
        await field.press("Enter")
        await self.page.wait_for_url(re.compile(r"/(overview|my)$"))

    async def serious_issues(self) -> list[str]:
        """What axe finds that would stop somebody."""
        devtools = await self.context.new_cdp_session(self.page)
        await devtools.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        found: list[str] = await self.page.evaluate(_SERIOUS)
        return found

    async def cut_off(self) -> list[str]:
        """On a phone: tables that should have become records, and charts that should have shrunk, yet are too wide."""
        if await self.page.evaluate("() => innerWidth > 640"):
            return []
        found: list[str] = await self.page.evaluate(_CUT_OFF)
        return found

    async def sticks_out(self) -> bool:
        """Whether the page is wider than the window."""
        wider: bool = await self.page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1")
        return wider


@asynccontextmanager
async def visiting(address: str, width: str = "desk", *, place: Geolocation | None = None) -> AsyncIterator[Visit]:
    """A fresh window; at a place, if it is to know where it is.

    Raises:
        RuntimeError: Debian's Chromium is not installed.
    """
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is missing; install Debian's package chromium")
    wide, high = WIDTHS[width]
    async with async_playwright() as player:
        chromium = await player.chromium.launch(executable_path=program, args=list(FLAGS))
        context = await chromium.new_context(
            viewport={"width": wide, "height": high},
            geolocation=place,
            permissions=["geolocation"] if place else [],
        )
        visit = Visit(await context.new_page(), context, address)
        visit.listen()
        yield visit
        await chromium.close()
