import hashlib
import stat
from pathlib import Path

import pytest

from hengjian.platform.objects import ObjectDamagedError, ObjectMissingError, Objects


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return Objects(tmp_path.as_uri())


async def test_an_object_comes_back_as_it_was_kept(objects: Objects) -> None:
    """Its path is made of its hash."""
    kept = await objects.keep(b"report", suffix="pdf")
    assert kept.sha256 == hashlib.sha256(b"report").hexdigest()
    assert kept.path == f"{kept.sha256[:2]}/{kept.sha256}.pdf"
    assert await objects.take(kept.path, sha256=kept.sha256) == b"report"


async def test_a_local_file_may_only_be_read(objects: Objects, tmp_path: Path) -> None:
    """Nobody changes a report by a slip."""
    kept = await objects.keep(b"report", suffix="pdf")
    assert stat.S_IMODE((tmp_path / kept.path).stat().st_mode) == 0o440


async def test_the_same_content_twice_is_one_object(objects: Objects) -> None:
    """Making a report again is harmless."""
    assert await objects.keep(b"report", suffix="pdf") == await objects.keep(b"report", suffix="pdf")


async def test_a_changed_file_is_never_handed_out(objects: Objects, tmp_path: Path) -> None:
    """What cannot be proven is refused, also when the same content is kept again."""
    kept = await objects.keep(b"report", suffix="pdf")
    (tmp_path / kept.path).chmod(0o600)
    (tmp_path / kept.path).write_bytes(b"forged")
    with pytest.raises(ObjectDamagedError):
        await objects.take(kept.path, sha256=kept.sha256)
    with pytest.raises(ObjectDamagedError):
        await objects.keep(b"report", suffix="pdf")


async def test_a_lost_file_is_said_to_be_missing(objects: Objects) -> None:
    """The operator reads which object it is."""
    with pytest.raises(ObjectMissingError, match="00/0000"):
        await objects.take("00/0000.pdf", sha256="0" * 64)
