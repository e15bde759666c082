"""Loading the law-book: every pack below a folder, checked whole, versioned by content, or refused."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from hengjian.scoring.domain.credit import CreditModel, Dimension, Grade
from hengjian.scoring.domain.examples import check_example
from hengjian.scoring.domain.lawbook import LawBook, Pack
from hengjian.scoring.domain.rules import Rule
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import PackError
from hengjian.scoring.lawbook_build import build_rule, wording
from hengjian.scoring.lawbook_schema import CreditShape, PackShape, fit
from hengjian.scoring.lawbook_yaml import Document, read_document

LAWBOOK_FOLDER = Path(__file__).parent / "lawbook"
CREDIT = "credit"
KINDS = ("institution", "contractor")
_REGION = re.compile(r"([0-9]{2}){0,3}\Z")


def load_lawbook(folder: Path = LAWBOOK_FOLDER) -> LawBook:
    """Load all packs and credit models below the folder (the shipped ones by default).

    Raises:
        PackError: one of them does not load; nothing is used then.
    """
    packs = tuple(load_pack(path) for path in pack_folders(folder))
    _refuse_overlap(packs)
    models = tuple(load_credit_model(path) for path in sorted((folder / CREDIT).glob("*.yaml")))
    return LawBook(packs, models)


def pack_folders(folder: Path) -> tuple[Path, ...]:
    """The folders that hold a pack."""
    return tuple(sorted(path.parent for path in folder.glob("*/pack.yaml")))


def load_pack(folder: Path) -> Pack:
    """Load one pack and run its examples.

    Raises:
        PackError: a file is unsound, or an example comes out otherwise than it states.
    """
    head = _read(folder / "pack.yaml")
    shape = fit(head, PackShape)
    if shape.id != folder.name or not _REGION.match(shape.region):
        raise head.error(
            ("id",),
            zh="规则集 id 须与文件夹同名，地区为 2、4 或 6 位代码（全国留空）",
            en="a pack is named as its folder, and its region is a code of 2, 4 or 6 digits, or empty for the whole country",
        )
    documents = [_read(path) for path in sorted(folder.glob("*.yaml")) if path.name != "pack.yaml"]
    rules = tuple(build_rule(document, shape) for document in documents)
    for rule, document in zip(rules, documents, strict=True):
        run_examples(rule, document)
    return Pack(
        id=shape.id,
        title=wording(shape.title),
        region=shape.region,
        version=content_hash([head, *documents]),
        in_force_from=shape.in_force_from,
        sources={name: wording(text) for name, text in shape.sources.items()},
        rules=rules,
    )


def run_examples(rule: Rule, document: Document) -> None:
    """Judge the rule's examples.

    Raises:
        PackError: the first that comes out otherwise, with what was stated and what came out.
    """
    for number in range(1, len(rule.examples) + 1):
        for failure in check_example(rule, number):
            raise document.error(
                ("examples", number - 1),
                zh=f"规则 {rule.id} 示例 {number}：{failure.what} 应为 {failure.expected}，实为 {failure.got}",
                en=f"rule {rule.id}, example {number}: {failure.what} expected {failure.expected}, got {failure.got}",
            )


def load_credit_model(path: Path) -> CreditModel:
    """Load one credit model.

    Raises:
        PackError: the file is unsound, the caps do not add up to 100, or a severity or the lowest grade is missing.
    """
    document = _read(path)
    shape = fit(document, CreditShape)
    for kind in KINDS:
        if sum(dimension.caps.get(kind, 0) for dimension in shape.dimensions) != 100:
            raise document.error(("dimensions",), zh=f"{kind} 各维度上限之和须为 100", en=f"caps of {kind} sum to 100")
    if not set(shape.assessed) <= {dimension.id for dimension in shape.dimensions}:
        raise document.error(("assessed",), zh="含未定义的维度", en="an assessed dimension is not defined")
    if set(shape.deductions) != set(Severity) or set(shape.rule_caps) != set(Severity):
        raise document.error(("deductions",), zh="每个严重程度都要有分值", en="each severity has its points")
    if not any(grade.at_least <= 0 and grade.allows_critical for grade in shape.grades):
        raise document.error(("grades",), zh="最低等级须自 0 分起", en="the lowest grade starts at 0")
    return CreditModel(
        id=shape.id,
        title=wording(shape.title),
        region=shape.region,
        version=content_hash([document]),
        in_force_from=shape.in_force_from,
        source_status=shape.source_status,
        assessed=tuple(shape.assessed),
        dimensions=tuple(
            Dimension(item.id, wording(item.title), {kind: item.caps.get(kind, 0) for kind in KINDS})
            for item in shape.dimensions
        ),
        deductions=shape.deductions,
        rule_caps=shape.rule_caps,
        grades=tuple(
            Grade(item.grade, wording(item.title), item.at_least, item.allows_critical) for item in shape.grades
        ),
    )


def content_hash(documents: Iterable[Document]) -> str:
    """SHA-256 of what the files say, in hexadecimal; comments and layout do not count."""
    content = {document.file.rpartition("/")[2]: document.value for document in documents}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_canonical)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value))


def _read(path: Path) -> Document:
    file = f"{path.parent.name}/{path.name}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackError(file=file, line=None, zh=f"无法读取：{error}", en=f"cannot be read: {error}") from error
    return read_document(content, file)


def _refuse_overlap(packs: Iterable[Pack]) -> None:
    seen: dict[str, list[Pack]] = {}
    for pack in packs:
        for rule in pack.rules:
            for other in seen.setdefault(rule.id, []):
                if other.region.startswith(pack.region) or pack.region.startswith(other.region):
                    raise PackError(
                        file=f"{pack.id}/{rule.id}.yaml",
                        line=None,
                        zh=f"规则集 {other.id} 已为同一地区定义此规则",
                        en=f"pack {other.id} has this rule for the same region",
                    )
            seen[rule.id].append(pack)
