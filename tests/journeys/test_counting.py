"""The counter of journeys itself: what is too long or takes too long fails, and says so."""

import json
from pathlib import Path

import pytest

from tests.support.journeys import Journey


def test_a_journey_above_its_budget_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step too many, a second too many, and a step that failed counts."""
    monkeypatch.delenv("HENGJIAN_JOURNEYS", raising=False)  # no journey of anybody's
    journey = Journey(3, "why", most_steps=1, most_seconds=60)
    with journey.step("tile"):
        pass
    journey.arrived()
    with pytest.raises(ValueError, match="broken"), journey.step("finding"):
        raise ValueError("broken")  # a step that breaks
    with pytest.raises(AssertionError, match="tile"):
        journey.arrived()
    slow = Journey(3, "why", most_steps=1, most_seconds=60, seconds=60.5)
    with pytest.raises(AssertionError, match="60 s"):
        slow.arrived()


def test_a_journey_leaves_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, seconds and budget, for the published table."""
    monkeypatch.setenv("HENGJIAN_JOURNEYS", str(tmp_path / "lines"))
    journey = Journey(8, "object", most_steps=3, most_seconds=900)
    with journey.step("open"):
        pass
    journey.arrived()
    line = json.loads((tmp_path / "lines").read_text("utf-8"))
    assert (line["number"], line["steps"], line["most_steps"]) == (8, ["open"], 3)
