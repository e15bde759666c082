"""Secrets at rest: sealed with a key that never enters the database."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hengjian.platform.errors import ToldError

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_SMALLEST_KEY_BYTES = 32


class SealBrokenError(ToldError):
    """The sealed value was made with another key, for another owner, or was changed."""

    code = "SEAL_BROKEN"
    status = 500
    zh = "加密保存的内容打不开：密钥已更换或内容被改动。请联系管理员恢复原密钥。"
    en = "A sealed value cannot be opened: another key, or it was changed. Ask the administrator to restore the key."


class SecretBox:
    """Seals small secrets for one purpose with AES-256-GCM.

    The key is derived per purpose from the deployment's secret key (HKDF-SHA256, RFC 5869), so a value sealed for
    one purpose can't be opened for another. A copy of the database alone opens nothing.
    """

    def __init__(self, deployment_key: bytes, purpose: str) -> None:
        """Derives the purpose's key.

        Raises:
            ValueError: the deployment's key has fewer than 32 bytes.
        """
        if len(deployment_key) < _SMALLEST_KEY_BYTES:
            raise ValueError(f"the deployment's secret key needs {_SMALLEST_KEY_BYTES} bytes or more")
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"hengjian/{purpose}".encode())
        self._cipher = AESGCM(derive.derive(deployment_key))

    def seal(self, secret: str, owner: str) -> bytes:
        """The sealed form; it opens only for the same owner (a row copied to another account stays shut)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, secret.encode(), owner.encode())

    def open(self, sealed: bytes, owner: str) -> str:
        """The secret.

        Raises:
            SealBrokenError: another key, another owner, or changed bytes.
        """
        body = sealed.removeprefix(_FORMAT)
        try:
            return self._cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], owner.encode()).decode()
        except (InvalidTag, ValueError) as broken:
            raise SealBrokenError("a sealed secret can't be opened with this deployment's key") from broken
