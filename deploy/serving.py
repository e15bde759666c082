"""The web server process."""

import errno
import socket
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server as WebServer

from hengjian.deploy.errors import PortBusyError, SettingError
from hengjian.deploy.logs import set_up_logs
from hengjian.deploy.settings import Settings

_OUR_LOGGING: dict[str, Any] = {"handlers": {}, "loggers": {"_granian": {"handlers": [], "propagate": True}}}


def port_is_free(host: str, port: int) -> bool:
    """Whether a server may listen there.

    Raises:
        SettingError: nobody could (an address that is not ours, a port that only root may use).
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            wanted = f"an address and port to listen on ({error.strerror})"
            raise SettingError("HENGJIAN_HOST", value=f"{host}:{port}", wanted=wanted) from error
        return True


def serve(settings: Settings) -> None:
    """Serve pages and API until SIGTERM or SIGINT.

    Raises:
        PortBusyError: somebody else listens on the port.
        SettingError: nobody can listen there.
    """
    set_up_logs(settings.operation.log_level)
    if not port_is_free(settings.web.host, settings.web.port):
        raise PortBusyError(settings.web.port)
    WebServer(
        "hengjian.deploy.asgi:create_app",
        address=settings.web.host,
        port=settings.web.port,
        interface=Interfaces.ASGI,
        workers=settings.web.processes,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
        log_dictconfig=_OUR_LOGGING,
    ).serve()
