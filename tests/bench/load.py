"""A client that costs little: ready-made requests over kept connections, one thread each."""

import socket
import threading
import time
from collections.abc import Mapping, Sequence


class Link:
    """One kept connection to a server of this machine."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def send(self, request: bytes) -> bytes:
        """The body of the answer.

        Raises:
            RuntimeError: the status is not 200 or 201.
        """
        self._socket.sendall(request)
        data = self._socket.recv(65536)
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end].lower(), data[end + 4 :]
        place = head.find(b"content-length:")
        if place < 0:
            raise RuntimeError(f"an answer without a length: {head!r}")
        length = int(head[place + 15 :].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self._more()
        if head[9:12] not in {b"200", b"201"}:
            raise RuntimeError(f"{head[:40]!r} {body[:500]!r}")
        return body

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise RuntimeError("the server closed the connection")
        return part


def request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A POST of JSON as it goes over the wire."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run_load(links: Sequence[Link], requests: Sequence[Sequence[bytes]]) -> tuple[float, list[bytes]]:
    """Send each link its requests, all links at once; seconds from the first to the last, and every answer."""
    answers: list[bytes] = []
    faults: list[BaseException] = []
    ready = threading.Barrier(len(links) + 1)

    def work(link: Link, mine: Sequence[bytes]) -> None:
        ready.wait()
        try:
            answers.extend([link.send(one) for one in mine])
        except BaseException as fault:  # noqa: BLE001  # handed to the caller below
            faults.append(fault)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(links, requests, strict=True)]
    for thread in threads:
        thread.start()
    ready.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if faults:
        raise faults[0]
    return seconds, answers
