"""The server's drawings of charts, made in a process of their own."""

import json
import time

from markupsafe import Markup

from hengjian.dashboards.drawer import ChildDrawer

SPEC = {
    "description": "两周",
    "height": 60,
    "layer": [
        {
            "data": {"values": [{"周": "<b>9/7</b>", "项": 3}, {"周": "9/14", "项": 5}]},
            "mark": "bar",
            "encoding": {"x": {"field": "周", "type": "ordinal"}, "y": {"field": "项", "type": "quantitative"}},
        }
    ],
}


def eventually(drawer: ChildDrawer, spec: str) -> Markup | None:
    deadline = time.monotonic() + 30
    while (found := drawer.svg(spec, 300, "weekly")) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_a_page_never_waits_for_a_drawing() -> None:
    """The first wish is answered at once with nothing, a later one with the drawing, its text escaped."""
    drawer = ChildDrawer()
    try:
        assert drawer.svg(json.dumps(SPEC), 300, "weekly") is None
        drawn = eventually(drawer, json.dumps(SPEC))
    finally:
        drawer.close()
    assert drawn is not None
    assert drawn.startswith("<svg")
    assert "font-family" not in drawn
    assert "<b>" not in drawn


def test_a_specification_that_cannot_be_drawn_stays_missing() -> None:
    """The page goes on without it, and the drawer goes on with the next one."""
    drawer = ChildDrawer()
    try:
        assert drawer.svg('{"mark": "image", "height": 10}', 300, "bad") is None
        assert eventually(drawer, json.dumps(SPEC)) is not None
        assert drawer.svg('{"mark": "image", "height": 10}', 300, "bad") is None
    finally:
        drawer.close()
