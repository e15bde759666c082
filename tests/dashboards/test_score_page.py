"""The score page and what hangs on it: sums that hold, nobody else's name, dossiers that verify, the public page."""

import re
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.dashboards.pages.score_parts import plan_part
from hengjian.platform.db import Database, sql
from hengjian.scoring.api import anonymous_grades
from hengjian.scoring.claims import match_claims
from hengjian.scoring.domain.dossier_verify import Outcome, verify_dossier
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import BY_KIND, KnownOrganization
from tests.dashboards.visiting import LAWBOOK, Browser
from tests.support.api import Api, Sender, a_sender
from tests.support.breaches import TODAY, in_breach
from tests.support.people import a_bureau, an_account
from tests.support.rows import a_row

SUM = re.compile(r"<b data-sum>([^<]+)</b>")
ALIKE = sql("""
    insert into standing select (jsonb_populate_record(s, jsonb_build_object(
        'tenant_id', gen_random_uuid(), 'grade', cast(:grade as text), 'total', 10))).*
      from standing s, generate_series(1, :count) where s.tenant_id = :id
""")
SCORES = re.compile(r"<b>(\d+\.\d+)</b>")
NEW_YEAR = f"{TODAY.year - 1}-12-31"


@pytest_asyncio.fixture
async def contractor(api: Api, database: Database) -> Sender:
    return await in_breach(api, database)


def base(sender: Sender) -> str:
    return f"/orgs/{sender.organization.credit_code}"


async def opened(browser: Browser, database: Database, who: KnownOrganization, path: str) -> httpx.Response:
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, who))
    return await browser.get(path)


async def test_both_sides_see_what_changed_and_the_sum_holds(
    browser: Browser, database: Database, contractor: Sender
) -> None:
    """The printed sum is the difference of the printed scores; each rule leads to its finding; the days are checked."""
    path = f"{base(contractor)}/score"
    for who in (contractor.organization, await a_bureau(database)):
        page = (await opened(browser, database, who, f"{path}?from={NEW_YEAR}&to={TODAY}")).text
        part = page[page.index('id="changes"') :]
        before, after = SCORES.findall(part)[:2]
        found = SUM.search(part)
        assert found is not None
        assert Fraction(found[1].replace("−", "-")) == Fraction(after) - Fraction(before)
        assert "各项相加正好是两个得分之差" in part
        assert re.search(r'href="/findings/WG-650102-\d{4}-\d{5}"', part)
        official = (await browser.get(f"{path}?from={NEW_YEAR}&to={TODAY}&basis=official")).text
        assert "没有变化" in official
        for wrong in (f"from={TODAY}&to={NEW_YEAR}", "from=2999-01-01", "to=2999-01-01", "from=x", "basis=x"):
            assert (await browser.get(f"{path}?{wrong}")).status_code == 422, wrong


async def test_tabs_of_a_filtered_list_count_what_they_would_show(
    browser: Browser, database: Database, contractor: Sender
) -> None:
    """A filter moves the counts too: no tab promises findings that its list then lacks."""
    await browser.sign_in(await an_account(database, contractor.organization))
    every, one, none = [
        (await browser.get(path)).text for path in ("/findings", "/findings?rule=C-05", "/findings?q=无此")
    ]
    counts = [[int(n) for n in re.findall(r'<span class="c">(\d+)</span>', page)] for page in (every, one, none)]
    assert counts[0][-1] > counts[1][-1] == 1
    assert set(counts[2]) == {0}
    assert one.count('<tr><th scope="row"') == counts[1][0]


async def test_an_organization_learns_counts_of_five_and_more_only(
    browser: Browser, api: Api, database: Database, owner: AsyncConnection
) -> None:
    """Nothing is told where all hold one grade, nor a group of four; two of five make numbers, and name nobody."""
    city = "6523"
    senders = [await in_breach(api, database, f"{city}01") for _ in range(5)]
    path = f"{base(senders[0])}/score"

    async def four_more(grade: str, count: int = 4) -> None:
        await owner.execute(ALIKE, {"id": senders[0].organization.id, "grade": grade, "count": count})

    for _ in range(2):  # all five alike, then four of another grade beside them
        assert set((await anonymous_grades(database, region=city, kind="CONTRACTOR")).values()) == {None}
        page = (await opened(browser, database, senders[0].organization, path)).text
        assert "以免透露其他机构的等级" in page
        assert 'class="chk spread"' not in page
        await four_more("D")
    await owner.execute(sql("delete from standing where region = :city and grade = 'D'"), {"city": f"{city}01"})
    await four_more("D", 6)
    assert {5, 6} <= set((await anonymous_grades(database, region=city, kind="CONTRACTOR")).values())
    page = (await opened(browser, database, senders[0].organization, path)).text
    assert ("5 家" in page, "6 家" in page) == (True, True)
    assert page.count("少于 5 家") == 4
    assert all(one.organization.credit_code not in page for one in senders[1:])
    name = sql("update standing set name = :name where tenant_id = :id")
    secret = f"秘{uuid4().hex}"
    await owner.execute(name, {"name": secret, "id": senders[1].organization.id})
    assert secret not in (await browser.get(path)).text
    seen = (await opened(browser, database, await a_bureau(database, city), path)).text
    assert re.search(rf'href="/orgs\?region={city}&amp;grade=\w&amp;kind=CONTRACTOR">5 家', seen)


async def test_dossiers_are_downloaded_verified_and_known(
    browser: Browser, database: Database, contractor: Sender
) -> None:
    """By the organization and its bureau, of score and finding; anybody may ask for the hash; a stranger gets none."""
    mine = (await opened(browser, database, contractor.organization, f"{base(contractor)}/score")).text
    number = re.search(r"/findings/(WG-[\w-]+)", mine)
    assert number is not None
    paths = (f"{base(contractor)}/score/dossier.json", f"/findings/{number[1]}/dossier.json")
    for who in (contractor.organization, await a_bureau(database)):
        for path in paths:
            answer = await opened(browser, database, who, path)
            assert answer.status_code == 200, path
            assert verify_dossier(answer.content).outcome is Outcome.VERIFIED
            digest = answer.headers["etag"].strip('"')
            browser.client.cookies.clear()
            told = await browser.get(f"/verify?digest={digest}")
            assert (told.status_code, "由本平台出具" in told.text) == (200, True)
            assert contractor.organization.credit_code not in told.text
    for who in ((await a_sender(database)).organization, await a_bureau(database, "6502")):
        for path in paths:
            assert (await opened(browser, database, who, path)).status_code == 404, path


async def test_the_verification_page_says_no_more_than_it_should(browser: Browser) -> None:
    """An unknown digest and what is no digest are told apart, in both languages, without an account."""
    assert (await browser.get("/verify")).status_code == 200
    unknown = await browser.get(f"/verify?digest={'0' * 64}&lang=en")
    assert (unknown.status_code, "issued no paper with this digest" in unknown.text) == (200, True)
    wrong = await browser.get("/verify?digest=%3Cb%3E")
    assert (wrong.status_code, "<b>&lt;b&gt;" in wrong.text, "&lt;b&gt;" in wrong.text) == (422, False, True)


async def test_a_double_claim_is_marked_and_only_the_common_bureau_sees_both(
    browser: Browser, api: Api, database: Database
) -> None:
    """Each organization and each city see the mark alone; the province sees whose the other row is."""
    plate = f"新A{uuid4().int % 100_000:05d}"
    one, other = await a_sender(database), await a_sender(database, "650202")
    for sender, ref in ((one, f"mine{uuid4().hex}"), (other, f"ours{uuid4().hex}")):
        row = a_row(BY_KIND["vehicles"], ref, plate=plate, validFrom="2026-01-05")
        answer = await api.push(sender.key, "vehicles", [row])
        assert answer["receipt"]["accepted"] == 1, answer
        await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    path = f"{base(one)}/registers/vehicles"
    assert "他处也有登记" not in (await opened(browser, database, one.organization, path)).text
    await match_claims(database, key=b"k" * 32)
    for who in (one.organization, await a_bureau(database, "6501")):
        page = (await opened(browser, database, who, path)).text
        assert "他处也有登记" in page
        assert other.organization.credit_code not in page
        assert "ours" not in page
    profile = (await opened(browser, database, one.organization, base(one))).text
    assert f'href="{path}"' in profile
    assert "1 行他处也有登记" in profile
    page = (await opened(browser, database, await a_bureau(database, "65"), path)).text
    assert f'/orgs/{other.organization.credit_code}/registers/vehicles"' in page
    assert "ours" in page


def test_a_plan_names_the_grade_that_its_score_earns() -> None:
    """Corrections on the way to C that lead to B at once say B."""
    score = SimpleNamespace(points=Fraction("79.66"), grade="B", as_of=TODAY)
    plan = SimpleNamespace(grade="C", by=TODAY, score=score, corrections=(), reachable=True, exact=True)
    model = LAWBOOK.credit_model(region="6501", on=TODAY)
    explained = SimpleNamespace(plan=plan, model=model, provisional=SimpleNamespace(score=score))
    part = plan_part(cast("Any", None), cast("Any", explained))
    assert part is not None
    assert (part.grade, part.reached, part.score) == ("C", "B", "79.66")
