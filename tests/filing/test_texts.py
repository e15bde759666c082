import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hengjian import filing
from hengjian.dashboards import labels
from hengjian.filing.chart_parts import SEVERITY_WORD
from hengjian.filing.code_words import ALL_WORDS, CHOICES
from hengjian.filing.report_html import GRADE_WORD
from hengjian.filing.rule_booklet import BOOKLET_WORDS
from hengjian.filing.texts import english, speaker
from hengjian.tenants.api import REGISTERS, own_fields

FOLDER = Path(next(iter(filing.__path__)))


def _said() -> set[str]:
    """Every source text that code and templates say."""
    found = {*SEVERITY_WORD.values(), *GRADE_WORD.values(), *ALL_WORDS, *BOOKLET_WORDS}
    for module in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and node.args
                and "say" in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
            ):
                text = node.args[0]
                if isinstance(text, ast.Constant):
                    found.add(str(text.value))
    for template in (FOLDER / "templates").glob("*.html"):
        found |= set(re.findall(r"say\('([^']+)'", template.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("text", sorted(_said()))
def test_every_text_has_an_english_one_with_the_same_places(text: str) -> None:
    """An English report has no Chinese word of ours, and puts in every value that the Chinese one does."""
    translated = english().get(text, "")
    assert translated, f"no English text for {text!r}"
    assert set(re.findall(r"{(\w+)", translated)) == set(re.findall(r"{(\w+)", text))
    assert not re.search(r"[\u4e00-\u9fff]", translated)


@pytest.mark.parametrize("words", [CHOICES, labels.CHOICES], ids=["reports", "pages"])
def test_every_choice_of_a_register_has_its_word(words: Mapping[str, str]) -> None:
    """No reader is shown the code of a closed list."""
    choices = {one.value for r in REGISTERS for field in own_fields(r.row) for one in field.choices or ()}
    assert choices - set(words) == set()


def test_no_english_text_is_left_over() -> None:
    """The catalogue holds what is said, and nothing that is said no more."""
    assert set(english()) <= _said()


def test_values_are_put_in_as_they_are() -> None:
    """A value with braces is not a place to put something in."""
    assert speaker("zh")("{name}（{score}）", name="{0.__class__}", score="{{7*7}}") == "{0.__class__}（{{7*7}}）"
