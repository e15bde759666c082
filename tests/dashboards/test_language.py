"""Chinese is the source, English is complete."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir
from hypothesis import given
from hypothesis import strategies as st

from hengjian.dashboards.language import Text, Words, choose_language, read_catalogue
from hengjian.dashboards.render import HERE

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
PLACE = re.compile(r"%\((\w+)\)s")
NUMBERED = re.compile(r"\{(\w+):[^{}|]+\|[^{}|]+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def marked() -> Iterator[str]:
    keywords = {"_": None, "mark": None, "say": None, "words": None}
    for _file, _line, text, _comments, _context in extract_from_dir(HERE, METHODS, keywords=keywords):
        yield text if isinstance(text, str) else text[0]


def test_every_marked_text_has_an_english_one_and_none_is_left_over() -> None:
    """What is marked and what the catalogue holds are the same set."""
    source, english = set(marked()), read_catalogue()
    assert sorted(source - set(english)) == []
    assert sorted(set(english) - source) == []


def test_places_survive_translation() -> None:
    """A translated text has the same `%(name)s` places, and no Chinese left in it."""
    for source, english in read_catalogue().items():
        assert sorted(PLACE.findall(source)) == sorted(PLACE.findall(english)), source
        assert not CHINESE.search(english), source


def test_one_and_many_are_told_apart_in_english() -> None:
    """`{n:row|rows}` follows the value of `n`, printed or not; Chinese has one form."""
    text, english = "%(n)s 行", {"%(n)s 行": "%(n)s {n:row|rows}", "家": "{n:organization|organizations}"}
    said = Words("en", english)
    assert [said(text, n=n) for n in (0, 1, "1", "1,001")] == ["0 rows", "1 row", "1 row", "1,001 rows"]
    assert (said("家", n=1), said("家")) == ("organization", "organizations")
    assert Words("zh", english)(text, n=1) == "1 行"


def test_a_number_never_stands_before_a_bare_plural() -> None:
    """Where an English text counts things in `%(n)s`, it knows the singular too."""
    counted = re.compile(
        r"%\(n\)s (days|rows|findings|organizations|points|subjects|samples|recordings|minutes|errors)\b"
    )
    assert [english for english in read_catalogue().values() if counted.search(english)] == []


def test_templates_hold_no_unmarked_chinese() -> None:
    """A Chinese text outside `_()` would stay Chinese for everybody."""
    for path in sorted((HERE / "templates").glob("*.html")):
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not CHINESE.search(bare), Path(path).name


@given(st.text(), st.text())
def test_a_language_is_always_chosen(asked: str, cookie: str) -> None:
    """Whatever the address or cookie says, one of the two languages comes out."""
    assert choose_language(asked, cookie) in {"zh", "en"}


def test_the_address_wins_over_cookie_and_account() -> None:
    """`?lang=` is the last word."""
    assert choose_language("zh", "en", "en") == "zh"
    assert choose_language(None, None, "en") == "en"


def test_a_bilingual_text_falls_back_to_chinese() -> None:
    """A name without an English side is shown rather than left out."""
    english = Words("en", {})
    assert english.of(Text("米东区")) == "米东区"
    assert english.of(Text("米东区", "Midong")) == "Midong"
    assert english.of(None) == "–"
