"""What a printed report says of the evidence log of its day: paper that convicts whoever rewrites it later."""

import io
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader

from hengjian.filing.api import ReportDesk, ReportWanted, make_report, month_before
from hengjian.platform.calendar import legal_day
from hengjian.platform.log.witness import Witness, keep_cosignature
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfRenderer
from hengjian.platform.proof.verifier import open_checkpoint
from hengjian.scoring.api import load_lawbook
from tests.filing.test_make_report import subject
from tests.support.databases import TestDatabase
from tests.support.evidence import a_log
from tests.support.people import a_contractor


async def test_a_report_prints_the_checkpoint_of_its_day_and_who_witnessed_the_log(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    """Name, leaves and root hash, and each witness with size and day; before the first checkpoint it says nothing."""
    (tmp_path / "objects").mkdir()
    async with a_log(fresh_database, tmp_path) as log, PdfRenderer() as renderer:
        desk = ReportDesk(
            database=log.database,
            objects=Objects((tmp_path / "objects").as_uri()),
            renderer=renderer,
            law_book=load_lawbook(),
            public_url="https://hengjian.example",
        )
        of, now = subject(await a_contractor(log.database)), datetime.now(UTC)
        month = month_before(legal_day(now))

        async def printed(language: str) -> str:
            wanted = ReportWanted(subject=of, month=month, language=language, requested_by="test")  # type: ignore[arg-type]
            row = await make_report(desk, wanted, now=now)
            assert row is not None
            pdf = await desk.objects.take(row.object_path, sha256=row.sha256)
            return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())

        assert "test/evidence" not in await printed("zh")
        await log.entries(3)
        await log.settle()
        note = (
            await log.owner.exec_driver_sql("select note from log_checkpoint order by size desc limit 1")
        ).scalar_one()
        signed = open_checkpoint(note, log.desk.key)
        witness = Witness.open(tmp_path / "witness.json", name="witness.example/1")
        line = witness.cosign(note, log.desk.key, lambda _old, _new: [])
        assert await keep_cosignature(log.database, [witness.key], size=signed.size, line=line)
        _, size, root = str(signed).split("\n")[:3]
        for language, words in (("zh", "存证日志的检查点"), ("en", "signedbywitnesses")):
            text = await printed(language)
            assert words in text
            assert f"test/evidence{size}{root}" in text
            assert f"witness.example/1{size}{legal_day(now)}" in text
