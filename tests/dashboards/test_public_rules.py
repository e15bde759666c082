"""The catalogue of rules is for anybody: read, searched and printed without an account."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from hengjian.platform.db import Database
from hengjian.scoring.api import keep_shipped
from tests.dashboards.visiting import LAWBOOK, Browser
from tests.scoring.test_shipped_texts import with_points
from tests.support.people import a_bureau, an_account

RULES = [rule.id for pack in LAWBOOK.packs for rule in pack.rules]


async def test_the_list_is_searched_by_anybody(browser: Browser) -> None:
    """No account, no form that changes anything, no figure of a bureau; filters stay in the address."""
    everything = (await browser.get("/rules")).text
    assert all(f'href="/rules/{rule_id}"' in everything for rule_id in RULES)
    assert "/findings" not in everything
    assert 'method="post"' not in everything
    assert 'href="/login"' in everything
    narrowed = (await browser.get("/rules?q=ducha&severity=major")).text
    assert 'href="/rules/C-04"' in narrowed
    assert 'href="/rules/C-05"' not in narrowed
    nothing = await browser.get("/rules?q=%E6%9F%A5%E6%97%A0")
    assert "没有符合条件的规则" in nothing.text
    for odd in ("/rules?severity=x", "/rules?pack=..", "/rules?source=1", "/rules?page=0", "/rules?q=%00"):
        assert (await browser.get(odd)).status_code == 422, odd


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_rule_opens_for_anybody(browser: Browser, language: str) -> None:
    """Clause, formula in words and as written, limits, examples, codes; a link from each to its pack."""
    for rule_id in RULES:
        answer = await browser.get(f"/rules/{rule_id}?lang={language}")
        assert answer.status_code == 200, rule_id
        assert LAWBOOK.find(rule_id)[0][1].cites.quote in answer.text
    page = (await browser.get("/rules/C-04?lang=zh")).text
    assert "督查人员数 ≥ ⌈监测点位数 ÷ 每名督查人员的点位数（50 个/人）⌉" in page
    assert "supervisors &gt;= ceil_div(points, points_per_supervisor)" in page
    assert "ID_CHECK_DIGIT" in page
    missing = await browser.get("/rules/C-99")
    assert (missing.status_code, 'href="/rules"' in missing.text) == (404, True)


@pytest.mark.parametrize("rule_id", ["L-02", "L-05"])
async def test_a_limit_from_memory_says_why_it_costs_nothing(browser: Browser, rule_id: str) -> None:
    """The rule is shown and judged; the page says that it never costs points, and why."""
    page = (await browser.get(f"/rules/{rule_id}")).text
    assert "但不扣分" in page
    assert "没有人核对过原文" in page
    assert "但不扣分" not in (await browser.get("/rules/C-04")).text


async def test_a_signed_in_visitor_keeps_the_frame(browser: Browser, database: Database) -> None:
    """The pages of everybody come with the bureau's own navigation, and none asks to sign in again."""
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    for path in (
        "/rules",
        "/rules/C-04",
        "/rules/changes",
        "/register",
        "/log",
        "/verify",
        "/verify?digest=x",
        "/v",
        "/v/x",
    ):
        page = (await browser.get(path)).text
        assert ('href="/overview"' in page, "/login" in page) == (True, False), path
    assert 'href="/findings?rule=C-04"' in (await browser.get("/rules")).text


async def test_a_pack_is_a_pdf_for_anybody(browser: Browser) -> None:
    """Every rule of the pack with its clause; drawn once a day, so the second one is the same bytes."""
    first = await browser.get("/rules/packs/credit-events.pdf")
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(first.content)).pages)
    assert "K-04" in text
    assert (await browser.get("/rules/packs/credit-events.pdf")).content == first.content
    assert (await browser.get("/rules/packs/credit-events.pdf?lang=en")).content != first.content
    for odd in ("nothing.pdf", "credit-events.html", "credit-events", "..pdf"):
        assert (await browser.get(f"/rules/packs/{odd}")).status_code == 404, odd


async def test_anybody_compares_versions(browser: Browser) -> None:
    """The two newest versions stand side by side; others are chosen; the pack has the same over all its rules."""
    page = (await browser.get("/rules/C-18/versions?lang=zh")).text
    assert "应有的备案 · 值 · 第 2 项" in page
    assert "<ins>主管部门平台</ins>" in page
    assert "有效备案 = 无" in page
    for raw in ("active_registrations", "= []", "both have expired"):
        assert raw not in page, raw
    same = (await browser.get("/rules/C-18/versions?before=2026-01-01.65&after=2026-05-03.650102")).text
    assert "两个版本没有不同" in same
    pack = (await browser.get("/rules/packs/contractor-capability-65/versions?lang=en")).text
    assert 'href="/rules/C-18"' in pack
    assert "registrations required" in pack
    alone = (await browser.get("/rules/C-04/versions?lang=zh")).text
    assert "只有一个版本" in alone
    for path, status in (
        ("/rules/C-99/versions", 404),
        ("/rules/packs/nothing/versions", 404),
        ("/rules/C-18/versions?after=x", 422),
        ("/rules/C-18/versions?before=2026-02-30.65", 422),
    ):
        assert (await browser.get(path)).status_code == status, path


async def test_anybody_reads_what_an_earlier_release_said(browser: Browser, database: Database) -> None:
    """Release, moment and hash of each text that ran here, and in what today's differs: of rule, pack and credit model."""
    await keep_shipped(database, with_points(77), release="0.0.7", now=datetime(2024, 1, 2, tzinfo=UTC))
    await keep_shipped(database, LAWBOOK, release="0.0.8", now=datetime(2024, 3, 4, tzinfo=UTC))
    rule = (await browser.get("/rules/C-04/versions?lang=zh")).text
    assert "软件 0.0.7" in rule
    assert "<del>77</del>" in rule
    pack = (await browser.get("/rules/packs/contractor-capability-65/versions?lang=en")).text
    assert "Release 0.0.7" in pack
    assert "differs in 1 place" in pack
    model = LAWBOOK.credit_models[0]
    assert f'href="/rules/models/{model.id}/versions"' in (await browser.get("/rules")).text
    page = (await browser.get(f"/rules/models/{model.id}/versions?lang=zh")).text
    assert model.title.zh in page
    assert "与今天的文本相同" in page
    assert (await browser.get("/rules/models/nothing/versions")).status_code == 404
