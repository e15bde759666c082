"""Asking the signer: one line of JSON there, one back, over a Unix socket."""

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hengjian.platform.log.errors import SignerAwayError, SignerRefusedError
from hengjian.platform.proof.notes import LogKey

SECONDS = 5.0
SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class SignerState:
    """What the signer signed last, and its public key."""

    size: int
    root: bytes
    key: LogKey


@dataclass(frozen=True, slots=True)
class SignerLink:
    """The signer behind a socket. Every call may raise SignerAwayError."""

    socket: Path

    async def state(self) -> SignerState:
        """What it signed last."""
        said = await self._ask({"op": "state"})
        return SignerState(said["size"], base64.b64decode(said["root"]), LogKey.read(said["key"]))

    async def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> str:
        """A signed checkpoint, given the proof that the tree signed last is its beginning.

        Raises:
            SignerRefusedError: the tree is shorter than one signed before, or another one.
        """
        told = {"op": "checkpoint", "size": size, "root": _text(root), "proof": [_text(one) for one in proof]}
        return str((await self._ask(told))["note"])

    async def promise(self, leaf: bytes, at: str) -> str:
        """A signed promise that a leaf received at a time will be in the tree."""
        return str((await self._ask({"op": "promise", "leaf": _text(leaf), "at": at}))["note"])

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SECONDS):
                reader, writer = await asyncio.open_unix_connection(str(self.socket))
                try:
                    writer.write(json.dumps(question).encode() + b"\n")
                    answer: dict[str, Any] = json.loads(await reader.readline())
                finally:
                    writer.close()
                    await writer.wait_closed()
        except (OSError, ValueError, TimeoutError) as error:
            raise SignerAwayError(f"{self.socket}: {type(error).__name__}") from error
        if "away" in answer:
            raise SignerAwayError(str(answer["away"]))
        if "refused" in answer:
            raise SignerRefusedError(str(answer["refused"]))
        return answer


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
