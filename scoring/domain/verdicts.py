"""The result of judging one subject by one rule."""

from enum import StrEnum

import msgspec

from hengjian.scoring.domain.values import Value


class Outcome(StrEnum):
    """符合, 不符合, 不适用, 无数据. No data is neither pass nor breach."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    BREACH = "breach"
    NOT_APPLICABLE = "not_applicable"
    NO_DATA = "no_data"


class Severity(StrEnum):
    """严重, 较重, 一般, 提示."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


class Reason(StrEnum):
    """Why there was nothing to judge."""

    OUT_OF_SCOPE = "out_of_scope"
    EMPTY_DENOMINATOR = "empty_denominator"
    FACTS_MISSING = "facts_missing"


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What one rule says of one subject.

    `measured` and `required` are exact and in the rule's unit, None where the rule compares nothing or the value is
    not defined (points per technician without technicians). `missing` names the facts that were not known, `lacking`
    what the subject does not have (the policy documents, modules or registrations that are wanting).
    """

    verdict: Outcome
    severity: Severity | None = None
    measured: Value | None = None
    required: Value | None = None
    missing: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    reason: Reason | None = None


NOT_APPLICABLE = Verdict(Outcome.NOT_APPLICABLE, reason=Reason.OUT_OF_SCOPE)
EMPTY_DENOMINATOR = Verdict(Outcome.NOT_APPLICABLE, reason=Reason.EMPTY_DENOMINATOR)


def no_data(*missing: str) -> Verdict:
    """The verdict when facts are not known."""
    return Verdict(Outcome.NO_DATA, missing=missing, reason=Reason.FACTS_MISSING)
