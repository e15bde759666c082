import asyncio
import io
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from pypdf import PdfReader

from hengjian.platform.pdf import (
    PdfDocument,
    PdfLimits,
    PdfPartMissingError,
    PdfProcessLostError,
    PdfRefusedError,
    PdfRenderer,
    PdfTimedOutError,
    parts,
    require_parts,
)

CSS = "@page{size:A4}html{font-family:'Noto Sans CJK SC'}table{table-layout:fixed;width:100%}td{overflow-wrap:anywhere}"
HEAD = "<title>月度合规报告</title><meta name='dcterms.created' content='2026-11-01T06:00:00+08:00'>"


def document(body: str, head: str = HEAD) -> PdfDocument:
    return PdfDocument(html=f"<!doctype html><html lang='zh-CN'><head>{head}</head><body>{body}</body></html>", css=CSS)


@pytest_asyncio.fixture
async def renderer() -> AsyncIterator[PdfRenderer]:
    async with PdfRenderer() as running:
        yield running


@pytest.fixture
def knocks() -> Iterator[tuple[int, list[bytes]]]:
    """A listener on this machine, and whatever knocked at it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    heard.append(caller.recv(100))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


async def test_chinese_text_can_be_read_back(renderer: PdfRenderer) -> None:
    """The archive form keeps characters, not only their pictures."""
    answer = await renderer.render(document("<h1>天山绿测：督查人员少 1 人</h1>"))
    reader = PdfReader(io.BytesIO(answer.pdf))
    assert "天山绿测：督查人员少 1 人" in reader.pages[0].extract_text()
    assert b'pdfaid:part="3"' in reader.root_object["/Metadata"].get_data()  # type: ignore[attr-defined]  # a stream


async def test_equal_documents_give_equal_bytes_also_from_another_process(renderer: PdfRenderer) -> None:
    """The hash of a report can be computed again by anybody."""
    once, again = await renderer.render(document("<p>一")), await renderer.render(document("<p>一"))
    async with PdfRenderer() as other:
        elsewhere = await other.render(document("<p>一"))
    assert once.pdf == again.pdf == elsewhere.pdf


async def test_the_creation_date_is_the_one_given(renderer: PdfRenderer) -> None:
    """No clock of the drawing machine gets into the document."""
    answer = await renderer.render(document("<p>一"))
    info = PdfReader(io.BytesIO(answer.pdf)).metadata
    assert info is not None
    assert str(info["/CreationDate"]).startswith("D:20261101060000")


async def test_nothing_is_fetched_and_no_file_is_read(renderer: PdfRenderer, knocks: tuple[int, list[bytes]]) -> None:
    """Addresses in a document are dead: no call on the network, no local file inside the PDF."""
    port, heard = knocks
    here = f"http://127.0.0.1:{port}"
    body = (
        f"<img src='{here}/a'><object data='{here}/b'></object><svg><image href='{here}/c'/></svg>"
        f"<style>@import url({here}/d);p{{background:url({here}/e)}}</style>"
        "<p>文</p><img src='file:///etc/passwd'><img src='//127.0.0.1/x'>"
    )
    head = HEAD + f"<link rel=attachment href='file:///etc/passwd'><link rel=stylesheet href='{here}/g'>"
    answer = await renderer.render(document(body, head))
    reader = PdfReader(io.BytesIO(answer.pdf))
    assert heard == []
    assert dict(reader.attachments) == {}
    assert "file:///etc/passwd" in answer.refused
    assert "root:" not in reader.pages[0].extract_text()


async def test_a_document_that_wants_to_write_is_refused(renderer: PdfRenderer) -> None:
    """A font of the document's own would be laid down in a file first."""
    with pytest.raises(PdfRefusedError, match="may not"):
        await renderer.render(document("<style>@font-face{font-family:x;src:url(data:font/ttf,0)}</style><p>文"))
    assert (await renderer.render(document("<p>一"))).pages == 1


async def test_scripts_and_characters_without_a_shape_do_nothing(renderer: PdfRenderer) -> None:
    """No action survives in the file; NUL, controls and text that runs backwards are taken out."""
    answer = await renderer.render(document("<p>甲\x00乙\x1b丙\u202e丁\ud800<script>app.alert(1)</script>"))
    assert b"/JavaScript" not in answer.pdf
    assert "甲乙丙丁" in PdfReader(io.BytesIO(answer.pdf)).pages[0].extract_text()


async def test_very_long_cells_break_across_the_page(renderer: PdfRenderer) -> None:
    """Ten thousand characters without a space stay inside the paper."""
    answer = await renderer.render(document(f"<table><tr><td>{'长' * 5000}{'w' * 5000}</td></tr></table>"))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.pdf)).pages)
    assert text.count("长") == 5000
    assert text.count("w") == 5000


async def test_a_document_that_takes_too_long_is_ended_and_the_next_one_is_drawn() -> None:
    """A stuck document costs its time limit, not the worker."""
    slow = document("<table>" + "<tr><td>行<td>行<td>行</tr>" * 4000 + "</table>")
    async with PdfRenderer(PdfLimits(wall_seconds=1.5)) as renderer:
        with pytest.raises(PdfTimedOutError, match=r"1\.5 s"):
            await renderer.render(slow)
        renderer.limits = PdfLimits()
        assert (await renderer.render(document("<p>一"))).pages == 1


async def test_a_lost_process_is_reported_and_replaced(renderer: PdfRenderer) -> None:
    """Whatever ends the process in the middle, the caller hears it and can go on."""
    await renderer.render(document("<p>一"))
    slow = asyncio.create_task(renderer.render(document("<table>" + "<tr><td>行" * 4000 + "</table>")))
    await asyncio.sleep(0.3)
    process_id = renderer.process_id
    assert process_id is not None
    os.kill(process_id, signal.SIGKILL)
    with pytest.raises(PdfProcessLostError):
        await slow
    assert (await renderer.render(document("<p>一"))).pages == 1


async def test_processor_time_is_limited() -> None:
    """A document that only computes is ended by the kernel."""
    async with PdfRenderer(PdfLimits(cpu_seconds=1)) as renderer:
        with pytest.raises(PdfProcessLostError):
            await renderer.render(document("<table>" + "<tr><td>行<td>行<td>行</tr>" * 6000 + "</table>"))


async def test_a_document_nested_too_deeply_is_refused_in_words(renderer: PdfRenderer) -> None:
    """A refusal leaves the process in order."""
    with pytest.raises(PdfRefusedError, match="nested"):
        await renderer.render(document("<div>" * 3000))
    assert (await renderer.render(document("<p>一"))).pages == 1


async def test_the_process_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database address and the deployment's key stay where they are."""
    monkeypatch.setenv("HENGJIAN_DATABASE_URL", "postgresql://secret")
    async with PdfRenderer() as renderer:
        await renderer.render(document("<p>一"))
        assert b"HENGJIAN" not in Path(f"/proc/{renderer.process_id}/environ").read_bytes()  # noqa: ASYNC240  # short


async def test_a_cancelled_document_leaves_no_process_behind(renderer: PdfRenderer) -> None:
    """A worker that is told to stop does not wait for a long report."""
    await renderer.render(document("<p>一"))
    old = renderer.process_id
    slow = asyncio.create_task(renderer.render(document("<table>" + "<tr><td>行" * 4000 + "</table>")))
    await asyncio.sleep(0.3)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert (await renderer.render(document("<p>一"))).pages == 1
    assert renderer.process_id != old
    assert not Path(f"/proc/{old}").exists()  # noqa: ASYNC240  # short


async def test_a_process_without_work_gives_its_memory_back() -> None:
    """The next document starts a new one."""
    async with PdfRenderer(PdfLimits(idle_seconds=0.1)) as renderer:
        await renderer.render(document("<p>一"))
        before = renderer.process_id
        await asyncio.sleep(0.4)
        after = renderer.process_id
        assert before is not None
        assert after is None
        assert (await renderer.render(document("<p>一"))).pages == 1


def test_a_missing_font_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator reads what to install, not a stack of calls."""
    monkeypatch.setattr(parts, "REQUIRED_FONT", "No Such Family")
    with pytest.raises(PdfPartMissingError, match="fonts-noto-cjk"):
        require_parts()


async def test_a_machine_without_the_font_says_so_instead_of_drawing_boxes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fontconfig that knows no font: the report fails with the package to install."""
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))
    async with PdfRenderer() as renderer:
        with pytest.raises(PdfPartMissingError, match="fonts-noto-cjk"):
            await renderer.render(document("<p>一"))
