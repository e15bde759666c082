"""Rows per second of the whole push over HTTP, against a bare route that runs the same SQL statements."""

from hengjian.deploy.embedded import plain_url
from tests.bench.figures import Figure, Rounds, compared
from tests.bench.load import Link, request, run_load
from tests.bench.people import ROWS, Batches, Pusher, dealt, make_pushers
from tests.bench.stage import Stage, settle

LINKS = 4
ROUNDS = 9
WARM_UP = 2
PUSHES = 24
DOCUMENT = """mutation Push($input: PushPeopleInput!) {
  pushPeople(input: $input) { receipt { id state sent accepted refused } userErrors { code } }
}"""


def measure(stage: Stage) -> list[Figure]:
    """Interleaved rounds of pushes by four contractors at once."""
    pushers = make_pushers(stage.app_url, LINKS)
    batches = Batches()
    product = Side(stage, "product", stage.product())
    floor = Side(stage, "floor", floor_port(stage))
    for _ in range(WARM_UP + ROUNDS):
        product.push(product_requests(batches, pushers, PUSHES))
        floor.push(floor_requests(batches, pushers, PUSHES))
    product.close()
    floor.close()
    return [compared("push_1000_vs_rest", product.rounds.skip(WARM_UP), floor.rounds.skip(WARM_UP), "rows/s")]


class Side:
    """One of the two servers that take turns."""

    def __init__(self, stage: Stage, name: str, port: int) -> None:
        self._stage, self._name = stage, name
        self._links = [Link(port) for _ in range(LINKS)]
        self.rounds = Rounds()

    def close(self) -> None:
        for link in self._links:
            link.close()

    def push(self, requests: list[bytes], accepted: bytes = b'"accepted":%d' % ROWS) -> None:
        """One round of batches; its rate is in rows per second, its CPU for 1,000 rows."""
        self.ask(requests, accepted, worth=ROWS)

    def ask(self, requests: list[bytes], wanted: bytes, *, worth: int = 1) -> None:
        """One round of requests, each of which is worth so many units of work.

        Raises:
            RuntimeError: an answer does not hold what is wanted.
        """
        before = [self._stage.cpu(name) for name in (self._name, "postgres")]
        seconds, answers = run_load(self._links, dealt(requests, len(self._links)))
        settle(0.2)
        server, postgres = (self._stage.cpu(name) for name in (self._name, "postgres"))
        wrong = [answer for answer in answers if wanted not in answer]
        if wrong or len(answers) != len(requests):
            raise RuntimeError(f"not as wanted: {wrong[:1]}")
        self.rounds.rates.append(len(requests) * worth / seconds)
        self.rounds.server.append((server - before[0]) / len(requests))
        self.rounds.postgres.append((postgres - before[1]) / len(requests))


def floor_port(stage: Stage) -> int:
    """The bare route."""
    return stage.granian("floor", "tests.bench.floor:create_app", {"FLOOR_URL": plain_url(stage.app_url)})


def product_requests(batches: Batches, pushers: list[Pusher], number: int) -> list[bytes]:
    """Pushes with the keys of the pushers in turn."""
    headers = [{"Authorization": f"Bearer {pusher.key}"} for pusher in pushers]
    return [request("/graphql", batches.push(DOCUMENT), headers[n % len(headers)]) for n in range(number)]


def floor_requests(batches: Batches, pushers: list[Pusher], number: int) -> list[bytes]:
    """The same batches as the bare route takes them."""
    made = []
    for n in range(number):
        body = b'{"idempotencyKey":"floor-%d-%b","rows":%b}' % (n, (rows := batches.next())[20:30], rows)
        made.append(request(f"/rows/{pushers[n % len(pushers)].tenant_id}", body, {}))
    return made
