"""The official audits of GraphQL over HTTP, against the server as it is started."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

from hengjian.platform.db import Database
from tests.support.api import a_sender
from tests.support.live import live_server
from tests.support.tree import ROOT

NODE = shutil.which("node") or str(Path(sys.executable).parent / "node")


async def test_every_must_of_the_specification_holds(app_url: str, database: Database) -> None:
    """All that is required, and all that is recommended; what MAY be is ours to choose."""
    sender = await a_sender(database)
    with live_server(app_url) as live:
        script = ROOT / "tests" / "graphql" / "audit.mjs"
        asked = await asyncio.create_subprocess_exec(
            NODE, str(script), f"{live.url}/graphql", sender.key, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        told, _ = await asked.communicate()
    results = json.loads(told)
    assert len(results) > 40
    assert [result for result in results if result["status"] != "ok" and not result["name"].startswith("MAY")] == []
    assert {result["status"] for result in results} <= {"ok", "notice"}
