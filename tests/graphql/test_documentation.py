"""The committed pages that are made from the code."""

from pathlib import Path

import pytest

from hengjian.graphql.documentation import pages


@pytest.mark.parametrize("path", list(pages()), ids=lambda path: path.name)
def test_made_pages_are_what_the_code_says(path: Path) -> None:
    """Schema, error codes and registers in the repository equal what the code publishes."""
    hint = "run: python -m hengjian.graphql.documentation"
    assert path.read_text(encoding="utf-8") == pages()[path], hint
