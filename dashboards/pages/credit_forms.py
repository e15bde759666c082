"""The bureau's forms for credit events: what they ask, what they keep, and what an entry would do to the score."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.credit_lines import CHECKS, effect_text
from hengjian.dashboards.pages.credit_records import EntryForms, FormChoice
from hengjian.dashboards.pages.profile import Look
from hengjian.dashboards.query import read_day
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    CountedFinding,
    CreditDesk,
    CreditModel,
    NewCheck,
    NewPenalty,
    NewVeto,
    Penalty,
    Severity,
    VetoDecision,
    stored_history,
)
from hengjian.scoring.errors import CreditEventRefusedError

Kept = Mapping[str, str]
FINE = mark("罚款")


def entry_forms(model: CreditModel, kept: Kept, *, form: str, preview: str) -> EntryForms:
    """The forms with the choices of the model in force."""
    return EntryForms(
        measures=(
            FormChoice("fine", FINE),
            *(FormChoice(item.id, item.title) for item in model.penalties.measures),
        ),
        conducts=tuple(FormChoice(item.id, item.title) for item in model.vetoes),
        checks=tuple(FormChoice(kind, label) for kind, label in CHECKS.items()),
        kept=kept,
        open=form,
        preview=preview,
    )


def new_penalty(kept: Kept) -> NewPenalty:
    """The penalty that a form tells of.

    Raises:
        CreditEventRefusedError: the day or the amount cannot be read.
    """
    return NewPenalty(
        document_no=kept.get("document_no", ""),
        measure=kept.get("measure", ""),
        decided_on=_day(kept, "decided_on"),
        organ=kept.get("organ", ""),
        summary=kept.get("summary", ""),
        fine=_amount(kept.get("fine", "")),
        duty_done_on=read_day(kept.get("duty_done_on")),
        conduct=kept.get("conduct") or None,
    )


def new_veto(kept: Kept) -> NewVeto:
    """The veto that a form tells of.

    Raises:
        CreditEventRefusedError: the day is missing.
    """
    return NewVeto(
        item=kept.get("item", ""),
        document_no=kept.get("document_no", ""),
        decided_on=_day(kept, "decided_on"),
        ground=kept.get("summary", ""),
    )


def new_check(kept: Kept) -> NewCheck:
    """The check that a form tells of; `result` is `fit` or the severity.

    Raises:
        CreditEventRefusedError: the day is missing, or the result is none of the list.
    """
    result = kept.get("result", "")
    if result not in {"fit", "minor", "major", "critical"}:
        raise CreditEventRefusedError("请选择检查结果", "choose the result of the check")
    fit = result == "fit"
    return NewCheck(
        kind=kept.get("kind", ""),
        document_no=kept.get("document_no", ""),
        checked_on=_day(kept, "decided_on"),
        organ=kept.get("organ", ""),
        summary=kept.get("summary", ""),
        fit=fit,
        severity=None if fit else Severity(result),
        due_on=read_day(kept.get("due_on")),
    )


async def _enter_penalty(desk: CreditDesk, kept: Kept) -> None:
    await desk.enter_penalty(new_penalty(kept))


async def _enter_veto(desk: CreditDesk, kept: Kept) -> None:
    await desk.enter_veto(new_veto(kept))


async def _enter_check(desk: CreditDesk, kept: Kept) -> None:
    await desk.enter_check(new_check(kept))


FORMS: Mapping[str, Callable[[CreditDesk, Kept], Awaitable[Any]]] = {
    "penalty": _enter_penalty,
    "veto": _enter_veto,
    "check": _enter_check,
}


async def preview_of(session: ReadSession, look: Look, form: str, kept: Kept, *, region: str, words: Words) -> str:
    """What the entry would do to this year's official score once it is confirmed; nothing is kept.

    Raises:
        CreditEventRefusedError, UnknownPenaltyError: the entry cannot be read, or the model has no such measure.
    """
    stored = await stored_history(session, look.organization.id, region, lawbook=look.site.lawbook, on=look.day)
    if stored is None:
        return words("这一地区没有生效的信用评分模型")
    if form == "penalty":
        new = new_penalty(kept)
        effect = stored.effect_of_penalty(
            Penalty(document_no=new.document_no, measure=new.measure, decided_on=new.decided_on, fine=new.fine)
        )
    elif form == "veto":
        veto = new_veto(kept)
        decided = VetoDecision(item=veto.item, document_no=veto.document_no or "–", decided_on=veto.decided_on)
        effect = stored.effect_of_veto(decided)
    else:
        check = new_check(kept)
        if check.severity is None:
            return words("合格的检查不扣分")
        effect = stored.effect_of_finding_like(
            CountedFinding(
                rule="K-05",
                subject=f"check:{check.document_no}",
                severity=check.severity,
                dimension="D5",
                first_day=check.checked_on,
                last_day=check.checked_on,
            )
        )
    return effect_text(effect, words)


def _day(kept: Kept, name: str) -> date:
    day = read_day(kept.get(name))
    if day is None:
        raise CreditEventRefusedError("请填写日期，如 2026-11-20", "give the day, such as 2026-11-20")
    return day


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 < amount < Decimal(10) ** 12:
        raise CreditEventRefusedError("罚款金额须为大于 0 的数，单位元", "a fine is a number of yuan above 0")
    return amount
