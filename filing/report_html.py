"""A report as HTML: the template prints the frozen record, the pictures are drawn here."""

import base64
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hengjian.filing.chart_parts import SEVERITY_WORD
from hengjian.filing.domain.chart_records import Chart
from hengjian.filing.domain.compliance_report import ComplianceReport, cut
from hengjian.filing.domain.rule_booklet import RuleBooklet
from hengjian.filing.moments import moment_text
from hengjian.filing.report_seal import Seal
from hengjian.filing.texts import Language, speaker
from hengjian.platform.charts import PRINT_FONT, render_svg
from hengjian.platform.pdf import PdfDocument

GRADE_WORD = {"A": "优", "B": "良", "C": "中", "D": "差"}
SEVERITY_MARK = {"critical": "■", "major": "▲", "minor": "◆", "info": "●"}

_TEMPLATES = Path(__file__).parent / "templates"
_CHART_WIDTH = 660
_NUMERALS = "一二三四五六七八九十"


def report_document(report: ComplianceReport, language: Language, seal: Seal) -> PdfDocument:
    """The report ready for drawing: equal records give equal text, and the only date inside is the record's."""
    say = speaker(language)
    html = (
        _environment(language)
        .get_template("report.html")
        .render(
            report=report,
            cover=report.cover,
            seal=seal,
            language=language,
            say=say,
            picture=_picture,
            severity_word=SEVERITY_WORD,
            severity_mark=SEVERITY_MARK,
            grade_word=GRADE_WORD,
        )
    )
    return PdfDocument(html=html, css=_sheet())


def booklet_document(booklet: RuleBooklet, language: Language) -> PdfDocument:
    """The booklet of a pack ready for drawing; equal records give equal text."""
    words = {"say": speaker(language), "severity_word": SEVERITY_WORD, "severity_mark": SEVERITY_MARK}
    html = _environment(language).get_template("booklet.html").render(booklet=booklet, language=language, **words)
    return PdfDocument(html=html, css=_sheet())


@cache
def _sheet() -> str:
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    say = speaker(language)
    environment.filters.update(
        day=date.isoformat,
        day_before=lambda day: (day - timedelta(1)).isoformat(),
        month=lambda day: say("{year} 年 {month} 月", year=day.year, month=_month(day, language)),
        moment=moment_text,
        cut=cut,
        numeral=lambda n: _NUMERALS[n - 1] + "、" if language == "zh" else f"{n}. ",
    )
    return environment


def _picture(chart: Chart) -> str:
    """The drawing as a data: address: an image of its own, whose elements the layout need not look at."""
    svg = render_svg(chart.spec, _CHART_WIDTH, font=PRINT_FONT, name=chart.name)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _month(day: date, language: Language) -> str:
    return str(day.month) if language == "zh" else day.strftime("%B")
