import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from hengjian.filing.bureau_report import bureau_report
from hengjian.filing.domain.compliance_report import ComplianceReport, Table
from hengjian.filing.organization_report import organization_report
from hengjian.filing.report_html import report_document
from hengjian.filing.report_seal import seal_of
from hengjian.filing.texts import Language, speaker
from hengjian.platform.pdf import PdfRenderer
from tests.filing import samples

SEAL = seal_of("ab" * 32, public_url="https://hengjian.example")
HOSTILE = (
    "<script>alert(1)</script>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<img src=http://127.0.0.1:1/x>",
    "<a href='javascript:alert(1)'>点</a>",
    "{{7*7}}{% raw %}",
    '=HYPERLINK("http://127.0.0.1:1","x")',
    "</style><svg onload=alert(1)>",
    "]]><!--",
    "%(x)s {0} {name.__class__}",
)


def _text(report: ComplianceReport, language: Language = "zh") -> str:
    return report_document(report, language, SEAL).html


def test_hostile_text_in_any_field_is_only_text() -> None:
    """Whatever an organization writes into its registers, the report shows it and obeys none of it."""
    everything = " ".join(HOSTILE)
    cells = tuple((text, everything) for text in HOSTILE)
    finding = samples.finding(title=everything, subject=everything, state=everything, measured=everything)
    data = samples.organization(
        cover=samples.cover(subject=everything, bureau=everything, place=everything, kinds=HOSTILE),
        judgements=samples.judgements(findings=(finding,), clauses=(replace(samples.CLAUSE, quote=everything),)),
        registers=(Table(title=everything, head=("来源编号", everything), rows=cells, widths=(50, 50)),),
        receipts=(samples.receipt(1, stream=everything),),
    )
    html = _text(organization_report(data, speaker("zh")))
    assert "<script" not in html
    assert "<link" not in html
    assert html.count("<img") == html.count('<img src="data:image/svg+xml;base64,')
    assert "<a href='" not in html
    assert "onload=alert(1)&gt;" in html
    assert "{{7*7}}" in html
    assert "{0} {name.__class__}" in html


async def test_the_hostile_report_fetches_and_carries_nothing() -> None:
    """The same on paper: no attachment, no action, no address asked for."""
    cells = tuple((text * 3, text) for text in (*HOSTILE, "长" * 10_000, "w" * 10_000, "甲\x00乙"))
    data = samples.organization(
        cover=samples.cover(subject=HOSTILE[0]),
        registers=(Table(title="", head=("甲", "乙"), rows=cells, widths=(70, 30)),),
    )
    async with PdfRenderer() as renderer:
        answer = await renderer.render(report_document(organization_report(data, speaker("zh")), "zh", SEAL))
    reader = PdfReader(io.BytesIO(answer.pdf))
    text = "".join(page.extract_text() for page in reader.pages)
    assert answer.refused == []
    assert dict(reader.attachments) == {}
    assert b"/JavaScript" not in answer.pdf
    assert b"/URI" not in answer.pdf
    assert "{{7*7}}" in text
    assert "甲乙" in text
    assert "（10000）" in text.replace("\n", "")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_both_reports_are_drawn_with_pages_bookmarks_and_the_mark_of_a_demo(language: Language) -> None:
    """A reader finds the parts in the outline and the page he is on at the foot."""
    say = speaker(language)
    reports = (organization_report(samples.organization(), say), bureau_report(samples.bureau(), say))
    async with PdfRenderer() as renderer:
        for report in reports:
            answer = await renderer.render(report_document(report, language, SEAL))
            reader = PdfReader(io.BytesIO(answer.pdf))
            outline = str([_titles(entry) for entry in reader.outline])
            first = reader.pages[0].extract_text()
            assert all(section.title in outline for section in report.sections)
            assert (f"第 1 页，共 {answer.pages} 页" if language == "zh" else f"Page 1 of {answer.pages}") in first
            assert ("演示数据" if language == "zh" else "Demonstration data") in first


def _titles(entry: Any) -> Any:
    return [_titles(inner) for inner in entry] if isinstance(entry, list) else entry["/Title"]


def test_what_is_not_printed_is_said() -> None:
    """A table ends at its cap with the number of rows that were left out."""
    table = replace(samples.people(500), remainder=1234)
    assert "另有 1234 行未印出" in _text(organization_report(samples.organization(registers=(table,)), speaker("zh")))


def test_an_unrated_organization_has_no_grade_and_a_reason() -> None:
    """Not rated is neither A nor zero."""
    data = samples.organization(score=samples.score(None), deductions=())
    html = _text(organization_report(data, speaker("zh")))
    assert 'class="grade g0"' in html
    assert "暂不评价：本年没有在用点位。" in html


def test_no_data_is_a_dash_in_words_and_never_a_pass() -> None:
    """The reader sees which rules could not be judged."""
    html = _text(organization_report(samples.organization(), speaker("zh")))
    assert "缺少数据、不作判定的规则：C-04。" in html
    assert '<span class="none">– 无数据</span>' in html


def test_a_month_with_nothing_in_it_is_still_a_report() -> None:
    """Silence is stated, not skipped."""
    data = samples.organization(
        judgements=samples.judgements(findings=(), clauses=(), intervals=(), weeks=samples.weeks({}), verdicts=()),
        deductions=(),
        trend=(),
        requirements=(),
        register_counts=(),
        registers=(),
        receipts=(),
    )
    html = _text(organization_report(data, speaker("zh")))
    for sentence in ("本月没有违规项。", "本月没有收到推送。", "没有推送过台账。", "没有扣分。"):
        assert sentence in html


def test_equal_data_give_equal_documents() -> None:
    """A report made again has the same bytes."""
    first, second = (_text(bureau_report(samples.bureau(), speaker("zh"))) for _ in range(2))
    assert first == second
