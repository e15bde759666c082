"""Tables of organizations and of what they have. Column types follow the rows' declarations."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, Numeric, Table, Text, Uuid
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from hengjian.platform.db.tables import INSTANT, REGION, TEXTS, metadata, reference_table, required, tenant_table
from hengjian.platform.kept_objects import names_objects
from hengjian.platform.log.groups import evidence_rows
from hengjian.platform.log.vouched import Vouching, vouched
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
    Index("ix_supervision_credit_code", "credit_code"),
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
    current = tenant_table(
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
    made = Vouching(
        register.table, _not_as_asserted(current), is_gone=lambda row: row.gone, holds=lambda row: row.as_asserted
    )
    return vouched(current, made)


def _not_as_asserted(current: Table) -> str:
    """Rows of a register that are not what its assertions make of it: changed, put in, or taken out.

    An assertion governs its reference from its first day on, up to the first day of any that was recorded later.
    """
    columns = ", ".join(column.name for column in current.columns if column.name != "valid_until")
    both = ", ".join(column.name for column in current.columns)
    return f"""
        with asserted as (
            select *, min(valid_from) over (
                partition by tenant_id, source_ref order by recorded_at desc, row_index desc
                rows between unbounded preceding and 1 preceding) as next_from
            from {current.name}_assertion
        ), told as (
            select {columns}, least(valid_until, next_from) as valid_until from asserted
             where not withdrawn and (next_from is null or next_from > valid_from)
        ), differing as (
            (select true as asserted, * from (select {both} from told except select {both} from {current.name}) lacking)
            union all
            (select false, * from (select {both} from {current.name} except select {both} from told) added)
        )
        select batch_id || ', row ' || row_index as name, not bool_or(not asserted) as gone, false as as_asserted
          from differing group by batch_id, row_index order by 1"""


def _sought(register: Register) -> list[SchemaItem]:
    if register.sought_by is None:
        return []
    return [Index(f"ix_{register.table}_{register.sought_by}", "tenant_id", register.sought_by)]


ASSERTIONS: dict[str, Table] = {register.kind: _assertions(register) for register in REGISTERS}
names_objects(ASSERTIONS["labelEvents"], "values (left(t.photo_sha256, 2) || '/' || t.photo_sha256 || '.jpg')")
CURRENT: dict[str, Table] = {register.kind: _current(register) for register in REGISTERS}

__all__ = ["ASSERTIONS", "CURRENT", "metadata", "organization", "supervision"]
