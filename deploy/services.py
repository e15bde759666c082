"""What web and worker share: the opened parts of one deployment, made once in each process."""

from dataclasses import dataclass
from pathlib import Path

from hengjian.deploy.access import find_access
from hengjian.deploy.secret_key import secret_key
from hengjian.deploy.settings import Settings
from hengjian.platform.db import Database
from hengjian.platform.log.signer_link import SOCKET, SignerLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Handed to every part that is plugged in.

    `key` is the deployment's secret key (32 bytes); `objects` is the address of the object store;
    `signer` is where the evidence log is signed.
    """

    settings: Settings
    database: Database
    key: bytes
    objects: str
    signer: SignerLink


def open_services(settings: Settings) -> Services:
    """Open everything; connections are made at first use.

    Raises:
        DeployError: the settings or the database cannot be used.
    """
    database = Database.connect(
        find_access(settings).application,
        pool_size=settings.database.connections,
        statement_timeout_ms=settings.database.statement_timeout_ms,
    )
    return Services(
        signer=SignerLink(signer_folder(settings) / SOCKET),
        settings=settings,
        database=database,
        key=secret_key(settings.storage),
        objects=settings.storage.objects_url or _local_store(settings.storage.state),
    )


def _local_store(state: Path) -> str:
    folder = state.resolve() / "objects"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.as_uri()


def signer_folder(settings: Settings) -> Path:
    """The folder of the evidence log's signer."""
    return settings.evidence.signer or settings.storage.state.resolve() / "signer"
