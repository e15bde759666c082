"""Rules from the canonical text of a pack's files and the types of their names: for a verifier without the law-book.

What people read (titles, units, formulas, examples) stays in the text; only what judges is rebuilt, so that a dossier
made before a change in how rules are worded still verifies.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hengjian.scoring.domain.credit_content import exact_decimal, refused
from hengjian.scoring.domain.expressions import Declared, Expression, parse_condition, parse_expression
from hengjian.scoring.domain.lawbook import Pack
from hengjian.scoring.domain.rules import (
    Citation,
    CountedUnder,
    Parameter,
    ParameterEntry,
    Rule,
    Sameness,
    SeverityCase,
    SourceStatus,
    Wording,
)
from hengjian.scoring.domain.values import Value, ValueType, coerce
from hengjian.scoring.domain.verdicts import Severity

Json = Mapping[str, Any]
Types = Mapping[str, Mapping[str, str]]
NO_WORDS = Wording("", "")
_COUNT_OF_CERTIFICATES = {
    "rules": ["C-07"],
    "same": "organization",
    "each": "technicians_due - technicians_certified",
}


def types_of(pack: Pack) -> dict[str, dict[str, str]]:
    """The type of each fact and parameter, file by file: what the canonical text leaves to the reader."""
    return {
        rule.file: {name: kind.value for name, kind in rule.types.items()}
        | {parameter.name: parameter.type.value for parameter in rule.parameters}
        for rule in pack.rules
    }


def pack_from_content(content: str, types: Types) -> Pack:
    """The pack whose files say this.

    Raises:
        ScoringError, ValueError, KeyError, TypeError, AttributeError: the text is not that of a sound pack.
    """
    files = json.loads(content, parse_float=refused, parse_constant=refused)
    head = files.pop("pack.yaml")
    files = _before_named(files)
    return Pack(
        id=head["id"],
        title=NO_WORDS,
        region=head["region"],
        version=hashlib.sha256(content.encode()).hexdigest(),
        in_force_from=date.fromisoformat(head["in_force_from"]),
        sources=dict.fromkeys(head["sources"], NO_WORDS),
        rules=tuple(_rule(files[name], head, types[name.removesuffix(".yaml")]) for name in sorted(files)),
        content=content,
    )


def _rule(shape: Json, head: Json, types: Mapping[str, str]) -> Rule:
    inputs, optional = tuple(shape["inputs"]), tuple(shape.get("optional", ()))
    region = shape.get("region") or head["region"]
    parameters = tuple(
        _parameter(name, ValueType(types[name]), entries, region) for name, entries in shape["parameters"].items()
    )
    kinds = {name: ValueType(types[name]) for name in inputs + optional}
    names = {name: Declared(kind, optional=name in optional) for name, kind in kinds.items()}
    names |= {parameter.name: Declared(parameter.type) for parameter in parameters}
    until = shape.get("in_force_until")
    return Rule(
        id=shape["id"],
        pack=head["id"],
        region=region,
        subject=shape["subject"],
        dimension=shape["dimension"],
        title=NO_WORDS,
        formula=NO_WORDS,
        unit=NO_WORDS,
        remedy=NO_WORDS,
        cites=Citation(shape["cites"]["source"], shape["cites"]["clause"], shape["cites"]["quote"]),
        inputs=inputs,
        optional=optional,
        types=kinds,
        parameters=parameters,
        applies=parse_condition(shape["applies"], names) if shape.get("applies") else None,
        require=parse_condition(shape["require"], names),
        measured=_expression(shape.get("measured"), names),
        required=_expression(shape.get("required"), names),
        lacking=_expression(shape.get("lacking"), names),
        severity=Severity(shape["severity"]),
        severity_cases=tuple(
            SeverityCase(parse_condition(case["when"], names), Severity(case["severity"]))
            for case in shape.get("severity_cases", ())
        ),
        examples=(),
        in_force_from=date.fromisoformat(shape.get("in_force_from") or head["in_force_from"]),
        in_force_until=date.fromisoformat(until) if until else None,
        counted_under=tuple(_under(under, names) for under in shape.get("counted_under", ())),
        edition=shape.get("edition", ""),
        off=shape.get("off", False),
    )


def _under(shape: Json, names: Mapping[str, Declared]) -> CountedUnder:
    return CountedUnder(
        rules=tuple(shape["rules"]),
        same=Sameness(shape["same"]),
        reason=NO_WORDS,
        lacks=frozenset(shape.get("lacks", ())),
        named=frozenset(shape.get("named", ())),
        each=_expression(shape.get("each"), names),
    )


def _before_named(files: dict[str, Any]) -> dict[str, Any]:
    """Contents from before the files named shared events: then C-06 was counted under C-07 alone."""
    count = files.get("C-06.yaml")
    if count is not None and all("counted_under" not in file for file in files.values()):
        files["C-06.yaml"] = count | {"counted_under": [_COUNT_OF_CERTIFICATES]}
    return files


def _parameter(name: str, kind: ValueType, entries: list[Json], region: str) -> Parameter:
    return Parameter(
        name,
        NO_WORDS,
        kind,
        tuple(
            ParameterEntry(
                value=_typed(name, kind, entry["value"]),
                since=date.fromisoformat(entry["from"]),
                region=entry.get("region") or region,
                unit=NO_WORDS,
                source_status=SourceStatus(entry["source_status"]),
                until=date.fromisoformat(entry["until"]) if entry.get("until") else None,
            )
            for entry in entries
        ),
    )


def _typed(name: str, kind: ValueType, value: Any) -> Value:
    if kind is ValueType.DATE:
        return date.fromisoformat(value)
    if kind is ValueType.DECIMAL and isinstance(value, str):
        return coerce(name, kind, exact_decimal(value))
    return coerce(name, kind, value)


def _expression(text: str | None, names: Mapping[str, Declared]) -> Expression | None:
    return None if text is None else parse_expression(text, names)
