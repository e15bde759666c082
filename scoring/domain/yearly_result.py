"""The result of a natural year in a region: prepared, approved by a second person, public for a while, then final.

Each organization's grade becomes final by itself, once no objection or appeal of its own waits. Source: rules E5
(publicity after Wuhu, end of March after Shanghai, the rest our proposal).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from hengjian.platform.calendar import Calendar, add_working_days
from hengjian.scoring.domain.finding_life import Doer


class ResultAct(StrEnum):
    """A step with the result of a year."""

    PREPARE = "prepare"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    PROPOSE_CORRECT = "propose_correct"
    CORRECT = "correct"


class ResultState(StrEnum):
    """未开始, 待批准, 公示中, 公示期满待公布, 已公布."""

    NONE = "none"
    PREPARED = "prepared"
    PUBLICITY = "publicity"
    PUBLISHING = "publishing"
    PUBLISHED = "published"


class ResultRefusal(StrEnum):
    """Why a step cannot be taken."""

    ROLE = "role"
    STATE = "state"
    YEAR_NOT_OVER = "year_not_over"
    SAME_PERSON = "same_person"
    PUBLICITY_LASTS = "publicity_lasts"
    ALL_WAIT = "all_wait"
    NOTHING_MOVED = "nothing_moved"
    NO_PROPOSAL = "no_proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Calendar days of publicity, and working days to publish after it, as the credit model has them."""

    publicity_days: int
    publish_working_days: int

    @classmethod
    def of(cls, terms: Mapping[str, int]) -> "Terms":
        """From the terms of a credit model."""
        return cls(publicity_days=terms["publicity_days"], publish_working_days=terms["publish_working_days"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One organization on the list: whether its grade is final, and whether an objection or appeal of it waits.

    `moved` is true when a decision after publication gives it another score or grade than the final one.
    """

    final: bool = False
    waits: bool = False
    moved: bool = False

    @property
    def ready(self) -> bool:
        """Whether its grade may become final."""
        return not self.final and not self.waits

    @property
    def wrong(self) -> bool:
        """Whether its final grade is to be corrected."""
        return self.final and self.moved and not self.waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many organizations a list has; of how many the grade is final, may become final, or is to be corrected."""

    total: int = 0
    final: int = 0
    ready: int = 0
    wrong: int = 0

    @classmethod
    def of(cls, entries: Mapping[Entry, int]) -> "Tally":
        """From how many entries there are of each kind."""
        return cls(
            total=sum(entries.values()),
            final=sum(count for entry, count in entries.items() if entry.final),
            ready=sum(count for entry, count in entries.items() if entry.ready),
            wrong=sum(count for entry, count in entries.items() if entry.wrong),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyResult:
    """Where the result of a year stands; `publicity_until` is the last day of publicity, once it is approved.

    `correction_by` is who proposed to correct final grades, while nobody has decided it.
    """

    year: int
    prepared_by: str | None = None
    publicity_until: date | None = None
    correction_by: str | None = None

    def state(self, tally: Tally, *, on: date) -> ResultState:
        """What it is on a day."""
        if self.prepared_by is None:
            return ResultState.NONE
        if self.publicity_until is None:
            return ResultState.PREPARED
        if on <= self.publicity_until:
            return ResultState.PUBLICITY
        return ResultState.PUBLISHED if tally.final == tally.total else ResultState.PUBLISHING

    def publish_by(self, terms: Terms, calendar: Calendar) -> date | None:
        """The last day to publish what waits for nothing: working days after publicity, 31 March at the latest."""
        if self.publicity_until is None:
            return None
        return min(add_working_days(self.publicity_until, terms.publish_working_days, calendar).day, self.end_of_march)

    @property
    def end_of_march(self) -> date:
        """The day by which the grades of a year should be out."""
        return date(self.year + 1, 3, 31)


ROLES: Mapping[ResultAct, str] = {
    ResultAct.PREPARE: "inspector",
    ResultAct.APPROVE: "reviewer",
    ResultAct.RETURN: "reviewer",
    ResultAct.PUBLISH: "reviewer",
    ResultAct.PROPOSE_CORRECT: "inspector",
    ResultAct.CORRECT: "reviewer",
}


def result_refusal(result: YearlyResult, act: ResultAct, doer: Doer, tally: Tally, *, on: date) -> ResultRefusal | None:
    """Why somebody may not take a step on a day, or None when they may."""
    if ROLES[act] not in doer.roles:
        return ResultRefusal.ROLE
    state = result.state(tally, on=on)
    match act:
        case ResultAct.PREPARE:
            early = ResultRefusal.YEAR_NOT_OVER if on.year <= result.year else None
            return ResultRefusal.STATE if state is not ResultState.NONE else early
        case ResultAct.PROPOSE_CORRECT | ResultAct.CORRECT:
            return _correcting(result, act, doer, tally)
        case ResultAct.APPROVE | ResultAct.RETURN:
            return _deciding(result, act, doer, state)
        case ResultAct.PUBLISH:
            return _publishing(state, tally)


def _deciding(result: YearlyResult, act: ResultAct, doer: Doer, state: ResultState) -> ResultRefusal | None:
    proposer = result.prepared_by if state is ResultState.PREPARED else None
    if act is ResultAct.RETURN:
        proposer = proposer or result.correction_by
    if proposer is None:
        return ResultRefusal.STATE
    return ResultRefusal.SAME_PERSON if doer.actor == proposer else None


def _correcting(result: YearlyResult, act: ResultAct, doer: Doer, tally: Tally) -> ResultRefusal | None:
    if not tally.wrong:
        return ResultRefusal.NOTHING_MOVED
    if act is ResultAct.PROPOSE_CORRECT:
        return None if result.correction_by is None else ResultRefusal.STATE
    if result.correction_by is None:
        return ResultRefusal.NO_PROPOSAL
    return ResultRefusal.SAME_PERSON if doer.actor == result.correction_by else None


def _publishing(state: ResultState, tally: Tally) -> ResultRefusal | None:
    if state is ResultState.PUBLICITY:
        return ResultRefusal.PUBLICITY_LASTS
    if state is not ResultState.PUBLISHING:
        return ResultRefusal.STATE
    return None if tally.ready else ResultRefusal.ALL_WAIT


def result_after(
    result: YearlyResult, act: ResultAct, doer: Doer, *, on: date, terms: Terms, calendar: Calendar
) -> YearlyResult:
    """The result after a step that was not refused.

    Publicity begins on the day after its approval; a last day that is off moves to the next working day (民法典 art.
    201, 203).
    """
    match act:
        case ResultAct.PREPARE:
            return replace(result, prepared_by=doer.actor)
        case ResultAct.APPROVE:
            last = add_working_days(on + timedelta(days=terms.publicity_days), 0, calendar).day
            return replace(result, publicity_until=last)
        case ResultAct.RETURN if result.correction_by is None:
            return YearlyResult(year=result.year)
        case ResultAct.PROPOSE_CORRECT:
            return replace(result, correction_by=doer.actor)
        case ResultAct.CORRECT | ResultAct.RETURN:
            return replace(result, correction_by=None)
        case ResultAct.PUBLISH:
            return result
