"""How a limit reads: what was measured must be at least (≥) or at most (≤) what is required.

A rule states its demand as an expression of any shape; on which side of the limit a breach lies is learnt from the
rule's own worked examples, and where these show both sides, from the judgement that is printed.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hengjian.scoring.domain.rules import Rule


def limit_sign(rule: Rule, required: str | None, *, measured: str | None, breach: bool) -> str:
    """The operator before a stored limit: `≥`, `≤`, `=` for what may not be at all, empty where nothing shows it.

    >>> from hengjian.scoring.lawbook_files import load_lawbook
    >>> limit_sign(load_lawbook().find("C-04")[0][1], "2", measured="1", breach=True)
    '≥'
    """
    if required is None:
        return ""
    sign = sign_of(rule) or sign_between(read_stored(measured), read_stored(required), breach=breach)
    return "=" if sign == "≤" and required == "0" else sign


def sign_of(rule: Rule) -> str:
    """How measured must stand to required, `≥` or `≤`, as the rule's own examples of breaches show it.

    Empty where they show both or neither.
    """
    found = {_shortfall(example.expected) for example in rule.examples if example.verdict == "breach"} - {""}
    return found.pop() if len(found) == 1 else ""


def sign_between(measured: object, required: object, *, breach: bool) -> str:
    """How a limit reads that has been judged against: a breach lies on the wrong side of it, a pass on the right one.

    For a rule whose limit is now a least and now a most (C-12: own and shared warehouses).

    >>> sign_between(1, 0, breach=True), sign_between(0, 1, breach=True), sign_between(1, 1, breach=False)
    ('≤', '≥', '≥')
    """
    below = _shortfall({"measured": measured, "required": required}) == "≥"
    above = _shortfall({"measured": measured, "required": required}) == "≤"
    if breach:
        return "≥" if below else "≤" if above else ""
    return "≤" if below else "≥"


def read_stored(text: str | None) -> object:
    """A stored value as a number or a day, when it is one."""
    try:
        return Fraction(text or "")
    except ValueError:
        pass
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return text


def _shortfall(expected: Mapping[str, object]) -> str:
    """What a breach of this size lacked: `≥` when measured was below required, `≤` when above."""
    measured, required = expected.get("measured"), expected.get("required")
    match measured, required:
        case ((int() | Decimal() | Fraction()), (int() | Decimal() | Fraction())):
            below, above = measured < required, measured > required
        case date(), date():
            below, above = measured < required, measured > required
        case _:
            return ""
    return "≥" if below else "≤" if above else ""
