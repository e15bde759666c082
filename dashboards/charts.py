"""A chart on a page: the server's drawing, the specification that takes over in view, and the rows as a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from markupsafe import Markup

from hengjian.dashboards.drawer import Drawer
from hengjian.platform.charts import theme

_AXIS_HEIGHT = 36


class Drawing(Protocol):
    """What filing says of a chart: one specification for page and paper, and the same data in words."""

    @property
    def name(self) -> str:
        """Short and unique on its page."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """Vega-Lite with `description`, rows inside, without width."""

    @property
    def head(self) -> tuple[str, ...]:
        """Column heads of the data table."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Its rows, as text."""

    @property
    def swatches(self) -> tuple[tuple[str, str], ...]:
        """Colour and meaning."""

    @property
    def note(self) -> str:
        """What a reader must know; empty when nothing."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template prints for one chart.

    `svg` and `spec` come from our own renderer, never from a user; user text inside them is escaped there. While the
    server's drawing is not ready `svg` is None and the page keeps room of `width` × `height` CSS pixels.
    `swatches` are pairs of colour (`none`: a box with a broken line) and word; a `wide` chart scrolls in its own box on a phone.
    """

    name: str
    description: str
    svg: Markup | None
    width: int
    height: int
    spec: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    swatches: tuple[tuple[str, str], ...]
    note: str
    wide: bool


def on_page(drawing: Drawing, drawer: Drawer, *, width: int = 700, wide: bool = False) -> Chart:
    """Makes a drawing ready for a page; `width` is that of the server's drawing, in CSS pixels."""
    text = json.dumps(_with_rows(drawing.spec), ensure_ascii=False, sort_keys=True)
    return Chart(
        name=drawing.name,
        description=str(drawing.spec["description"]),
        svg=drawer.svg(text, width, drawing.name),
        width=width,
        height=int(drawing.spec["height"]) + _AXIS_HEIGHT,
        spec=_for_script(text),
        head=drawing.head,
        rows=drawing.rows,
        swatches=drawing.swatches,
        note=drawing.note,
        wide=wide,
    )


def _with_rows(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification without layers that have nothing to draw; Vega warns of their empty extent."""
    layers = [layer for layer in spec["layer"] if layer.get("data", {}).get("values") != []]
    return {**spec, "layer": layers or spec["layer"]}


@lru_cache(maxsize=256)
def _for_script(spec: str) -> Markup:
    """The specification as JSON inside a script element: no `<` can end it early."""
    sized = {**json.loads(spec), "width": "container", "config": theme()}
    text = json.dumps(sized, ensure_ascii=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(escaped)  # noqa: S704 - JSON with every < escaped
