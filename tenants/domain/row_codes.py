"""Which issues the rows of a register can have, told from the shapes of its fields before anything is sent."""

from collections.abc import Iterator
from functools import cache

from hengjian.tenants.domain.field_specs import FieldSpec, field_specs
from hengjian.tenants.domain.registers import Register
from hengjian.tenants.domain.row_checks import checked_families
from hengjian.tenants.domain.row_issues import ISSUE_TEXTS

_ORGANIZATIONS = (
    "ORGANIZATION_NOT_YOURS",
    "OUTSIDE_JURISDICTION",
    "HOME_REGION_FIXED",
    "HOME_REGION_UNFIT",
    "DUPLICATE_CREDIT_CODE",
    "KINDS_UNFIT",
)


@cache
def issue_codes(register: Register) -> tuple[str, ...]:
    """Codes that a pushed row of this register can earn, in the order of the published list."""
    found = {"DUPLICATE_SOURCE_REF", "DATES_REVERSED", *checked_families(register)}
    for spec in field_specs(register.row):
        found.update(_of_field(spec))
    if register.starts is None:
        found.add("VALID_FROM_MISSING")
    if register.refs:
        found.add("REFERENCE_UNKNOWN")
    if register.events:
        found.update(("EVENT_RECORDED", "EVENT_KNOWN", "EVENT_STAYS"))
    if register.kind == "labelEvents":
        found.add("LABEL_NOT_ISSUED")
    if register.kind == "organizations":
        found.update(_ORGANIZATIONS)
    return tuple(code for code in ISSUE_TEXTS if code in found)


def _of_field(spec: FieldSpec) -> Iterator[str]:
    if spec.shape in {"text", "texts"} and spec.choices is None:
        yield "TEXT_CONTROL_CHARACTER"
        if spec.shortest:
            yield "TEXT_EMPTY"
        if spec.longest is not None:
            yield "TEXT_TOO_LONG"
    if spec.shape == "texts" and spec.most is not None:
        yield "LIST_TOO_LONG"
    if spec.shape == "integer":
        yield "NUMBER_OUT_OF_RANGE"
    if spec.shape in {"date", "moment"}:
        yield "DATE_OUT_OF_RANGE"
