import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import vl_convert
from PIL import Image

from hengjian.platform.charts import PRINT_FONT, ChartSpecError, render_svg, theme

BARS: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "description": "三类违规项",
    "height": 80,
    "data": {"values": [{"类": "严重", "数": 2}, {"类": "较重", "数": 6}, {"类": "一般", "数": 9}]},
    "mark": {"type": "bar", "clip": True},
    "encoding": {
        "x": {"field": "数", "type": "quantitative"},
        "y": {"field": "类", "type": "nominal", "sort": None},
    },
}


def _ink(text: str) -> int:
    """How many dark pixels a label of this text has when it is drawn."""
    spec = {
        "data": {"values": [{}]},
        "mark": {"type": "text", "text": text, "fontSize": 40},
        "width": 200,
        "height": 60,
    }
    png = vl_convert.vegalite_to_png(spec, config={**theme(PRINT_FONT), "background": "white"})
    grey = Image.open(io.BytesIO(png)).convert("L")
    return sum(count for level, count in enumerate(grey.histogram()) if level < 100)


def test_chinese_is_drawn_with_real_glyphs() -> None:
    """A missing font leaves no text or equal boxes; a rich character has more ink than a plain one."""
    assert _ink("一") > 20
    assert _ink("督察") > 4 * _ink("一一")


def test_labels_are_kept_as_text_in_the_one_family() -> None:
    """Paper falls back to another font when several families are named."""
    svg = render_svg(BARS, 400)
    assert ">严重</text>" in svg
    assert set(_attribute(svg, "font-family")) == {PRINT_FONT}


def test_equal_specifications_give_equal_drawings() -> None:
    """Reports are compared by hash, so nothing may count on through the life of the process."""
    assert render_svg(BARS, 400, name="a") == render_svg(BARS, 400, name="a")


def test_two_charts_of_one_document_share_no_identifier() -> None:
    """An id used twice would clip one chart with the frame of the other."""
    first, second = (set(_attribute(render_svg(BARS, 400, name=name), "id")) for name in ("a", "b"))
    assert first
    assert not first & second


def test_threads_may_draw_at_once() -> None:
    """Pages and the worker share the renderer."""
    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _: render_svg(BARS, 300), range(8)))
    assert len(drawn) == 1


@pytest.mark.parametrize(
    "outside",
    [
        {"data": {"url": "http://127.0.0.1:1/rows.json"}},
        {"data": {"url": "file:///etc/passwd"}},
        {"mark": "image"},
        {"mark": {"type": "image"}},
        {"encoding": {"href": {"value": "javascript:alert(1)"}}},
        {"layer": [{"data": {"url": "rows.csv"}, "mark": "bar"}]},
    ],
)
def test_a_specification_that_reaches_outside_is_refused(outside: dict[str, Any]) -> None:
    """A chart carries its rows; the server fetches nothing for it."""
    with pytest.raises(ChartSpecError):
        render_svg({**BARS, **outside}, 300)


def test_hostile_labels_stay_text() -> None:
    """Text from a register cannot become an element of the drawing."""
    rows = [{"类": "<script>alert(1)</script>]]>", "数": 1}]
    svg = render_svg({**BARS, "data": {"values": rows}}, 300)
    assert "<script" not in svg


def test_a_specification_that_cannot_be_drawn_says_so() -> None:
    """A mistake in a builder is an error, not an empty picture."""
    with pytest.raises(ChartSpecError):
        render_svg({"mark": "no such mark", "data": {"values": []}}, 300)


def _attribute(svg: str, name: str) -> list[str]:
    return [part.split('"')[0] for part in svg.split(f' {name}="')[1:]]
