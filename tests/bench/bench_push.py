"""Rows per second of the whole push over HTTP, against a bare route that runs the same SQL statements."""

from hengjian.deploy.embedded import plain_url
from tests.bench.figures import Figure, compared
from tests.bench.load import Link, request, run_load
from tests.bench.people import ROWS, Batches, Pusher, dealt, make_pushers
from tests.bench.stage import Stage, settle

LINKS = 4
ROUNDS = 9
PUSHES = 24
DOCUMENT = """mutation Push($input: PushPeopleInput!) {
  pushPeople(input: $input) { receipt { id state sent accepted refused } userErrors { code } }
}"""


def measure(stage: Stage) -> list[Figure]:
    """Interleaved rounds of pushes by four contractors at once."""
    pushers = make_pushers(stage.app_url, LINKS)
    batches = Batches()
    product = [Link(stage.product()) for _ in pushers]
    floor = [Link(floor_port(stage)) for _ in pushers]
    ours, theirs = [], []
    for turn in range(ROUNDS + 2):
        ours.append(pushed(product, product_requests(batches, pushers, PUSHES)))
        settle(0.2)
        theirs.append(pushed(floor, floor_requests(batches, pushers, PUSHES)))
        settle(0.2)
        if turn < 2:  # the first two rounds only warm up
            ours.clear()
            theirs.clear()
    for link in (*product, *floor):
        link.close()
    return [compared("push_1000_vs_rest", ours, theirs, "rows/s")]


def floor_port(stage: Stage) -> int:
    """The bare route."""
    return stage.granian("floor", "tests.bench.floor:create_app", {"FLOOR_URL": plain_url(stage.app_url)})


def pushed(links: list[Link], requests: list[bytes]) -> float:
    """Rows per second of a round.

    Raises:
        RuntimeError: an answer says that rows were not accepted.
    """
    seconds, answers = run_load(links, dealt(requests, len(links)))
    wrong = [answer for answer in answers if b'"accepted":%d' % ROWS not in answer]
    if wrong or len(answers) != len(requests):
        raise RuntimeError(f"not accepted: {wrong[:1]}")
    return len(requests) * ROWS / seconds


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
