"""Chinese is the source text of every page; English comes from one catalogue that is read at the start.

A text is marked `_("…")` in templates and `mark("…")` in Python. The catalogue `locale/en.po` holds an English
text for each of them; a test compares the two sets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LANGUAGE_COOKIE = "hengjian_lang"
HTML_LANG: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
BABEL_LOCALE: Mapping[Language, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}
LOCALE_FOLDER = Path(__file__).parent / "locale"
_IN_NUMBER = re.compile(r"\{(\w+):([^{}|]+)\|([^{}|]+)\}")


@runtime_checkable
class Bilingual(Protocol):
    """A text that carries both languages itself: a rule's title, a fact's name, a region."""

    @property
    def zh(self) -> str:
        """The Chinese text."""

    @property
    def en(self) -> str:
        """The English text."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; an empty English text falls back to the Chinese one."""

    zh: str
    en: str = ""


def mark(text: str) -> str:
    """Marks a Chinese text for the catalogue where it is written; it is translated where it is shown."""
    return text


def read_catalogue(path: Path = LOCALE_FOLDER / "en.po") -> dict[str, str]:
    """Chinese source text → English text, without the entries that have none."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


class Words:
    """Says marked texts in one language.

    A text without an entry is shown in Chinese rather than not at all. Chinese has one form for one and for many; an
    English text names both, and which value decides: `%(n)s {n:row|rows}`.
    """

    def __init__(self, language: Language, english: Mapping[str, str]) -> None:
        self.language = language
        self._english = english

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language with its `%(name)s` places filled.

        >>> rows = Words("en", {"%(n)s 行": "%(n)s {n:row|rows}"})
        >>> rows("%(n)s 行", n=1), rows("%(n)s 行", n="1,000")
        ('1 row', '1,000 rows')
        """
        said = self.gettext(text)
        if "{" in said:
            said = _IN_NUMBER.sub(lambda m: m[2] if str(values.get(m[1])) == "1" else m[3], said)
        return said % values if values else said

    def gettext(self, text: str) -> str:
        """The text in this language, places not filled."""
        return text if self.language == "zh" else self._english.get(text, text)

    def of(self, text: Bilingual | Mapping[str, str] | str | None) -> str:
        """The side of a bilingual text that this language wants; absent becomes an en dash."""
        if text is None:
            return "–"
        if isinstance(text, str):
            return text
        if isinstance(text, Mapping):
            return text.get(self.language) or text.get("zh", "–")
        return (text.en or text.zh) if self.language == "en" else text.zh


def choose_language(asked: str | None, cookie: str | None, account: str | None = None) -> Language:
    """`?lang=` wins over the cookie, the cookie over the account; Chinese when nothing is known.

    >>> choose_language("en", "zh")
    'en'
    >>> choose_language("klingon", None)
    'zh'
    """
    for wish in (asked, cookie, account):
        for language in LANGUAGES:
            if wish is not None and wish.split("-")[0].lower() == language:
                return language
    return "zh"
