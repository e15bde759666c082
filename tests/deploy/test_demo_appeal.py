"""The demo's appeal goes on where it stopped, and leaves a finding alone that people took another way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from hengjian.deploy.demo.appeal import STEPS, enter_appeal
from hengjian.deploy.demo.client import AnswerError, Client
from hengjian.deploy.demo.pages import Pages
from hengjian.deploy.demo.people import log_ins
from hengjian.deploy.demo.stories import contractors

ACTS = [step.act for step in STEPS]


@dataclass
class Case:
    """A server with one finding (or none), the steps taken, and who took them; it may break."""

    taken: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    known: bool = True
    breaks_after: int = 100

    def take(self, who: str, act: str) -> None:
        if len(self.taken) >= self.breaks_after:
            raise AnswerError("broken")
        self.taken.append(act)
        self.by.append(who)

    def run(self) -> list[str]:
        told: list[str] = []
        server = Server(self)
        enter_appeal(server, server, "CODE", open_pages=lambda login: Person(self, login), told=told.append)
        return told


class Server(Client):
    def __init__(self, case: Case) -> None:
        super().__init__("http://127.0.0.1:9/graphql")
        self.case = case

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        given = variables or {}
        if "findings(" in document:
            return {"findings": {"nodes": [{"no": "WG-1"}] if self.case.known else []}}
        if "finding(" in document:
            return {"finding": {"events": [{"event": act} for act in ("opened", *self.case.taken)]}}
        appeal = "appealFinding" in document
        self.case.take("", "appeal" if appeal else "object" if given["input"]["objection"] else "state")
        return {"appealFinding" if appeal else "stateFinding": {"userErrors": []}}


class Person(Pages):
    def __init__(self, case: Case, login: str) -> None:
        super().__init__("http://127.0.0.1:9")
        self.case, self.login = case, login

    def submit(self, page: str, action: str, fields: Mapping[str, str]) -> None:
        assert (page, action) == ("/findings/WG-1", "/findings/WG-1/steps")
        self.case.take(self.login, fields["act"])


@pytest.mark.parametrize("stopped", range(len(STEPS) + 1))
def test_a_broken_run_is_taken_up_where_it_stopped(stopped: int) -> None:
    """Wherever it broke, every step is taken once and in order; a further run takes none."""
    case = Case(breaks_after=stopped)
    if stopped < len(STEPS):
        with pytest.raises(AnswerError, match="broken"):
            case.run()
    case.breaks_after = 100
    assert [case.run(), case.run()] == [[], []]
    assert case.taken == ACTS


def test_a_finding_that_went_another_way_is_left_alone() -> None:
    """Somebody who tries the demo dismissed it: the loader does not go on with it."""
    case = Case(taken=["notify", "propose_dismiss", "dismiss"])
    assert case.run() == []
    assert case.by == []


def test_a_finding_that_is_not_there_yet_is_told() -> None:
    """Before the judgement has come nothing is done, and it is said what to do."""
    (told,) = Case(known=False).run()
    assert "load again" in told


def test_six_people_with_a_log_in_each_decide() -> None:
    """Nobody who took part before decides the objection or the appeal; everybody can sign in."""
    logins = [step.login for step in STEPS if step.login]
    assert len(set(logins[1:])) == len(logins) - 1 == 6
    assert {*logins} <= {person.login for person in log_ins(contractors())}
