"""What the check may find, each thing named."""

from dataclasses import dataclass, field
from enum import StrEnum


class TroubleKind(StrEnum):
    """What was done to the log or to what it covers."""

    ROW_CHANGED = "ROW_CHANGED"
    ROW_MISSING = "ROW_MISSING"
    ROW_WITHOUT_LEAF = "ROW_WITHOUT_LEAF"
    LEAF_CHANGED = "LEAF_CHANGED"
    LEAF_MISSING = "LEAF_MISSING"
    TILE_CHANGED = "TILE_CHANGED"
    TREE_REWRITTEN = "TREE_REWRITTEN"
    TREE_SHORTER = "TREE_SHORTER"
    CHECKPOINT_UNSIGNED = "CHECKPOINT_UNSIGNED"
    STAMP_WRONG = "STAMP_WRONG"


TEXTS: dict[TroubleKind, tuple[str, str]] = {
    TroubleKind.ROW_CHANGED: ("记录已被改动，与其日志叶不符", "the row was changed: it is not what its leaf says"),
    TroubleKind.ROW_MISSING: ("记录缺失，且无删除凭证", "the row is gone, without a deletion certificate"),
    TroubleKind.ROW_WITHOUT_LEAF: ("记录没有日志叶", "the row has no leaf"),
    TroubleKind.LEAF_CHANGED: ("日志叶已被改动", "the leaf was changed"),
    TroubleKind.LEAF_MISSING: ("日志叶缺失", "the leaf is gone"),
    TroubleKind.TILE_CHANGED: ("哈希块已被改动或缺失", "the tile of hashes was changed or is gone"),
    TroubleKind.TREE_REWRITTEN: ("树与已签检查点不符：历史已被改写", "the tree is not the one that was signed: rewritten"),
    TroubleKind.TREE_SHORTER: ("树比已签检查点短：已被回退", "the tree is shorter than one that was signed: rolled back"),
    TroubleKind.STAMP_WRONG: ("时间戳不属于此检查点，或不由给定机构签发", "the time stamp is not over this checkpoint, or not by the CA given"),
    TroubleKind.CHECKPOINT_UNSIGNED: ("检查点的签名不成立", "the checkpoint's signature does not hold"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing found; `where` names it: `push 0192… (leaf 17)`, `leaf 17`, `tile 0/3`, `checkpoint 512`."""

    kind: TroubleKind
    where: str

    def sentence(self, *, chinese: bool) -> str:
        """One line for people."""
        return f"{self.where}: {TEXTS[self.kind][0 if chinese else 1]}"


@dataclass(slots=True)
class CheckReport:
    """How far the check went, and what it found. `before_the_log` are rows older than the log's first leaf."""

    size: int = 0
    rows: int = 0
    checkpoints: int = 0
    waiting: int = 0
    deleted: int = 0
    before_the_log: int = 0
    stamps: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    def found(self, kind: TroubleKind, where: str) -> None:
        """Note one trouble."""
        self.troubles.append(Trouble(kind, where))
