"""Numbers of labels, and their life against a model written the other way round."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from hengjian.ingestion.custody.label_life import LabelEvent, LabelState, Misfit, allowed_events, may_receive, told
from hengjian.tenants.domain.kinds_custody import LabelEventKind, SealState
from hengjian.tenants.domain.label_ids import (
    ALPHABET,
    check_character,
    neighbours_exchanged,
    new_label_id,
    read_label_id,
)

AT = datetime(2026, 5, 6, 1, tzinfo=UTC)
K, S = LabelEventKind, LabelState


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=20))
def test_check_character_is_that_of_the_standard(body: str) -> None:
    """Another implementation of ISO 7064 MOD 37,36 gives the same character."""
    assert check_character(body) == mod_37_36.calc_check_digit(body)


@given(st.integers(0, 15), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place: int, other: str) -> None:
    """No single wrong character leads to another label."""
    plain = new_label_id("330300").replace("-", "")
    changed = plain[:place] + other + plain[place + 1 :]
    assert (read_label_id(changed) is None) == (changed != plain)


def test_exchanged_neighbours_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two neighbours exchanged never lead to another label: a number of which that is not so is drawn again."""
    passes = "3303CDBVVD31NZFA"
    assert read_label_id("3303DCBVVD31NZFA" + check_character(passes)) is not None
    drawn = iter(passes[4:] + "7KM29QXA4TNB")
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    assert new_label_id("330300").startswith("3303-7KM2-9QXA-4TNB-")


def test_neighbours_exchanged_in_what_is_issued() -> None:
    """Of a thousand numbers no exchange of neighbours passes, be it typed or scanned."""
    for plain in (new_label_id("330300").replace("-", "") for _ in range(1_000)):
        assert all(read_label_id(other) is None for other in neighbours_exchanged(plain))


def test_ten_thousand_numbers_are_different_and_begin_with_the_city() -> None:
    """No number comes twice, and each tells its city."""
    numbers = {new_label_id("330300") for _ in range(10_000)}
    assert len(numbers) == 10_000
    assert all(number.startswith("3303-") for number in numbers)


def test_what_people_type_is_forgiven() -> None:
    """Small letters, blanks, O and l, and the address in the QR code all lead to the label."""
    number = new_label_id("330300")
    sloppy = number.lower().replace("-", " ")
    body, check = sloppy[:-1].replace("0", "o").replace("1", "l"), sloppy[-1]
    assert read_label_id(body + check) == number
    assert read_label_id(f"https://bureau.example/v/{number}") == number
    assert read_label_id("") is None
    assert read_label_id("https://bureau.example/") is None


# The model: the life of a good label as one regular sequence, told apart from the table of transitions.
GOOD = [K.PRINTED, K.SEALED, K.LABELLED, K.HANDED_OVER, K.RECEIVED, K.OPENED, K.ANALYSED]
MODEL = {
    S.ISSUED: {K.PRINTED: S.PRINTED, K.VOIDED: S.VOID},
    S.PRINTED: {K.SEALED: S.SEALED, K.REPRINTED: S.PRINTED, K.VOIDED: S.VOID},
    S.SEALED: {K.LABELLED: S.LABELLED, K.REPRINTED: S.SEALED, K.VOIDED: S.VOID},
    S.LABELLED: {
        K.HANDED_OVER: S.HANDED_OVER,
        K.RECEIVED: S.RECEIVED,
        K.REFUSED: S.REFUSED,
        K.REPRINTED: S.SEALED,
        K.VOIDED: S.VOID,
    },
    S.HANDED_OVER: {K.HANDED_OVER: S.HANDED_OVER, K.RECEIVED: S.RECEIVED, K.REFUSED: S.REFUSED},
    S.RECEIVED: {K.OPENED: S.OPENED},
    S.OPENED: {K.ANALYSED: S.ANALYSED},
    S.ANALYSED: {K.ANALYSED: S.ANALYSED},
    S.REFUSED: {},
    S.VOID: {},
}
events_drawn = st.lists(
    st.tuples(st.sampled_from(list(K)), st.sampled_from([None, *SealState]), st.integers(-2, 5)), max_size=12
)


def lived(drawn: list[tuple[LabelEventKind, SealState | None, int]]) -> list[LabelEvent]:
    """Events one after the other, now and then a step back in time."""
    now, events = AT, []
    for kind, seal, minutes in drawn:
        now += timedelta(minutes=minutes)
        events.append(LabelEvent(kind=kind, happened_at=now, seal=seal))
    return events


@settings(max_examples=500)
@given(events_drawn)
def test_every_step_agrees_with_the_model(drawn: list[tuple[LabelEventKind, SealState | None, int]]) -> None:
    """A step that the model knows is in order and leads where it says; any other is kept as a misfit."""
    events = lived(drawn)
    for number, event in enumerate(events):
        before, now = told(events[:number]), told(events[: number + 1])
        order = {misfit for place, misfit in now.misfits if place == number} & {
            Misfit.OUT_OF_ORDER,
            Misfit.AFTER_VOID,
            Misfit.AFTER_REFUSAL,
        }
        known = MODEL[before.state].get(event.kind)
        assert (known is None) == bool(order)
        if known is not None and (event.kind is not K.RECEIVED or event.seal is None or may_receive(event.seal)):
            assert now.state is known
        assert now.events == number + 1
        assert now.prints == sum(each.kind in {K.PRINTED, K.REPRINTED} for each in events[: number + 1])


@settings(max_examples=300)
@given(events_drawn)
def test_a_broken_seal_is_never_received(drawn: list[tuple[LabelEventKind, SealState | None, int]]) -> None:
    """Whatever is told, a sample received with a badly broken or missing seal does not stand as received by it."""
    events = lived(drawn)
    for number, event in enumerate(events):
        if event.kind is K.RECEIVED and event.seal in {SealState.BADLY_BROKEN, SealState.MISSING}:
            now = told(events[: number + 1])
            assert now.state in {S.REFUSED, S.VOID}
            assert (number, Misfit.BROKEN_ACCEPTED) in now.misfits


@settings(max_examples=300)
@given(events_drawn, events_drawn)
def test_an_end_stays_an_end(
    first: list[tuple[LabelEventKind, SealState | None, int]], more: list[tuple[LabelEventKind, SealState | None, int]]
) -> None:
    """Nothing told later brings a void or refused label back, and every later event is kept as a misfit."""
    events = lived(first + more)
    life = told(events[: len(first)])
    if life.state in {S.VOID, S.REFUSED}:
        whole = told(events)
        assert whole.state is life.state
        assert {place for place, _ in whole.misfits} >= set(range(len(first), len(events)))


def test_good_life_has_no_misfit() -> None:
    """Printed, sealed, labelled, handed over, received, opened, analysed: nothing to complain of."""
    checks = {K.RECEIVED: SealState.INTACT, K.OPENED: SealState.INTACT}
    life = told(
        LabelEvent(kind=kind, happened_at=AT + timedelta(minutes=number), seal=checks.get(kind))
        for number, kind in enumerate(GOOD)
    )
    assert (life.state, life.prints, life.misfits) == (S.ANALYSED, 1, ())


@pytest.mark.parametrize("state", list(S))
def test_pages_offer_what_the_model_allows(state: LabelState) -> None:
    """What a page offers next is what is in order next."""
    assert set(allowed_events(state)) == set(MODEL[state])
