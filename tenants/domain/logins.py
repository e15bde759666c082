"""The name a person logs in with."""

import re
import unicodedata

_SHAPE = re.compile(r"[\w.@-]{3,64}")


def normalised_login(login: str) -> str | None:
    """One spelling for one login, or None when nobody can have it.

    Width, case and outer spaces don't matter: 3 to 64 letters, digits and the signs . _ - @.

    Example:
        >>> normalised_login(" Ｗang.Fang ")
        'wang.fang'
        >>> normalised_login("a b")
    """
    text = unicodedata.normalize("NFKC", login).strip().casefold()
    return text if _SHAPE.fullmatch(text) else None
