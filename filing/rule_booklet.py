"""From a pack of the law-book to its booklet: clauses, formulas in words, limits over time, worked examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hengjian.filing.code_words import CHOICES, YES_NO, word
from hengjian.filing.domain.compliance_report import Table
from hengjian.filing.domain.rule_booklet import RuleBooklet, RuleEntry
from hengjian.filing.exact_figures import shown
from hengjian.filing.texts import Language, Say, speaker
from hengjian.scoring.api import (
    FACTS,
    SUBJECTS,
    Example,
    LawBook,
    Pack,
    ParameterEntry,
    Reader,
    Rule,
    RuleInForce,
    Wording,
    catalogue_rule,
    formula_on,
    limit_sign,
    severities_of,
)
from hengjian.tenants.api import load_regions

_PARTS = (("applies", "适用条件"), ("require", "要求"), ("measured", "实测"), ("required", "限值"))
_STATUSES = {"verified": "已核对原文", "proposal": "建议值", "memory": "未核对，不计分"}
_VERDICTS = {"pass": "符合", "breach": "不符合", "not_applicable": "不适用", "no_data": "无数据"}
_SEVERITIES = {"critical": "严重", "major": "较重", "minor": "一般", "info": "提示"}
BOOKLET_WORDS = (*(text for _, text in _PARTS), *_STATUSES.values(), *_VERDICTS.values(), *_SEVERITIES.values())


def rule_booklet(book: LawBook, pack: Pack, *, language: Language, on: date) -> RuleBooklet:
    """The booklet of a pack as it stands on a day in the pack's own region."""
    writer = _Writer(speaker(language), language, on)
    return RuleBooklet(
        title=writer.of(pack.title),
        place=writer.place(pack.region),
        day=on,
        since=pack.in_force_from,
        version=pack.version,
        sources=tuple((name, writer.of(title)) for name, title in pack.sources.items()),
        rules=tuple(
            writer.entry(
                pack,
                catalogue_rule(book, pack, file, region=None, on=on).rule,
                book.rule_in_force(file.id, region=pack.region, on=on),
            )
            for file in pack.rules
            if not file.edition
        ),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    say: Say
    language: Language
    on: date

    def of(self, wording: Wording) -> str:
        return wording.zh if self.language == "zh" else wording.en

    def place(self, region: str) -> str:
        if not region:
            return self.say("全国")
        return load_regions().name(region, self.on, english=self.language == "en") or region

    def entry(self, pack: Pack, rule: Rule, now: RuleInForce | None) -> RuleEntry:
        source = pack.sources.get(rule.cites.source)
        unpaid = now is not None and not now.costs_points
        return RuleEntry(
            rule_id=rule.id,
            title=self.of(rule.title),
            subject=self.of(SUBJECTS[rule.subject]),
            severities=tuple(one.value for one in severities_of(rule)),
            source=self.of(source) if source else rule.cites.source,
            clause=rule.cites.clause,
            quote=rule.cites.quote,
            formula=self.of(formula_on(rule, pack.region, self.on)),
            parts=tuple(self._parts(rule, now)),
            remedy=self.of(rule.remedy),
            since=rule.in_force_from,
            until=rule.in_force_until,
            warning=self.say("限值未核对原文：照常判定和展示，不扣分。") if unpaid else "",
            parameters=self._parameters(rule),
            examples=self._examples(rule),
        )

    def _parts(self, rule: Rule, now: RuleInForce | None) -> Iterator[tuple[str, str]]:
        labels = {parameter.name: self.of(parameter.label) for parameter in rule.parameters}

        def said(name: str) -> str:
            if name not in labels:
                return self.of(FACTS[name].label)
            entry = now.parameters[name] if now else None
            if entry is None:
                return labels[name]
            return self.say("{name}（{value}）", name=labels[name], value=self._with_unit(entry))

        reader = Reader(self.language, said, self._value)
        for part, title in _PARTS:
            expression = getattr(rule, part)
            if expression is not None:
                yield self.say(title), reader.read(expression.node)
        for case in rule.severity_cases:
            yield self.say(_SEVERITIES[case.severity]), reader.read(case.when.node)

    def _value(self, value: object) -> str:
        match value:
            case tuple() | list():
                return self.say("、").join(self._value(one) for one in value) or "–"
            case bool():
                return self.say(YES_NO[value])
            case str():
                return word(CHOICES, value, self.say) or "“”"
            case date():
                return value.isoformat()
            case _:
                return shown(str(value))

    def _with_unit(self, entry: ParameterEntry) -> str:
        unit = "" if isinstance(entry.value, tuple) else self.of(entry.unit)
        return f"{self._value(entry.value)} {unit}".strip()

    def _parameters(self, rule: Rule) -> Table:
        say = self.say
        rows = [
            (
                self.of(parameter.label),
                self.place(entry.region),
                entry.since.isoformat(),
                self._with_unit(entry),
                say(_STATUSES[entry.source_status]),
            )
            for parameter in rule.parameters
            for entry in sorted(parameter.entries, key=lambda one: (one.region, one.since))
        ]
        head = (say("参数"), say("地区"), say("自"), say("值"), say("来源"))
        return Table(
            title=say("参数，现在、以前和将来"),
            head=head,
            rows=tuple(rows),
            widths=(32, 20, 13, 19, 16),
            empty=say("没有参数。"),
        )

    def _examples(self, rule: Rule) -> Table:
        say = self.say
        head = (say("事实"), say("判定"), say("实测"), say("要求"))
        rows = tuple(self._example(rule, one) for one in rule.examples)
        return Table(
            title=say("例"), head=head, rows=rows, numeric=frozenset({2, 3}), widths=(52, 18, 15, 15), empty="–"
        )

    def _example(self, rule: Rule, example: Example) -> tuple[str, ...]:
        facts = (f"{self.of(FACTS[name].label)} = {self._value(value)}" for name, value in example.facts.items())
        severity = example.expected.get("severity")
        verdict = self.say(_VERDICTS[example.verdict])
        measured, required = (_stored(example.expected.get(name)) for name in ("measured", "required"))
        sign = limit_sign(rule, required, measured=measured, breach=example.verdict == "breach")
        return (
            self.say("，").join(facts) or "–",
            verdict + (self.say("，") + self.say(_SEVERITIES[str(severity)]) if severity else ""),
            shown(measured),
            f"{sign} {shown(required)}".strip(),
        )


def _stored(value: object) -> str | None:
    return None if value is None else str(value)
