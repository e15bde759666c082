"""The file that tells the demo's log-ins and keys, kept up to date after every step so that none is lost."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hengjian.deploy.demo.people import BUREAUS

_BUREAUS = frozenset(bureau.credit_code for bureau in BUREAUS)
Json = dict[str, Any]


@dataclass(slots=True)
class Known:
    """What `demo.json` holds: users by login and keys by credit code, with their secrets. Only its owner may read it.

    `begun` keeps what a story chose when it was begun, by its name, so that a run that broke off goes on with it.
    """

    file: Path
    base_url: str
    users: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, Json] = field(default_factory=dict)
    begun: dict[str, Json] = field(default_factory=dict)

    def load(self) -> None:
        """Take over what an earlier run wrote; a file that is missing or damaged holds nothing."""
        try:
            content = json.loads(self.file.read_text("utf-8"))
            self.users = {user["login"]: user for user in content["users"]}
            self.keys = {key["credit_code"]: key for key in content["keys"]}
            self.begun = dict(content.get("begun", {}))
        except (OSError, ValueError, KeyError, TypeError):
            self.forget()

    def forget(self) -> None:
        """Nothing is known: the database is new."""
        self.users, self.keys, self.begun = {}, {}, {}

    def save(self) -> None:
        """Write the file whole or not at all."""
        content = {
            "base_url": self.base_url,
            "graphql_url": f"{self.base_url}/graphql",
            "users": list(self.users.values()),
            # Whoever takes the first key means to push registers, and a bureau has none.
            "begun": self.begun,
            "keys": sorted(self.keys.values(), key=lambda key: key["credit_code"] in _BUREAUS),
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(".json.new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(content, out, ensure_ascii=False, indent=2)
        beside.replace(self.file)
