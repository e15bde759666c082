"""No test talks to another machine."""

import ipaddress
import sys

_NAMES = {"", "localhost"}


class OutsideError(RuntimeError):
    """A test tried to reach another machine."""


def _is_here(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host or "")
    if text in _NAMES:
        return True
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise OutsideError(f"a test tried to reach {address}")
    elif event == "socket.getaddrinfo" and not _is_here(arguments[0]):
        raise OutsideError(f"a test tried to look up {arguments[0]}")


def stay_on_this_machine() -> None:
    """Refuse connections and look-ups that leave this machine, for the rest of this process."""
    sys.addaudithook(_watch)
