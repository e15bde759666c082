"""Whatever changes are approved: no day before the first of them and no other region is judged otherwise."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from hengjian.scoring.api import load_lawbook
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import ChangeKind, NewChange
from hengjian.scoring.domain.rule_content import pack_from_content, types_of

BOOK = load_lawbook()
FIRST = date(2027, 1, 1)
REGIONS = ("65", "6501", "650102", "6502")
FACTS = [{"points": points, "supervisors": held} for points in range(0, 140, 14) for held in range(3)]


@some.composite
def changes(draw: some.DrawFn) -> list[ChangeInBook]:
    """Some changes of one rule, in the order of their approval, each on a day and in a region of its own."""
    places = draw(some.lists(some.tuples(some.sampled_from(REGIONS), some.integers(0, 90)), max_size=5, unique=True))
    made: list[ChangeInBook] = []
    for number, (region, day) in enumerate(places):
        kind = draw(
            some.sampled_from([ChangeKind.PARAMETER, ChangeKind.PARAMETER, ChangeKind.SEVERITY, ChangeKind.OFF])
        )
        new = NewChange(
            rule_id="C-04",
            kind=kind,
            from_day=FIRST + timedelta(days=day),
            reason="r",
            clause="c",
            parameter="points_per_supervisor",
            value=str(draw(some.integers(1, 90))),
            severity=draw(some.sampled_from(["critical", "minor"])),
        )
        made.append(ChangeInBook(no=f"BG-{number}", region=region, new=new))
        if draw(some.booleans()):
            end = NewChange(
                rule_id="C-04", kind=ChangeKind.END, from_day=new.from_day + timedelta(days=20), reason="r", clause="c",
                ends=f"BG-{number}",
            )  # fmt: skip
            made.append(ChangeInBook(no=f"BG-{number}-E", region=region, new=end))
    return made


def applicable(found: list[ChangeInBook]) -> list[ChangeInBook]:
    """As the check sees to it: nothing is changed of a rule that an earlier change took out of force there and then."""
    kept: list[ChangeInBook] = []
    for change in found:
        book = overlay(BOOK, kept)
        if book.rule_in_force("C-04", region=change.region, on=change.new.from_day) is not None:
            kept.append(change)
    return kept


def said(rule: RuleInForce | None) -> list[object]:
    return [] if rule is None else [rule.judge(facts) for facts in FACTS]


@given(found=changes())
@settings(max_examples=30)
def test_only_the_regions_and_days_of_a_change_are_touched(found: list[ChangeInBook]) -> None:
    """Against the law-book of the files, on the day before the first change and wherever no change reaches."""
    kept = applicable(found)
    book = overlay(BOOK, kept)
    for region in REGIONS:
        reached = [change.new.from_day for change in kept if region.startswith(change.region)]
        last = min(reached, default=date(2030, 1, 1)) - timedelta(days=1)
        for day in (date(2026, 6, 1), FIRST - timedelta(days=1), last):
            assert said(book.rule_in_force("C-04", region=region, on=day)) == said(
                BOOK.rule_in_force("C-04", region=region, on=day)
            )
    for pack, before in zip(book.packs, BOOK.packs, strict=True):
        assert (pack.version == before.version) == (not kept or pack.id != "contractor-capability-65")


@given(found=changes())
@settings(max_examples=30)
def test_a_packs_text_alone_judges_as_the_changed_law_book(found: list[ChangeInBook]) -> None:
    """A dossier carries the text of a pack and nothing else: read again, it is the same law in every region on every day."""
    book = overlay(BOOK, applicable(found))
    again = LawBook(tuple(pack_from_content(pack.content, types_of(pack)) for pack in book.packs))
    assert [pack.version for pack in again.packs] == [pack.version for pack in book.packs]
    for region in REGIONS:
        for day in range(0, 120, 10):
            on = FIRST + timedelta(days=day)
            one, other = (each.rule_in_force("C-04", region=region, on=on) for each in (book, again))
            assert said(one) == said(other), (region, on)
