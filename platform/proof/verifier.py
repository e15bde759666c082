"""Offline verifier of the evidence log: the standard library and Ed25519, no server and no database.

    python -m hengjian.platform.proof.verifier bundle.json --key log.pub [--checkpoint older.txt]

Hashing is RFC 6962 (leaf 0x00, node 0x01, SHA-256), checkpoints are C2SP signed notes, records and leaves are canonical
JSON. The server uses the same functions: there is one of each.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from hengjian.platform.proof.notes import Checkpoint, LogKey, Note, promise_text, unbase64
from hengjian.platform.proof.records import canonical, record_digest
from hengjian.platform.proof.trees import is_consistent, leaf_hash, root_from_inclusion

FORMAT = "hengjian-evidence/1"
_SAYS_SO = re.compile(rb'"format"\s*:\s*"hengjian-evidence\\?/')
_FIELDS = frozenset(
    [
        "format",
        "record",
        "salt",
        "leaf",
        "index",
        "inclusion",
        "checkpoint",
        "older",
        "promise",
        "deletion",
        "cosignatures",
        "timestamps",
        "sha256",
    ]
)


class Outcome(IntEnum):
    """How a verification ends; the number is the exit code."""

    VERIFIED = 0
    UNREADABLE = 3
    UNKNOWN_FORMAT = 4
    KEY = 10
    RECORD = 11
    LEAF = 12
    INCLUSION = 13
    CONSISTENCY = 14
    OLDER = 15
    PROMISE = 16
    DELETION = 17
    DAMAGED = 18
    WITNESS = 19
    TIMESTAMP = 20
    SECOND = 21
    LAYOUT = 22


SENTENCES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.VERIFIED: ("核验通过：记录、日志叶、包含证明与检查点相符", "verified: record, leaf, inclusion and checkpoint agree"),
    Outcome.UNREADABLE: ("不是存证包，或文件不完整、已损坏；请索取原样下载的文件", "not an evidence bundle, or cut off or damaged: ask for the file as it was downloaded"),
    Outcome.UNKNOWN_FORMAT: ("本版本不识别此格式", "a format that this version does not know"),
    Outcome.KEY: ("检查点的签名与给定公钥不符", "the checkpoint is not signed by the given key"),
    Outcome.RECORD: ("记录与日志叶中的摘要不符：记录已被改动", "the record is not the one that the leaf was made of"),
    Outcome.LEAF: ("日志叶不规范，或不属于此记录", "the leaf is not canonical, or speaks of another record"),
    Outcome.INCLUSION: ("日志叶不在检查点所签的树中", "the leaf is not in the tree that the checkpoint signs"),
    Outcome.CONSISTENCY: ("较早的检查点不是现树的前身：历史已被改写", "the tree was rewritten since the older checkpoint"),
    Outcome.OLDER: ("存证包未证明与给定的较早检查点的关系", "the bundle proves nothing about the older checkpoint given"),
    Outcome.PROMISE: ("回执承诺的签名或所指日志叶不符", "the promise is not signed, or is about another leaf"),
    Outcome.DELETION: ("删除凭证与记录不符，或不在日志中", "the deletion certificate is about another record, or not in the log"),
    Outcome.DAMAGED: ("存证包的其余部分已被改动", "a part of the bundle that proves nothing was altered"),
    Outcome.TIMESTAMP: ("没有给定机构的有效时间戳，或时间戳不属于此日志叶", "no valid time stamp under the given CA, or one about another leaf"),
    Outcome.SECOND: ("没有给定公钥的有效第二签名", "no valid second signature of the given key"),
    Outcome.WITNESS: ("没有给定见证方的有效联署", "no valid cosignature of the given witness"),
    Outcome.LAYOUT: ("这是存证包，但字节与出具时不同：空格、换行、键的顺序或转义写法被改动，内容未予核验；请索取原样下载的文件", "an evidence bundle, but not in its canonical bytes: whitespace, order of keys or escapes were changed, and nothing in it was checked; ask for the file as it was downloaded"),
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """The outcome, with what it is about."""

    outcome: Outcome
    detail: str = ""
    deleted: bool = False

    def sentence(self, *, chinese: bool) -> str:
        """One sentence for people."""
        zh, en = SENTENCES[self.outcome]
        gone = ("；原记录已依法删除" if chinese else "; the record was deleted lawfully") if self.deleted else ""
        detail = (f"（{self.detail}）" if chinese else f" ({self.detail})") if self.detail else ""
        return (zh if chinese else en) + gone + detail


class VerificationError(Exception):
    """A check that failed."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(outcome.name)
        self.verdict = Verdict(outcome, detail)


def open_checkpoint(note: str, key: LogKey) -> Checkpoint:
    """A checkpoint whose signature holds.

    Raises:
        VerificationError: it does not, or this is none.
    """
    try:
        read = Note.read(note)
        found = Checkpoint.read(read.text)
    except ValueError as error:
        raise VerificationError(Outcome.KEY, str(error)) from error
    if found.origin != key.name or not read.is_signed_by(key):
        raise VerificationError(Outcome.KEY)
    return found


def is_bundle(data: bytes) -> bool:
    """Whether a file says of itself that it is an evidence bundle, also a damaged one or one laid out otherwise."""
    return _SAYS_SO.search(data) is not None


Witnessed = Callable[[str, Sequence[str]], bool]
"""Whether cosignature lines hold a wanted witness's signature of a checkpoint's text."""
Stamped = Callable[[str, str], str | None]
"""When a token says that a wanted authority saw a checkpoint's text, or None (`proof.stamps`)."""


def verify_bundle(
    data: bytes,
    key: LogKey,
    *,
    older: str | None = None,
    witness: Witnessed | None = None,
    stamped: Stamped | None = None,
) -> Verdict:
    """Check everything that a bundle claims.

    Args:
        data: the file.
        key: the log's public key, from another source than the bundle.
        older: a checkpoint that the reader kept; the bundle must prove that it is a beginning of the same tree.
        witness: for whoever insists on a witness.
        stamped: for whoever insists on a time stamp.
    """
    try:
        bundle = read_bundle(data)
        return _verify(bundle, key, _Asked(older, witness, stamped))
    except VerificationError as failed:
        return failed.verdict
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return Verdict(Outcome.UNREADABLE, type(error).__name__)


def read_bundle(data: bytes) -> dict[str, Any]:
    """The fields of a bundle, of which nothing is checked but that these are its canonical bytes; needs no key.

    Raises:
        VerificationError: it is none, is damaged, is of a later format, or somebody wrote it out anew.
    """
    try:
        bundle = json.loads(data)
        tidy = canonical(bundle)
    except (ValueError, TypeError, RecursionError) as error:
        raise VerificationError(Outcome.UNREADABLE, str(error)[:200]) from error
    said = str(bundle.get("format", "")) if isinstance(bundle, dict) else ""
    if not said.startswith("hengjian-evidence/"):
        raise VerificationError(Outcome.UNREADABLE)
    if tidy != data.rstrip(b"\n"):
        raise VerificationError(Outcome.LAYOUT)
    if said != FORMAT:
        raise VerificationError(Outcome.UNKNOWN_FORMAT)
    if bundle.keys() != _FIELDS:
        raise VerificationError(Outcome.UNREADABLE, "fields")
    return dict(bundle)


@dataclass(frozen=True)
class _Asked:
    """What the reader insists on."""

    older: str | None
    witness: Witnessed | None
    stamped: Stamped | None


def _verify(bundle: dict[str, Any], key: LogKey, asked: _Asked) -> Verdict:
    checkpoint = open_checkpoint(bundle["checkpoint"], key)
    leaf = _leaf(bundle["leaf"])
    about = f"{leaf['kind']} {leaf['id']}"
    alone = leaf["digest"] is None  # such a leaf is its own record
    deleted = bundle["record"] is None and not alone
    if not deleted:
        _check_record(bundle, leaf, about)
    _check_inclusion(bundle, checkpoint, about)
    if deleted:
        _check_deletion(bundle["deletion"], leaf, checkpoint, about)
    elif bundle["deletion"] is not None:
        raise VerificationError(Outcome.DELETION, about)
    _check_older(bundle["older"], checkpoint, key, asked.older)
    if bundle["promise"] is not None:
        _check_promise(bundle, leaf, key, about)
    if asked.witness is not None and not asked.witness(str(checkpoint), bundle["cosignatures"]):
        raise VerificationError(Outcome.WITNESS)
    at = _check_stamps(bundle, key, asked.stamped, about)
    rest = {name: value for name, value in bundle.items() if name != "sha256"}
    if hashlib.sha256(canonical(rest)).hexdigest() != bundle["sha256"]:
        raise VerificationError(Outcome.DAMAGED)
    detail = f"{about}, {checkpoint.origin} #{bundle['index']} / {checkpoint.size}"
    return Verdict(Outcome.VERIFIED, detail + (f", {at}" if at else ""), deleted=deleted)


def _leaf(text: str) -> dict[str, Any]:
    try:
        leaf = json.loads(text)
        if canonical(leaf) != text.encode() or not {"v", "kind", "id", "at", "digest", "tenant"} <= leaf.keys():
            raise VerificationError(Outcome.LEAF)
    except (ValueError, TypeError, AttributeError) as error:
        raise VerificationError(Outcome.LEAF) from error
    return dict(leaf)


def _check_record(bundle: Mapping[str, Any], leaf: Mapping[str, Any], about: str) -> None:
    if leaf["digest"] is None:
        if bundle["record"] is not None:
            raise VerificationError(Outcome.RECORD, about)
        return
    try:
        salt = bytes.fromhex(bundle["salt"])
    except (ValueError, TypeError) as error:
        raise VerificationError(Outcome.RECORD, about) from error
    if salt.hex() != bundle["salt"] or record_digest(salt, bundle["record"]) != leaf["digest"]:
        raise VerificationError(Outcome.RECORD, about)


def _check_inclusion(part: Mapping[str, Any], checkpoint: Checkpoint, about: str) -> None:
    try:
        path = [unbase64(step) for step in part["inclusion"]]
        root = root_from_inclusion(leaf_hash(part["leaf"].encode()), part["index"], checkpoint.size, path)
    except (ValueError, TypeError, KeyError) as error:
        raise VerificationError(Outcome.INCLUSION, about) from error
    if root != checkpoint.root:
        raise VerificationError(Outcome.INCLUSION, about)


def _check_deletion(
    part: Mapping[str, Any] | None, leaf: Mapping[str, Any], checkpoint: Checkpoint, about: str
) -> None:
    """A record may be absent only when the log holds a later leaf that certifies its deletion."""
    if part is None:
        raise VerificationError(Outcome.DELETION, about)
    try:
        certificate = _leaf(part["leaf"])
        _check_inclusion(part, checkpoint, about)
    except VerificationError as failed:
        raise VerificationError(Outcome.DELETION, about) from failed
    named = {"kind": leaf["kind"], "id": leaf["id"], "digest": leaf["digest"]}
    if certificate["kind"] != "deletion" or certificate.get("facts", {}).get("of") != named:
        raise VerificationError(Outcome.DELETION, about)


def _check_older(part: Mapping[str, Any] | None, checkpoint: Checkpoint, key: LogKey, pinned: str | None) -> None:
    kept = open_checkpoint(pinned, key) if pinned is not None else None
    if part is None:
        if kept is not None and kept != checkpoint:
            raise VerificationError(Outcome.OLDER)
        return
    older = open_checkpoint(part["checkpoint"], key)
    if kept is not None and kept not in {older, checkpoint}:
        same_size = kept.size in {older.size, checkpoint.size}
        raise VerificationError(Outcome.CONSISTENCY if same_size else Outcome.OLDER)
    try:
        proof = [unbase64(step) for step in part["consistency"]]
    except (ValueError, TypeError) as error:
        raise VerificationError(Outcome.CONSISTENCY) from error
    if not is_consistent((older.size, older.root), (checkpoint.size, checkpoint.root), proof):
        raise VerificationError(Outcome.CONSISTENCY)


def _check_promise(bundle: Mapping[str, Any], leaf: Mapping[str, Any], key: LogKey, about: str) -> None:
    try:
        note = Note.read(bundle["promise"])
    except (ValueError, TypeError, AttributeError) as error:
        raise VerificationError(Outcome.PROMISE, about) from error
    wanted = promise_text(key.name, leaf_hash(bundle["leaf"].encode()), leaf["at"])
    if note.text != wanted or not note.is_signed_by(key):
        raise VerificationError(Outcome.PROMISE, about)


def _check_stamps(bundle: Mapping[str, Any], key: LogKey, stamped: Stamped | None, about: str) -> str:
    """Each stamp is over a checkpoint of the log that the leaf is in; the earliest time that the reader can trust."""
    times = []
    for stamp in bundle["timestamps"]:
        try:
            checkpoint = open_checkpoint(stamp["checkpoint"], key)
            _check_inclusion({**bundle, "inclusion": stamp["inclusion"]}, checkpoint, about)
        except VerificationError as failed:
            raise VerificationError(Outcome.TIMESTAMP, about) from failed
        if stamped is not None and (at := stamped(str(checkpoint), stamp["token"])) is not None:
            times.append(at)
    if stamped is not None and not times:
        raise VerificationError(Outcome.TIMESTAMP, about)
    return min(times, default="")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this file alone."""
    parser = argparse.ArgumentParser(description="Verify an evidence bundle of Hengjian offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the log's public key, log.pub")
    parser.add_argument("--checkpoint", type=Path, help="an older checkpoint that you kept")
    asked = parser.parse_args(arguments)
    older = asked.checkpoint.read_text("utf-8", "replace") if asked.checkpoint else None
    try:
        key = LogKey.read(asked.key.read_text("utf-8"))
    except ValueError as error:
        parser.error(f"--key: {error}")
    verdict = verify_bundle(asked.bundle.read_bytes(), key, older=older)
    sys.stdout.write(verdict.sentence(chinese=False) + "\n")
    return int(verdict.outcome)


if __name__ == "__main__":
    sys.exit(main())
