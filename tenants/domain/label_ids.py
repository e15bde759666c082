"""Numbers of seal labels (识别标识码): unique in the city, unguessable, and a mistyped one is noticed.

`3303-7KM2-9QXA-4TNB-C`: the city's four digits, twelve random characters (60 bits), a check character by ISO 7064
MOD 37,36, which finds every wrong character and all but 1.6 in a thousand exchanges of two neighbours. A number of
which an exchange would pass is never issued.
"""

import re
import secrets

# Without I, L, O and U: nobody mistakes one for another on a wet label.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RANDOM_LENGTH = 12
_GROUP = 4
_CITY_DIGITS = 4
_BASE = 36
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
_PLAIN = re.compile(r"[0-9]{4}[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z]")


def new_label_id(city: str) -> str:
    """A new number for a city (its GB/T 2260 code; the first four digits are used), drawn by the system's chance.

    >>> len(new_label_id("330300"))
    21
    """
    while True:
        body = city[:_CITY_DIGITS] + "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_LENGTH))
        plain = body + check_character(body)
        if all(read_label_id(other) is None for other in neighbours_exchanged(plain)):
            return printed(plain)


def neighbours_exchanged(plain: str) -> list[str]:
    """Every text that comes of exchanging two different characters that stand beside each other."""
    return [
        plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
        for place in range(len(plain) - 1)
        if plain[place] != plain[place + 1]
    ]


def printed(plain: str) -> str:
    """In groups of four, as it stands on the label."""
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def read_label_id(text: str) -> str | None:
    """The number in what was typed or scanned, also at the end of an address; None when it is none.

    Small letters, blanks, dashes and the usual misreadings (O for 0, I and L for 1) are forgiven before the check
    character; that one is taken as it is.
    """
    plain = re.sub(r"[\s-]", "", text.rsplit("/", 1)[-1]).upper()
    plain = plain[:-1].translate(_MISREAD) + plain[-1:]
    if not _PLAIN.fullmatch(plain) or check_character(plain[:-1]) != plain[-1]:
        return None
    return printed(plain)


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,36 over digits and letters.

    >>> check_character("A12425GABC1234002")
    'M'
    """
    check = _BASE
    for character in body:
        check = (check + _CHECKED.index(character)) % _BASE or _BASE
        check = check * 2 % (_BASE + 1)
    return _CHECKED[(1 - check) % _BASE]
