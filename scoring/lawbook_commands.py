"""What `hengjian lawbook` answers, as plain JSON: list rules, check packs, try a rule on facts typed by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hengjian.scoring.credit_files import load_credit_model
from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.judging import RuleInForce, put_in_force
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rules import ParameterEntry, Wording
from hengjian.scoring.domain.values import plain, read_value
from hengjian.scoring.errors import FactError, PackError, RuleNotInForceError, UnknownFactError
from hengjian.scoring.lawbook_files import CREDIT, LAWBOOK_FOLDER, load_pack, pack_folders

Json = dict[str, Any]


def list_rules(book: LawBook, *, region: str | None, on: date) -> list[Json]:
    """The rules in force in a region on a day, each with clause, formula, facts and limits."""
    return [
        {
            "rule": rule.id,
            "pack": rule.rule.pack,
            "pack_version": book.pack_of(rule.rule).version,
            "title": _wording(rule.rule.title),
            "subject": rule.rule.subject,
            "severity": rule.rule.severity.value,
            "severity_cases": [
                {"when": case.when.text, "severity": case.severity.value} for case in rule.rule.severity_cases
            ],
            "clause": _clause(rule),
            "formula": _wording(rule.formula),
            "unit": _wording(rule.rule.unit),
            "remedy": _wording(rule.rule.remedy),
            "inputs": [_input(rule, name) for name in rule.inputs],
            "parameters": _parameters(rule, ()),
            "costs_points": rule.costs_points,
            "examples": len(rule.rule.examples),
            "in_force_from": rule.rule.in_force_from.isoformat(),
        }
        for rule in book.rules_in_force(region=region, on=on)
    ]


def check_packs(folder: Path = LAWBOOK_FOLDER) -> Json:
    """Load every pack and credit model of a folder (or the one pack that the folder is) and list what is wrong.

    `ok` is true when all load and all examples come out as they state.
    """
    packs, models, errors = [], [], []
    folders = (folder,) if (folder / "pack.yaml").exists() else pack_folders(folder)
    for path in folders:
        try:
            pack = load_pack(path)
        except PackError as error:
            errors.append(_error(error))
            continue
        examples = sum(len(rule.examples) for rule in pack.rules)
        packs.append({"pack": pack.id, "version": pack.version, "rules": len(pack.rules), "examples": examples})
    for path in sorted((folder / CREDIT).glob("*.yaml")):
        try:
            model = load_credit_model(path)
        except PackError as error:
            errors.append(_error(error))
            continue
        models.append({"model": model.id, "version": model.version})
    if not folders and not models:
        errors.append(_error(PackError(file=str(folder), line=None, zh="没有规则集", en="there is no pack here")))
    return {"ok": not errors, "packs": packs, "credit_models": models, "errors": errors}


def try_rule(book: LawBook, rule_id: str, typed: Mapping[str, str], *, region: str | None, on: date) -> Json:
    """Judge facts typed by hand; a parameter named among them is tried with that value instead of the one in force.

    `as_of` is the day asked for unless it is given.

    Raises:
        UnknownRuleError: no pack has the rule.
        RuleNotInForceError: it is not in force there and then.
        UnknownFactError: the rule reads no fact or parameter of a name.
        FactError: a text is not a value of its fact's type.
    """
    pack, _ = book.find(rule_id)[0]
    place = region or pack.region
    rule = book.rule_in_force(rule_id, region=place, on=on)
    if rule is None:
        raise RuleNotInForceError(rule_id, region=place, on=on.isoformat())
    changed = tuple(name for name in typed if name in rule.parameters)
    if changed:
        rule = put_in_force(rule.rule, {**rule.parameters, **_changed(rule, typed, changed)})
    facts = {"as_of": on} | _facts(rule, {name: text for name, text in typed.items() if name not in changed})
    explanation = rule.explain(facts)
    verdict = rule.judge(facts)
    return {
        "rule": rule.id,
        "title": _wording(rule.rule.title),
        "region": place,
        "date": on.isoformat(),
        "verdict": verdict.verdict.value,
        "severity": verdict.severity.value if verdict.severity else None,
        "measured": plain(verdict.measured),
        "required": plain(verdict.required),
        "unit": _wording(rule.rule.unit),
        "missing": list(verdict.missing),
        "lacking": list(verdict.lacking),
        "reason": verdict.reason.value if verdict.reason else None,
        "trace": [
            {"part": step.part, "expression": step.expression, "value": plain(step.value)} for step in explanation.trace
        ],
        "formula": _wording(rule.formula),
        "clause": _clause(rule),
        "parameters": _parameters(rule, changed),
        "costs_points": rule.costs_points,
        "pack": pack.id,
        "pack_version": pack.version,
    }


def _facts(rule: RuleInForce, typed: Mapping[str, str]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name, text in typed.items():
        if name not in rule.inputs:
            raise UnknownFactError(rule.id, name, (*rule.inputs, *rule.parameters))
        value = facts[name] = read_value(name, rule.rule.types[name], text)
        if isinstance(value, int | Decimal) and value < 0:
            raise FactError(zh=f"事实 {name} 不能为负", en=f"fact {name} cannot be negative")
    return facts


def _changed(rule: RuleInForce, typed: Mapping[str, str], names: Iterable[str]) -> dict[str, ParameterEntry]:
    types = {parameter.name: parameter.type for parameter in rule.rule.parameters}
    return {name: replace(rule.parameters[name], value=read_value(name, types[name], typed[name])) for name in names}


def _parameters(rule: RuleInForce, changed: Iterable[str]) -> Json:
    labels = {parameter.name: parameter.label for parameter in rule.rule.parameters}
    return {
        name: {
            "value": plain(entry.value),
            "unit": _wording(entry.unit),
            "label": _wording(labels[name]),
            "from": entry.since.isoformat(),
            "region": entry.region,
            "source_status": entry.source_status.value,
            "note": _wording(entry.note) if entry.note else None,
            "changed_for_trial": name in changed,
        }
        for name, entry in rule.parameters.items()
    }


def _input(rule: RuleInForce, name: str) -> Json:
    fact = FACTS[name]
    return {
        "name": name,
        "type": fact.type.value,
        "label": _wording(fact.label),
        "unit": _wording(fact.unit),
        "optional": name in rule.rule.optional,
    }


def _clause(rule: RuleInForce) -> Json:
    cites = rule.rule.cites
    return {"source": cites.source, "clause": cites.clause, "quote": cites.quote}


def _wording(text: Wording) -> Json:
    return {"zh": text.zh, "en": text.en}


def _error(error: PackError) -> Json:
    return {"code": error.code, "file": error.file, "line": error.line, "zh": error.zh, "en": str(error)}
