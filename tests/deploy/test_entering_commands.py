"""Bureaus, organizations, people and keys from the command line: what it makes works, what it refuses it says."""

import getpass
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.deploy.cli import main
from hengjian.platform.db import sql
from tests.support.people import credit_code


@pytest.fixture
def command(app_url: str, tmp_path: Path) -> Any:
    """Runs the command line on the test's database."""

    def run(*words: str, typed: str = "", url: str = app_url) -> Result:
        environment = {"HENGJIAN_DATABASE_URL": url, "HENGJIAN_STATE": str(tmp_path), "LANG": "C"}
        return CliRunner().invoke(main, words, input=typed, env=environment)

    return run


@pytest.fixture
def bureau(command: Any) -> str:
    code = credit_code("11")
    made = command(
        "bureau", "create", "--credit-code", code, "--name", "试验区生态环境局", "--region", "6501", "--json"
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["region"] == "6501"
    return code


async def test_the_audit_names_the_operator(bureau: str, owner: AsyncConnection) -> None:
    """Who typed it on this machine."""
    found = await owner.execute(
        sql(
            "select actor, source from audit join organization on organization.id = audit.tenant_id "
            "where credit_code = :code and action = 'bureau.create'"
        ),
        {"code": bureau},
    )
    assert tuple(found.one()) == (f"operator:{getpass.getuser()}", "command line")


def test_an_organization_gets_people_and_a_key(command: Any) -> None:
    """What a new deployment does first; each secret is printed this once."""
    code = credit_code()
    words = ("--credit-code", code, "--name", "甲运维公司", "--kind", "contractor", "--kind", "discharger")
    assert command("organization", "create", *words, "--region", "650102").exit_code == 0
    login = f"clerk.{code.lower()}"
    person = command(
        "user", "create", "--organization", code, "--login", login, "--name", "李娜", "--role", "clerk", "--json"
    )
    assert set(json.loads(person.output)) == {"id", "login", "password", "totp_secret", "otpauth_uri"}
    key = json.loads(command("key", "issue", "--organization", code, "--scope", "push", "--json").output)
    assert key["key"].startswith(f"hj_live_{key['key_id']}_")
    assert key["scopes"] == ["push"]
    assert command("key", "revoke", key["key_id"]).exit_code == 0
    assert command("user", "disable", login).exit_code == 0


def test_a_password_may_be_given_on_standard_input(command: Any, bureau: str) -> None:
    """Never as an argument, where every process of the machine could read it."""
    words = ("--organization", bureau, "--login", f"i.{bureau}", "--name", "王芳", "--role", "inspector")
    made = command("user", "create", *words, "--password-stdin", "--json", typed="correct horse battery\n")
    assert json.loads(made.output)["password"] == "correct horse battery"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("bureau", "create", "--credit-code", "1", "--name", "x", "--region", "6501"), "ORGANIZATION_UNFIT"),
        (("key", "issue", "--organization", "91650102000000000X"), "NOT_FOUND"),
        (("key", "revoke", "0123456789abcdef"), "KEY_NOT_FOUND"),
        (("user", "disable", "nobody.at.all"), "ACCOUNT_NOT_FOUND"),
    ],
)
def test_a_refusal_ends_with_one_and_has_a_code_for_machines(command: Any, words: tuple[str, ...], code: str) -> None:
    """And plain words for people."""
    refused = command(*words, "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.output)["error"]["code"] == code
    plain = command(*words)
    assert plain.exit_code == 1
    assert plain.output.startswith("Error: ")


def test_asking_wrongly_ends_with_two(command: Any, bureau: str) -> None:
    """A key for ever, a role nobody has, a missing option."""
    assert command("key", "issue", "--organization", bureau, "--days", "400").exit_code == 2
    assert command("user", "create", "--organization", bureau, "--role", "king").exit_code == 2
    assert command("bureau", "create").exit_code == 2


def test_a_database_that_is_away_is_said_without_its_password(command: Any) -> None:
    """With the address, so that it can be mended."""
    refused = command("key", "revoke", "x", url="postgresql://hengjian_app:s3cret@127.0.0.1:1/x")
    assert refused.exit_code == 1
    assert "127.0.0.1" in refused.output
    assert "s3cret" not in refused.output


def test_labels_are_issued_from_the_command_line(command: Any, bureau: str) -> None:
    """As many different numbers as were asked for; not to a contractor, and not by one."""
    institution, contractor = credit_code(), credit_code()
    for code, kind in ((institution, "institution"), (contractor, "contractor")):
        words = ("--credit-code", code, "--name", "甲监测公司", "--kind", kind, "--region", "650102")
        assert command("organization", "create", *words).exit_code == 0
    made = command("label", "issue", institution, "12", "--bureau", bureau, "--json")
    assert made.exit_code == 0, made.output
    assert len(set(json.loads(made.output)["labels"])) == 12
    for holder, issuer, code in ((contractor, bureau, "LABEL_HOLDER"), (institution, contractor, "LABEL_ISSUER")):
        refused = command("label", "issue", holder, "1", "--bureau", issuer, "--json")
        assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (1, code)
