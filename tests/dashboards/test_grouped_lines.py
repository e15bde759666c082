"""Findings of one rule at one organization share a line of the overview, subjects of one rule an entry of the profile."""

from dataclasses import replace

from hengjian.dashboards.language import Words
from hengjian.dashboards.pages.lines import grouped
from hengjian.dashboards.pages.organization import folded_rules
from hengjian.dashboards.pages.organization_record import VerdictLine
from hengjian.scoring.api import CountedIn
from tests.dashboards.sample_frame import LINES

ZH = Words("zh", {})
ONE = replace(LINES[0], severity="major", subject="甲", measured="0", required="≥ 1")


def test_four_of_a_kind_are_one_line() -> None:
    """Counted, named, with a way to all of them; order and number of lines are kept."""
    four = [replace(ONE, number=f"WG-{n}", subject=name, days=n) for n, name in enumerate("甲乙丙丁", start=1)]
    other = replace(ONE, rule_id="C-01", subject="")
    first, second = grouped([*four, other], ZH, most=7)
    assert (first.times, first.subject, first.measured, first.days) == (4, "甲、乙、丙、丁", "0", 4)
    assert first.href == f"/findings?q={ONE.credit_code}&rule={ONE.rule_id}&severity={ONE.severity}"
    assert (second, len(grouped([*four, other], ZH, most=1))) == (other, 1)


def test_different_figures_are_not_passed_off_as_one() -> None:
    """Where the measured values differ, the line says so."""
    (line,) = grouped([ONE, replace(ONE, measured="3")], ZH, most=7)
    assert (line.measured, line.required, line.unit) == ("不一", "≥ 1", "")


def test_what_counts_under_another_is_a_line_of_its_own() -> None:
    """A line never hides that some of its findings cost nothing; of several it names the rule, of one the finding."""
    under = replace(ONE, counted_in=(CountedIn("C-07", "WG-7"),))
    both = [under, replace(under, counted_in=(CountedIn("C-07", "WG-8"),))]
    assert [one.counted_in for one in grouped([ONE, under], ZH, most=7)] == [(), under.counted_in]
    assert [one.counted_in for one in grouped(both, ZH, most=7)] == [(CountedIn("C-07"),)]


def test_another_severity_is_another_line() -> None:
    """A grave finding is never hidden in a line of lesser ones."""
    assert len(grouped([ONE, replace(ONE, severity="minor"), replace(ONE, severity="critical")], ZH, most=7)) == 3


def test_many_subjects_fold_but_breaches_stay() -> None:
    """Sixty points without data are one entry to open; every breach stays to be seen at once."""

    def judged(rule_id: str, verdict: str, subject: str) -> VerdictLine:
        return VerdictLine(
            rule_id=rule_id,
            title=ONE.title,
            subject=subject,
            verdict=verdict,
            severity=None,
            measured=None,
            required=None,
            unit="",
            facts=(),
            missing=(),
            finding=None,
        )

    plan = [("C-22", "no_data"), ("C-23", "pass"), ("C-07", "not_applicable"), ("C-13", "breach")]
    lines = [judged(*one, name) for one in plan for name in "甲乙丙"] + [judged("C-01", "pass", "")]
    folded = folded_rules(lines)
    assert {key: len(one.lines) for key, one in folded.items()} == dict.fromkeys(plan[:3], 3)
