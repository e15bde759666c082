"""What an institution did on one day, judged on that day: results, items of reports, reports, changes of its system."""

from collections.abc import Iterable
from datetime import date, timedelta

from hengjian.scoring.domain.register_rows import Registers, Row, Rows, Span, by_reference, event, is_true
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)


def subjects_of_events(registers: Registers, span: Span) -> list[Subject]:
    """Every event of the span; each is true on its one day, so its breach lasts that day."""
    return [
        *results(registers, span),
        *report_items(registers, span),
        *reports(registers["monitoringReports"], span),
        *system_changes(registers["systemChanges"], span),
    ]


def results(registers: Registers, span: Span) -> Iterable[Subject]:
    """Results on the day of their test."""
    certificates = by_reference(registers["certificates"], "person_ref")
    for row in registers["testResults"]:
        on: date = row["tested_on"]
        held = certificates.get(row["analyst_ref"], [])
        authorized = any(is_true(one, on) and row["item"] in one["items"] for one in held)
        facts: Facts = {
            "operator_authorized": authorized if span.known("certificates", on) else None,
            "analyst": row["analyst_ref"],
            "checker": row["checker_ref"],
            "reviewer": row["reviewer_ref"],
        }
        yield from event("result", row["source_ref"], _result_label(row), on=on, facts=facts, span=span)


def _result_label(row: Row) -> str:
    return f"{row['item']} {row['tested_on']}"


def report_items(registers: Registers, span: Span) -> Iterable[Subject]:
    """Results on the day on which a report with them was issued."""
    issued = {row["source_ref"]: row for row in registers["monitoringReports"]}
    codes = {row["source_ref"]: row["code"] for row in registers["methods"]}
    scope: dict[tuple[str, str], list[Row]] = {}
    for line in registers["capabilities"]:
        scope.setdefault((line["item"], line["method_code"]), []).append(line)
    for row in registers["testResults"]:
        report = issued.get(row["report_ref"])
        if report is not None:
            on: date = report["issued_on"]
            code = codes.get(row["method_ref"])
            lines = None if code is None else scope.get((row["item"], code), [])
            facts = _scope(registers["accreditations"], lines, span, on=on)
            label = f"{report['number']} {row['item']}"
            yield from event("report_item", row["source_ref"], label, on=on, facts=facts, span=span)


def _scope(accreditations: Rows, lines: Rows | None, span: Span, *, on: date) -> Facts:
    """Whether a CMA was valid, and one of the lines of its annex too; no lines at all says that the method is unknown."""
    held = [row for row in accreditations if row["valid_from"] <= on]
    valid = {row["source_ref"] for row in held if is_true(row, on)}
    last = max((row["valid_until"] for row in held), default=None)
    covered = any(line["accreditation_ref"] in valid and is_true(line, on) for line in lines or ())
    known = lines is not None and span.known("capabilities", on)
    return {
        "issued_on": on,
        "cma_held": bool(valid) if span.known("accreditations", on) else None,
        "cma_valid_to": None if last is None else last - _DAY,
        "item_in_scope": covered if known else None,
    }


def reports(rows: Rows, span: Span) -> Iterable[Subject]:
    """Reports on their day of issue; `same_number` counts the reports with its number issued by then."""
    for row in rows:
        record = [("ORIGINAL_NUMBER", row["amends_number"]), ("REASON", row["amendment_reason"])]
        facts: Facts = {
            "same_number": row["same_number"],
            "is_amended": row["amended"] or row["amends_number"] is not None,
            "amendment_record": tuple(name for name, value in record if value),
        }
        yield from event("report", row["source_ref"], row["number"], on=row["issued_on"], facts=facts, span=span)


def system_changes(rows: Rows, span: Span) -> Iterable[Subject]:
    """Changes of the information system on the day on which they took effect."""
    for row in rows:
        on: date = row["implemented_on"]
        facts: Facts = {
            "implemented_on": on,
            "approved_on": row["approved_on"],
            "approval_recorded": row["approved_on"] is not None,
        }
        yield from event("system_change", row["source_ref"], row["title"], on=on, facts=facts, span=span)
