"""Who may take which step with a change of a rule, whatever the steps before."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from hengjian.scoring.domain.rule_change import (
    SHADOW_DAYS,
    ChangeAct,
    ChangeState,
    Stage,
    Standing,
    Taker,
    change_refusal,
    stage_of,
)
from hengjian.scoring.errors import CHANGE_REFUSED

TODAY = date(2026, 11, 21)
ACTORS = ("a", "b")
ROLES = ("rule_author", "reviewer", "inspector")


def standings() -> some.SearchStrategy[Standing]:
    days = some.integers(-30, 60).map(lambda days: TODAY + timedelta(days=days))
    return some.builds(
        Standing,
        state=some.sampled_from(ChangeState),
        from_day=days,
        until=some.none() | days,
        drafted_by=some.sampled_from(ACTORS),
        submitted_by=some.none() | some.sampled_from(ACTORS),
        own=some.booleans(),
        previewed=some.booleans(),
        replay_differs=some.booleans(),
    )


TAKERS = some.builds(Taker, actor=some.sampled_from(ACTORS), roles=some.frozensets(some.sampled_from(ROLES)))


@given(standing=standings(), taker=TAKERS)
def test_an_approval_always_has_four_eyes_a_preview_and_shadow_days(standing: Standing, taker: Taker) -> None:
    """Whenever it is allowed: of the own bureau, sent, by somebody else, previewed, days ahead."""
    if change_refusal(standing, ChangeAct.APPROVE, taker, today=TODAY) is None:
        assert standing.own
        assert standing.state is ChangeState.SUBMITTED
        assert taker.actor not in {standing.drafted_by, standing.submitted_by}
        assert taker.roles & {"rule_author", "reviewer"}
        assert standing.previewed
        assert not standing.replay_differs
        assert (standing.from_day - TODAY).days >= SHADOW_DAYS


@given(standing=standings(), taker=TAKERS, act=some.sampled_from(ChangeAct))
def test_what_is_in_force_is_never_touched_again(standing: Standing, taker: Taker, act: ChangeAct) -> None:
    """Only another change ends it; and every refusal has its words."""
    why = change_refusal(standing, act, taker, today=TODAY)
    if stage_of(standing, TODAY) in {Stage.IN_FORCE, Stage.SWITCHED_OFF} and standing.from_day <= TODAY:
        assert why is not None
    if why is not None:
        assert all(CHANGE_REFUSED[why])
