"""The signer: a process of its own that alone holds the log's key, and remembers what it signed last.

It signs a tree only when the one signed before is proved to be its beginning. What it signs is on disk before the
signature leaves the process, so not even a restored database makes it sign two trees of one size.
"""

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hengjian.platform.log.errors import LogError, SignerRefusedError
from hengjian.platform.log.signer_link import SOCKET
from hengjian.platform.proof.notes import ED25519, Checkpoint, LogKey, promise_text, unbase64
from hengjian.platform.proof.trees import EMPTY_ROOT, is_consistent
from hengjian.platform.proof.verifier import VerificationError, open_checkpoint

KEY_FILE, PUBLIC_FILE, STATE_FILE = "log.key", "log.pub", "state.json"
LONGEST_PATH = 107
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class SecondSignature(Protocol):
    """Another signature on every checkpoint, such as SM2 over SM3 (`log.sm2`); none replaces Ed25519."""

    def line(self, text: str) -> str:
        """A signature line over the text of a note, with its end; empty when it can't be made now."""


class SignerFilesError(LogError):
    """The signer's folder can't be used."""

    code = "SIGNER_FILES"


@dataclass
class SigningDesk:
    """The key, and what was signed last. `folder` belongs to the signer alone (0700)."""

    folder: Path
    private: Ed25519PrivateKey
    key: LogKey
    size: int = 0
    root: bytes = EMPTY_ROOT
    second: SecondSignature | None = None

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """What one line is answered with; a refusal is an answer too."""
        try:
            return self._answered(question)
        except SignerRefusedError as refused:
            return {"refused": refused.reason}
        except OSError as unwritten:  # disk full: nothing was signed, the next try may succeed
            return {"away": f"{STATE_FILE}: {unwritten.strerror or unwritten}"}
        except (KeyError, TypeError, ValueError):
            return {"refused": "UNREADABLE"}

    def _answered(self, question: dict[str, Any]) -> dict[str, Any]:
        match question["op"]:
            case "state":
                return {"size": self.size, "root": _text(self.root), "key": str(self.key)}
            case "checkpoint":
                proof = [unbase64(one) for one in question["proof"]]
                return {"note": self.sign(int(question["size"]), unbase64(question["root"]), proof)}
            case "promise":
                return {"note": self.promise(unbase64(question["leaf"]), question["at"])}
            case _:
                return {"refused": "UNKNOWN"}

    def sign(self, size: int, root: bytes, proof: list[bytes]) -> str:
        """A signed checkpoint.

        Raises:
            SignerRefusedError: the tree is shorter than the last one, or does not go on from it.
        """
        if size < self.size:
            raise SignerRefusedError(f"SHORTER: {size} < {self.size}")
        if len(root) != 32 or not is_consistent((self.size, self.root), (size, root), proof):
            raise SignerRefusedError(f"FORKED: {size} does not go on from {self.size}")
        if size > self.size:
            _keep_state(self.folder, size, root)
            self.size, self.root = size, root
        text = str(Checkpoint(self.key.name, size, root))
        return self._note(text) + (self.second.line(text) if self.second is not None else "")

    def promise(self, leaf: bytes, at: str) -> str:
        """A signed promise.

        Raises:
            ValueError: no hash, or no time.
        """
        if len(leaf) != 32 or not _MOMENT.fullmatch(at):
            raise ValueError("a hash of 32 bytes and a time")
        return self._note(promise_text(self.key.name, leaf, at))

    def _note(self, text: str) -> str:
        return f"{text}\n{signature_line(self.private, self.key, text)}"


def signature_line(private: Ed25519PrivateKey, key: LogKey, text: str) -> str:
    """The line that signs a note's text."""
    return f"— {key.name} {_text(key.key_id + private.sign(text.encode()))}\n"


def open_desk(folder: Path, *, origin: str = "") -> SigningDesk:
    """Open the signer's folder; key and public key are made when it is new.

    Args:
        folder: with key, public key and state.
        origin: the log's name in its checkpoints; without one it is made from the key. Fixed once the key is made.

    Raises:
        SignerFilesError: key or state are missing, unreadable, or open to others.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_file, state_file = folder / KEY_FILE, folder / STATE_FILE
    if not key_file.exists():
        if state_file.exists() and _state_of(state_file)[0]:
            raise _unusable(key_file, zh="有状态而无密钥，请从备份恢复", en="there is a state but no key: restore it")
        _make_key(folder, origin)
    if key_file.stat().st_mode & 0o077:
        raise _unusable(key_file, zh="其他用户可读，请执行 chmod 600", en="others may read it: chmod 600")
    if not state_file.exists():
        zh = "丢失。按 docs/evidence-log.md“签名进程的记忆丢失”处理：hengjian log resume 检查点文件"
        en = 'is gone. See "The signer\'s memory is lost" in docs/evidence-log.md: hengjian log resume CHECKPOINT'
        raise _unusable(state_file, zh=zh, en=en)
    try:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key_file.read_text("ascii").strip()))
        key = LogKey.read((folder / PUBLIC_FILE).read_text("utf-8"))
        size, root = _state_of(state_file)
        desk = SigningDesk(folder, private, key, size, root)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(folder, zh=f"无法读取（{error}）", en=f"cannot be read ({error})") from error
    if private.public_key().public_bytes_raw() != key.public:
        raise _unusable(folder, zh="log.pub 属于另一密钥", en="log.pub belongs to another key")
    return desk


def resume(folder: Path, note: str) -> Checkpoint:
    """Give a signer that lost its memory a checkpoint that it signed, from outside the database.

    Raises:
        SignerFilesError: it has a memory, or the note is none of its own.
    """
    if (folder / STATE_FILE).exists():
        raise _unusable(folder / STATE_FILE, zh="仍在，无需恢复", en="is there: nothing to resume")
    try:
        signed = open_checkpoint(note, LogKey.read((folder / PUBLIC_FILE).read_text("utf-8")))
    except (OSError, ValueError, VerificationError) as error:
        raise _unusable(
            folder, zh="此检查点不由本日志密钥签署", en="the checkpoint is not signed by its key"
        ) from error
    _keep_state(folder, signed.size, signed.root)
    return signed


async def serve_signer(desk: SigningDesk, *, stop: asyncio.Event, ready: asyncio.Event | None = None) -> None:
    """Answer on the socket in the desk's folder until told to stop; `ready` is set once it answers.

    Raises:
        SignerFilesError: the folder's path is too long for a socket.
    """
    path = desk.folder / SOCKET
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise _unusable(path, zh="路径过长，请用 HENGJIAN_SIGNER 选择更短的目录", en="too long: set HENGJIAN_SIGNER")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := await reader.readline():
                try:
                    said = desk.answer(json.loads(line))
                except (ValueError, RecursionError, AttributeError, TypeError):
                    said = {"refused": "UNREADABLE"}
                writer.write(json.dumps(said).encode() + b"\n")
                await writer.drain()
        writer.close()

    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(serve, path=path)
    path.chmod(0o600)
    if ready is not None:
        ready.set()
    async with server:
        await stop.wait()
    path.unlink(missing_ok=True)


def write_whole(path: Path, text: str, *, mode: int) -> None:
    """Replace a file in one step, on disk before this returns."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _make_key(folder: Path, origin: str) -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    name = origin or f"hengjian/evidence/{hashlib.sha256(ED25519 + public).hexdigest()[:8]}"
    if re.search(r"[\s+]", name):
        raise _unusable(folder, zh="日志名不可含空白或加号", en="the log's name may hold neither blanks nor +")
    write_whole(folder / PUBLIC_FILE, f"{LogKey(name, public)}\n", mode=0o644)
    _keep_state(folder, 0, EMPTY_ROOT)
    write_whole(folder / KEY_FILE, private.private_bytes_raw().hex() + "\n", mode=0o600)


def _keep_state(folder: Path, size: int, root: bytes) -> None:
    state = {"size": size, "root": _text(root)}
    write_whole(folder / STATE_FILE, json.dumps(state) + "\n", mode=0o600)


def _state_of(file: Path) -> tuple[int, bytes]:
    state = json.loads(file.read_text("ascii"))
    return int(state["size"]), unbase64(state["root"])


def _unusable(path: Path, *, zh: str, en: str) -> SignerFilesError:
    return SignerFilesError(zh=f"签名进程的 {path}：{zh}", en=f"the signer's {path}: {en}")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
