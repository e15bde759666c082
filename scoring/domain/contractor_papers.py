"""What a contractor hands in or uses up, as subjects: reports to clients, lots of reference materials, repairs."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from msgspec.structs import replace

from hengjian.scoring.domain.clocks import merged
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.register_rows import (
    Alike,
    Registers,
    Row,
    Rows,
    Span,
    bounds,
    by_reference,
    event,
    subject_over,
)
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)
SECTIONS = (
    "OVERVIEW",
    "OPERATION",
    "MAINTENANCE",
    "ABNORMAL_DATA",
    "ORDERS",
    "INTERNAL_CHECKS",
    "LAW_STUDY",
    "NEXT_MONTH",
    "SUGGESTIONS",
)


def client_months(
    registers: Registers, span: Span, *, due_days: Sequence[int], alike: Alike | None = None
) -> Iterator[Subject]:
    """Each client with each month in which one of its points was served, from the month's end on.

    Args:
        registers: of the contractor.
        span: the days to judge.
        due_days: the days of the next month on which a report may be due.
        alike: those made before for the same days and terms; of which all is alike, they share their facts.
    """
    known = {} if alike is None else alike
    reports: dict[tuple[str, date], list[Row]] = {}
    for row in registers["clientReports"]:
        reports.setdefault((row["discharger"], row["month"]), []).append(row)
    began = span.first_days.get("clientReports")
    for client, rows in by_reference(registers["points"], "discharger").items():
        service = merged((row["valid_from"], row["valid_until"]) for row in rows)
        span.turns(add_months(span.fixed[-1].replace(day=1), 1))
        for month, following, text in _months(span.fixed[0], span.fixed[-1]):
            if any(begins < following and until > month for begins, until in service):
                own = reports.get((client, month), ())
                alike_in = ("client_month", month, began, *map(_told, own))
                made = known.get(alike_in)
                if made is None:
                    apart = Span(span.fixed, span.first_days)
                    made = known[alike_in] = _client_month(month, own, apart, due_days), apart.next_turn
                first, next_turn = made
                span.turns(next_turn)
                if first.by_day:
                    yield replace(first, key=f"{text}:{client}", label=f"{client} {text}")


def _told(report: Row) -> tuple[object, ...]:
    """What facts are made of in the row of a report."""
    return report["valid_from"], report["valid_until"], report["received_on"], tuple(report["sections"])


@cache
def _months(first: date, last: date) -> tuple[tuple[date, date, str], ...]:
    """The months of which a report may be shown on one of these days, each with the following one and as text."""
    begin = first.replace(day=1)
    months = (add_months(begin, place) for place in range(-2, (last.year - first.year) * 12 + last.month - first.month))
    return tuple((month, add_months(month, 1), f"{month:%Y-%m}") for month in months)


def _client_month(month: date, reports: Rows, span: Span, due_days: Sequence[int]) -> Subject:
    """One month, without a client: it is shown through the month in which its report falls due, and as long as the report is wanting."""
    begins, settled = add_months(month, 1), add_months(month, 2)
    days = span.days(
        begins,
        settled,
        span.first_days.get("clientReports"),
        *bounds(reports),
        *(row[day] + _DAY for row in reports for day in ("valid_from", "received_on")),
        *(begins + timedelta(days=due) for due in due_days),
    )
    subject = Subject(kind="client_month", key="", label="", days=days)
    for day in days:
        begun = [row for row in reports if row["valid_from"] <= day]
        whole = [row for row in begun if len(set(row["sections"])) == len(SECTIONS)]
        report = min(whole, key=_received_on) if whole else begun[-1] if begun else None
        wanting = _known(span, day, settled) and (not whole or day <= min(map(_received_on, whole)))
        if begins <= day < settled or (day >= settled and wanting):
            subject.by_day[day] = _report(month, report, day, known=_known(span, day, settled))
    return subject


def _known(span: Span, day: date, settled: date) -> bool:
    """Whether a report that is not there is known to be missing: not for months that were over when the register began."""
    first = span.first_days.get("clientReports")
    return first is not None and first <= day and first < settled


def _received_on(report: Row) -> date:
    day: date = report["received_on"]
    return day


def _report(month: date, report: Row | None, day: date, *, known: bool) -> Facts:
    """The first whole report that had been received by the day, else the latest."""
    return {
        "as_of": day,
        "service_month": month,
        "report_received": True if report is not None else False if known else None,
        "received_on": None if report is None else report["received_on"],
        "report_sections": () if report is None else tuple(one for one in SECTIONS if one in report["sections"]),
    }


def contractor_lots(rows: Rows, span: Span) -> Iterator[Subject]:
    """Lots of reference materials and standard gases while they are in use."""
    for ref, own in by_reference(rows).items():
        days = span.days(*bounds(own), *(row["expires_on"] + _DAY for row in own))
        found = subject_over("contractor_lot", own, days, _lot)
        if found.by_day:
            yield replace(found, key=ref, label=f"{own[-1]['name']} {own[-1]['lot']}")


def _lot(row: Row, day: date) -> Facts:
    return {
        "used_on": day,
        "expires_on": row["expires_on"],
        "material_certified": row["certificate_number"] is not None,
    }


def repairs(registers: Registers, span: Span) -> Iterator[Subject]:
    """Repairs on their day."""
    points = {row["source_ref"]: row for row in registers["points"]}
    for row in registers["repairs"]:
        point, day = points.get(row["point_ref"]), row["repaired_on"]
        if point is not None:
            label, city = f"{point['name']} {day}", point["city"][:4]
            yield from event("repair", row["source_ref"], label, on=day, facts=_repair(row), span=span, city=city)


def _repair(row: Row) -> Facts:
    """Whether the spare is of the brand and model of what it replaced; unknown where one of the four is not given."""
    named = [row[name] for name in ("original_brand", "original_model", "spare_brand", "spare_model")]
    same = named[:2] == named[2:]
    return {
        "spare_used": row["spare_used"],
        "same_brand_and_model": same if all(named) else None,
        "compatibility_proven": row["compatibility_proof"] is not None,
    }
