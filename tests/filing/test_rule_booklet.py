"""A pack on paper says what its files say, with operators before limits and units once."""

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from hengjian.filing.print_booklet import print_booklet
from hengjian.filing.report_html import booklet_document
from hengjian.filing.rule_booklet import rule_booklet
from hengjian.filing.rule_words import RuleWords
from hengjian.filing.texts import Language
from hengjian.scoring.api import Pack, load_lawbook

BOOK = load_lawbook()
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("pack", BOOK.packs, ids=lambda pack: pack.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_in_the_booklet(pack: Pack, language: Language) -> None:
    """Number, clause, every limit with its day and every example; equal packs give equal text."""
    booklet = rule_booklet(BOOK, pack, language=language, on=TODAY)
    assert [rule.rule_id for rule in booklet.rules] == [rule.id for rule in pack.rules]
    html = booklet_document(booklet, language).html
    assert html == booklet_document(rule_booklet(BOOK, pack, language=language, on=TODAY), language).html
    assert html.count("<blockquote") == len(pack.rules)
    for entry, rule in zip(booklet.rules, pack.rules, strict=True):
        assert entry.quote == rule.cites.quote
        assert len(entry.parameters.rows) == sum(len(one.entries) for one in rule.parameters)
        assert len(entry.examples.rows) == len(rule.examples)
        for example, row in zip(rule.examples, entry.examples.rows, strict=True):
            assert bool(re.match("[≥≤=] ", row[-1])) == (example.expected.get("required") is not None), row


def test_what_costs_no_points_says_so() -> None:
    """A limit from memory is printed with the warning, a checked one without."""
    pack = next(one for one in BOOK.packs if one.id == "institutions")
    warned = {rule.rule_id for rule in rule_booklet(BOOK, pack, language="en", on=TODAY).rules if rule.warning}
    assert warned == {"L-02", "L-05"}


async def test_it_is_drawn_with_its_own_pages() -> None:
    """A real PDF: title, pages, every rule's number."""
    pack = next(one for one in BOOK.packs if one.id == "contractor-capability-65")
    pdf = PdfReader(io.BytesIO(await print_booklet(BOOK, pack, language="en", on=TODAY)))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert all(rule.id in text for rule in pack.rules)
    assert len(pdf.pages) > 5


@pytest.mark.parametrize(
    ("rule_id", "measured", "required", "said"),
    [("C-04", "1", "2", "≥ 2"), ("C-05", "33/4", "8", "≤ 8"), ("C-12", "1", "0", "= 0"), ("X-01", "1", "2", "2")],
)
def test_limits_of_reports_carry_their_operator(rule_id: str, measured: str, required: str, said: str) -> None:
    """As on the pages; a rule that no pack has any more keeps the bare limit."""
    assert RuleWords(BOOK, "zh").limit(rule_id, required, measured=measured, breach=True) == said
    assert RuleWords(BOOK, "zh").limit(rule_id, None, measured=None, breach=False) == "–"


@pytest.mark.parametrize("rule", [rule for pack in BOOK.packs for rule in pack.rules], ids=lambda rule: rule.id)
def test_days_carry_no_unit(rule: object) -> None:
    """`2026-11-20` says by itself what it is: no rule whose measured value is a day has a unit."""
    known = next(one for pack in BOOK.packs for one in pack.rules if one is rule)
    assert "日期" not in known.unit.zh
    assert all("日期" not in entry.unit.zh for parameter in known.parameters for entry in parameter.entries)
