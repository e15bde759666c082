"""Every template prints its record, in both languages, and prints hostile text as text."""

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from hengjian.dashboards.language import Language
from hengjian.dashboards.render import TEMPLATE_FOLDER, Templates, load_templates
from hengjian.dashboards.shell import navigation
from tests.dashboards.sample_frame import CLERK, INSPECTOR, shell
from tests.dashboards.sample_lists import organizations
from tests.dashboards.samples import every_page

LANGUAGES: tuple[Language, ...] = get_args(Language)
PAGES = sorted(every_page("zh"))


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load_templates()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_with_its_landmarks(templates: Templates, name: str, language: Language) -> None:
    """One h1, a main part, a skip link, the language of the reader, no script inside the page."""
    template, visitor, path, page, as_of = every_page(language)[name]
    html = templates.html(template, shell(path, language, visitor, as_of), page)
    assert html.count("<h1") == 1
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert " style=" not in re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)


def test_every_template_is_covered_by_a_sample() -> None:
    """A new template without a sample would never be rendered here."""
    used = {template for template, *_ in every_page("zh").values()}
    parents = {
        "base.html",
        "app.html",
        "public.html",
        "gate.html",
        "organization.html",
        "macros.html",
        "receipt_table.html",
    }
    parents |= {
        "custody_parts.html",
        "finding_panel.html",
        "finding_said.html",
        "change_fields.html",
        "credit_repair.html",
        "difference_table.html",
    }
    parents |= {"field.html", "field_parts.html", "recording_table.html"}
    assert {path.name for path in TEMPLATE_FOLDER.glob("*.html")} == used | parents


def test_hostile_text_is_printed_as_text(templates: Templates) -> None:
    """Markup in a name that somebody pushed does not become markup."""
    page = organizations()
    row = replace(page.rows[0], name="<img src=x onerror=alert(1)>\"'")
    html = templates.html("organizations.html", shell("/orgs", "zh", INSPECTOR), replace(page, rows=(row,)))
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html


def test_the_frame_follows_the_visitor(templates: Templates) -> None:
    """A bureau's frame leads to the overview, an organization's to its own home and profile."""
    template, visitor, path, page, _ = every_page("zh")["my"]
    html = templates.html(template, shell(path, "zh", visitor), page)
    assert 'href="/overview"' not in html
    assert f'href="/orgs/{CLERK.credit_code}"' in html


def test_the_field_is_for_who_samples() -> None:
    """A monitoring institution is led to the pages for a phone in the field; a contractor, which never samples, is not."""
    for kinds, there in (({"INSTITUTION"}, True), ({"CONTRACTOR", "INSTITUTION"}, True), ({"CONTRACTOR"}, False)):
        groups = navigation(replace(CLERK, kinds=frozenset(kinds)), "/my")
        assert ("/field" in {entry.href for group in groups for entry in group.entries}) == there, kinds


def test_a_finding_that_fell_asks_for_nothing(templates: Templates) -> None:
    """Dismissed or overturned, it costs no points and nothing needs correcting."""
    template, visitor, path, shown, _ = every_page("zh")["finding"]
    page: Any = shown
    fallen = templates.html(template, shell(path, "zh", visitor), replace(page, state="dismissed"))
    standing = templates.html(template, shell(path, "zh", visitor), page)
    assert ("怎样改正" in standing, "怎样改正" in fallen) == (True, False)
    assert ("已驳回，不计分" in standing, "已驳回，不计分" in fallen) == (False, True)


def test_a_past_day_is_announced(templates: Templates) -> None:
    """`?as_of=` turns the bar amber and offers the way back; without it neither is there."""
    template, visitor, path, page, as_of = every_page("zh")["registers"]
    past = templates.html(template, shell(path, "zh", visitor, as_of), page)
    now = templates.html(template, shell(path, "zh", visitor), page)
    assert "您在看 2026-05-03 的情况" in past
    assert "您在看" not in now
