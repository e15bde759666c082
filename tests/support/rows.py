"""One sound row of each register, made from its own declaration, as a sender would write it in JSON."""

from typing import Any

from hengjian.tenants.api import FieldSpec, Register, field_specs
from tests.support.people import credit_code

_KNOWN: dict[str, Any] = {
    "plate": "新A12345",
    "mn": "65010000000001",
    "city": "6501",
    "home_region": "650102",
    "registered_region": "65",
    "regions_served": ["6501"],
    "identity_number": "11010519491231002X",
    "area_m2": "120.50",
    "month": "2026-01-01",
    "label_id": "3303-0000-0000-0000-T",
    "photo_sha256": "0" * 64,
}


def a_row(register: Register, ref: str = "r1", **fields: Any) -> dict[str, Any]:
    """Every field filled but the ends; `fields` (in the API's names) win over what is made up."""
    left_out = {"source_ref", "withdrawn", "valid_to", register.ends}
    made = {spec.camel: value(spec) for spec in field_specs(register.row) if spec.name not in left_out}
    return {"sourceRef": ref, **made, **fields}


def value(spec: FieldSpec) -> Any:
    """A sound value of one field."""
    if spec.name in _KNOWN:
        return _KNOWN[spec.name]
    if spec.name.endswith("credit_code"):
        return credit_code()
    one: Any = next(iter(spec.choices)).value if spec.choices else "甲"
    if spec.name == "kinds":
        one = "CONTRACTOR"
    made = {
        "text": one,
        "texts": [one],
        "date": "2026-01-05",
        "moment": "2026-01-05T10:00:00+08:00",
        "integer": 3,
        "decimal": "4.50",
        "boolean": False,
    }
    return made[spec.shape]
