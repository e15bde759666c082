"""Receipts: the batches of one organization, and one batch with the rows that need a look."""

import base64
from collections.abc import Iterable, Sequence
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Text, Words, mark
from hengjian.dashboards.pages.organization_record import GapLine, ReceiptLine, ReceiptsPage
from hengjian.dashboards.pages.other_records import Count, ProblemLine, ReceiptPage
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, show_tab
from hengjian.dashboards.pages.registers import field_label, short_id
from hengjian.dashboards.parts import pager
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    RECEIPT_KIND,
    BatchHead,
    GappedStream,
    RowResult,
    RowStatus,
    gapped_streams,
    list_batches,
    read_batch,
)
from hengjian.platform.db import ReadSession
from hengjian.platform.log import NotInTheLogError
from hengjian.platform.log.errors import LogBrokenError
from hengjian.platform.log.find import Evidence, find_evidence, make_bundle
from hengjian.tenants.api import BY_KIND, ISSUE_TEXTS, field_specs

_MOST_ROWS = 200
_OUTCOMES = {
    RowStatus.ACCEPTED: "accepted",
    RowStatus.ACCEPTED_WITH_WARNINGS: "accepted_with_warnings",
    RowStatus.REFUSED: "refused",
}


@get("/orgs/{credit_code:str}/receipts")
async def show_receipts(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """The batches of an organization, newest first."""
    asked = read_query(request)
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        batches, total = await list_batches(session, look.organization.id, limit=asked.size, offset=asked.offset)
        gapped = await gapped_streams(session, look.organization.id)
        head = await organization_head(session, look, "receipts")
    words = site.templates.words(site.language(request, visitor))
    page = ReceiptsPage(
        head=head,
        gaps=gap_lines(gapped, words),
        receipts=tuple(receipt_line(look, batch) for batch in batches),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
    )
    return show_tab(request, look, "organization_receipts.html", page)


@get("/orgs/{credit_code:str}/receipts/{batch:uuid}")
async def show_receipt(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], batch: FromPath[UUID]
) -> Response[str]:
    """One receipt of an organization that the visitor may see."""
    return await _receipt(request, site, visitor, credit_code=credit_code, batch=batch)


@get("/my/receipts/{batch:uuid}")
async def show_my_receipt(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, batch: FromPath[UUID]
) -> Response[str]:
    """One receipt of the visitor's own organization."""
    return await _receipt(request, site, member, credit_code=member.credit_code, batch=batch)


@get("/orgs/{credit_code:str}/receipts/{batch:uuid}/evidence")
async def download_evidence(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], batch: FromPath[UUID]
) -> Response[bytes]:
    """The evidence bundle of one receipt, for `hengjian verify`."""
    return await _bundle(request, site, visitor, credit_code=credit_code, batch=batch)


@get("/my/receipts/{batch:uuid}/evidence")
async def download_my_evidence(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, batch: FromPath[UUID]
) -> Response[bytes]:
    """The same for the visitor's own organization."""
    return await _bundle(request, site, member, credit_code=member.credit_code, batch=batch)


async def _bundle(
    request: HtmlRequest, site: Site, visitor: Visitor, *, credit_code: str, batch: UUID
) -> Response[bytes]:
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        if await read_batch(session, look.organization.id, batch) is None:
            raise PageMissing
        try:
            data = await make_bundle(session, batch, kind=RECEIPT_KIND, signer=site.signer)
        except NotInTheLogError as early:
            raise PageMissing from early
    named = {"Content-Disposition": f'attachment; filename="hengjian-evidence-{batch}.json"'}
    return Response(data, media_type="application/json", headers=named)


async def _receipt(
    request: HtmlRequest, site: Site, visitor: Visitor, *, credit_code: str, batch: UUID
) -> Response[str]:
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        found = await read_batch(session, look.organization.id, batch)
        proved = await evidence_of(session, batch)
    if found is None:
        raise PageMissing
    words = site.templates.words(site.language(request, visitor))
    page = _page(look, *found, proved=evidence_lines(proved, words), words=words)
    return site.show(request, "receipt.html", page, visitor=visitor)


def receipt_line(look: Look, batch: BatchHead) -> ReceiptLine:
    """One batch in a list."""
    return ReceiptLine(
        href=look.receipt_href(batch.id),
        received_at=batch.received_at,
        register=register_name(batch.kind),
        batch=short_id(batch.id),
        sequence=None if batch.sequence is None else f"{batch.sequence:,}",
        accepted=batch.accepted,
        warned=batch.warned,
        refused=batch.refused,
    )


def gap_lines(gapped: Iterable[GappedStream], words: Words) -> tuple[GapLine, ...]:
    """The numbers that streams lack."""
    return tuple(
        GapLine(
            register=register_name(one.kind),
            stream=one.stream,
            missing=words("、").join(f"{low}" if low == high else f"{low}–{high}" for low, high in one.missing),
            highest=str(one.highest),
        )
        for one in gapped
    )


def field_text(kind: str, path: Sequence[str], words: Words) -> str:
    """Where a problem lies, as people say it: `行 2 · 身份证号` for input, rows, 1, identityNumber.

    A place that is not in a row, or has no label, keeps the API's own names.
    """
    register = BY_KIND.get(kind)
    match path[path.index("rows") :] if "rows" in path else path:
        case ["rows", row, name, *rest] if register is not None and row.isdigit():
            said = next((words.of(field_label(one)) for one in field_specs(register.row) if one.camel == name), name)
            which = "".join(f" {int(step) + 1}" if step.isdigit() else f" {step}" for step in rest)
            return words("行 %(n)s · %(field)s", n=int(row) + 1, field=said + which)
        case ["rows", row] if row.isdigit():
            return words("行 %(n)s", n=int(row) + 1)
        case _:
            return ".".join(path)


def register_name(kind: str) -> Text:
    """What a register is called; its kind when it is not one of ours."""
    register = BY_KIND.get(kind)
    return Text(register.zh, register.en) if register else Text(kind, kind)


async def evidence_of(session: ReadSession, batch: UUID) -> Evidence | LogBrokenError | None:
    """What proves a receipt; a log that is not whole is told on the page, which shows everything else."""
    try:
        return (await find_evidence(session, RECEIPT_KIND, [batch])).get(batch)
    except LogBrokenError as broken:
        return broken


def evidence_lines(found: Evidence | LogBrokenError | None, words: Words) -> tuple[tuple[str, str], ...]:
    """Where a record stands in the evidence log, line by line; nothing when it is older than the log."""
    if isinstance(found, LogBrokenError):
        return ((mark("存证状态"), words("存证日志不完整，请联系平台运维")),)
    if found is None:
        return ()
    leaf = (mark("日志叶哈希"), base64.b64encode(found.leaf_hash).decode())
    if found.index is None or found.checkpoint is None:
        return (leaf, (mark("存证状态"), words("已排队，几秒后编号并签名；请稍后刷新本页")))
    signed = found.checkpoint
    return (
        leaf,
        (mark("日志位置"), f"#{found.index:,} / {signed.size:,}"),
        (mark("检查点根哈希"), base64.b64encode(signed.root).decode()),
        (mark("检查点"), signed.note.partition("\n")[0]),
    )


def _page(
    look: Look,
    batch: BatchHead,
    rows: tuple[RowResult, ...],
    *,
    proved: tuple[tuple[str, str], ...],
    words: Words,
) -> ReceiptPage:
    lines = [line for row in rows for line in _problems(batch.kind, row, words)]
    line_unit = mark("行")
    return ReceiptPage(
        batch=str(batch.id),
        register=register_name(batch.kind),
        organization=look.organization.name,
        back_href=f"{look.base}/receipts",
        received_at=batch.received_at,
        figures=(
            Count(label=mark("收到"), value=batch.sent, unit=line_unit, note=""),
            Count(label=mark("已接收"), value=batch.accepted, unit=line_unit, note=""),
            Count(
                label=mark("有提示"),
                value=batch.warned,
                unit=line_unit,
                note=words("已接收，请核对") if batch.warned else "",
            ),
            Count(
                label=mark("未接收"),
                value=batch.refused,
                unit=line_unit,
                note=words("改后重传这些行") if batch.refused else "",
            ),
        ),
        problems=tuple(lines[:_MOST_ROWS]),
        more=max(0, len(lines) - _MOST_ROWS),
        proof=(
            (mark("回执编号"), str(batch.id)),
            (mark("数据流"), f"{batch.stream} #{batch.sequence}" if batch.sequence else batch.stream),
            (mark("幂等键"), batch.idempotency_key or "–"),
            (mark("内容摘要 SHA-256"), batch.fingerprint),
            *proved,
        ),
        bundle_href=f"{look.receipt_href(batch.id)}/evidence" if len(proved) > 2 else "",
    )


def _problems(kind: str, row: RowResult, words: Words) -> list[ProblemLine]:
    return [
        ProblemLine(
            row=row.index + 1,
            reference=row.source_ref,
            outcome=_OUTCOMES[row.status],
            path=".".join(problem.path),
            field=field_text(kind, problem.path, words),
            message=_message(problem.code, expected=problem.expected, got=problem.got),
            code=problem.code,
        )
        for problem in row.problems
    ]


def _message(code: str, *, expected: str, got: str) -> Text:
    """The words of a problem with what to do; the code itself when it has none."""
    text = ISSUE_TEXTS.get(code)
    if text is None:
        return Text(code, code)
    facts = {"expected": expected, "got": got}
    return Text(f"{text.zh.format(**facts)}{text.hint_zh}", f"{text.en.format(**facts)} {text.hint_en}")
