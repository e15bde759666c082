"""What the operator of a new deployment does at the command line: bureaus, people, keys."""

import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

from hengjian.deploy.cli import main

Json = dict[str, Any]


class CommandError(Exception):
    """A command of `hengjian` refused; the message is its own."""

    def __init__(self, words: Sequence[str], answer: Json) -> None:
        told = answer.get("error", {})
        super().__init__(f"hengjian {' '.join(words[:2])}: {told.get('en', 'no answer')}")
        self.code: str = told.get("code", "")


def hengjian(*words: str) -> Json:
    """The answer of one command, run in this process: the same as in a shell without a start of Python each time.

    Raises:
        CommandError: it refused.
    """
    said = io.StringIO()
    with redirect_stdout(said):
        main.main(args=[*words, "--json"], prog_name="hengjian", standalone_mode=False)
    answer: Json = json.loads(said.getvalue() or '{"error": {}}')
    if "error" in answer:
        raise CommandError(words, answer)
    return answer
