"""CSV that stays data, and the trail of who took it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.dashboards.csv_export import csv_text, safe_cell
from hengjian.platform.db import Database, sql
from tests.dashboards.visiting import Browser
from tests.support.people import a_bureau, an_account

SIGNS = "=+-@＝＋－＠"


@pytest.mark.parametrize("sign", [*SIGNS, "\t", "\r", "\n"])
def test_a_cell_never_begins_a_formula(sign: str) -> None:
    """Half-width and full-width signs, and the white space that hides them, are defused."""
    assert safe_cell(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"
    assert safe_cell(f"  {sign}1").startswith("'")


def test_numbers_and_names_stay_as_they_are() -> None:
    """Only text can hide a formula."""
    assert (safe_cell(-3), safe_cell("天山"), safe_cell(None), safe_cell("")) == ("-3", "天山", "", "")


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_what_was_written_is_read_again(rows: list[list[str]]) -> None:
    """Quotes, commas and line ends survive; at most an apostrophe is added in front."""
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows).lstrip("\ufeff"), newline="")))
    assert read[0] == ["a", "b"]
    for given_row, row in zip(rows, read[1:], strict=True):
        assert all(cell.removeprefix("'") == text.removeprefix("'") for text, cell in zip(given_row, row, strict=True))


async def test_an_export_leaves_an_audit_row(browser: Browser, database: Database, owner: AsyncConnection) -> None:
    """Who, which list, how many rows."""
    inspector = await an_account(database, await a_bureau(database))
    await browser.sign_in(inspector)
    answer = await browser.get("/findings.csv?severity=major")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="hengjian-findings-')
    wanted = sql("select detail, outcome from audit where action = 'export.csv' and actor = :actor")
    row = (await owner.execute(wanted, {"actor": f"account:{inspector.id}"})).one()
    assert (row.detail["list"], row.outcome) == ("findings", "ok")
