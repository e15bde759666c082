"""A server for tests and measurements: in a folder of the caller's choice, gone with the caller."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hengjian.deploy.embedded.binaries import choose_binaries
from hengjian.deploy.embedded.place import Place, server_account
from hengjian.deploy.embedded.server import Server

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "logging_collector": "off"}


@contextmanager
def temporary_server(
    folder: Path, *, durable: bool = False, options: Mapping[str, str] | None = None, bindir: Path | None = None
) -> Iterator[Server]:
    """A running server that is stopped at the end; must be entered on the main thread.

    Args:
        folder: an existing folder that the server's account may enter; its data stays there.
        durable: keep what survives a power cut, as in production; measurements want it, tests do not.
        options: further settings of the server.
        bindir: the only server binaries to use.
    """
    home = folder / "pg"
    home.mkdir(mode=0o700, exist_ok=True)
    ids = server_account() if os.geteuid() == 0 else None
    if ids is not None:
        os.chown(home, *ids)
    server = Server(Place(home=home, ids=ids), options={**({} if durable else _FAST), **(options or {})})
    server.start(choose_binaries(server.data, bindir))
    try:
        yield server
    finally:
        server.stop()
