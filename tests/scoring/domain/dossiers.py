"""A small dossier: one contractor that was short of supervisors for a while, with a person without a pledge."""

from collections.abc import Mapping
from datetime import date

from hengjian.scoring.domain.counting import BreachKey
from hengjian.scoring.domain.credit_history import CreditHistory, Penalty, Span
from hengjian.scoring.domain.dossier import About, make_dossier
from hengjian.scoring.domain.dossier_decisions import Case, DecisionStep
from hengjian.scoring.domain.dossier_inputs import Judgeable
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.lawbook_files import load_lawbook

BOOK = load_lawbook()
SINCE, AS_OF = date(2025, 10, 1), date(2026, 10, 31)
DAYS = (SINCE, date(2026, 3, 2), date(2026, 5, 20), AS_OF)
ABOUT = About(
    credit_code="91650102MA00000000",
    name="试验运维有限公司",
    region="650102",
    since=SINCE,
    as_of=AS_OF,
    known_at="2026-11-20T08:00:00+00:00",
    basis="decisions",
)


def subjects() -> list[Judgeable]:
    """51 points from March on, a second supervisor from 20 May; a technician who signed nothing."""
    contractor = Subject(kind="contractor", key="", label="")
    for day, points, supervisors in zip(DAYS, (40, 51, 51, 51), (1, 1, 2, 2), strict=True):
        contractor.by_day[day] = {"points": points, "supervisors": supervisors, "technicians": 7, "sets": None}
    person = Subject(kind="person", key="P-1", label="张三")
    for day in DAYS[1:]:
        person.by_day[day] = {"as_of": day, "hired_on": date(2026, 3, 2), "pledge_signed": False}
    return [Judgeable(contractor, DAYS), Judgeable(person, DAYS)]


def history() -> CreditHistory:
    """Business all the time, one warning."""
    warning = Penalty(document_no="罚〔2026〕1号", measure="warning", decided_on=date(2026, 6, 1))
    return CreditHistory(kind="contractor", assessed=frozenset({"D1"}), business=(Span(SINCE),), penalties=(warning,))


def cases() -> dict[BreachKey, Case]:
    """The supervisors' breach is confirmed, the technician's pledge is not decided."""
    steps = (DecisionStep(act="confirm", at="2026-06-02T02:00:00+00:00", facts_sha256="00" * 32),)
    confirmed = Case(no="WG-650102-2026-00001", life=Life(state=State.RECTIFIED, confirmed=True), steps=steps)
    open_one = Case(no="WG-650102-2026-00002", life=Life())
    return {
        ("C-04", "contractor", "", DAYS[1]): confirmed,
        ("C-13", "person", "P-1", DAYS[1]): open_one,
    }


def a_dossier(decided: Mapping[BreachKey, Case] | None = None) -> bytes:
    """The dossier of its score."""
    model = BOOK.credit_model(region="650102", on=AS_OF)
    return make_dossier(
        ABOUT,
        packs=BOOK.packs,
        model=model,
        subjects=subjects(),
        history=history(),
        cases=cases() if decided is None else decided,
        provenance=[{"register": "points", "source_ref": "p1", "sha256": "00"}],
    )
