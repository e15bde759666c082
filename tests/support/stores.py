"""Object stores for tests: a folder, and an S3 server on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from hengjian.platform.objects import Objects


@contextmanager
def a_store(kind: str, folder: Path) -> Iterator[Objects]:
    """An empty store, `folder` or `s3`."""
    if kind == "folder":
        yield Objects(folder.as_uri())
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        urlopen(Request(f"{address}/recordings", method="PUT")).close()  # noqa: S310  # our own server
        settings = {
            "AWS_ENDPOINT_URL": address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }
        with patch.dict("os.environ", settings):
            yield Objects("s3://recordings/hengjian")
    finally:
        server.stop()
