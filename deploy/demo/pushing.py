"""Send a story: one mutation a push, in order, each under a key made of its content, so that nothing enters twice."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from hengjian.deploy.demo.client import AnswerError, Client
from hengjian.deploy.demo.plans import Push, Row, Story

STREAM = "main"
FIELDS = 5
"""How many streams one question asks for; the API takes at most 5 root fields."""
DOCUMENT = """
mutation Push{name}($input: Push{name}Input!) {{
  push{name}(input: $input) {{
    receipt {{ id state sent accepted acceptedWithWarnings refused replayed }}
    userErrors {{ code messageEn }}
  }}
}}"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One push with its place in its stream, as it is sent; `repeat` marks the second sending of the same batch."""

    kind: str
    sequence: int
    mode: str
    rows: tuple[Row, ...]
    repeat: bool = False

    @property
    def input(self) -> dict[str, object]:
        """The argument of the mutation."""
        content: dict[str, object] = {
            "stream": STREAM,
            "sequence": self.sequence,
            "mode": self.mode,
            "rows": list(self.rows),
        }
        digest = sha256(json.dumps([self.kind, content], sort_keys=True).encode()).hexdigest()
        return {"idempotencyKey": f"demo-{digest[:32]}", **content}


def batches(pushes: tuple[Push, ...]) -> Iterator[Batch]:
    """The pushes numbered kind by kind from 1, with the gaps and repetitions they ask for."""
    numbers: defaultdict[str, int] = defaultdict(int)
    for push in pushes:
        numbers[push.kind] += 1 + push.skip
        for time in range(1 + push.repeated):
            yield Batch(push.kind, numbers[push.kind], push.mode, push.rows, repeat=time > 0)


def unsent(client: Client, story: Story) -> list[Batch]:
    """What the server's streams still lack of a story, in the order of sending: all of it, the rest, or nothing."""
    planned = list(batches(story.pushes))
    kinds = sorted({batch.kind for batch in planned})
    seen: dict[str, int] = {}
    for start in range(0, len(kinds), FIELDS):
        asked = kinds[start : start + FIELDS]
        fields = " ".join(f'{kind}: streamStatus(kind: "{kind}", stream: "{STREAM}") {{ highest }}' for kind in asked)
        seen.update({kind: status["highest"] for kind, status in client.ask(f"{{ {fields} }}").items()})
    return [batch for batch in planned if batch.sequence > seen[batch.kind]]


def send(client: Client, story: Story, waiting: Iterable[Batch], *, told: Callable[[], None]) -> Counter[str]:
    """Send the waiting batches of a story; `told` is called after each.

    Returns: how many rows were sent, accepted, accepted with warnings and refused, how many batches were replays.

    Raises:
        AnswerError: a batch was not taken as a whole.
    """
    counts: Counter[str] = Counter()
    for batch in waiting:
        name = batch.kind[0].upper() + batch.kind[1:]
        answer = client.ask(DOCUMENT.format(name=name), {"input": batch.input})[f"push{name}"]
        receipt = answer["receipt"]
        if receipt is None:
            raise AnswerError(f"{story.name}, {batch.kind} {batch.sequence}: {answer['userErrors']}")
        counts["replayed batches"] += receipt["replayed"]
        if not receipt["replayed"]:
            for field in ("sent", "accepted", "acceptedWithWarnings", "refused"):
                counts[field] += receipt[field]
        told()
    return counts
