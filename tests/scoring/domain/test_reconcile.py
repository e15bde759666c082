"""Findings follow breaches: matched once, settled after one pass, never lost."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from hengjian.platform.ids import uuid7
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.domain.reconcile import Changes, KnownFinding, reconcile
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict

DAY_ONE = date(2026, 1, 1)
RULES = {rule.id: rule for rule in load_lawbook().rules_in_force(region="65", on=date(2026, 6, 1))}
SUBJECTS = some.sampled_from([("C-03", "a"), ("C-03", "b"), ("C-04", "")])
CUTS = some.lists(some.integers(0, 40), max_size=6, unique=True).map(sorted)


def day(number: int) -> date:
    return DAY_ONE + timedelta(days=number)


def breach(rule: str, subject: str, first: int, last: int | None) -> Stretch:
    return Stretch(
        rule=RULES[rule], subject=Subject(kind="x", key=subject, label=""), outcome=Outcome.BREACH,
        first_day=day(first), until=None if last is None else day(last), severity=Severity.MAJOR,
        verdict=Verdict(Outcome.BREACH, Severity.MAJOR), given={},
    )  # fmt: skip


@some.composite
def breaches(draw: some.DrawFn) -> list[Stretch]:
    """Of each subject, spans that don't touch each other; the last may be open."""
    found = []
    for rule, subject in (("C-03", "a"), ("C-03", "b"), ("C-04", "")):
        cuts = draw(CUTS)
        for first, last in zip(cuts[::2], [*cuts[1::2], None], strict=False):
            found.append(breach(rule, subject, first, last))
    return found


@some.composite
def findings(draw: some.DrawFn) -> list[KnownFinding]:
    """What earlier evaluations left: open, ended or corrected away."""
    found = []
    for _ in range(draw(some.integers(0, 6))):
        (rule, subject), first = draw(SUBJECTS), draw(some.integers(0, 40))
        length = draw(some.none() | some.integers(0, 20))
        found.append(KnownFinding(uuid7(), rule, subject, day(first), None if length is None else day(first + length)))
    return found


def settle(known: list[KnownFinding], changes: Changes) -> list[KnownFinding]:
    """The findings after the changes, as they are stored."""
    after: dict[UUID, KnownFinding] = {finding.id: finding for finding in known}
    for found, stretch in changes.kept:
        after[found.id] = KnownFinding(found.id, found.rule_id, found.subject, stretch.first_day, stretch.until)
    for found in changes.gone:
        after[found.id] = KnownFinding(found.id, found.rule_id, found.subject, found.opened_on, found.opened_on)
    opened = [KnownFinding(uuid7(), s.rule.id, s.subject.key, s.first_day, s.until) for s in changes.opened]
    return [*after.values(), *opened]


@given(known=findings(), found=breaches())
def test_each_finding_and_each_breach_is_matched_once(known: list[KnownFinding], found: list[Stretch]) -> None:
    """Every breach has one finding after it; every finding is kept, gone, or was corrected away before."""
    changes = reconcile(known, found)
    kept = [finding.id for finding, _ in changes.kept]
    gone = [finding.id for finding in changes.gone]
    settled = [finding.id for finding in known if finding.closed_on == finding.opened_on]
    assert len(set(kept + gone)) == len(kept) + len(gone)
    assert {*kept, *gone, *settled} == {finding.id for finding in known}
    matched = [id(stretch) for stretch in changes.opened] + [id(stretch) for _, stretch in changes.kept]
    assert sorted(matched) == sorted(id(stretch) for stretch in found)
    for finding, stretch in changes.kept:
        assert (finding.rule_id, finding.subject) == (stretch.rule.id, stretch.subject.key)
        assert finding.closed_on != finding.opened_on, "what was corrected away never comes back to life"


@given(known=findings(), found=breaches())
def test_the_second_time_changes_nothing(known: list[KnownFinding], found: list[Stretch]) -> None:
    """With the same breaches all findings are kept as they stand."""
    after = settle(known, reconcile(known, found))
    again = reconcile(after, found)
    assert (again.opened, again.gone) == ((), ())
    assert all((f.opened_on, f.closed_on) == (s.first_day, s.until) for f, s in again.kept)
    assert len(again.kept) == len(found)


def test_a_breach_that_moves_keeps_its_finding() -> None:
    """Late data shift its days: the number stays, for people refer to it."""
    known = [KnownFinding(uuid7(), "C-04", "", day(5), None)]
    changes = reconcile(known, [breach("C-04", "", 2, 9)])
    assert [(finding.id, stretch.first_day) for finding, stretch in changes.kept] == [(known[0].id, day(2))]
