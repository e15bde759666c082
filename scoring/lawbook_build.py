"""From rule files to rules: names declared, expressions read, examples typed; each refusal names file and line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengjian.scoring.domain.expressions import Declared, Expression, parse_condition, parse_expression
from hengjian.scoring.domain.expressions_types import require_type
from hengjian.scoring.domain.facts import FACTS, SUBJECTS
from hengjian.scoring.domain.formulas import unfounded_numbers, unknown_places
from hengjian.scoring.domain.functions import FUNCTIONS
from hengjian.scoring.domain.rules import (
    Citation,
    CountedUnder,
    Example,
    Parameter,
    ParameterEntry,
    Rule,
    SeverityCase,
    Wording,
)
from hengjian.scoring.domain.values import Value, ValueType, coerce
from hengjian.scoring.domain.verdicts import Outcome, Severity
from hengjian.scoring.errors import ExpressionError, FactError, PackError
from hengjian.scoring.lawbook_schema import EntryShape, PackShape, RuleShape, UnderShape, WordingShape, fit
from hengjian.scoring.lawbook_yaml import Document, Path

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
_RULE_ID = re.compile(r"[A-Z]{1,2}-[0-9]{2,3}\Z")
_STATED = ("severity", "measured", "required", "missing", "lacking")
_CONTEXT = ("verdict", "date", "region", "note")
_TYPES = {
    bool: ValueType.BOOLEAN,
    int: ValueType.INTEGER,
    Decimal: ValueType.DECIMAL,
    date: ValueType.DATE,
    str: ValueType.TEXT,
    list: ValueType.LIST,
}


@dataclass(frozen=True, slots=True)
class RuleBuilder:
    """One rule file on its way to a rule."""

    document: Document
    shape: RuleShape
    pack: PackShape

    def refuse(self, path: Path, zh: str, en: str) -> PackError:
        """The refusal of what stands at the path."""
        return self.document.error(path, zh=zh, en=en)

    def build(self) -> Rule:
        """The rule.

        Raises:
            PackError: anything in the file is wrong.
        """
        shape = self.shape
        self._check_head()
        since = shape.in_force_from or self.pack.in_force_from
        parameters = tuple(self._parameter(name, entries) for name, entries in shape.parameters.items())
        types = self._input_types()
        names = {name: Declared(kind, optional=name in shape.optional) for name, kind in types.items()}
        names |= {parameter.name: Declared(parameter.type) for parameter in parameters}
        rule = Rule(
            id=shape.id,
            pack=self.pack.id,
            region=self.pack.region,
            subject=shape.subject,
            dimension=shape.dimension,
            title=wording(shape.title),
            formula=wording(shape.formula),
            unit=wording(shape.unit),
            remedy=wording(shape.remedy),
            cites=Citation(shape.cites.source, shape.cites.clause, shape.cites.quote),
            inputs=tuple(shape.inputs),
            optional=tuple(shape.optional),
            types=types,
            parameters=parameters,
            applies=self._condition(("applies",), shape.applies, names) if shape.applies else None,
            require=self._condition(("require",), shape.require, names),
            measured=self._expression(("measured",), shape.measured, names),
            required=self._expression(("required",), shape.required, names),
            lacking=self._expression(("lacking",), shape.lacking, names, ValueType.LIST),
            severity=shape.severity,
            severity_cases=tuple(
                SeverityCase(self._condition(("severity_cases", index, "when"), case.when, names), case.severity)
                for index, case in enumerate(shape.severity_cases)
            ),
            examples=tuple(
                build_example(self.document, ("examples", index), raw, types, on=since, region=self.pack.region)
                for index, raw in enumerate(shape.examples)
            ),
            in_force_from=since,
            in_force_until=shape.in_force_until,
            counted_under=tuple(self._under(index, under, names) for index, under in enumerate(shape.counted_under)),
        )
        self._check_use(rule)
        return rule

    def _check_head(self) -> None:
        shape = self.shape
        if not _RULE_ID.match(shape.id) or self.document.file.rpartition("/")[2] != f"{shape.id}.yaml":
            raise self.refuse(("id",), "规则号须如 C-04，并与文件名相同", "a rule is named like C-04, as its file is")
        if shape.subject not in SUBJECTS:
            known = ", ".join(SUBJECTS)
            raise self.refuse(("subject",), f"主体须为：{known}", f"the subject is one of {known}")
        if shape.cites.source not in self.pack.sources:
            known = ", ".join(self.pack.sources)
            raise self.refuse(("cites", "source"), f"pack.yaml 只列出来源：{known}", f"pack.yaml lists {known} only")
        if not shape.examples:
            raise self.refuse(("examples",), "至少一个示例", "a rule has at least one example")

    def _input_types(self) -> dict[str, ValueType]:
        types: dict[str, ValueType] = {}
        for key, names in (("inputs", self.shape.inputs), ("optional", self.shape.optional)):
            for index, name in enumerate(names):
                fact = FACTS.get(name)
                if fact is None or self.shape.subject not in fact.subjects or name in types:
                    known = ", ".join(f.name for f in FACTS.values() if self.shape.subject in f.subjects)
                    raise self.refuse(
                        (key, index),
                        f"{name} 不是 {self.shape.subject} 的事实或已列出，现有：{known}",
                        f"{name} is no fact of a {self.shape.subject}, or stands twice; there are {known}",
                    )
                types[name] = fact.type
        return types

    def _parameter(self, name: str, entries: list[EntryShape]) -> Parameter:
        path: Path = ("parameters", name)
        if not _NAME.match(name) or name in FACTS or name in FUNCTIONS or name in ("known", "true", "false"):
            raise self.refuse(path, f"参数名 {name} 不可用", f"{name} cannot be the name of a parameter")
        if name not in self.shape.labels:
            raise self.refuse(path, f"参数 {name} 在 labels 中没有名称", f"{name} has no name in labels")
        if not entries:
            raise self.refuse(path, "参数至少有一个值", "a parameter has at least one value")
        kinds = {_TYPES.get(type(entry.value)) for entry in entries}
        kind = ValueType.DECIMAL if kinds == {ValueType.INTEGER, ValueType.DECIMAL} else kinds.pop()
        if kind is None or (kinds and kind is not ValueType.DECIMAL):
            raise self.refuse(path, "参数各值须同一类型", "the values of a parameter are of one type")
        return Parameter(
            name,
            wording(self.shape.labels[name]),
            kind,
            tuple(self._entry((*path, index), entry, kind) for index, entry in enumerate(entries)),
        )

    def _entry(self, path: Path, entry: EntryShape, kind: ValueType) -> ParameterEntry:
        region = entry.region or self.pack.region
        if not re.fullmatch(r"([0-9]{2}){0,3}", region) or not region.startswith(self.pack.region):
            raise self.refuse(path, f"地区 {region} 不在本规则集内", f"region {region} is not within the pack's")
        return ParameterEntry(
            value=_typed(self.document, path, str(path[1]), kind, entry.value),
            since=entry.since,
            region=region,
            unit=wording(entry.unit),
            source_status=entry.source_status,
            note=wording(entry.note) if entry.note else None,
        )

    def _under(self, index: int, under: UnderShape, names: Mapping[str, Declared]) -> CountedUnder:
        path: Path = ("counted_under", index)
        if not under.rules or self.shape.id in under.rules:
            raise self.refuse(path, "请写明另一条规则", "name another rule")
        if under.lacks and self.shape.lacking is None:
            raise self.refuse(path, "规则没有 lacking，不能写 lacks", "the rule has no lacking, so there is no lacks")
        each = None if under.each is None else self._expression(path, under.each, names, ValueType.INTEGER)
        return CountedUnder(
            rules=tuple(under.rules),
            same=under.same,
            reason=wording(under.reason),
            lacks=frozenset(under.lacks),
            named=frozenset(under.named),
            each=each,
        )

    def _condition(self, path: Path, text: str, names: Mapping[str, Declared]) -> Expression:
        try:
            return parse_condition(text, names)
        except ExpressionError as error:
            raise self.refuse(path, f"{self.shape.id}：{error.zh}", f"{self.shape.id}: {error.en}") from error

    def _expression(
        self, path: Path, text: str | None, names: Mapping[str, Declared], *kinds: ValueType
    ) -> Expression | None:
        if text is None:
            return None
        try:
            expression = parse_expression(text, names)
            if kinds:
                require_type(expression.node, *kinds)
        except ExpressionError as error:
            raise self.refuse(path, f"{self.shape.id}：{error.zh}", f"{self.shape.id}: {error.en}") from error
        return expression

    def _check_use(self, rule: Rule) -> None:
        parts = [rule.applies, rule.require, rule.measured, rule.required, rule.lacking]
        parts += [case.when for case in rule.severity_cases]
        used = frozenset[str]().union(*(part.names for part in parts if part is not None))
        declared = {**dict.fromkeys(rule.inputs, "inputs"), **dict.fromkeys(rule.optional, "optional")}
        declared |= dict.fromkeys(self.shape.parameters, "parameters")
        for name in self.shape.labels:
            if name not in self.shape.parameters:
                raise self.refuse(("labels", name), f"没有参数 {name}", f"there is no parameter {name}")
        self._check_formula(rule)
        for name, key in declared.items():
            if name not in used:
                raise self.refuse((key,), f"{name} 已声明但未使用", f"{name} is declared and never used")

    def _check_formula(self, rule: Rule) -> None:
        """A formula says a limit by the parameter's name in braces, so that it is still right when the limit changes."""
        sources = [wording(title) for title in self.pack.sources.values()]
        for language in ("zh", "en"):
            text = getattr(rule.formula, language)
            path: Path = ("formula", language)
            if unknown := unknown_places(text, rule):
                raise self.refuse(
                    path,
                    f"判定式中的 {{{unknown[0]}}} 不是只有一个值的参数",
                    f"{{{unknown[0]}}} in the formula is no parameter with one value",
                )
            if numbers := unfounded_numbers(text, rule, sources):
                raise self.refuse(
                    path,
                    f"判定式写出了 {numbers[0]}，而规则的算式中没有它；限值请写作参数名加花括号，如 {{most_days}}",
                    f"the formula writes out {numbers[0]}, which no expression of the rule has; "
                    "name a limit by its parameter in braces, such as {most_days}",
                )


def build_rule(document: Document, pack: PackShape) -> Rule:
    """Read one rule file.

    Raises:
        PackError: the file is not a sound rule.
    """
    return RuleBuilder(document, fit(document, RuleShape), pack).build()


def wording(shape: WordingShape) -> Wording:
    """The text for people."""
    return Wording(shape.zh, shape.en)


def _stated(name: str, value: object) -> object:
    if name == "severity":
        return None if value is None else Severity(str(value))
    return tuple(value) if isinstance(value, list) else value


def build_example(
    document: Document, path: Path, raw: object, types: Mapping[str, ValueType], *, on: date, region: str
) -> Example:
    """One worked case, with the day and region it is for unless it names others.

    Raises:
        PackError: it names what the rule does not read, states no verdict, or a fact is not of its type.
    """
    if not isinstance(raw, dict):
        raise document.error(path, zh="示例须为键与值", en="an example is written as names with values")
    unknown = [name for name in raw if name not in types and name not in _STATED and name not in _CONTEXT]
    if unknown:
        known = ", ".join((*types, *_STATED, *_CONTEXT))
        raise document.error(path, zh=f"示例不认识 {unknown[0]}，可用：{known}", en=f"{unknown[0]} is none of {known}")
    try:
        expected = {name: _stated(name, raw[name]) for name in _STATED if name in raw}
        verdict = Outcome(raw.get("verdict", ""))
    except ValueError as error:
        raise document.error(
            path, zh=f"示例的判定有误：{error}", en=f"the example's verdict is wrong: {error}"
        ) from error
    day = raw.get("date", on)
    if not isinstance(day, date):
        raise document.error(
            (*path, "date"), zh="示例的 date 须为日期，如 2025-03-31", en="date is a day, as 2025-03-31"
        )
    facts = {
        name: _typed(document, (*path, name), name, types[name], raw[name])
        for name in types
        if raw.get(name) is not None
    }
    return Example(
        facts=facts,
        verdict=verdict,
        expected=expected,
        on=day,
        region=str(raw.get("region", region)),
        note=str(raw.get("note", "")),
    )


def _typed(document: Document, path: Path, name: str, kind: ValueType, value: object) -> Value:
    try:
        return coerce(name, kind, value)
    except FactError as error:
        raise document.error(path, zh=error.zh, en=error.en) from error
