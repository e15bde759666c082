"""Templates → HTML: autoescape on, an unknown name is an error, texts in the reader's language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hengjian.dashboards import formats, labels
from hengjian.dashboards.language import HTML_LANG, LANGUAGES, Language, Words, read_catalogue
from hengjian.dashboards.shell import Shell

HERE = Path(__file__).parent
STATIC_FOLDER = HERE / "static"
TEMPLATE_FOLDER = HERE / "templates"


@dataclass(frozen=True, slots=True)
class Templates:
    """One prepared environment per language."""

    environments: Mapping[Language, Environment]

    def html(self, name: str, shell: Shell, page: object) -> str:
        """The page as text. The template gets two names: `shell` (the frame) and `page` (its own record)."""
        return self.environments[shell.language].get_template(name).render(shell=shell, page=page)

    def words(self, language: Language) -> Words:
        """The same words for texts that are composed in Python."""
        words = self.environments[language].globals["_"]
        assert isinstance(words, Words)  # noqa: S101 - set below
        return words


def load_templates() -> Templates:
    """Reads catalogue, templates and date words once, at the start, so that the first page is no slower than the next."""
    english = read_catalogue()
    return Templates({language: _environment(language, english) for language in LANGUAGES})


def _environment(language: Language, english: Mapping[str, str]) -> Environment:
    words = Words(language, english)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=200,
    )
    environment.globals |= {
        "_": words,
        "labels": labels,
        "html_lang": HTML_LANG[language],
        "static": _fingerprinted(),
    }
    environment.filters |= {
        "day": formats.day,
        "moment": formats.moment,
        "exact_moment": formats.exact_moment,
        "long_day": partial(formats.long_day, language=language),
        "month": partial(formats.month, language=language),
        "number": formats.number,
        "size": formats.size,
        "unit": formats.unit,
        "short_hash": formats.short_hash,
        "said": words.of,
    }
    environment.globals["m"] = environment.get_template("macros.html").module
    for name in environment.list_templates():
        environment.get_template(name)
    formats.long_day(date(2026, 1, 1), language)
    return environment


def _fingerprinted() -> Mapping[str, str]:
    """Address of each of our own static files with a mark of its content, so that browsers may keep it for long."""
    return {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"
        for path in STATIC_FOLDER.iterdir()
        if path.is_file()
    }
