"""Tables of organizations and of what they have. Column types follow the rows' declarations."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, Numeric, Table, Text, Uuid
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from hengjian.platform.db.tables import INSTANT, REGION, TEXTS, metadata, reference_table, required, tenant_table
from hengjian.platform.kept_objects import names_objects
from hengjian.platform.log.groups import evidence_rows
from hengjian.tenants.domain.field_specs import FieldSpec, Shape, own_fields, sealed_columns
from hengjian.tenants.domain.registers import REGISTERS, Register

TYPES: dict[Shape, TypeEngine[Any]] = {
    "text": Text(),
    "texts": TEXTS,
    "date": Date(),
    "moment": INSTANT,
    "integer": BigInteger(),
    "decimal": Numeric(),
    "boolean": Boolean(),
}

organization = reference_table(
    "organization",
    Column("id", Uuid, primary_key=True),
    required("credit_code", Text, unique=True),
    required("name", Text),
    required("pinyin", Text),
    required("initials", Text),
    required("kinds", TEXTS),
    required("region", REGION),
    required("demo", Boolean),
    required("created_at", INSTANT),
)

# Who is supervised where: one row an organization and region (its own and each one served), with a validity.
supervision = reference_table(
    "supervision",
    Column("organization_id", Uuid, primary_key=True),
    Column("region", REGION, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    required("valid_until", Date),
    required("home", Boolean),
    required("credit_code", Text),
    required("name", Text),
    required("pinyin", Text),
    required("initials", Text),
    required("kinds", TEXTS),
    Index("ix_supervision_region", "region"),
)


def _columns(spec: FieldSpec) -> list[SchemaItem]:
    if spec.sealed:
        fingerprint, last4 = sealed_columns(spec)
        return [Column(fingerprint, LargeBinary), Column(last4, Text)]
    nullable = spec.optional
    return [Column(spec.name, TYPES[spec.shape], nullable=nullable)]


def _own_columns(register: Register) -> list[SchemaItem]:
    return [column for spec in own_fields(register.row) for column in _columns(spec)]


def _assertions(register: Register) -> Table:
    name = f"{register.table}_assertion"
    assertions = tenant_table(
        name,
        required("batch_id", Uuid),
        required("row_index", Integer),
        required("recorded_at", INSTANT),
        required("source_ref", Text),
        required("valid_from", Date),
        required("valid_until", Date),
        required("withdrawn", Boolean),
        *_own_columns(register),
        Index(f"ix_{name}_ref", "tenant_id", "source_ref", "recorded_at"),
        key=("batch_id", "row_index"),
    )
    return evidence_rows(assertions)


def _current(register: Register) -> Table:
    return tenant_table(
        register.table,
        required("source_ref", Text),
        required("valid_from", Date),
        required("valid_until", Date),
        required("batch_id", Uuid),
        required("row_index", Integer),
        required("recorded_at", INSTANT),
        *_own_columns(register),
        *_sought(register),
        key=("source_ref", "valid_from"),
    )


def _sought(register: Register) -> list[SchemaItem]:
    if register.sought_by is None:
        return []
    return [Index(f"ix_{register.table}_{register.sought_by}", "tenant_id", register.sought_by)]


ASSERTIONS: dict[str, Table] = {register.kind: _assertions(register) for register in REGISTERS}
names_objects(ASSERTIONS["labelEvents"], "values (left(t.photo_sha256, 2) || '/' || t.photo_sha256 || '.jpg')")
CURRENT: dict[str, Table] = {register.kind: _current(register) for register in REGISTERS}

__all__ = ["ASSERTIONS", "CURRENT", "metadata", "organization", "supervision"]
