import sys
from pathlib import Path

from hengjian.deploy.children import Child


def test_a_part_that_has_failed_for_days_is_still_tended(tmp_path: Path) -> None:
    """The pause between two starts stops growing, however often it failed; the supervisor never breaks over it."""
    child = Child("worker", [sys.executable, "-c", ""], {}, tmp_path / "worker.log")
    child.start()
    assert child.process is not None
    child.process.wait()
    child.failures = 2_000
    assert "ended unexpectedly" in child.tend()
    assert child.tend() == ""
