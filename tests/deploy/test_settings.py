from dataclasses import asdict
from pathlib import Path

import pytest

from hengjian.deploy.access import given_access
from hengjian.deploy.errors import SettingError
from hengjian.deploy.secret_key import secret_key
from hengjian.deploy.settings import LimitSettings, StorageSettings, explain, read_settings
from hengjian.graphql.limits import Limits


def test_environment_wins_over_file_wins_over_default(tmp_path: Path) -> None:
    """The nearest word counts, and `hengjian settings` tells where it came from."""
    file = tmp_path / "hengjian.toml"
    file.write_text('[web]\nport = 9000\nhost = "::1"\n[operation]\ndemo = true\n', "utf-8")
    settings = read_settings({"HENGJIAN_CONFIG": str(file), "PORT": "9001"})
    assert (settings.web.port, settings.web.host, settings.operation.demo) == (9001, "::1", True)
    assert settings.web.url == "http://[::1]:9001"
    sources = {known.name: known.source for known in explain(settings)}
    assert sources["PORT"] == "environment"
    assert sources["HENGJIAN_HOST"] == str(file)
    assert sources["HENGJIAN_STATE"] == "default"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PORT": "http"}, "PORT='http'"),
        ({"PORT": "0"}, "PORT='0'"),
        ({"PORT": "70000"}, "65535"),
        ({"HENGJIAN_DEMO": "maybe"}, "yes or no"),
        ({"HENGJIAN_LOG_LEVEL": "loud"}, "debug, info"),
        ({"HENGJIAN_CONFIG": "nowhere.toml"}, "readable file"),
        ({"HENGJIAN_PUBLIC_URL": "jg.example.cn"}, "no path"),
        ({"HENGJIAN_PUBLIC_URL": "https://jg.example.cn/hengjian"}, "no path"),
        ({"HENGJIAN_PUBLIC_URL": "https://JG.example.cn"}, "small letters"),
        ({"HENGJIAN_PUBLIC_URL": "https://jg.example.cn:443"}, "no path"),
        ({"HENGJIAN_LOG_TSA": "https://tsa.example/tsr tsa.example"}, "HENGJIAN_LOG_TSA='tsa.example'"),
        ({"HENGJIAN_LOG_WITNESSES": "witness.example/1"}, "name.id.key"),
    ],
)
def test_useless_values_are_refused_by_name(environment: dict[str, str], told: str) -> None:
    """A mistake is told before anything starts, with what is wanted instead."""
    with pytest.raises(SettingError, match=told):
        read_settings(environment)


@pytest.mark.parametrize("given", ["https://jg.example.cn", "https://jg.example.cn/", "http://[::1]:8000"])
def test_the_public_address_is_the_origin_of_our_forms(given: str) -> None:
    """With or without a slash at its end, as a browser writes it; printed addresses get no second slash."""
    web = read_settings({"HENGJIAN_PUBLIC_URL": given}).web
    assert web.origin == web.url == given.rstrip("/")


@pytest.mark.parametrize("content", ["[web]\nprot = 1\n", "[wbe]\nport = 1\n", "port = 1\n", "[web\n"])
def test_misspelt_file_is_refused(tmp_path: Path, content: str) -> None:
    """A setting that nobody reads is a mistake, not a comment."""
    file = tmp_path / "hengjian.toml"
    file.write_text(content)
    with pytest.raises(SettingError):
        read_settings({"HENGJIAN_CONFIG": str(file)})


def test_limits_are_the_apis_own() -> None:
    """What `hengjian settings` tells about limits is what the API holds."""
    assert Limits(**asdict(LimitSettings())) == Limits()


def test_passwords_are_not_shown() -> None:
    """The explanation may be pasted into a mail."""
    settings = read_settings({"HENGJIAN_DATABASE_URL": "postgresql://admin:pass%40word@db.internal/hj"})
    (shown,) = (known.value for known in explain(settings) if known.name == "HENGJIAN_DATABASE_URL")
    assert shown == "postgresql://admin:***@db.internal/hj"


def test_administrators_address_gives_the_application_a_role_of_its_own(tmp_path: Path) -> None:
    """Web and worker never connect as the administrator; the made password is kept, readable by its owner only."""
    environment = {
        "HENGJIAN_DATABASE_URL": "postgres://boss:secret@db/hj?sslmode=require",
        "HENGJIAN_STATE": str(tmp_path),
    }
    access = given_access(read_settings(environment))
    assert access == given_access(read_settings(environment))
    assert access.migration == "postgresql+asyncpg://boss:secret@db/hj?ssl=require"
    assert access.application == f"postgresql+asyncpg://hengjian_app:{access.password}@db/hj?ssl=require"
    assert (tmp_path / "login.password").stat().st_mode & 0o777 == 0o600


def test_applications_address_is_used_as_it_is() -> None:
    """With the login role alone nobody migrates here, unless an administrator is named beside it."""
    environment = {"HENGJIAN_DATABASE_URL": "postgresql://hengjian_app:pw@db/hj"}
    assert given_access(read_settings(environment)).migration is None
    both = given_access(read_settings({**environment, "HENGJIAN_MIGRATION_URL": "postgresql://boss@db/hj"}))
    assert (both.migration, both.password) == ("postgresql+asyncpg://boss@db/hj", "pw")


@pytest.mark.parametrize("address", ["mysql://a@b/c", "nonsense", "://"])
def test_other_databases_are_refused_without_showing_the_address(address: str) -> None:
    """What may hold a password is not repeated in the message."""
    with pytest.raises(SettingError, match="postgresql://user:password@host"):
        given_access(read_settings({"HENGJIAN_DATABASE_URL": address}))


def test_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    """32 random bytes, mode 0600, the same at the next start; a file that others may read is refused."""
    storage = StorageSettings(state=tmp_path / "new")
    key = secret_key(storage)
    file = tmp_path / "new" / "secret.key"
    assert len(key) == 32
    assert secret_key(storage) == key
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(SettingError, match="0600"):
        secret_key(storage)


@pytest.mark.parametrize("text", ["", "not hex", "00" * 31])
def test_weak_secret_key_is_refused(tmp_path: Path, text: str) -> None:
    """A truncated or mistyped key would open nothing later."""
    file = tmp_path / "key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(SettingError, match="hex"):
        secret_key(StorageSettings(secret_key_file=file))
