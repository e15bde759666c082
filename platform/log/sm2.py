"""A second signature SM2 with SM3 on checkpoints, made by the program openssl: not certified (未经认证), off by default.

No certified cryptographic module is used, so it meets no requirement of commercial cryptography law (商用密码); it shows
the place where a certified one is put in: whatever gives a `SecondSignature`. Ed25519 stays, and verifiers that do not
know this line ignore it.
"""

import base64
import hashlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import structlog

from hengjian.platform.log.errors import LogError
from hengjian.platform.proof.notes import Note

SECONDS = 10
# C2SP: 0xff and a name of one's own, for kinds of signatures that the list does not have.
_KIND = b"\xffhengjian/sm2-sm3/not-certified"
_SCHEME = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")
_log = structlog.get_logger()


class Sm2Error(LogError):
    """The SM2 key or the program openssl can't be used."""

    code = "SM2"


class Sm2RefusedError(Sm2Error):
    """openssl ran, and said no: to a signature, a key or a file."""

    code = "SM2_REFUSED"


@dataclass(frozen=True, slots=True)
class Sm2Public:
    """An SM2 public key in a PEM file."""

    file: Path
    raw: bytes

    @classmethod
    def of(cls, file: Path, *, private: bool = False) -> "Sm2Public":
        """From a file with the public, or the private key.

        Raises:
            Sm2Error: openssl is absent, or this is no SM2 key.
        """
        kind = () if private else ("-pubin",)
        text = _openssl("pkey", "-in", str(file), *kind, "-noout", "-text_pub").decode("utf-8", "replace")
        if "SM2" not in text:
            raise Sm2Error(zh=f"{file} 不是 SM2 密钥", en=f"{file} is no SM2 key")
        return cls(file, _openssl("pkey", "-in", str(file), *kind, "-pubout", "-outform", "DER"))

    def name(self, origin: str) -> str:
        """The signer's name in its lines."""
        return f"{origin}/sm2-not-certified"

    def key_id(self, origin: str) -> bytes:
        """Four bytes that name it in a signature line."""
        return hashlib.sha256(self.name(origin).encode() + b"\n" + _KIND + self.raw).digest()[:4]

    def signed(self, note: str) -> bool:
        """Whether a checkpoint carries a line of this key, and it holds.

        Raises:
            Sm2Error: openssl is absent, or does not answer.
            ValueError: not a signed note.
        """
        read = Note.read(note)
        origin = read.text.partition("\n")[0]
        mine = (self.name(origin), self.key_id(origin))
        return any(
            self._holds(read.text, signature) for name, key_id, signature in read.signatures if (name, key_id) == mine
        )

    def _holds(self, text: str, signature: bytes) -> bool:
        with tempfile.NamedTemporaryFile() as file:
            file.write(signature)
            file.flush()
            asked = ("pkeyutl", "-verify", *_SCHEME, "-pubin", "-inkey", str(self.file), "-sigfile", file.name)
            try:
                _openssl(*asked, given=text.encode())
            except Sm2RefusedError:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Sm2Signature:
    """The second signature of a signer (`log.signer.SecondSignature`)."""

    file: Path
    public: Sm2Public

    @classmethod
    def of(cls, file: Path) -> "Sm2Signature":
        """With a private key in a PEM file that the signer alone may read.

        Raises:
            Sm2Error: openssl is absent, the file is open to others, or holds no SM2 key.
        """
        if file.exists() and file.stat().st_mode & 0o077:
            raise Sm2Error(zh=f"{file} 其他用户可读，请执行 chmod 600", en=f"{file}: others may read it: chmod 600")
        return cls(file, Sm2Public.of(file, private=True))

    def line(self, text: str) -> str:
        """The line, or nothing when openssl fails: the log's own signature never waits for this one."""
        origin = text.partition("\n")[0]
        try:
            raw = _openssl("pkeyutl", "-sign", *_SCHEME, "-inkey", str(self.file), given=text.encode())
        except Sm2Error as failed:
            _log.warning("log.sm2_failed", error=failed.en)
            return ""
        return f"— {self.public.name(origin)} {base64.b64encode(self.public.key_id(origin) + raw).decode()}\n"


def _openssl(*words: str, given: bytes = b"") -> bytes:
    program = shutil.which("openssl")
    if program is None:
        raise Sm2Error(zh="SM2 需要 openssl 程序，请先安装", en="SM2 needs the program openssl: install it")
    try:
        done = subprocess.run([program, *words], input=given, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603  # words of this module, paths of settings
    except subprocess.CalledProcessError as failed:
        said = failed.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise Sm2RefusedError(zh=f"openssl 无法完成 SM2 运算：{said}", en=f"openssl cannot do it: {said}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise Sm2Error(zh=f"openssl 无法运行：{failed}", en=f"openssl cannot be run: {failed}") from failed
    return done.stdout
