"""Every test that the page on the credit model names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_the_tests_that_hold_the_model_exist() -> None:
    """A test that is renamed or removed is missed here, so that the page stays true."""
    named = NAMED.findall((ROOT / "docs" / "credit-model.md").read_text("utf-8"))
    assert len(named) > 40
    gone = [(file, name) for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert gone == []
