"""A credit model from the canonical text of its file: the one builder, for the law-book and for a verifier alone."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hengjian.scoring.domain.credit_model import (
    Bonus,
    CreditModel,
    DeviceHealth,
    Dimension,
    Grade,
    Measure,
    PenaltyLadder,
    PenaltyMeasure,
    VetoItem,
)
from hengjian.scoring.domain.rules import SourceStatus, Wording
from hengjian.scoring.domain.verdicts import Severity

KINDS = ("institution", "contractor")
_PLAIN = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
Json = Mapping[str, Any]


def model_from_content(content: str) -> CreditModel:
    """The model of a canonical text: JSON of one file's content under its name, days and decimals as texts.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the text is not that of a credit model.
    """
    (shape,) = json.loads(content, parse_float=refused, parse_constant=refused).values()
    return CreditModel(
        id=shape["id"],
        title=_wording(shape["title"]),
        region=shape["region"],
        version=hashlib.sha256(content.encode()).hexdigest(),
        in_force_from=date.fromisoformat(shape["in_force_from"]),
        source_status=SourceStatus(shape["source_status"]),
        assessed=tuple(shape["assessed"]),
        dimensions=tuple(_dimension(item) for item in shape["dimensions"]),
        deductions=_by_severity(shape["deductions"]),
        rule_caps=_by_severity(shape["rule_caps"]),
        unit_factor=shape["unit_factor"],
        silent_month=shape["silent_month"],
        device_health=_health(shape["device_health"]),
        penalties=_ladder(shape["penalties"]),
        bonus=Bonus(shape["bonus"]["clean_years"], shape["bonus"]["points"]),
        vetoes=tuple(
            VetoItem(
                item["id"],
                _wording(item["title"]),
                tuple(item["rules"]),
                SourceStatus(item["source_status"]),
                tuple(item.get("penalties", ())),
            )
            for item in shape["vetoes"]
        ),
        grades=tuple(
            Grade(item["grade"], _wording(item["title"]), item["at_least"], item["allows_critical"])
            for item in shape["grades"]
        ),
        terms={**shape["repair"], **shape["procedure"]},
        content=content,
    )


def _dimension(shape: Json) -> Dimension:
    caps = {kind: shape["caps"].get(kind, 0) for kind in KINDS}
    return Dimension(shape["id"], _wording(shape["title"]), caps, Measure(shape["measure"]))


def _health(shape: Json) -> DeviceHealth:
    return DeviceHealth(
        free_years=shape["free_years"],
        points_per_year=shape["points_per_year"],
        failures=tuple((item["within_hours"], item["points"]) for item in shape["failures"]),
        longer=shape["longer"],
    )


def _ladder(shape: Json) -> PenaltyLadder:
    return PenaltyLadder(
        dimension=shape["dimension"],
        measures=tuple(
            PenaltyMeasure(item["id"], _wording(item["title"]), item["points"]) for item in shape["measures"]
        ),
        fines=tuple((exact_decimal(str(item["up_to"])), item["points"]) for item in shape["fines"]),
        larger_fine=shape["larger_fine"],
    )


def _by_severity(points: Json) -> dict[Severity, Decimal]:
    return {Severity(name): exact_decimal(str(value)) for name, value in points.items()}


def _wording(shape: Json) -> Wording:
    return Wording(shape["zh"], shape["en"])


def exact_decimal(text: str) -> Decimal:
    """The number of plain digits: no exponent, which could stand for more digits than any machine holds.

    Raises:
        ValueError: the text is anything else.
    """
    if not _PLAIN.fullmatch(text):
        raise ValueError(text[:80])
    return Decimal(text)


def refused(text: str) -> Any:
    """Stand in for a number that must not be there.

    Raises:
        ValueError: always.
    """
    raise ValueError(text[:80])
