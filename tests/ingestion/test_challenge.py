"""Challenges and comparisons: what is seen, what is claimed, what the server knows; the boundaries of each."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.ingestion.api import PROBLEM_TEXTS, ChallengeVerdict, RecordingRefusedError, issue_challenge
from hengjian.ingestion.recordings.domain.challenge import (
    CLOCK_TOLERANCE,
    ChallengeResult,
    Issued,
    challenge_result,
    new_code,
    qr_text,
    read_code,
)
from hengjian.ingestion.recordings.domain.comparison import Claim, Known, compared
from hengjian.platform.db import Database
from hengjian.platform.video import ReadCode, VideoReport
from hengjian.tenants.api import REGISTERS
from tests.support.api import Api, a_bureau_sender, a_sender
from tests.support.rows import a_row

AT = datetime(2026, 5, 6, 6, tzinfo=UTC)
LATE = AT + timedelta(days=1)
WORD = Issued("7K3M-9QXA", AT, AT + timedelta(minutes=10))
NONE = ChallengeResult(ChallengeVerdict.NONE_ISSUED)


def seen(at: timedelta, *, started: timedelta = timedelta(), declared: datetime | None = LATE) -> ChallengeResult:
    """The result for a word that is read at a time after the word was given out."""
    code = ReadCode(
        text=qr_text(WORD.code), first_seen_ms=(at - started) // timedelta(milliseconds=1), last_seen_ms=10**9
    )
    begin = AT + started
    return challenge_result(
        [WORD], [code], started_at=begin, ended_at=begin + timedelta(minutes=5), declared_at=declared
    )


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (timedelta(0), "SEEN_IN_TIME"),
        (timedelta(minutes=12), "SEEN_IN_TIME"),
        (timedelta(minutes=12, milliseconds=1), "SEEN_LATE"),
        (timedelta(minutes=-2), "SEEN_IN_TIME"),
        (timedelta(minutes=-2, milliseconds=-1), "SEEN_LATE"),
    ],
)
def test_a_word_is_seen_in_time_or_not_to_the_millisecond(after: timedelta, verdict: str) -> None:
    """Ten minutes, and two for the clock of the device; before it existed it cannot have been seen."""
    found = seen(after, started=timedelta(minutes=-5))
    assert found.verdict == verdict
    assert found.claim_false is (after < -CLOCK_TOLERANCE)


def test_a_hash_declared_in_time_proves_it_whatever_the_claim() -> None:
    """What the server knew before the word ended was made before it ended."""
    found = seen(timedelta(hours=3), declared=WORD.valid_until)
    assert (found.verdict, found.proven) == (ChallengeVerdict.SEEN_IN_TIME, True)
    assert not seen(timedelta(minutes=1)).proven


def test_a_word_that_is_not_shown_is_missed_only_at_its_time() -> None:
    """Not seen when one was given out for the time of the recording; none issued otherwise."""

    def found(start: timedelta) -> ChallengeVerdict:
        begin = AT + start
        end = begin + timedelta(minutes=5)
        return challenge_result([WORD], [], started_at=begin, ended_at=end, declared_at=None).verdict

    assert found(timedelta()) is ChallengeVerdict.NOT_SEEN
    assert found(timedelta(hours=1)) is ChallengeVerdict.NONE_ISSUED
    other = ReadCode(text=qr_text(new_code()), first_seen_ms=0, last_seen_ms=0)
    wrong = challenge_result([WORD], [other], started_at=AT, ended_at=LATE, declared_at=None)
    assert wrong.verdict is ChallengeVerdict.NOT_SEEN
    assert challenge_result([], [], started_at=AT, ended_at=LATE, declared_at=None) == NONE


@given(st.text(max_size=20))
def test_only_our_own_form_is_a_word(text: str) -> None:
    """Nothing else read in a picture passes for one, and ours comes back."""
    found = read_code(text)
    assert found is None or text.strip().upper().replace("-", "") == qr_text(found).replace("-", "")
    code = new_code()
    assert read_code(qr_text(code).lower()) == code


def problems(
    *, report: VideoReport | None = None, known: Known | None = None, challenge: ChallengeResult = NONE, **claim: object
) -> list[str]:
    """Codes of what does not fit in a recording of five minutes that is otherwise sound."""
    told = {
        "started_at": AT,
        "ended_at": AT + timedelta(minutes=5),
        "completed_at": AT + timedelta(minutes=5),
        "archived_at": AT + timedelta(hours=1),
    } | claim
    sound = VideoReport(sha256="", size=1, duration_ms=300_000, created_at=AT)
    return [one.code for one in compared(Claim(**told), report or sound, known or Known(), challenge)]  # type: ignore[arg-type]


def report(**changes: object) -> VideoReport:
    """A sound report with changes."""
    return VideoReport(**{"sha256": "", "size": 1, "duration_ms": 300_000, "created_at": AT} | changes)  # type: ignore[arg-type]


def test_times_that_do_not_fit_are_named() -> None:
    """The file's own time, its length, its arrival; each just inside and just outside; unknown is no fault."""
    assert problems() == []
    assert problems(report=report(created_at=None, duration_ms=None)) == []
    ten, second = timedelta(minutes=10), timedelta(seconds=1)
    assert problems(report=report(created_at=AT - ten)) == []
    assert problems(report=report(created_at=AT - ten - second)) == ["CREATED_AWAY_FROM_CLAIM"]
    assert problems(report=report(created_at=AT + ten + timedelta(minutes=5))) == []
    assert problems(report=report(created_at=(AT + timedelta(hours=2)).replace(tzinfo=None))) == [
        "CREATED_AWAY_FROM_CLAIM",
        "CREATED_AFTER_ARRIVAL",
    ]
    assert problems(report=report(duration_ms=295_000)) == []
    assert problems(report=report(duration_ms=294_999)) == ["LENGTH_DIFFERS"]
    assert problems(archived_at=AT + timedelta(minutes=3)) == []
    assert problems(archived_at=AT + timedelta(minutes=2, seconds=59)) == ["ENDED_AFTER_ARRIVAL"]


def test_a_wrong_label_is_named_and_a_film_older_than_its_label_too() -> None:
    """Labels in the picture against those told and those of the task's samples."""
    mine, task, wrong = "label-1", "label-2", "label-3"
    known = Known(seen_labels=frozenset({mine, task, wrong}), task_labels=frozenset({task}))
    claim = Claim(
        started_at=AT,
        ended_at=AT + timedelta(minutes=5),
        completed_at=AT + timedelta(minutes=5),
        archived_at=LATE,
        labels=frozenset({mine}),
    )
    found = compared(claim, report(), known, NONE)
    assert [(one.code, one.facts) for one in found] == [("LABEL_OF_ANOTHER_SAMPLE", {"label": wrong})]
    assert problems(labels=frozenset({mine})) == ["LABEL_NOT_SEEN"]
    issued = Known(seen_labels=frozenset({mine}), issued={mine: AT + timedelta(minutes=2)})
    assert problems(labels=frozenset({mine}), known=issued) == []
    later = Known(seen_labels=frozenset({mine}), issued={mine: AT + timedelta(minutes=2, seconds=1)})
    assert problems(labels=frozenset({mine}), known=later) == ["MADE_BEFORE_LABEL"]


def test_every_code_has_words_that_take_its_facts() -> None:
    """Both languages, for all that can be found."""
    challenges = [
        ChallengeResult(ChallengeVerdict.NOT_SEEN),
        ChallengeResult(ChallengeVerdict.SEEN_LATE, "A", AT),
        ChallengeResult(ChallengeVerdict.SEEN_LATE, "A", AT, claim_false=True),
    ]
    claim = Claim(started_at=AT, ended_at=LATE, completed_at=LATE, archived_at=AT, labels=frozenset({"a"}))
    known = Known(seen_labels=frozenset({"b"}), issued={"a": LATE + timedelta(days=9)})
    found = {
        one.code: one
        for challenge in challenges
        for made in (AT - timedelta(days=1), LATE)
        for one in compared(claim, report(created_at=made), known, challenge)
    }
    assert found.keys() == PROBLEM_TEXTS.keys()
    for one in found.values():
        told = PROBLEM_TEXTS[one.code].told(one.facts)
        assert "{" not in told.zh + told.en


ISSUE = """mutation ($input: IssueChallengeInput!) { issueFieldChallenge(input: $input) {
  challenge { id code qr issuedAt validUntil } userErrors { code messageZh messageEn } } }"""


async def test_a_word_is_given_out_for_a_task_that_is_known(api: Api, database: Database) -> None:
    """Ten minutes by the server's clock; an unknown task, another's task and a bureau get none."""
    sender, other, bureau = await a_sender(database), await a_sender(database), await a_bureau_sender(database)
    register = next(one for one in REGISTERS if one.kind == "monitoringTasks")
    await api.push(sender.key, "monitoringTasks", [a_row(register, "T-1")])

    async def ask(key: str) -> tuple[dict[str, str] | None, list[str]]:
        body = await api.ask(key, ISSUE, {"input": {"taskRef": "T-1"}})
        made = body["data"]["issueFieldChallenge"]
        return made["challenge"], [error["code"] for error in made["userErrors"]]

    challenge, errors = await ask(sender.key)
    assert errors == []
    assert challenge is not None
    assert read_code(challenge["qr"]) == challenge["code"]
    length = datetime.fromisoformat(challenge["validUntil"]) - datetime.fromisoformat(challenge["issuedAt"])
    assert length == timedelta(minutes=10)
    assert await ask(other.key) == (None, ["TASK_UNKNOWN"])
    assert await ask(bureau.key) == (None, ["FORBIDDEN"])
    with pytest.raises(RecordingRefusedError):
        async with database.write(other.caller) as session:
            await issue_challenge(session, sender.organization.id, "T-1", issued_to=str(uuid4()), now=AT)
