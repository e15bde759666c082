"""Loading the demo region can stop anywhere and go on later."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hengjian.deploy.demo.client import AnswerError, Client
from hengjian.deploy.demo.known import Known
from hengjian.deploy.demo.people import BUREAUS, log_ins
from hengjian.deploy.demo.pushing import batches, send, unsent
from hengjian.deploy.demo.stories import contractors
from hengjian.tenants.domain.identifiers import credit_code_problems
from hengjian.tenants.domain.roles import Role

STORY = contractors()[3]


class Streams(Client):
    """A server that counts streams and keeps batches by key, until it is told to break."""

    def __init__(self, *, breaks_after: int = 10**9) -> None:
        super().__init__("http://127.0.0.1:9/graphql", "key")
        self.highest: dict[str, int] = {}
        self.keys: set[object] = set()
        self.breaks_after = breaks_after

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        if variables is None:
            kinds = {batch.kind for batch in batches(STORY.pushes)}
            return {kind: {"highest": self.highest.get(kind, 0)} for kind in kinds}
        if len(self.keys) >= self.breaks_after:
            raise AnswerError("broken")
        sent = variables["input"]
        name = document.split("mutation Push")[1].split("(", maxsplit=1)[0]
        kind = name[0].lower() + name[1:]
        replayed = sent["idempotencyKey"] in self.keys
        assert replayed or sent["sequence"] > self.highest.get(kind, 0)
        self.keys.add(sent["idempotencyKey"])
        self.highest[kind] = sent["sequence"]
        count = len(sent["rows"])
        receipt = {"sent": count, "accepted": count, "acceptedWithWarnings": 0, "refused": 0, "replayed": replayed}
        return {f"push{name}": {"receipt": receipt, "userErrors": []}}


def test_a_broken_run_is_taken_up_where_it_stopped() -> None:
    """Everything arrives once and in order; a third run has nothing to send."""
    server = Streams(breaks_after=9)
    with pytest.raises(AnswerError, match="broken"):
        send(server, STORY, unsent(server, STORY), told=lambda: None)
    server.breaks_after = 10**9
    counts = send(server, STORY, unsent(server, STORY), told=lambda: None)
    assert (len(server.keys), counts["replayed batches"]) == (len(STORY.pushes), 1)
    assert unsent(server, STORY) == []


def test_secrets_survive_a_run_and_are_for_their_owner_only(tmp_path: Path) -> None:
    """The file is written whole, with mode 600, and read back."""
    known = Known(tmp_path / "var" / "demo.json", "http://127.0.0.1:8000")
    known.users["clerk"] = {"login": "clerk", "password": "p", "totp_secret": "s", "role": "clerk", "region": "6501"}
    known.save()
    again = Known(known.file, "http://127.0.0.1:8001")
    again.load()
    again.save()
    assert again.users == known.users
    assert known.file.stat().st_mode & 0o777 == 0o600
    assert '"graphql_url": "http://127.0.0.1:8001/graphql"' in known.file.read_text("utf-8")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"users": 3, "keys": []}'])
def test_a_damaged_file_holds_nothing(tmp_path: Path, damage: str) -> None:
    """Half a file never passes for log-ins."""
    known = Known(tmp_path / "demo.json", "http://127.0.0.1:8000")
    known.file.write_text(damage, "utf-8")
    known.load()
    assert (known.users, known.keys) == ({}, {})


def test_every_role_can_be_tried() -> None:
    """Each role has a log-in, each bureau all four of its own; the bureaus' codes are right."""
    people = log_ins(contractors())
    assert {person.role for person in people} == {role.value for role in Role}
    assert len({person.login for person in people}) == len(people)
    assert all(credit_code_problems(bureau.credit_code) == () for bureau in BUREAUS)
