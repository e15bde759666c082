"""Vega-Lite 6.4 → SVG on the server: the first drawing of a chart on a page, and the only one in a PDF.

Source: Vega-Lite 6.4, the newest version that vl-convert embeds; pages serve the same one.
"""

import json
import re
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from hengjian.platform.charts.errors import ChartSpecError

VEGA_LITE_VERSION = "6.4"
"""Version both renderers draw with."""
PRINT_FONT = "Noto Sans CJK SC"
"""The one family for SVG drawn here: with a list of families a missing one makes every label vanish."""
SCREEN_FONT = '"Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
"""What a browser draws the same specification with."""

_RENDERING = threading.Lock()
_GENERATED_ID = re.compile(r'(\bid="|url\(#|href="#)((?:clip|gradient|pattern)[\w-]*?\d+)')


@cache
def _theme_text() -> str:
    return (Path(__file__).parent / "theme.json").read_text(encoding="utf-8")


def theme(font: str = SCREEN_FONT) -> dict[str, Any]:
    """The house look as a Vega-Lite config; only the family differs between screen and paper."""
    config: dict[str, Any] = json.loads(_theme_text())
    config["font"] = font
    return config


def render_svg(spec: Mapping[str, Any], width: int = 700, *, font: str = PRINT_FONT, name: str = "chart") -> str:
    """Draws a specification as SVG of `width` CSS pixels.

    Equal input gives equal text: Vega numbers its clip paths through the life of the process, so they are
    renumbered from `name`, which also keeps several charts of one document apart. Safe from several threads.

    Raises:
        ChartSpecError: the specification names an outside address, or Vega-Lite cannot draw it.
    """
    _refuse_outside_data(spec)
    sized = {**spec, "width": width}
    try:
        with _RENDERING:
            svg: str = vl_convert.vegalite_to_svg(
                sized, vl_version=VEGA_LITE_VERSION, config=theme(font), allowed_base_urls=[]
            )
    except ValueError as error:
        raise ChartSpecError(str(error).splitlines()[0]) from error
    return _renumber(svg, name)


def _refuse_outside_data(value: object) -> None:
    """A chart carries its rows; whoever reaches for an address (data, image, link) is refused before drawing."""
    match value:
        case Mapping():
            for key, inner in value.items():
                if key in {"url", "href"} or (key == "mark" and inner == "image"):
                    raise ChartSpecError(f"a chart may not refer to an address ({key})")
                if key == "type" and inner == "image":
                    raise ChartSpecError("a chart may not draw outside images")
                if key != "values":
                    _refuse_outside_data(inner)
        case list() | tuple():
            for inner in value:
                _refuse_outside_data(inner)
        case _:
            return


def _renumber(svg: str, name: str) -> str:
    found: dict[str, str] = {}

    def stable(match: re.Match[str]) -> str:
        new = found.setdefault(match[2], f"{name}-{len(found)}")
        return match[1] + new

    return _GENERATED_ID.sub(stable, svg)
