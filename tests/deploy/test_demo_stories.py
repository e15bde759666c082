"""The demo region tells what it says it tells, whatever the rules make of it."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from hengjian.deploy.demo.fieldwork import with_fieldwork
from hengjian.deploy.demo.others import others
from hengjian.deploy.demo.plans import TODAY, Row, Story
from hengjian.deploy.demo.pushing import batches
from hengjian.deploy.demo.stories import contractors
from hengjian.tenants.domain.identifiers import (
    credit_code_problems,
    identity_number_problem,
    mn_problem,
    plate_problem,
)
from hengjian.tenants.domain.registers import BY_KIND
from hengjian.tenants.region_files import load_regions

PLAIN = (*contractors(), *others())
STORIES = tuple(with_fieldwork(story) for story in PLAIN)


def latest(story: Story, kind: str) -> list[Row]:
    """The last row of each source reference, as a register ends up."""
    rows: dict[object, Row] = {}
    for push in story.pushes:
        if push.kind == kind:
            rows.update({row["sourceRef"]: row for row in push.rows})
    return list(rows.values())


def active(rows: list[Row], role: str) -> int:
    return sum(row["role"] == role and "leftOn" not in row for row in rows)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.number))
def test_every_identifier_of_a_story_is_right(story: Story) -> None:
    """Codes, plates, marks and regions pass the product's own checks without a warning."""
    assert credit_code_problems(story.credit_code) == ()
    assert load_regions().find(story.region, TODAY)
    assert all(plate_problem(str(row["plate"])) is None for row in latest(story, "vehicles"))
    assert all(mn_problem(str(row["mn"])) is None for row in latest(story, "points"))
    numbers = [str(row["identityNumber"]) for row in latest(story, "people") if "identityNumber" in row]
    wrong = [number for number in numbers if identity_number_problem(number) is not None]
    assert len(wrong) == (story.number == 2)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.number))
def test_every_row_has_only_fields_of_its_register(story: Story) -> None:
    """Nothing is sent that the API does not know, every required field is, and no reference twice in one batch."""
    for push in story.pushes:
        fields = BY_KIND[push.kind].row.__struct_encode_fields__
        assert all(set(row) <= set(fields) for row in push.rows), push.kind
        assert len({row["sourceRef"] for row in push.rows}) == len(push.rows), push.kind


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.number))
def test_the_numbers_break_exactly_the_capacity_rules_named(story: Story) -> None:
    """Counted by hand: technicians, supervisors, points a technician, cars a city."""
    people, points = latest(story, "people"), latest(story, "points")
    technicians, supervisors = active(people, "TECHNICIAN"), active(people, "SUPERVISOR")
    cars = Counter(row["city"] for row in latest(story, "vehicles") if "withdrawn" not in row)
    sets = Counter(row["city"] for row in latest(story, "sets"))
    broken = {
        "C-03": "CONTRACTOR" in story.kinds and technicians < 5,
        "C-04": bool(points) and supervisors < -(-len(points) // 50),
        "C-05": len(points) > 8 * technicians,
        "C-08": any(cars[city] < -(-count // 30) for city, count in sets.items()),
    }
    assert {rule for rule, is_broken in broken.items() if is_broken} == set(broken) & set(story.breaches)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.number))
def test_a_later_day_only_adds_pushes(story: Story) -> None:
    """Loaded again on another day, nothing that was sent changes: the streams go on where they stopped."""
    later = with_fieldwork(next(one for one in PLAIN if one.number == story.number), TODAY + timedelta(days=17))
    before, after = ([batch.input for batch in batches(one.pushes)] for one in (story, later))
    assert [one for one in after if one in before] == before
    grown = {str(one["idempotencyKey"]) for one in after} - {str(one["idempotencyKey"]) for one in before}
    assert bool(grown) == bool(latest(story, "visits"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.number))
def test_nobody_but_the_careless_skips_a_week_or_hurries(story: Story) -> None:
    """Each point on its weekday, at most four a day, one city a day; the careless one misses two points."""
    visits = latest(story, "visits")
    days = {(row["personRef"], str(row["startedAt"])[:10]) for row in visits}
    cities = {row["sourceRef"]: row["city"] for row in latest(story, "points")}
    at = {key: [row for row in visits if (row["personRef"], str(row["startedAt"])[:10]) == key] for key in days}
    assert all(len({row["pointRef"] for row in made}) <= 4 for made in at.values())
    assert all(len({cities[row["pointRef"]] for row in made}) == 1 for made in at.values())
    weeks = Counter(row["pointRef"] for row in visits if "14:" not in str(row["startedAt"]))
    assert sorted(set(weeks.values())) == ([] if not visits else [1, 3, 4] if story.number == 10 else [4])


def test_credit_codes_points_and_marks_are_told_apart() -> None:
    """No two organizations share a code, no two points a logger."""
    codes = [story.credit_code for story in STORIES]
    marks = [row["mn"] for story in STORIES for row in latest(story, "points")]
    assert len(set(codes)) == len(codes)
    assert len(set(marks)) == len(marks)


def test_the_history_lasts_a_year_and_ends_today() -> None:
    """The first points run from November 2025; nothing begins in the future."""
    starts = [date.fromisoformat(str(row["inServiceFrom"])) for story in STORIES for row in latest(story, "points")]
    assert (min(starts), max(starts) <= TODAY) == (date(2025, 11, 3), True)
    assert len({(start.year, start.month) for start in starts}) > 9


def test_the_region_shows_a_gap_and_a_replay() -> None:
    """One stream misses a number and one batch comes twice, so that both can be seen on a page."""
    pushes = [push for story in STORIES for push in story.pushes]
    assert [sum(push.skip > 0 for push in pushes), sum(push.repeated for push in pushes)] == [1, 1]


def test_batches_are_numbered_by_kind_and_keyed_by_content() -> None:
    """The same story gives the same keys every time; only the repeated batch comes twice."""
    story = STORIES[3]
    first, second = ([batch.input for batch in batches(story.pushes)] for _ in range(2))
    assert first == second
    keys = Counter(str(sent["idempotencyKey"]) for sent in first)
    assert sorted(keys.values()) == [1] * (len(keys) - 1) + [2]
    stock = [batch.sequence for batch in batches(story.pushes) if batch.kind == "stock"]
    assert stock == [*range(1, 9), 10, 11, 11, *range(12, 17)]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.number))
def test_what_is_sent_later_is_not_older(story: Story) -> None:
    """A row governs its reference from its first day on, so counts are sent in the order of their days."""
    seen: dict[object, str] = {}
    for push in story.pushes:
        for row in push.rows:
            start = str(row.get("countedOn") or row.get("readOn") or row.get("validFrom") or "")
            assert seen.get((push.kind, row["sourceRef"]), "") <= start
            seen[push.kind, row["sourceRef"]] = start


def test_the_page_about_the_region_lists_every_story() -> None:
    """What the document promises is what is loaded."""
    page = (Path(__file__).parents[2] / "docs" / "demo-region.md").read_text("utf-8")
    rows = [f"| {s.name} | {s.region} | {s.tells} | {', '.join(s.breaches) or '–'} |" for s in STORIES]
    assert [row for row in rows if row not in page] == []
