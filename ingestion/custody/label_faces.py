"""What stands on a label, and the same for a sheet of paper (PDF) or a label printer (ZPL)."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import segno

from hengjian.platform.pdf import PdfDocument

_BLANK = "＿＿＿＿＿＿"
_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFace:
    """One label as it is read; what is not known yet is empty and stays open for the pen.

    `address` leads to the verification page and is what the code holds.
    """

    label_id: str
    address: str
    client: str = ""
    point: str = ""
    sample: str = ""
    items: str = ""
    container: str = ""
    preservation: str = ""
    sampled_at: str = ""
    samplers: str = ""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Names and values in the order of the label."""
        named = (
            ("受检", self.client),
            ("点位", self.point),
            ("样品", self.sample),
            ("项目", self.items),
            ("容器", self.container),
            ("保存", self.preservation),
            ("采样", self.sampled_at),
            ("人员", self.samplers),
        )
        return tuple((name, value[:_LONGEST] or _BLANK) for name, value in named)


# Sheets of 3 × 7 labels of 63.5 × 38.1 mm.
_SHEET = """
@page { size: A4; margin: 15.1mm 7.2mm; }
body { font-family: "Noto Sans CJK SC", sans-serif; font-size: 6.6pt; margin: 0; color: #000; }
table.sheet { border-collapse: separate; border-spacing: 0; table-layout: fixed; width: 195.5mm; }
table.sheet td.label { width: 63.5mm; height: 37.9mm; padding: 1.6mm; box-sizing: border-box; vertical-align: top; }
td.gap { width: 2.5mm; padding: 0; }
td.label img { float: left; width: 21mm; height: 21mm; margin: 0 1.5mm 0 0; }
td.label div { float: left; width: 37mm; }
td.label p { margin: 0; line-height: 1.3; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
td.label p.no { font-family: monospace; font-size: 10pt; margin-top: 1mm; font-weight: bold; clear: both; }
"""
_ACROSS, _DOWN = 3, 7


def label_sheet(faces: Sequence[LabelFace]) -> PdfDocument:
    """A4 sheets of 21 labels each, in the order given; equal faces give equal bytes."""
    rows = [faces[start : start + _ACROSS] for start in range(0, len(faces), _ACROSS)]
    sheets = [rows[start : start + _DOWN] for start in range(0, len(rows), _DOWN)]
    body = "".join(
        f'<table class="sheet" style="break-before:{"page" if number else "auto"}">{"".join(map(_row, sheet))}</table>'
        for number, sheet in enumerate(sheets)
    )
    html = f'<!doctype html><html lang="zh"><head><title>识别标识码</title></head><body>{body}</body></html>'
    return PdfDocument(html=html, css=_SHEET, tagged=False)


def _row(faces: Sequence[LabelFace]) -> str:
    cells = [_cell(face) for face in faces] + ['<td class="label"></td>'] * (_ACROSS - len(faces))
    return "<tr>" + '<td class="gap"></td>'.join(cells) + "</tr>"


def _cell(face: LabelFace) -> str:
    lines = "".join(f"<p>{name} {escape(value)}</p>" for name, value in face.lines)
    picture = f'<img src="{_code(face.address)}" alt="{escape(face.label_id)}">'
    return f'<td class="label">{picture}<div>{lines}</div><p class="no">{escape(face.label_id)}</p></td>'


def _code(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawing, kind="svg", scale=4, border=2)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.getvalue()).decode()}"


# 60 × 40 mm at 203 dots an inch (8 dots a millimetre).
_WIDTH, _HEIGHT, _MARGIN, _LINE = 480, 320, 12, 26
_TEXT_LEFT, _TEXT_TOP = 190, 14
_FONT = "E:SIMSUN.TTF"


def label_zpl(faces: Sequence[LabelFace]) -> str:
    """ZPL II for label printers of 203 dpi with labels of 60 × 40 mm, one format a label, UTF-8.

    Chinese needs a font in the printer's memory, by the name that makers use: E:SIMSUN.TTF.
    """
    return "".join(_format(face) for face in faces)


def _format(face: LabelFace) -> str:
    lines = "".join(
        f"^FO{_TEXT_LEFT},{_TEXT_TOP + place * _LINE}^A@N,20,20,{_FONT}^FH_^FD{_field(f'{name} {value[:16]}')}^FS\n"
        for place, (name, value) in enumerate(face.lines)
    )
    return (
        f"^XA\n^CI28\n^PW{_WIDTH}\n^LL{_HEIGHT}\n"
        f"^FO{_MARGIN},{_MARGIN}^BQN,2,4^FH_^FDMA,{_field(face.address)}^FS\n"
        f"{lines}"
        f"^FO{_MARGIN},{_HEIGHT - 60}^A0N,34,30^FD{face.label_id}^FS\n^XZ\n"
    )


def _field(text: str) -> str:
    """A text inside ^FH_^FD: nothing in it can begin a command of the printer or end the field."""
    return "".join(f"_{ord(one):02X}" if one in "^~_\\" or ord(one) < 32 else one for one in text)
