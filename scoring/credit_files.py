"""Loading a credit model: checked whole, versioned by content, or refused with file and line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hengjian.scoring.credit_schema import CreditShape
from hengjian.scoring.domain.credit_content import KINDS, model_from_content
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.lawbook_content import canonical_content, read_file
from hengjian.scoring.lawbook_schema import fit
from hengjian.scoring.lawbook_yaml import Document

Fault = tuple[str, str, str]
_NAME = re.compile(r"[a-z0-9-]{1,60}")


def load_credit_model(path: Path) -> CreditModel:
    """Load one credit model.

    A file that is `like` another beside it says only what is different; its version is that of the whole.

    Raises:
        PackError: the file is unsound: caps that do not add up to 100, a severity or the lowest grade missing, a name
            that stands twice or is not defined, limits out of order.
    """
    document = _whole(read_file(path), path.parent)
    shape = fit(document, CreditShape)
    for key, zh, en in _faults(shape):
        raise document.error((key,), zh=zh, en=en)
    return model_from_content(canonical_content([document]))


def _whole(document: Document, folder: Path) -> Document:
    """The document with everything that it takes over from the one that it is like."""
    if not isinstance(document.value, dict) or "like" not in document.value:
        return document
    own = dict(document.value)
    other = own.pop("like")
    if not isinstance(other, str) or not _NAME.fullmatch(other):
        raise document.error(
            ("like",), zh="like 须为同一文件夹中模型的 id", en="like is the id of a model beside this one"
        )
    common = read_file(folder / f"{other}.yaml").value
    return replace(document, value={**common, **own} if isinstance(common, dict) else own)


def _faults(shape: CreditShape) -> Iterator[Fault]:
    for kind in KINDS:
        if sum(dimension.caps.get(kind, 0) for dimension in shape.dimensions) != 100:
            yield "dimensions", f"{kind} 各维度上限之和须为 100", f"caps of {kind} sum to 100"
    if set(shape.deductions) != set(Severity) or set(shape.rule_caps) != set(Severity):
        yield "deductions", "每个严重程度都要有分值", "each severity has its points"
    elif not _rising([shape.rule_caps[severity] for severity in reversed(Severity)], strictly=False):
        yield "rule_caps", "越严重的上限不得越小", "a graver severity has no smaller cap"
    if not any(grade.at_least <= 0 and grade.allows_critical for grade in shape.grades):
        yield "grades", "最低等级须自 0 分起", "the lowest grade starts at 0"
    if not _rising([band.up_to for band in shape.penalties.fines]):
        yield "penalties", "罚款分档须递增", "the bands of fines rise"
    if not _rising([band.within_hours for band in shape.device_health.failures]):
        yield "device_health", "故障分档须递增", "the bands of failures rise"
    yield from _faults_of_names(shape)


def _faults_of_names(shape: CreditShape) -> Iterator[Fault]:
    dimensions = [dimension.id for dimension in shape.dimensions]
    for key, used in (
        ("assessed", shape.assessed),
        ("silent_month", [shape.silent_month]),
        ("penalties", [shape.penalties.dimension]),
    ):
        if not set(used) <= set(dimensions):
            yield key, "含未定义的维度", "a dimension that is named here is not defined"
    for key, names in (
        ("dimensions", dimensions),
        ("vetoes", [item.id for item in shape.vetoes]),
        ("penalties", [item.id for item in shape.penalties.measures]),
        ("grades", [item.grade for item in shape.grades]),
    ):
        if len(set(names)) != len(names):
            yield key, "名称重复", "a name stands twice"


def _rising(numbers: Sequence[int | Decimal], *, strictly: bool = True) -> bool:
    return all(before < after or (before == after and not strictly) for before, after in pairwise(numbers))
