"""Judge the rows of a batch one by one, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hengjian.ingestion.domain.receipts import Problem, RowResult, RowStatus
from hengjian.tenants.api import Issue, Register, RegisterRow, all_sound, bounds_issues, meaning_issues

Unknown = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """Places of the rows that may enter, and the results of those with something to say."""

    accepted: list[int]
    results: dict[int, RowResult]
    known: frozenset[int] = frozenset()
    """Places of accepted rows that are recorded already, with the same content; they are not written again."""

    @property
    def refused(self) -> int:
        """How many rows may not enter."""
        return sum(result.status is RowStatus.REFUSED for result in self.results.values())

    @property
    def warned(self) -> int:
        """How many rows enter with a warning."""
        return sum(result.status is RowStatus.ACCEPTED_WITH_WARNINGS for result in self.results.values())


def check_rows(
    register: Register, rows: Sequence[RegisterRow], *, regions: frozenset[str], bounds_known: bool
) -> CheckedRows:
    """Check every row by itself and against its batch; a batch whose columns show nothing is sound at a glance.

    Args:
        register: kind of the rows.
        rows: as decoded; identifiers and regions in them are tidied.
        regions: every known region code.
        bounds_known: the decoder has checked lengths, ranges and characters.
    """
    if bounds_known and len({row.source_ref for row in rows}) == len(rows) and all_sound(register, rows, regions):
        return CheckedRows(list(range(len(rows))), {})
    first_place: dict[str, int] = {}
    accepted: list[int] = []
    results: dict[int, RowResult] = {}
    for index, row in enumerate(rows):
        issues = [] if bounds_known else list(bounds_issues(register, row))
        issues += meaning_issues(register, row, regions)
        seen = first_place.setdefault(row.source_ref, index)
        if seen != index:
            issues.append(Issue(("sourceRef",), "DUPLICATE_SOURCE_REF", "", str(seen + 1)))
        if issues:
            results[index] = row_result(index, row, issues)
        if not issues or results[index].status is not RowStatus.REFUSED:
            accepted.append(index)
    return CheckedRows(accepted, results)


def row_result(index: int, row: RegisterRow, issues: Sequence[Issue]) -> RowResult:
    """The result of one row: refused by any issue that is no warning."""
    status = RowStatus.ACCEPTED_WITH_WARNINGS if all(i.warning for i in issues) else RowStatus.REFUSED
    problems = tuple(
        Problem(
            path=("input", "rows", str(index), *issue.path),
            code=issue.code,
            warning=issue.warning,
            expected=issue.expected,
            got=_storable(issue.got),
        )
        for issue in issues
    )
    return RowResult(index, _storable(row.source_ref[:200]), status, problems)


def _storable(text: str) -> str:
    """The text with a mark for each NUL, which a receipt can't hold."""
    return text.replace("\x00", "\ufffd")


def add_unknown_references(
    register: Register, rows: Sequence[RegisterRow], checked: CheckedRows, unknown: Unknown
) -> None:
    """Warn of references that the register doesn't know; a row is never refused for them (kinds arrive in any order)."""
    camels = {field: kind for field, kind in register.refs if unknown.get(field)}
    if not camels:
        return
    for index in checked.accepted:
        row = rows[index]
        issues = [
            Issue((_camel(field),), "REFERENCE_UNKNOWN", kind, getattr(row, field)[:100], warning=True)
            for field, kind in camels.items()
            if getattr(row, field) in unknown[field]
        ]
        if issues:
            add_issues(checked, index, row, issues)


def add_issues(checked: CheckedRows, index: int, row: RegisterRow, issues: Sequence[Issue]) -> None:
    """Add to what is said of a row; one that is refused now must be taken from the accepted ones by the caller."""
    before = checked.results.get(index)
    added = row_result(index, row, issues)
    kept = before.problems if before else ()
    checked.results[index] = RowResult(index, added.source_ref, added.status, kept + added.problems)


def refuse_the_rest(rows: Sequence[RegisterRow], checked: CheckedRows) -> CheckedRows:
    """All or nothing: with one row refused, none enters; the sound ones carry no problem of their own."""
    results = dict(checked.results)
    for index in checked.accepted:
        before = results.get(index)
        results[index] = RowResult(
            index, rows[index].source_ref[:200], RowStatus.REFUSED, before.problems if before else ()
        )
    return CheckedRows([], results)


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
