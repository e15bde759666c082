"""One step with many findings: what would happen, and doing it."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.platform.db import ReadSession, Session
from hengjian.scoring.decide_finding import decide_finding
from hengjian.scoring.domain.finding_life import Act, Life, Refusal, State
from hengjian.scoring.errors import StepRefusedError
from hengjian.scoring.finding_steps import Person, lives_of, refused_now

BULK_ACTS = (Act.NOTIFY, Act.PROPOSE_CONFIRM, Act.CONFIRM, Act.RETURN, Act.VERIFY, Act.CLOSE)
MOST_AT_ONCE = 200
_WEIGHED_ALONE = frozenset({Act.PROPOSE_CONFIRM, Act.CONFIRM, Act.RETURN})


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """Which findings a step would take, and why not the others; unknown numbers are in neither."""

    ready: tuple[str, ...]
    refused: tuple[tuple[str, Refusal], ...]


async def preview_steps(session: ReadSession, nos: list[str], act: Act, *, by: Person, now: datetime) -> BulkPreview:
    """What `take_steps` would do now. Where the institution has spoken, each finding is weighed by itself."""
    wanted = list(dict.fromkeys(nos))[:MOST_AT_ONCE]
    lives = await lives_of(session, wanted)
    told = {
        no: refused_now(session, lives[no], act, by=by, now=now) or _weighed_alone(lives[no], act)
        for no in wanted
        if no in lives
    }
    return BulkPreview(
        ready=tuple(no for no, why in told.items() if why is None),
        refused=tuple((no, why) for no, why in told.items() if why is not None),
    )


async def take_steps(
    session: Session, nos: list[str], act: Act, *, by: Person, reason: str, until: date | None, now: datetime
) -> BulkPreview:
    """Take the step wherever it is still allowed; what others changed since the preview is refused, not forced."""
    preview = await preview_steps(session, nos, act, by=by, now=now)
    done: list[str] = []
    refused = list(preview.refused)
    for no in sorted(preview.ready):
        try:
            await decide_finding(session, no, act, by=by, reason=reason, until=until, now=now)
            done.append(no)
        except StepRefusedError as late:
            refused.append((no, late.reason))
    return BulkPreview(tuple(done), tuple(refused))


def _weighed_alone(life: Life, act: Act) -> Refusal | None:
    spoken = life.state is State.STATED or life.contested
    return Refusal.ONE_BY_ONE if spoken and act in _WEIGHED_ALONE else None
