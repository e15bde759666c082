"""How long a ten-page report takes in a warm process, and how much memory that process holds."""

import asyncio
import time

from hengjian.filing.organization_report import organization_report
from hengjian.filing.report_html import report_document
from hengjian.filing.report_seal import report_digest, seal_of
from hengjian.filing.texts import speaker
from hengjian.platform.pdf import PdfAnswer, PdfDocument, PdfRenderer
from tests.bench.figures import Figure, alone
from tests.filing import samples

PAGES = 10
ROUNDS = 5


def measure() -> list[Figure]:
    """The best of five warm rounds, in seconds, and the drawing process's peak memory in MiB.

    `pdf_10_pages_seconds` is HTML with its charts to PDF, in the process; `report_10_pages_seconds` begins with the
    gathered data and draws the charts too.
    """
    drawing, whole, answer = asyncio.run(_rounds())
    if answer.pages != PAGES:
        raise RuntimeError(f"the sample has {answer.pages} pages instead of {PAGES}")
    return [
        alone("pdf_10_pages_seconds", drawing, "s"),
        alone("report_10_pages_seconds", whole, "s"),
        alone("pdf_10_pages_mib", answer.peak_rss_kib / 1024, "MiB"),
    ]


async def _rounds() -> tuple[float, float, PdfAnswer]:
    drawing, whole = [], []
    async with PdfRenderer() as renderer:
        answer = await renderer.render(_document())
        for _ in range(ROUNDS):
            began = time.perf_counter()
            document = _document()
            laid_out = time.perf_counter()
            answer = await renderer.render(document)
            ended = time.perf_counter()
            drawing.append(ended - laid_out)
            whole.append(ended - began)
    return min(drawing), min(whole), answer


def _document() -> PdfDocument:
    report = organization_report(samples.organization(people_rows=140, receipt_count=46), speaker("zh"))
    return report_document(report, "zh", seal_of(report_digest(report, "zh"), public_url="http://127.0.0.1:8000"))
