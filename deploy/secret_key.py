"""The deployment's secret key: seals second-factor seeds, fingerprints identity numbers, signs what pages hand out."""

import contextlib
import os
import secrets
from pathlib import Path

from hengjian.deploy.errors import SettingError
from hengjian.deploy.settings import StorageSettings

KEY_BYTES = 32


def secret_key(storage: StorageSettings) -> bytes:
    """The key, made at first use with mode 0600. Losing it makes sealed secrets unreadable: back it up.

    Raises:
        SettingError: the file does not hold 32 bytes in hex, or others than its owner may read it.
    """
    path = storage.secret_key_file or storage.state / "secret.key"
    if storage.secret_key_file is None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
    try:
        text = path.read_text("ascii").strip()
        open_to_others = path.stat().st_mode & 0o077
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise SettingError("HENGJIAN_SECRET_KEY_FILE", value=str(path), wanted="a file with 64 hex digits") from error
    if open_to_others:
        raise SettingError("HENGJIAN_SECRET_KEY_FILE", value=str(path), wanted=f"mode 0600 (chmod 600 {path})")
    if len(key) < KEY_BYTES:
        raise SettingError("HENGJIAN_SECRET_KEY_FILE", value=str(path), wanted="at least 64 hex digits")
    return key


def _make(path: Path) -> None:
    """Write a new key under another name and link it: two processes that start at once agree on one key."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
