"""The first push as the documentation tells it to an engineer."""

import os
import re
import subprocess
import sys
from pathlib import Path

from hengjian.platform.db import Database
from tests.support.api import a_sender
from tests.support.live import live_server

GUIDE = Path(__file__).parents[2] / "docs" / "api" / "README.md"


def printed(script: str, *, url: str, key: str) -> tuple[str, str]:
    """What the script prints, and what it ends with."""
    environment = {**os.environ, "URL": url, "KEY": key}
    done = subprocess.run(  # our own documentation
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    return done.stdout, done.stderr


async def test_the_script_of_the_guide_pushes_and_tells_mistakes(app_url: str, database: Database) -> None:
    """As written it has its row accepted; with a wrong date, a wrong digit or a wrong key it prints what to do."""
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    script, sender = found[1], await a_sender(database)
    with live_server(app_url) as live:
        told, _ = printed(script, url=live.url, key=sender.key)
        assert "'state': 'ACCEPTED'" in told
        _, ended = printed(script.replace('"2026-03-01"', '"2026/03/01"'), url=live.url, key=sender.key)
        assert "BAD_INPUT" in ended
        assert ".rows[0].hiredOn: Date takes YYYY-MM-DD" in ended
        assert "no row was taken" in ended
        digit = script.replace('"TECHNICIAN"', '"TECHNICIAN", "identityNumber": "110105194912310021"')
        told, _ = printed(digit, url=live.url, key=sender.key)
        assert "The check digit of the identity number should be X" in told
        _, ended = printed(script, url=live.url, key="hj_live_0_0")
        assert ended.startswith("UNAUTHENTICATED: No valid key")
