"""The words of reports and charts: Chinese is the source text, English comes from a catalogue.

The shape is gettext's (docs of Babel 2.18), with `{name}` for what is put in.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Say(Protocol):
    """Turns a Chinese source text into the reader's language and puts values in."""

    def __call__(self, text: str, /, **values: object) -> str:
        """The text for the reader; values are put in as they are."""


@cache
def english() -> Mapping[str, str]:
    """Every source text with its English one."""
    with (Path(__file__).parent / "locale" / "en.po").open("rb") as catalogue:
        return {str(m.id): str(m.string) for m in read_po(catalogue, locale="en") if m.id and m.string}


def speaker(language: Language) -> Say:
    """The words in one language; a text without an English one stays Chinese (a test allows none)."""
    catalogue = english() if language == "en" else {}

    def say(text: str, /, **values: object) -> str:
        return catalogue.get(text, text).format(**values) if values else catalogue.get(text, text)

    return say
