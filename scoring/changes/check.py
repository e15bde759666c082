"""Checking a change before anybody else sees it: it fits its rule, its examples come out, and they show what changes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hengjian.scoring.changes.overlay import (
    ChangeInBook,
    build_text,
    change_examples,
    edition_on,
    overlay,
    pack_for,
    written,
)
from hengjian.scoring.domain.examples import COMPARED, plain_of, shown, stated
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import ChangeKind
from hengjian.scoring.domain.rules import Example, Wording
from hengjian.scoring.domain.values import plain
from hengjian.scoring.domain.verdicts import Outcome, Verdict
from hengjian.scoring.errors import ScoringError
from hengjian.scoring.lawbook_content import canonical_json, content_hash
from hengjian.scoring.lawbook_files import check_title, run_examples

Json = dict[str, Any]
# As many as a file may write behind the point.
_DIGITS = 18
_VERDICTS = {
    Outcome.PASS: "符合",
    Outcome.BREACH: "不符合",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.NO_DATA: "无数据",
}
_WITH_EXAMPLES = frozenset({ChangeKind.PARAMETER, ChangeKind.SEVERITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleMoved:
    """An example of the rule (counted from 1) that comes out otherwise; verdicts as plain JSON."""

    number: int
    facts: Json
    before: Json
    after: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCheck:
    """What a check found. `suggested` is a YAML list of what the moved examples become, to begin the author's own."""

    ok: bool
    problems: tuple[Wording, ...]
    moved: tuple[ExampleMoved, ...] = ()
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two versions say differently; an empty text stands for nothing."""

    path: str
    before: str
    after: str


def check(book: LawBook, change: ChangeInBook, others: Sequence[ChangeInBook]) -> ChangeCheck:
    """Check a change against the law-book with all other approved changes."""
    try:
        problems = tuple(_collisions(change, others))
        after_book = overlay(book, [*others, change])
        if change.new.kind is ChangeKind.TEXT:
            document, rule = build_text(pack_for(book, change.new.rule_id, change.region), change)
            check_title(rule, document)
            run_examples(rule, document)
        before, after = _pair(book, after_book, change)
        moved, suggested = _moved(before, after)
        if change.new.kind in _WITH_EXAMPLES and after is not None:
            problems += tuple(_unanswered(change, before, after, moved))
    except ScoringError as error:
        return ChangeCheck(ok=False, problems=(Wording(error.zh, str(error)),))
    return ChangeCheck(
        ok=not problems,
        problems=problems,
        moved=moved,
        suggested=suggested if change.new.kind in _WITH_EXAMPLES else "",
    )


def differences(before: object, after: object, path: str = "") -> Iterator[Difference]:
    """Every value in which two contents differ, by its path such as `parameters.points_per_supervisor[1].value`."""
    if isinstance(before, dict | None) and isinstance(after, dict | None) and (before or after):
        one, other = before or {}, after or {}
        for name in sorted(one.keys() | other.keys()):
            yield from differences(one.get(name), other.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, list | None) and isinstance(after, list | None) and (before or after):
        old, new = before or [], after or []
        for place in range(max(len(old), len(new))):
            there = old[place] if place < len(old) else None
            then = new[place] if place < len(new) else None
            yield from differences(there, then, f"{path}[{place}]")
    elif before != after:
        yield Difference(path, _told(before), _told(after))


def changed_content(book: LawBook, change: ChangeInBook, others: Sequence[ChangeInBook]) -> tuple[Json, Json]:
    """What the rule's file says in the region on the first day, without the change and with it."""
    after_book = overlay(book, [*others, change])
    new = change.new
    before = edition_on(book, new.rule_id, change.region, new.from_day)
    said = written(pack_for(book, new.rule_id, change.region), before)
    pack = pack_for(after_book, new.rule_id, change.region)
    own = next((rule for rule in pack.rules if rule.edition == change.no), None)
    standing = after_book.rule_in_force(new.rule_id, region=change.region, on=new.from_day)
    after = own or (standing.rule if standing else before)
    return said, written(pack, after)


def rule_version(content: Json) -> str:
    """SHA-256 of what one rule's file says."""
    return content_hash(canonical_json(content))


def _collisions(change: ChangeInBook, others: Sequence[ChangeInBook]) -> Iterator[Wording]:
    new = change.new
    for other in others:
        same = (other.new.rule_id, other.region, other.new.from_day) == (new.rule_id, change.region, new.from_day)
        value = ChangeKind.PARAMETER
        apart = new.kind is value and other.new.kind is value and other.new.parameter != new.parameter
        if same and not apart and ChangeKind.END not in {new.kind, other.new.kind}:
            yield Wording(
                f"变更 {other.no} 已使同一规则于同日在同一地区变更；请换生效日，或先撤回它",
                f"{other.no} already changes this rule on that day there: choose another day, or withdraw it first",
            )
        if new.kind is ChangeKind.END and other.new.kind is ChangeKind.END and other.new.ends == new.ends:
            yield Wording(f"{other.no} 已停用同一变更", f"{other.no} already ends that change")
    if new.kind is ChangeKind.END:
        yield from _cannot_end(change, others)


def _cannot_end(change: ChangeInBook, others: Sequence[ChangeInBook]) -> Iterator[Wording]:
    target = next((other for other in others if other.no == change.new.ends), None)
    if target is None or target.region != change.region or target.new.rule_id != change.new.rule_id:
        yield Wording(
            f"没有可停用的本地区已批准变更 {change.new.ends}；请核对编号",
            f"there is no approved change {change.new.ends} of this rule in this region: check the number",
        )
    elif target.new.from_day >= change.new.from_day:
        yield Wording(
            f"停用日须晚于 {target.no} 的生效日 {target.new.from_day}；尚未生效的请撤回",
            f"the end comes after the first day of {target.no} ({target.new.from_day}); withdraw what is not yet in force",
        )


def _pair(book: LawBook, after_book: LawBook, change: ChangeInBook) -> tuple[RuleInForce | None, RuleInForce | None]:
    new = change.new
    before = book.rule_in_force(new.rule_id, region=change.region, on=new.from_day)
    return before, after_book.rule_in_force(new.rule_id, region=change.region, on=new.from_day)


def _moved(before: RuleInForce | None, after: RuleInForce | None) -> tuple[tuple[ExampleMoved, ...], str]:
    """The rule's examples that come out otherwise, each set of facts once, and as YAML what they become."""
    found: list[ExampleMoved] = []
    lines: list[str] = []
    if before is None or after is None:
        return (), ""
    for number, example in enumerate(before.rule.examples, start=1):
        old, new = before.judge(example.facts), after.judge(example.facts)
        facts = _plain_facts(example.facts)
        if old != new and facts not in [one.facts for one in found]:
            found.append(ExampleMoved(number=number, facts=facts, before=shown(old), after=shown(new)))
            told = {name: getattr(new, name) for name in COMPARED}
            said = {name: value for name, value in told.items() if value not in (None, ()) and _is_finite(value)}
            pairs = ", ".join(f"{name}: {_yaml(value)}" for name, value in {**example.facts, **said}.items())
            lines.append(f"- {{{pairs}}}\n")
    return tuple(found), "".join(lines)


def _is_finite(value: object) -> bool:
    """Whether a file can write a value exactly: thirds have no last digit, and an example need not state them."""
    return not isinstance(value, Fraction) or 10**_DIGITS % value.denominator == 0


def _yaml(value: object) -> str:
    """A value as rule files write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case int() | date():
            return str(value)
        case Fraction():
            digits = Decimal(value.numerator) / Decimal(value.denominator)
            return str(value.numerator) if value.denominator == 1 else format(digits, "f")
        case tuple():
            return f"[{', '.join(map(_yaml, value))}]"
    return json.dumps(str(value), ensure_ascii=False)


def _unanswered(
    change: ChangeInBook, before: RuleInForce | None, after: RuleInForce, moved: Sequence[ExampleMoved]
) -> Iterator[Wording]:
    given = [example for example, _ in change_examples(change, after.rule)]
    for number, example in enumerate(given, start=1):
        yield from _wrong(change, number, example, after.judge(example.facts))
    answered = [_plain_facts(example.facts) for example in given]
    for one in moved:
        if one.facts not in answered:
            yield Wording(
                f"规则示例 {one.number} 的结果将变为“{_VERDICTS[Outcome(one.after['verdict'])]}”：请给出相同事实的新示例",
                f"example {one.number} of the rule will come out as {one.after['verdict']}: give one with the same facts",
            )
    if before is not None and all(before.judge(example.facts) == after.judge(example.facts) for example in given):
        yield Wording(
            "没有示例能显示变更前后的不同：请至少给出一个结果不同的示例",
            "no example shows what changes: give at least one that comes out otherwise than before",
        )


def _wrong(change: ChangeInBook, number: int, example: Example, verdict: Verdict) -> Iterator[Wording]:
    for name, expected in stated(example):
        got = getattr(verdict, name)
        if got != expected:
            place = f"{change.no}/examples.yaml:{number}"
            yield Wording(
                f"{place}：示例 {number} 的 {name} 应为 {plain_of(expected)}，实为 {plain_of(got)}",
                f"{place}: example {number}: {name} expected {plain_of(expected)}, got {plain_of(got)}",
            )


def _plain_facts(facts: Mapping[str, Any]) -> Json:
    return {name: plain(value) for name, value in facts.items()}


def _told(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical_json(value)
