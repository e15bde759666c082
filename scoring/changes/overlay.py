"""The law-book as approved changes make it: dated values and editions, in the rules and in what the files say.

Every change becomes part of a pack's content, so that the content's hash stays the version and a dossier carries the
change with it. Nothing before the first day of a change, or outside its region, comes out otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hengjian.scoring.domain.lawbook import LawBook, Pack
from hengjian.scoring.domain.rule_change import ChangeKind, NewChange
from hengjian.scoring.domain.rules import Example, Parameter, ParameterEntry, Rule, SourceStatus, Wording
from hengjian.scoring.domain.values import plain, read_value
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import ChangeUnsoundError, FactError
from hengjian.scoring.lawbook_build import build_example, build_rule
from hengjian.scoring.lawbook_content import canonical_json, content_hash
from hengjian.scoring.lawbook_schema import PackShape, WordingShape
from hengjian.scoring.lawbook_yaml import Document, read_document

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInBook:
    """A change as the law-book takes it in; `until` is the first day without it, when another change ends it."""

    no: str
    region: str
    new: NewChange
    until: date | None = None


def overlay(book: LawBook, changes: Sequence[ChangeInBook]) -> LawBook:
    """The law-book of the files with the changes, in the order of their approval.

    Raises:
        ChangeUnsoundError: a change does not fit its rule.
        PackError: a text or an example is unsound, with file and line.
    """
    origin = changed = book.origin or book
    ends = {change.new.ends: change.new.from_day for change in changes if change.new.kind is ChangeKind.END}
    for change in changes:
        if change.new.kind is not ChangeKind.END:
            changed = _with_change(changed, replace(change, until=ends.get(change.no)))
    return changed if changed is origin else replace(changed, origin=origin)


def pack_for(book: LawBook, rule_id: str, region: str) -> Pack:
    """The pack that has the rule for a region.

    Raises:
        UnknownRuleError: no pack has the rule at all.
        ChangeUnsoundError: none has it for this region.
    """
    for pack, _ in book.find(rule_id):
        if region.startswith(pack.region):
            return pack
    raise ChangeUnsoundError(
        zh=f"地区 {region} 没有规则 {rule_id}，请换一条规则",
        en=f"region {region} has no rule {rule_id}: choose another",
    )


def edition_on(book: LawBook, rule_id: str, region: str, on: date) -> Rule:
    """What stands of a rule in a region on a day.

    Raises:
        ChangeUnsoundError: it is not in force there and then.
    """
    found = book.rule_in_force(rule_id, region=region, on=on)
    if found is None:
        raise ChangeUnsoundError(
            zh=f"规则 {rule_id} 于 {on} 在地区 {region} 未生效，无可变更；请换生效日或规则",
            en=f"rule {rule_id} is not in force in {region} on {on}: choose another day or rule",
        )
    return found.rule


def written(pack: Pack, rule: Rule) -> Json:
    """What the file of a rule or edition says, with days and decimals as texts."""
    said: Json = json.loads(pack.content)[f"{rule.file}.yaml"]
    return said


def change_examples(change: ChangeInBook, rule: Rule) -> tuple[tuple[Example, Json], ...]:
    """The examples that come with a change, as judged and as a file says them; they are for its region and first day.

    Raises:
        PackError: one of them is unsound, with its line.
    """
    if not change.new.examples.strip():
        return ()
    document = read_document(change.new.examples.encode(), f"{change.no}/examples.yaml")
    if not isinstance(document.value, list):
        raise document.error((), zh="示例须为列表，每行以 - 开头", en="examples are a list, each line beginning with -")
    return tuple(_example(document, index, raw, change, rule) for index, raw in enumerate(document.value))


def _example(document: Document, index: int, raw: object, change: ChangeInBook, rule: Rule) -> tuple[Example, Json]:
    on, region = change.new.from_day, change.region
    example = build_example(document, (index,), raw, rule.types, on=on, region=region)
    said = {**raw, "date": example.on, "region": example.region} if isinstance(raw, dict) else {}
    return example, json.loads(canonical_json(said))


def _with_change(book: LawBook, change: ChangeInBook) -> LawBook:
    pack = pack_for(book, change.new.rule_id, change.region)
    match change.new.kind:
        case ChangeKind.PARAMETER:
            files, rules = _dated_value(pack, book, change)
        case ChangeKind.TEXT:
            files, rules = _other_text(pack, change)
        case _:
            files, rules = _copied(pack, book, change)
    content = canonical_json({**json.loads(pack.content), **files})
    changed = replace(pack, content=content, version=content_hash(content), rules=rules)
    return LawBook(tuple(changed if one is pack else one for one in book.packs), book.credit_models)


def _dated_value(pack: Pack, book: LawBook, change: ChangeInBook) -> tuple[Json, tuple[Rule, ...]]:
    """A new value in every edition that has the parameter: region and day decide where it is the one that holds."""
    new = change.new
    standing = edition_on(book, new.rule_id, change.region, new.from_day)
    entry = new_entry(change, standing)
    said = entry_said(entry)
    examples = change_examples(change, standing)
    files: Json = {}
    rules: list[Rule] = []
    for rule in pack.rules:
        if rule.id != new.rule_id or all(one.name != new.parameter for one in rule.parameters):
            rules.append(rule)
            continue
        file = written(pack, rule)
        file["parameters"][new.parameter].append(said)
        own = examples if rule.file == standing.file else ()
        file["examples"] += [text for _, text in own]
        files[f"{rule.file}.yaml"] = file
        parameters = tuple(_extended(one, new.parameter, entry) for one in rule.parameters)
        rules.append(replace(rule, parameters=parameters, examples=(*rule.examples, *(one for one, _ in own))))
    return files, tuple(rules)


def new_entry(change: ChangeInBook, rule: Rule) -> ParameterEntry:
    """The dated value that a change gives a parameter.

    Raises:
        ChangeUnsoundError: the rule has no such parameter, or the value is not of its type.
    """
    new = change.new
    parameter = next((one for one in rule.parameters if one.name == new.parameter), None)
    if parameter is None:
        known = ", ".join(one.name for one in rule.parameters)
        raise ChangeUnsoundError(
            zh=f"规则 {rule.id} 没有参数 {new.parameter}，现有：{known or '无'}",
            en=f"rule {rule.id} has no parameter {new.parameter}; it has {known or 'none'}",
        )
    try:
        value = read_value(parameter.name, parameter.type, new.value.strip())
        status = SourceStatus(new.source_status)
    except FactError as error:
        raise ChangeUnsoundError(zh=error.zh, en=error.en) from error
    except ValueError as error:
        known = ", ".join(SourceStatus)
        raise ChangeUnsoundError(
            zh=f"来源状态须为：{known}", en=f"the status of the source is one of {known}"
        ) from error
    last = parameter.entry_for(change.region, new.from_day) or parameter.entries[-1]
    note = f"{change.no} {new.clause}".strip()
    return ParameterEntry(
        value=value,
        since=new.from_day,
        region=change.region,
        unit=last.unit,
        source_status=status,
        note=Wording(note, note),
        until=change.until,
    )


def entry_said(entry: ParameterEntry) -> Json:
    """One dated value as a file says it, with its region."""
    said = {
        "from": entry.since.isoformat(),
        "value": plain(entry.value),
        "unit": _words(entry.unit),
        "source_status": entry.source_status.value,
        "region": entry.region,
    }
    if entry.note is not None:
        said["note"] = _words(entry.note)
    return said if entry.until is None else said | {"until": entry.until.isoformat()}


def _extended(parameter: Parameter, name: str, entry: ParameterEntry) -> Parameter:
    return replace(parameter, entries=(*parameter.entries, entry)) if parameter.name == name else parameter


def _copied(pack: Pack, book: LawBook, change: ChangeInBook) -> tuple[Json, tuple[Rule, ...]]:
    """An edition that differs from what stands in its severity, or that takes the rule out of force."""
    new = change.new
    standing = edition_on(book, new.rule_id, change.region, new.from_day)
    examples = change_examples(change, standing)
    edition = replace(standing, edition=change.no, examples=tuple(one for one, _ in examples), **_place(change))
    own = _with_regions(written(pack, standing), standing.region)
    file = own | _place_said(change) | {"examples": [text for _, text in examples]}
    if new.kind is ChangeKind.OFF:
        edition = replace(edition, off=True)
        file |= {"off": True}
    else:
        severity = _severity(new.severity)
        edition = replace(edition, severity=severity)
        file |= {"severity": severity.value}
    return {f"{edition.file}.yaml": file}, (*pack.rules, edition)


def _severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError as error:
        known = ", ".join(Severity)
        raise ChangeUnsoundError(zh=f"严重程度须为：{known}", en=f"the severity is one of {known}") from error


def _other_text(pack: Pack, change: ChangeInBook) -> tuple[Json, tuple[Rule, ...]]:
    """An edition from a whole rule file; its values are for the region of the change unless they name a narrower one."""
    document, rule = build_text(pack, change)
    said = _with_regions(json.loads(canonical_json(document.value)), change.region)
    edition = replace(rule, edition=change.no, **_place(change))
    return {f"{edition.file}.yaml": said | _place_said(change)}, (*pack.rules, edition)


def _with_regions(said: Json, region: str) -> Json:
    """Each value with its region: in an edition for a narrower one it still holds where it did."""
    for entries in said["parameters"].values():
        for entry in entries:
            entry.setdefault("region", region)
    return said


def build_text(pack: Pack, change: ChangeInBook) -> tuple[Document, Rule]:
    """The rule of a change that brings a whole text.

    Raises:
        PackError: the text is not a sound rule, with its line.
        ChangeUnsoundError: it is the text of another rule, or about other subjects.
    """
    new = change.new
    document = read_document(new.text.encode(), f"{change.no}/{new.rule_id}.yaml")
    head = PackShape(
        id=pack.id,
        title=_shape(pack.title),
        region=change.region,
        in_force_from=new.from_day,
        sources={name: _shape(words) for name, words in pack.sources.items()},
    )
    rule = build_rule(document, head)
    before = next(one for one in pack.rules if one.id == new.rule_id)
    if (rule.id, rule.subject) != (before.id, before.subject):
        raise ChangeUnsoundError(
            zh=f"正文须仍为规则 {before.id}，主体须仍为 {before.subject}",
            en=f"the text must still be rule {before.id} about a {before.subject}",
        )
    return document, rule


def _place(change: ChangeInBook) -> dict[str, Any]:
    return {"region": change.region, "in_force_from": change.new.from_day, "in_force_until": change.until}


def _place_said(change: ChangeInBook) -> Json:
    said: Mapping[str, str | None] = {
        "edition": change.no,
        "region": change.region,
        "in_force_from": change.new.from_day.isoformat(),
        "in_force_until": None if change.until is None else change.until.isoformat(),
    }
    return dict(said)


def _words(text: Wording) -> Json:
    return {"zh": text.zh, "en": text.en}


def _shape(text: Wording) -> WordingShape:
    return WordingShape(text.zh, text.en)
