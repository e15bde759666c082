"""Nobody sees through the pages what the database would not show them."""

import re
from dataclasses import dataclass

import pytest
import pytest_asyncio

from hengjian.dashboards.routes import PAGES
from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import IssuedAccount, KnownOrganization
from tests.dashboards.visiting import LAWBOOK, ORIGIN, Browser
from tests.support.api import Api, a_sender
from tests.support.custody import Institution, a_sample, a_task, an_institution, with_labels
from tests.support.people import a_bureau, an_account

READING = {"GET", "HEAD"}
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
FORM = {"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN}
TABS = ("", "/findings", "/registers/people", "/score", "/receipts", "?as_of=2026-03-01")
CONTRACTOR = {"hiredOn": "2026-01-05", "role": "TECHNICIAN"}


@dataclass(frozen=True)
class Watched:
    """A contractor with a finding and a receipt."""

    organization: KnownOrganization
    receipt: str

    @property
    def base(self) -> str:
        return f"/orgs/{self.organization.credit_code}"


@pytest_asyncio.fixture
async def watched(api: Api, database: Database) -> Watched:
    sender = await a_sender(database)
    people = [{"sourceRef": f"P-{n}", "name": f"甲{n}", **CONTRACTOR} for n in range(3)]
    pushed = await api.push(sender.key, "people", people)
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    return Watched(sender.organization, pushed["receipt"]["id"])


async def signed_in(browser: Browser, person: IssuedAccount) -> Browser:
    browser.client.cookies.clear()
    assert (await browser.sign_in(person)).status_code == 303
    return browser


OPEN = {
    "/login",
    "/login/otp",
    "/field/worker.js",
    "/register",
    "/register.csv",
    "/verify",
    "/log",
    "/v",
    "/v/{label_id:str}",
} | {
    *("/rules", "/rules/{rule_id:str}", "/rules/packs/{file:str}", "/rules/changes", "/rules/changes/{no:str}"),
    *("/rules/{rule_id:str}/versions", "/rules/packs/{pack_id:str}/versions"),
    "/rules/models/{model_id:str}/versions",
}


async def test_strangers_are_sent_to_sign_in(browser: Browser) -> None:
    """Signing in, the register, the verification, the log and the rules are open; every other address, also none, asks who is there."""
    paths = {path for page in PAGES for path in page.paths if "GET" in page.http_methods} - OPEN
    assert len(paths) > 15
    for path in sorted(paths | {"/nothing/here"}):
        answer = await browser.get(real(path))
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login"), path


async def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(browser: Browser) -> None:
    """A list that updates in place after the session has ended does not swallow the log-in page."""
    answer = await browser.client.get("/orgs?sort=name", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/login?next=/orgs%3Fsort%3Dname")


async def test_an_organization_sees_its_own_pages_only(browser: Browser, database: Database, watched: Watched) -> None:
    """Its own profile opens; that of another one is not found, in the same words as one that does not exist."""
    own = await signed_in(browser, await an_account(database, watched.organization))
    for tab in TABS:
        assert (await own.get(watched.base + tab)).status_code == 200, tab
    number = re.search(r"/findings/(WG-[\w-]+)", (await own.get("/findings")).text)
    assert number is not None
    assert (await own.get(f"/findings/{number[1]}")).status_code == 200
    assert (await own.get(f"/my/receipts/{watched.receipt}")).status_code == 200

    stranger = (await a_sender(database)).organization
    other = await signed_in(browser, await an_account(database, stranger))
    nowhere = await other.get("/orgs/91650102000000000X")
    for tab in TABS:
        answer = await other.get(watched.base + tab)
        assert answer.status_code == 404, tab
        assert watched.organization.name not in answer.text.replace(stranger.name, "") or answer.status_code == 404
    assert nowhere.status_code == 404
    for path in (
        f"/findings/{number[1]}",
        f"/my/receipts/{watched.receipt}",
        f"/reports?organization={watched.organization.credit_code}",
    ):
        assert (await other.get(path)).status_code == 404, path
    assert number[1] not in (await other.get("/findings")).text
    assert watched.organization.credit_code not in (await other.get("/findings.csv")).text


async def test_a_bureau_sees_its_region_only(browser: Browser, database: Database, watched: Watched) -> None:
    """The bureau of the city opens everything; the one of the next city finds nothing."""
    here = await signed_in(browser, await an_account(database, await a_bureau(database, "6501")))
    for tab in TABS:
        assert (await here.get(watched.base + tab)).status_code == 200, tab
    assert (await here.get(f"{watched.base}/receipts/{watched.receipt}")).status_code == 200
    assert watched.organization.credit_code in (await here.get(f"/orgs?q={watched.organization.credit_code}")).text

    there = await signed_in(browser, await an_account(database, await a_bureau(database, "6502")))
    for tab in (*TABS, f"/receipts/{watched.receipt}"):
        assert (await there.get(watched.base + tab)).status_code == 404, tab
    listed = await there.get(f"/orgs.csv?q={watched.organization.credit_code}")
    assert watched.organization.credit_code not in listed.text


FOLLOWED = ("/labels", "/labels/{label}", "/tasks", "/task?ref=T-1", "/recordings/of/T-1", "/recordings")
FOLLOWED_TOO = ("/recordings.csv", "/credit", "/score/dossier.json")
FORMS = {
    "/labels/issue": {"count": "5"},
    "/labels/print": {"label": "{label}", "person": "P-1", "form": "ZPL"},
    "/credit/penalty": {"do": "preview"},
    "/recordings/0198f2a1-7c1e-7000-8000-000000000000/looks": {"purpose": "SELF_CHECK", "task": "T-1"},
}


@pytest_asyncio.fixture
async def followed(api: Api, database: Database) -> Institution:
    """An institution with a label, a task and a sample."""
    one = await with_labels(database, 1)
    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    await api.push(one.sender.key, "samples", [a_sample()])
    return one


@pytest.mark.parametrize("who", ["bureau", "institution"])
async def test_nobody_else_follows_labels_tasks_recordings_and_credit(
    browser: Browser, database: Database, followed: Institution, who: str
) -> None:
    """They open for the city's bureau and the institution; for the next city's and another institution they are not there, and no form of theirs is taken."""
    base, label = f"/orgs/{followed.organization.credit_code}", followed.labels[0]
    paths = [base + path.format(label=label) for path in (*FOLLOWED, *FOLLOWED_TOO)]
    friend = await a_bureau(database, "6501") if who == "bureau" else followed.organization
    near = await signed_in(browser, await an_account(database, friend))
    assert {path: (await near.get(path)).status_code for path in paths} == dict.fromkeys(paths, 200)

    stranger = await a_bureau(database, "6502") if who == "bureau" else await an_institution(database)
    far = await signed_in(browser, await an_account(database, stranger))
    assert {path: (await far.get(path)).status_code for path in paths} == dict.fromkeys(paths, 404)
    for path, fields in FORMS.items():
        await far.get("/inbox" if who == "bureau" else "/my/inbox")
        sent = {name: value.format(label=label) for name, value in fields.items()}
        refused = await far.send(base + path, **sent)
        assert refused.status_code in {403, 404}, path  # 403: the form is the other side's
        assert "这张表单已失效" not in refused.text, path


@pytest.mark.parametrize("path", ["/recordings", "/recordings.csv", "/rules/changes", "/credit", "/inbox"])
async def test_a_list_of_the_next_city_names_nobody_of_ours(
    browser: Browser, database: Database, followed: Institution, path: str
) -> None:
    """What belongs to a list of another city's bureau does not tell of an institution here."""
    there = await signed_in(browser, await an_account(database, await a_bureau(database, "6502"), role="reviewer"))
    answer = await there.get(path)
    assert answer.status_code == 200
    assert followed.organization.credit_code not in answer.text


async def test_the_mirror_is_for_reviewers_and_administrators(browser: Browser, database: Database) -> None:
    """An inspector and a clerk are refused; whoever may look sees only the own city."""
    clerk = await an_account(database, (await a_sender(database)).organization)
    inspector = await an_account(database, await a_bureau(database))
    reviewer = await an_account(database, await a_bureau(database), role="reviewer")
    for person, status in ((clerk, 403), (inspector, 403), (reviewer, 200)):
        visitor = await signed_in(browser, person)
        for path in ("/mirror", "/mirror/behind?what=confirmed"):
            assert (await visitor.get(path)).status_code == status, path


@pytest.mark.parametrize("path", ["/overview", "/orgs", "/orgs.csv"])
async def test_supervision_pages_are_a_bureaus(browser: Browser, database: Database, path: str) -> None:
    """An organization's clerk is told where to go instead."""
    clerk = await an_account(database, (await a_sender(database)).organization)
    answer = await (await signed_in(browser, clerk)).get(path)
    assert answer.status_code == 403
    assert 'href="/my"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/orgs?page=0",
        "/orgs?page=-1",
        "/orgs?size=5001",
        "/orgs?page=9999999999",
        "/orgs?sort=total;drop",
        "/orgs?grade=E",
        "/findings?state=open'--",
        "/findings?page=x",
        "/findings?q=%00",
    ],
)
async def test_an_address_that_makes_no_sense_is_answered_kindly(
    browser: Browser, database: Database, path: str
) -> None:
    """Negative pages, unknown sorts and NUL give a page that says what to do, never a failure."""
    inspector = await an_account(database, await a_bureau(database))
    answer = await (await signed_in(browser, inspector)).get(path)
    assert answer.status_code == 422
    assert "去掉筛选" in answer.text


async def test_a_day_that_is_none_is_refused(browser: Browser, database: Database, watched: Watched) -> None:
    """A past day opens; tomorrow and nonsense do not."""
    here = await signed_in(browser, await an_account(database, await a_bureau(database)))
    assert "您在看 2026-03-01 的情况" in (await here.get(f"{watched.base}?as_of=2026-03-01")).text
    for day in ("2999-01-01", "2026-02-30", "0001-01-01", "2026-W10-1", "x"):
        for tab in ("", "/score"):
            assert (await here.get(f"{watched.base}{tab}?as_of={day}")).status_code == 422, (tab, day)
    assert (await here.get(f"{watched.base}?as_of=1900-01-01")).status_code == 200


def real(path: str) -> str:
    """An address of this shape."""
    uuid = "0198f2a1-7c1e-7000-8000-000000000000"
    path = re.sub(r"\{\w+:int\}", "2025", re.sub(r"\{\w+:uuid\}", uuid, path))
    return re.sub(r"\{\w+:str\}", "x", path)


@pytest.mark.parametrize("origin", [ORIGIN, "https://evil.example", "null"])
async def test_every_form_is_our_own_or_refused(browser: Browser, database: Database, origin: str) -> None:
    """Each address that changes something wants the session's token and our own origin, before anything else."""
    changing = {(method, path) for page in PAGES for path in page.paths for method in page.http_methods - READING}
    assert len(changing) >= 25
    refused = set()
    for organization in (await a_bureau(database), (await a_sender(database)).organization):
        visitor = await signed_in(browser, await an_account(database, organization))
        token = CSRF.findall((await visitor.get("/rules")).text)[0] if origin != ORIGIN else "guessed"
        for method, path in changing:
            headers = {"origin": origin, "x-csrf-token": token}
            answer = await visitor.client.request(method, real(path), data={"csrf": token}, headers=headers)
            assert answer.status_code == 403, path
            if "这张表单已失效" in answer.text:
                refused.add((method, path))
    assert refused == changing


async def test_what_is_too_large_is_called_so(browser: Browser, database: Database) -> None:
    """Whoever sends more than fits learns that, not that the address was wrong."""
    visitor = await signed_in(browser, await an_account(database, await a_bureau(database)))
    answer = await visitor.client.post("/inbox", content=b"notice=" + bytes(11_000_000), headers=FORM)
    assert (answer.status_code, "内容太大" in answer.text) == (413, True)
