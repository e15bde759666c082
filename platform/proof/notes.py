"""C2SP signed notes (Ed25519), checkpoints (tlog-checkpoint) and promises."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"


@dataclass(frozen=True)
class LogKey:
    """A public key as C2SP writes it: `name+hex id+base64(algorithm and key)`."""

    name: str
    public: bytes

    @classmethod
    def read(cls, text: str) -> "LogKey":
        """From its text form.

        Raises:
            ValueError: not such a key.
        """
        # Names and base64 may hold plus signs themselves: the id tells where to cut.
        parts = text.strip().split("+")
        for cut in range(1, len(parts) - 1):
            name, key_id, encoded = "+".join(parts[:cut]), parts[cut], "+".join(parts[cut + 1 :])
            raw = unbase64(encoded) if len(key_id) == 8 else b""
            if len(raw) == 33 and raw[:1] == ED25519 and cls(name, raw[1:]).key_id.hex() == key_id:
                return cls(name, raw[1:])
        raise ValueError("not a log key (name+id+key)")

    @property
    def key_id(self) -> bytes:
        """Four bytes that name it in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """The text form."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


def unbase64(text: str) -> bytes:
    """Bytes from strict base64.

    Raises:
        ValueError: not base64, or not its one canonical spelling.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not canonical base64")
    return raw


@dataclass(frozen=True)
class Note:
    """A signed note: its text (with the last line's end) and its signature lines as (name, key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def read(cls, note: str) -> "Note":
        """From what is stored or sent.

        Raises:
            ValueError: not a signed note.
        """
        text, gap, lines = note.rpartition("\n\n")
        if not gap or not lines.endswith("\n"):
            raise ValueError("not a signed note")
        signatures = []
        for line in lines[:-1].split("\n"):
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            raw = unbase64(encoded)
            if dash != "—" or not name or len(raw) < 5:
                raise ValueError("not a signature line")
            signatures.append((name, raw[:4], raw[4:]))
        return cls(text + "\n", tuple(signatures))

    def is_signed_by(self, key: LogKey) -> bool:
        """Whether one of the lines is this key's signature; lines of others are left alone."""
        mine = [s for name, key_id, s in self.signatures if (name, key_id) == (key.name, key.key_id)]
        return any(signed(key.public, one, self.text.encode()) for one in mine)


def signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says: whose log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """From the text of a note; extension lines are left alone.

        Raises:
            ValueError: not a checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise ValueError("not a checkpoint")
        root = unbase64(lines[2])
        if len(root) != 32:
            raise ValueError("a root has 32 bytes")
        return cls(lines[0], int(lines[1]), root)

    def __str__(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def promise_text(origin: str, leaf: bytes, at: str) -> str:
    """What the log signs at once: this leaf, received then, will be in the tree."""
    return f"{origin}/promise\n{base64.b64encode(leaf).decode()}\n{at}\n"
