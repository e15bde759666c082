"""What `hengjian lawbook` answers."""

import json
from datetime import date
from pathlib import Path

import pytest

from hengjian.scoring.errors import FactError, RuleNotInForceError, UnknownFactError, UnknownRuleError
from hengjian.scoring.lawbook_commands import check_packs, list_rules, try_rule
from hengjian.scoring.lawbook_files import load_lawbook

BOOK = load_lawbook()
TODAY = date(2026, 11, 20)


def tried(rule: str, **facts: str) -> dict[str, object]:
    """The answer for the pack's own region today, proven to be JSON."""
    return json.loads(json.dumps(try_rule(BOOK, rule, facts, region=None, on=TODAY)))  # type: ignore[no-any-return] # JSON


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("C-04", {"points": "51", "supervisors": "1"}, ("breach", "major", 1, 2)),
        ("C-04", {"points": "50", "supervisors": "1"}, ("pass", None, 1, 1)),
        ("C-04", {"points": "0"}, ("not_applicable", None, None, None)),
        ("C-04", {"points": "51"}, ("no_data", None, None, None)),
        ("C-05", {"points": "41", "technicians": "5"}, ("breach", "major", "8.2", 8)),
        ("C-05", {"points": "3", "technicians": "0"}, ("breach", "critical", None, 8)),
        ("C-02", {"office_area_m2": "49.99"}, ("breach", "minor", "49.99", 50)),
        ("C-08", {"sets": "31", "vehicles": "1"}, ("breach", "major", 1, 2)),
        ("C-09", {"stock": "11", "monthly_usage": "10"}, ("breach", "major", 11, 12)),
        ("C-11", {"core_stock": "10", "failure_rate_bp": "1000", "sets": "100"}, ("breach", "minor", 10, 11)),
        ("C-01", {"business_scope": ""}, ("breach", "major", 0, 2)),
        ("C-07", {"hired_on": "2025-11-30", "certificate_held": "0"}, ("breach", "major", "2026-11-20", "2026-02-28")),
        ("C-18", {"active_registrations": "INDUSTRY_ASSOCIATION"}, ("breach", "major", 1, 2)),
    ],
)
def test_try(rule: str, facts: dict[str, str], expected: tuple[object, ...]) -> None:
    """Facts typed as text are judged; whole numbers come as numbers, decimals and days as text."""
    answer = tried(rule, **facts)
    assert tuple(answer[name] for name in ("verdict", "severity", "measured", "required")) == expected


def test_try_tells_everything() -> None:
    """The answer has clause, version, parameters, region, day and every step."""
    answer = try_rule(BOOK, "C-04", {"points": "51", "supervisors": "1"}, region="650102", on=TODAY)
    assert answer["clause"]["clause"] == "4.3.3.4"
    assert answer["pack_version"] == BOOK.packs[0].version
    assert answer["parameters"]["points_per_supervisor"]["value"] == 50
    assert (answer["region"], answer["date"]) == ("650102", "2026-11-20")
    steps = {step["expression"]: step["value"] for step in answer["trace"]}
    assert steps["ceil_div(points, points_per_supervisor)"] == 2
    assert steps["points > 0"] is True


def test_try_another_limit() -> None:
    """A parameter given by hand is used and marked; the law-book itself stays as it is."""
    answer = tried("C-04", points="60", supervisors="1", points_per_supervisor="60")
    assert answer["verdict"] == "pass"
    assert answer["parameters"]["points_per_supervisor"]["changed_for_trial"] is True  # type: ignore[index] # JSON
    assert tried("C-04", points="60", supervisors="1")["verdict"] == "breach"


def test_try_refuses() -> None:
    """Unknown rules and facts, wrong values, and a day before the rule are refused with what is known."""
    with pytest.raises(UnknownRuleError, match="C-01, C-02"):
        tried("C-99")
    with pytest.raises(UnknownFactError, match="points, supervisors"):
        tried("C-04", point="1")
    for text in ("x", "1.5", "-1", "", "1e9", "9" * 30):
        with pytest.raises(FactError):
            tried("C-04", points=text)
    with pytest.raises(RuleNotInForceError):
        try_rule(BOOK, "C-04", {}, region=None, on=date(2025, 9, 30))


def test_list() -> None:
    """All rules in force, each with clause and formula, as JSON."""
    rules = list_rules(BOOK, region="6501", on=TODAY)
    assert [rule["rule"] for rule in rules if rule["pack"] == "contractor-capability-65"][:2] == ["C-01", "C-02"]
    assert json.dumps(rules)
    assert all(rule["clause"]["quote"] and rule["formula"]["en"] for rule in rules)


def test_check(tmp_path: Path) -> None:
    """The shipped law-book is sound; an empty folder and a broken pack are not."""
    assert check_packs()["ok"]
    assert not check_packs(tmp_path)["ok"]
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pack.yaml").write_text("id: broken")
    found = check_packs(tmp_path)
    assert (found["ok"], found["errors"][0]["file"], found["errors"][0]["line"]) == (False, "broken/pack.yaml", 1)
