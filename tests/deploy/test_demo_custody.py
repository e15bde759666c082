"""The demo's way of samples: through the public API, once, without a fault, and one sample refused."""

from datetime import UTC, datetime, timedelta

from hengjian.deploy.demo.custody import TASK, story
from hengjian.ingestion.api import EntryTerms, LabelState, task_with_samples
from hengjian.platform.db import Database
from tests.support.api import api_over
from tests.support.custody import with_labels


async def test_the_story_is_sound(app_url: str, database: Database) -> None:
    """Every row is accepted; the labels stand where the story says, and nothing speaks against an entry."""
    one = await with_labels(database, 3)
    async with api_over(app_url) as api:
        for kind, rows in story(list(one.labels), datetime.now(UTC) - timedelta(hours=8)):
            receipt = (await api.push(one.sender.key, kind, rows))["receipt"]
            assert (receipt["accepted"], receipt["refused"]) == (len(rows), 0), receipt["rows"]
    async with database.read(one.sender.caller) as session:
        task = await task_with_samples(session, one.organization.id, TASK)
    assert task is not None
    states = [label.state for sample in task.samples for label in sample.labels]
    assert states == [LabelState.ANALYSED, LabelState.REFUSED, LabelState.HANDED_OVER]
    assert task.faults(lambda _day: EntryTerms(within_m=300, clock_ahead=timedelta(minutes=2))) == {}
    assert [label.life.misfits for sample in task.samples for label in sample.labels] == [(), (), ()]
