"""A time-stamp authority of one test: its own CA, made with the program openssl, answering over HTTP on this machine."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
[stamping]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


@dataclass
class Authority:
    """An authority; while `away` it answers 503."""

    folder: Path
    url: str = ""
    away: bool = False

    @property
    def ca(self) -> Path:
        """The CA certificate."""
        return self.folder / "ca.pem"

    def answer(self, question: bytes) -> bytes:
        """The answer to one question."""
        (self.folder / "q").write_bytes(question)
        openssl(
            self.folder,
            *("ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "q"),
            *("-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "r"),
        )
        return (self.folder / "r").read_bytes()


def openssl(folder: Path, *words: str | Path) -> str:
    """Run the program openssl in a folder."""
    done = subprocess.run(
        ["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True
    )  # arguments of this test
    return done.stdout.decode()


def made(folder: Path, name: str = "Test CA") -> Authority:
    """A new authority with a CA of its own."""
    folder.mkdir()
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-batch")
    openssl(folder, *new, "-x509", "-days", "30", "-subj", f"/CN={name}", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, *new, "-subj", f"/CN={name} TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
    signing = ("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "2", "-days", "30")
    openssl(folder, *signing, "-extfile", "tsa.cnf", "-extensions", "stamping", "-out", "tsa.pem")
    return Authority(folder)


@contextmanager
def an_authority(folder: Path, name: str = "Test CA") -> Iterator[Authority]:
    """One that answers."""
    authority = made(folder, name)

    class Desk(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["content-length"]))
            answer = b"" if authority.away else authority.answer(question)
            self.send_response(503 if authority.away else 200)
            self.send_header("content-type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
