"""Loading the law-book: every pack below a folder, checked whole, versioned by content, or refused."""

import re
from collections.abc import Iterable
from pathlib import Path

from hengjian.scoring.credit_files import load_credit_model
from hengjian.scoring.domain.examples import check_example
from hengjian.scoring.domain.formulas import limits_in_title
from hengjian.scoring.domain.lawbook import LawBook, Pack
from hengjian.scoring.domain.rules import Rule
from hengjian.scoring.errors import PackError
from hengjian.scoring.lawbook_build import build_rule, wording
from hengjian.scoring.lawbook_content import canonical_content, content_hash, read_file
from hengjian.scoring.lawbook_schema import PackShape, fit
from hengjian.scoring.lawbook_yaml import Document

LAWBOOK_FOLDER = Path(__file__).parent / "lawbook"
CREDIT = "credit"
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


def rule_file(pack_id: str, rule_id: str, folder: Path = LAWBOOK_FOLDER) -> str:
    """The shipped file of a rule as its author wrote it; empty where the law-book came from elsewhere."""
    path = folder / pack_id / f"{rule_id}.yaml"
    return path.read_text("utf-8") if path.is_file() else ""


def load_pack(folder: Path) -> Pack:
    """Load one pack and run its examples.

    Raises:
        PackError: a file is unsound, or an example comes out otherwise than it states.
    """
    head = read_file(folder / "pack.yaml")
    shape = fit(head, PackShape)
    if shape.id != folder.name or not _REGION.match(shape.region):
        raise head.error(
            ("id",),
            zh="规则集 id 须与文件夹同名，地区为 2、4 或 6 位代码（全国留空）",
            en="a pack is named as its folder, and its region is a code of 2, 4 or 6 digits, or empty for the whole country",
        )
    documents = [read_file(path) for path in sorted(folder.glob("*.yaml")) if path.name != "pack.yaml"]
    rules = tuple(build_rule(document, shape) for document in documents)
    for rule, document in zip(rules, documents, strict=True):
        check_title(rule, document)
        run_examples(rule, document)
    content = canonical_content([head, *documents])
    return Pack(
        id=shape.id,
        title=wording(shape.title),
        region=shape.region,
        version=content_hash(content),
        in_force_from=shape.in_force_from,
        sources={name: wording(text) for name, text in shape.sources.items()},
        rules=rules,
        content=content,
    )


def check_title(rule: Rule, document: Document) -> None:
    """A title says no limit, so that it is still right when the limit changes. Editions approved before are left alone.

    Raises:
        PackError: it writes one out.
    """
    for limit in limits_in_title(rule):
        raise document.error(
            ("title",),
            zh=f"标题写出了参数值 {limit}；标题不写限值，请移到判定式中，写作参数名加花括号",
            en=f"the title writes out {limit}, the value of a parameter; say it in the formula, by its name in braces",
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
