"""Whether a changing request really comes from one of our own pages."""

import hashlib
import hmac
from dataclasses import dataclass

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"", "same-origin"})


@dataclass(frozen=True)
class PageRequest:
    """What a browser said about a request; an absent header is an empty text."""

    method: str
    origin: str
    fetch_site: str
    csrf: str


def csrf_token(session_token: str) -> str:
    """The token a form of this session carries: derived from the session's, so nothing more is stored."""
    return hmac.new(session_token.encode(), b"hengjian/csrf", hashlib.sha256).hexdigest()


def page_request_fault(request: PageRequest, own_origin: str, session_token: str | None) -> str | None:
    """Why a request must be refused, or None: `wrong_origin` or `wrong_csrf`.

    Reading requests pass. A changing one needs the browser's Origin to be exactly our own (scheme, host and port)
    and, once there is a session, that session's token. A missing Origin is refused: every current browser sends it
    with a POST.

    Example:
        >>> forged = PageRequest(method="POST", origin="https://evil.example", fetch_site="cross-site", csrf="")
        >>> page_request_fault(forged, "https://hengjian.example", None)
        'wrong_origin'
    """
    if request.method.upper() in _SAFE_METHODS:
        return None
    if request.origin != own_origin or request.fetch_site not in _OWN_SITES:
        return "wrong_origin"
    if session_token is None:
        return None
    fits = hmac.compare_digest(request.csrf.encode(), csrf_token(session_token).encode())
    return None if fits else "wrong_csrf"
