"""Wenzhou in the demo region: every row is taken, the tidy one is without a fault, films show what the story tells."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hengjian.deploy.demo.films import Film, draw
from hengjian.deploy.demo.known import Known
from hengjian.deploy.demo.outings import Outing
from hengjian.deploy.demo.plans import Row
from hengjian.deploy.demo.wenzhou import CARELESS, TIDY, outings, standing_rows
from hengjian.ingestion.api import LabelState, task_with_samples
from hengjian.platform.db import Database
from hengjian.platform.video import inspect_file
from hengjian.scoring.api import entry_terms, load_lawbook
from hengjian.tenants.domain.registers import BY_KIND
from tests.support.api import api_over
from tests.support.custody import with_labels

NOW = datetime.now(UTC).replace(microsecond=0)
BEGUN: dict[str, Any] = {
    "at": NOW.isoformat(), "17": ["3303-AAAA-AAAA-AAAA-A"] * 3, "18": ["3303-BBBB-BBBB-BBBB-B"] * 3,
}  # fmt: skip


def rows(outing: Outing, plan: Row) -> dict[str, list[Row]]:
    return {
        "monitoringTasks": [plan],
        "samples": outing.samples,
        "fieldEvents": outing.field_events,
        "labelEvents": outing.label_events,
    }


async def test_the_tidy_one_is_without_a_fault(app_url: str, database: Database) -> None:
    """Every row is accepted; nothing speaks against an entry by the limits of the rule; both samples are analysed."""
    one = await with_labels(database, 3, region="330304")
    told = list(outings(TIDY, {**BEGUN, str(TIDY): list(one.labels)}))
    async with api_over(app_url) as api:
        for outing, plan in told:
            for kind, sent in rows(outing, plan).items():
                if sent:
                    receipt = (await api.push(one.sender.key, kind, sent))["receipt"]
                    assert (receipt["accepted"], receipt["refused"]) == (len(sent), 0), receipt["rows"]
    terms = entry_terms(load_lawbook(), "330304")
    async with database.read(one.sender.caller) as session:
        found = [await task_with_samples(session, one.organization.id, outing.task) for outing, _ in told]
    assert all(task is not None and task.faults(terms) == {} for task in found)
    states = [label.state for task in found if task for sample in task.samples for label in sample.labels]
    assert states == [LabelState.ANALYSED, LabelState.ANALYSED, LabelState.LABELLED]


def test_a_story_is_told_the_same_again() -> None:
    """A run that broke off sends the same rows and the same films; nothing lies after the moment of the loading."""
    for number in (TIDY, CARELESS):
        first, second = (
            [(rows(outing, plan), [clip.about for clip in outing.clips]) for outing, plan in outings(number, BEGUN)]
            for _ in range(2)
        )
        assert json.dumps(first) == json.dumps(second)
        for outing, plan in outings(number, BEGUN):
            assert all(clip.film.ends <= NOW for clip in outing.clips)
            assert all((clip.completed or clip.film.ends) <= NOW for clip in outing.clips)
            for kind, sent in rows(outing, plan).items():
                fields = set(BY_KIND[kind].row.__struct_encode_fields__)
                assert all(set(row) <= fields for row in sent)
    for kind, sent in standing_rows(TIDY, NOW.date()):
        assert all(set(row) <= set(BY_KIND[kind].row.__struct_encode_fields__) for row in sent)


def test_the_gap_of_the_story_lies_where_it_is_told() -> None:
    """Thirty-one seconds of the sampling, from 14:03:10 on, Beijing time, four days ago."""
    first, _ = next(outings(CARELESS, BEGUN))
    film = next(clip.film for clip in first.clips if clip.film.gap)
    assert film.gap is not None
    since, until = (film.begins + timedelta(seconds=second) for second in film.gap)
    assert (since + timedelta(hours=8)).astimezone(UTC).strftime("%H:%M:%S") == "14:03:10"
    assert until - since == timedelta(seconds=31)


def test_a_film_shows_its_gap_and_its_codes(tmp_path: Path) -> None:
    """As the inspection sees it: playable, no picture for three seconds, both codes read; the same bytes each time."""
    film = Film(begins=NOW, seconds=12, gap=(5, 8), codes={(1, 4): "HJC-7K3M-9QXA", (9, 12): "3303-7KM2-9QXA-4TNB-C"})
    content = draw(film, seed="a")
    assert content == draw(film, seed="a") != draw(film, seed="b")
    file = tmp_path / "film.mp4"
    file.write_bytes(content)
    report = inspect_file(file)
    assert (report.usable, report.duration_ms, report.gaps) == (True, 12_000, ((5_000, 8_000),))
    assert [code.text for code in report.codes] == ["HJC-7K3M-9QXA", "3303-7KM2-9QXA-4TNB-C"]
    assert len(content) < 200_000


def test_what_was_begun_survives_a_run(tmp_path: Path) -> None:
    """Moment and labels are read back; a new database forgets them."""
    known = Known(tmp_path / "demo.json", "http://127.0.0.1:8000")
    known.begun["wenzhou"] = BEGUN
    known.save()
    again = Known(known.file, "http://127.0.0.1:8000")
    again.load()
    assert again.begun["wenzhou"] == BEGUN
    again.forget()
    assert again.begun == {}
