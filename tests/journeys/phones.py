"""A phone in the field: a window of phone width that knows where it is, loses its network and finds it again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Geolocation, Locator, Page

from hengjian.tenants.api import IssuedAccount
from tests.dashboards.chromium import Visit, visiting
from tests.support.clips import scene

PLACE = Geolocation(longitude=87.6001, latitude=43.8001, accuracy=12.0)


@dataclass
class Phone:
    """One phone; its page may be closed and opened again, what it keeps stays."""

    visit: Visit

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.visit.page

    async def open(self, path: str) -> None:
        """Open a page and wait until its script has shown what the phone knows."""
        await self.page.goto(self.visit.address + path)
        await self.page.wait_for_selector("body[data-ready]")

    async def settle(self, path: str) -> None:
        """Open a page and wait until it has sent what waited; from then on it sends when it is told to."""
        await self.open(path)
        await self.page.wait_for_selector("body[data-settled]")

    async def keep(self) -> None:
        """Open the list of the day, and wait until it and its tasks are kept."""
        await self.open("/field")
        await self.page.wait_for_selector("body[data-kept]")

    async def offline(self, cut: bool = True) -> None:  # as the browser has it
        """Lose the network, or find it again."""
        await self.visit.context.set_offline(cut)

    async def reopen(self, path: str) -> None:
        """Close the page as a phone does that ran out of battery, and open it again."""
        await self.page.close()
        self.visit.page = await self.visit.context.new_page()
        self.visit.listen()
        await self.open(path)

    def step(self, key: str) -> Locator:
        """One step by its event, and its sample or task."""
        return self.page.locator(f'[data-step="{key}"]')

    async def do(self, key: str, *, button: str = "", **fields: str | Path) -> None:
        """Fill in the form of a step and press its button; wait until the entry is kept."""
        step = self.step(key)
        if not await step.locator("details").evaluate("fold => fold.open"):
            await step.locator("summary").click()
        for name, value in fields.items():
            field = step.locator(f'[name="{name}"]')
            if isinstance(value, Path):
                await step.locator("input[type=file]").set_input_files(value)
            elif await field.first.get_attribute("type") == "radio":
                await step.locator(f'[name="{name}"][value="{value}"]').check()
            elif await field.evaluate("field => field.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)
        await step.locator(f"button[type=submit]{button}:visible").first.click()

    async def did(self, key: str, *, button: str = "", **fields: str | Path) -> None:
        """The same, and the step is done."""
        await self.do(key, button=button, **fields)
        await self.step(key).and_(self.page.locator(".done")).wait_for()

    async def waits_for(self, text: str) -> None:
        """Until the line at the top says so."""
        await self.page.locator(".fline", has_text=text).wait_for()


@asynccontextmanager
async def a_phone(address: str, person: IssuedAccount, *, ahead: int = 0) -> AsyncIterator[Phone]:
    """A phone at the site, its person signed in."""
    async with visiting(address, "phone", place=PLACE) as visit:
        await visit.sign_in(person, ahead=ahead)
        yield Phone(visit)


def a_photo(path: Path) -> Path:
    """A small JPEG."""
    Image.fromarray(scene(320, 240)(1)).save(path)
    return path
