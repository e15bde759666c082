"""Every setting of the product: read once, here, from the environment and one TOML file, and passed down as values.

The environment wins over the file that HENGJIAN_CONFIG names, the file over the defaults.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from hengjian.deploy.errors import SettingError


@dataclass(frozen=True, slots=True)
class About:
    """What a setting is for, its unit, and its names in the environment (the first one is shown)."""

    meaning: str
    unit: str = ""
    names: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where pages and API are served."""

    host: Annotated[str, About("address the web server listens on", names=("HENGJIAN_HOST",))] = "127.0.0.1"
    port: Annotated[int, About("port the web server listens on", names=("PORT", "HENGJIAN_PORT"))] = 8000
    processes: Annotated[int, About("web server processes", unit="processes", names=("HENGJIAN_WEB_PROCESSES",))] = 1
    public_url: Annotated[
        str,
        About(
            "address people use, when a proxy stands in front; else made of host and port",
            names=("HENGJIAN_PUBLIC_URL",),
        ),
    ] = ""

    @property
    def origin(self) -> str:
        """The public address without a slash at the end; empty when it is the one that people typed."""
        return self.public_url.rstrip("/")

    @property
    def url(self) -> str:
        """The address people use, without a slash at the end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  # compared, not bound
        return self.origin or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Which PostgreSQL to use."""

    url: Annotated[
        str,
        About(
            (
                "a PostgreSQL server instead of the embedded one: the login role hengjian_app, or an administrator, "
                "under whom migrations run and who makes that role"
            ),
            names=("HENGJIAN_DATABASE_URL",),
            secret=True,
        ),
    ] = ""
    migration_url: Annotated[
        str,
        About(
            "administrator for migrations, when the other address is hengjian_app's",
            names=("HENGJIAN_MIGRATION_URL",),
            secret=True,
        ),
    ] = ""
    connections: Annotated[
        int, About("connections kept by each process", unit="connections", names=("HENGJIAN_CONNECTIONS",))
    ] = 8
    statement_timeout_ms: Annotated[
        int, About("longest time of one statement of web or API", unit="ms", names=("HENGJIAN_STATEMENT_TIMEOUT_MS",))
    ] = 5_000
    pg_bindir: Annotated[
        Path | None, About("folder of the PostgreSQL programs for the embedded server", names=("HENGJIAN_PG_BINDIR",))
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSettings:
    """Where things are kept outside the database."""

    state: Annotated[
        Path, About("folder for logs, objects, the secret key and the embedded server", names=("HENGJIAN_STATE",))
    ] = Path("var")
    objects_url: Annotated[
        str,
        About(
            "store for reports and files (file:///… or s3://bucket/…); else the folder `objects` in the state folder",
            names=("HENGJIAN_OBJECTS_URL",),
        ),
    ] = ""
    largest_recording: Annotated[
        int, About("largest recording that is taken", unit="bytes", names=("HENGJIAN_LARGEST_RECORDING",))
    ] = 8 * 2**30
    recording_quota: Annotated[
        int,
        About("room that one organization has for recordings", unit="bytes", names=("HENGJIAN_RECORDING_QUOTA",)),
    ] = 2 * 2**40
    file_quota: Annotated[
        int,
        About(
            "room that one organization has for photos of the field and attachments",
            unit="bytes",
            names=("HENGJIAN_FILE_QUOTA",),
        ),
    ] = 200 * 2**30
    secret_key_file: Annotated[
        Path | None,
        About(
            "file with the deployment's secret key, 32 random bytes in hex; else `secret.key` in the state folder, made at first start",
            names=("HENGJIAN_SECRET_KEY_FILE",),
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSettings:
    """The evidence log's signer."""

    signer: Annotated[
        Path | None,
        About(
            "folder of the evidence log's signer, with its key, memory and socket; else `signer` in the state folder",
            names=("HENGJIAN_SIGNER",),
        ),
    ] = None
    origin: Annotated[
        str,
        About(
            "the evidence log's name in its checkpoints, such as bureau.example/evidence; fixed once its key is made",
            names=("HENGJIAN_LOG_ORIGIN",),
        ),
    ] = ""
    stamp_urls: Annotated[
        str,
        About(
            "addresses of RFC 3161 time-stamp authorities that stamp the evidence log each day, blanks between; none: no stamps",
            names=("HENGJIAN_LOG_TSA",),
        ),
    ] = ""
    stamp_roots: Annotated[
        Path | None,
        About(
            "PEM file with the CA certificates of these authorities; without it their signatures are kept unchecked",
            names=("HENGJIAN_LOG_TSA_CA",),
        ),
    ] = None
    sm2_key: Annotated[
        Path | None,
        About(
            "SM2 private key (PEM) for a second signature SM2/SM3 on each checkpoint by the program openssl: not certified, 未经认证",
            names=("HENGJIAN_LOG_SM2_KEY",),
        ),
    ] = None
    witnesses: Annotated[
        str,
        About(
            "public keys of witnesses whose cosignatures are taken, as `hengjian witness` prints them, blanks between",
            names=("HENGJIAN_LOG_WITNESSES",),
        ),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """What one request may ask for."""

    push_body: Annotated[int, About("largest body of a push", unit="bytes", names=("HENGJIAN_PUSH_BODY",))] = 16 * 2**20
    body: Annotated[int, About("largest body of any other request", unit="bytes", names=("HENGJIAN_BODY",))] = 1_000_000
    tokens: Annotated[int, About("longest GraphQL document", unit="tokens", names=("HENGJIAN_TOKENS",))] = 1_500
    depth: Annotated[int, About("deepest nesting of a query", unit="levels", names=("HENGJIAN_DEPTH",))] = 10
    cost: Annotated[
        int, About("fields a query asks for, times the items of their lists", unit="fields", names=("HENGJIAN_COST",))
    ] = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationSettings:
    """How the product tells what it does."""

    log_level: Annotated[str, About("debug, info, warning or error", names=("HENGJIAN_LOG_LEVEL",))] = "info"
    demo: Annotated[bool, About("mark every page as demo data (yes or no)", names=("HENGJIAN_DEMO",))] = False
    die_with_parent: Annotated[
        bool,
        About("stop when the process that started the product ends (yes or no)", names=("HENGJIAN_DIE_WITH_PARENT",)),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; `sources` says for each environment name where its value came from."""

    web: WebSettings
    database: DatabaseSettings
    storage: StorageSettings
    evidence: EvidenceSettings
    limits: LimitSettings
    operation: OperationSettings
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One setting as people read it: a secret's value is not told."""

    name: str
    file_name: str
    value: str
    default: str
    unit: str
    source: str
    meaning: str


_CONCERNS: Mapping[str, type] = {
    "web": WebSettings,
    "database": DatabaseSettings,
    "storage": StorageSettings,
    "evidence": EvidenceSettings,
    "limits": LimitSettings,
    "operation": OperationSettings,
}
_YES, _NO = {"1", "yes", "true", "on"}, {"", "0", "no", "false", "off"}
# As browsers write the origin of a form: anything else would have every form refused.
_ORIGIN = re.compile(r"(?:https://(?!\S*:443/?$)|http://(?!\S*:80/?$))(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?/?")
_WEB_ADDRESS = re.compile(r"https?://\S+")
_WITNESS = re.compile(r"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")


def _whole_number(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text) or int(text) == 0:
        raise SettingError(name, value=text, wanted="a whole number above 0 / 大于 0 的整数")
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise SettingError(name, value=text, wanted="yes or no / yes 或 no")
    return text.lower() in _YES


def _read(name: str, text: str, default: Any) -> Any:
    """Text as the kind of value its default has."""
    readers: dict[type, Callable[[str, str], Any]] = {bool: _yes_or_no, int: _whole_number}
    if type(default) in readers:
        return readers[type(default)](name, text)
    return Path(text).expanduser() if default is None or isinstance(default, Path) else text


def _file(environ: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
    """The settings file's name and content; nothing when there is none."""
    path = environ.get("HENGJIAN_CONFIG", "")
    if not path:
        return "", {}
    try:
        content = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise SettingError("HENGJIAN_CONFIG", value=path, wanted=f"a readable file ({error.strerror})") from error
    except ValueError as error:
        raise SettingError("HENGJIAN_CONFIG", value=path, wanted=f"a TOML file ({error})") from error
    for concern, values in content.items():
        known = {f.name for f in fields(_CONCERNS[concern])} if concern in _CONCERNS else set()
        unknown = set(values) - known if isinstance(values, dict) and known else {""}
        for name in sorted(unknown):
            raise SettingError(
                "HENGJIAN_CONFIG", value=f"{path}: [{concern}] {name}".rstrip(), wanted="a known setting"
            )
    return path, content


def _value(
    field: str, about: About, *, concern: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[str | None, str]:
    """A setting's text and where it came from; no text when it keeps its default."""
    for name in about.names:
        if environ.get(name, "").strip():
            return environ[name].strip(), "environment"
    if field in concern:
        return str(concern[field]), "file"
    return None, "default"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """All settings.

    Raises:
        SettingError: a value or the file cannot be used; with its name and what is wanted.
    """
    path, content = _file(environ)
    concerns: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for concern, kind in _CONCERNS.items():
        values = {}
        for field, default, about in _abouts(kind):
            text, source = _value(field, about, concern=content.get(concern, {}), environ=environ)
            sources[about.names[0]] = path if source == "file" else source
            if text is not None:
                values[field] = _read(about.names[0], text, default)
        concerns[concern] = kind(**values)
    _check(concerns["web"], concerns["operation"])
    _check_evidence(concerns["evidence"])
    return Settings(**concerns, sources=sources)


def _check(web: WebSettings, operation: OperationSettings) -> None:
    if web.port > 65_535:
        raise SettingError("PORT", value=str(web.port), wanted="a port from 1 to 65535 / 1–65535 的端口")
    levels = ("debug", "info", "warning", "error")
    if operation.log_level not in levels:
        raise SettingError("HENGJIAN_LOG_LEVEL", value=operation.log_level, wanted=", ".join(levels))
    if web.public_url and not _ORIGIN.fullmatch(web.public_url):
        wanted = "https://host[:port] in small letters, no path / 小写的 https://主机[:端口]，不带路径"
        raise SettingError("HENGJIAN_PUBLIC_URL", value=web.public_url, wanted=wanted)


def _check_evidence(evidence: EvidenceSettings) -> None:
    for url in evidence.stamp_urls.split():
        if not _WEB_ADDRESS.fullmatch(url):
            raise SettingError("HENGJIAN_LOG_TSA", value=url, wanted="https://…")
    for key in evidence.witnesses.split():
        if not _WITNESS.fullmatch(key):
            raise SettingError(
                "HENGJIAN_LOG_WITNESSES", value=key, wanted="name+id+key, as `hengjian witness` prints it"
            )


def _abouts(kind: type) -> Iterator[tuple[str, Any, About]]:
    """Name, default and notes of each setting of a concern."""
    hints = get_type_hints(kind, include_extras=True)
    for known in fields(kind):
        yield known.name, known.default, hints[known.name].__metadata__[0]


def _shown(value: object, *, secret: bool) -> str:
    if value is None or value == "":
        return ""
    if secret:
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", str(value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def explain(settings: Settings) -> Iterator[Explained]:
    """Every setting with its name, value, unit, default and source."""
    for concern, kind in _CONCERNS.items():
        for field, default, about in _abouts(kind):
            yield Explained(
                name=about.names[0],
                file_name=f"{concern}.{field}",
                value=_shown(getattr(getattr(settings, concern), field), secret=about.secret),
                default=_shown(default, secret=False),
                unit=about.unit,
                source=settings.sources[about.names[0]],
                meaning=about.meaning,
            )
