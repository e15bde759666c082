"""Witnesses: another organization's machine that signs a checkpoint only when it goes on from the one it signed last.

Cosignatures are C2SP `cosignature/v1` (Ed25519, with the time of signing). A witness keeps one file of state and needs
neither our database nor our trust.
"""

import base64
import hashlib
import json
import re
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.log.errors import LogError
from hengjian.platform.log.signer import write_whole
from hengjian.platform.log.store import checkpoint_at
from hengjian.platform.proof.notes import Checkpoint, LogKey, Note, signed, unbase64
from hengjian.platform.proof.trees import is_consistent
from hengjian.platform.proof.verifier import VerificationError, open_checkpoint

COSIGNATURE = b"\x04"
_KEEP = sql("""
    insert into log_attestation (size, kind, name, body) values (:size, 'cosignature', :name, :body)
    on conflict (size, kind, name) do nothing
""")


class WitnessRefusedError(LogError):
    """The witness does not sign this checkpoint."""

    code = "WITNESS_REFUSED"


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's public key; its text form is a log key's with another algorithm byte."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> "WitnessKey":
        """From `name+id+key`.

        Raises:
            ValueError: not such a key.
        """
        name, key_id, encoded = text.strip().split("+", 2)
        raw = unbase64(encoded)
        found = cls(name, raw[1:])
        if len(raw) != 33 or raw[:1] != COSIGNATURE or found.key_id.hex() != key_id:
            raise ValueError("not a witness key (name+id+key)")
        return found

    @property
    def key_id(self) -> bytes:
        """Four bytes that name it in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    def __str__(self) -> str:
        """The text form."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(COSIGNATURE + self.public).decode()}"

    def signed_at(self, text: str, line: str) -> int | None:
        """When this witness signed a checkpoint's text (Unix seconds), or None when the line is no signature of it."""
        try:
            ((name, key_id, raw),) = Note.read(f"{text}\n{line}").signatures
        except ValueError:
            return None
        if (name, key_id) != (self.name, self.key_id) or len(raw) != 72:
            return None
        (at,) = struct.unpack(">Q", raw[:8])
        return int(at) if signed(self.public, raw[8:], _message(text, at)) else None


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass
class Witness:
    """One witness: its key and the checkpoint it signed last, in one file."""

    file: Path
    private: Ed25519PrivateKey
    key: WitnessKey
    last: str

    @classmethod
    def open(cls, file: Path, *, name: str) -> "Witness":
        """Open the state file; made with a new key when there is none.

        Raises:
            WitnessRefusedError: it can't be read, or the name holds blanks or +.
        """
        if not file.exists():
            if not re.fullmatch(r"[^\s+]+", name):
                raise WitnessRefusedError(
                    zh="请用 --name 给见证方取名（无空白和加号）", en="give --name without blanks or +"
                )
            key = Ed25519PrivateKey.generate().private_bytes_raw().hex()
            write_whole(file, json.dumps({"name": name, "key": key, "last": ""}) + "\n", mode=0o600)
        try:
            kept = json.loads(file.read_text("utf-8"))
            private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["key"]))
            public = WitnessKey(kept["name"], private.public_key().public_bytes_raw())
            return cls(file, private, public, kept["last"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WitnessRefusedError(
                zh=f"{file} 无法读取，请从备份恢复", en=f"{file} cannot be read: restore it"
            ) from error

    def cosign(self, note: str, log: LogKey, prove: Callable[[int, int], Sequence[bytes]]) -> str:
        """A signature line, after the new state is on disk.

        Args:
            note: the checkpoint as the log gives it.
            log: the log's public key.
            prove: fetches the consistency proof between two sizes.

        Raises:
            WitnessRefusedError: not signed by the log, shorter than the last one, or another history.
        """
        try:
            new = open_checkpoint(note, log)
            old = open_checkpoint(self.last, log) if self.last else None
        except VerificationError as error:
            raise WitnessRefusedError(zh="检查点未经该日志公钥签名", en="not signed by the log's key") from error
        if old is not None and not _goes_on(old, new, prove):
            raise WitnessRefusedError(
                zh=f"历史被改写：大小 {new.size} 的树不是由 {old.size} 延续而来。请留存两份检查点并报告",
                en=f"rewritten: the tree of {new.size} does not go on from {old.size}. Keep both checkpoints and report it",
            )
        text = str(new)
        kept = {"name": self.key.name, "key": self.private.private_bytes_raw().hex(), "last": note}
        write_whole(self.file, json.dumps(kept, ensure_ascii=False) + "\n", mode=0o600)
        self.last = note
        at = int(time.time())
        raw = self.key.key_id + struct.pack(">Q", at) + self.private.sign(_message(text, at))
        return f"— {self.key.name} {base64.b64encode(raw).decode()}\n"


def _goes_on(old: Checkpoint, new: Checkpoint, prove: Callable[[int, int], Sequence[bytes]]) -> bool:
    if new.size < old.size:
        return False
    proof = prove(old.size, new.size) if old.size < new.size else []
    return is_consistent((old.size, old.root), (new.size, new.root), proof)


async def keep_cosignature(database: Database, witnesses: Sequence[WitnessKey], *, size: int, line: str) -> bool:
    """Keep a signature line of a checkpoint when it is one of these witnesses'; whether it was."""
    async with database.write(Caller(kind="job", actor="log.witness")) as session:
        kept = await checkpoint_at(session, size)
        if kept is None:
            return False
        text = Note.read(kept.note).text
        known = next((one for one in witnesses if one.signed_at(text, line) is not None), None)
        if known is None:
            return False
        await session.run(_KEEP, {"size": size, "name": known.name, "body": line})
    return True


def witnessed_by(key: WitnessKey) -> Callable[[str, Sequence[str]], bool]:
    """For the offline verifier: whether one of the lines is this witness's."""
    return lambda text, lines: any(key.signed_at(text, line) is not None for line in lines)
