"""The table register: every table says how it is spread, and the test over this metadata holds it to that.

tenant: rows of one organization, `tenant_id` first in every key, row-level security forced.
reference: small and rarely written, on every node.
local: on the coordinator only (queues, accounts, audit).
"""

from typing import Any

from sqlalchemy import ARRAY, Column, DateTime, MetaData, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

REGION = Text(collation="C")
INSTANT = DateTime(timezone=True)
TEXTS = ARRAY(Text)


def tenant_table(name: str, *items: SchemaItem, key: tuple[str, ...]) -> Table:
    """A table of one organization's rows: `tenant_id` and `region` are added, the key begins with `tenant_id`."""
    return Table(
        name,
        metadata,
        Column("tenant_id", Uuid, nullable=False),
        Column("region", REGION, nullable=False),
        *items,
        PrimaryKeyConstraint("tenant_id", *key),
        info={"dist": "tenant"},
    )


def reference_table(name: str, *items: SchemaItem) -> Table:
    """A small table that every node holds."""
    return Table(name, metadata, *items, info={"dist": "reference"})


def local_table(name: str, *items: SchemaItem) -> Table:
    """A table of the coordinator: queues, accounts, audit."""
    return Table(name, metadata, *items, info={"dist": "local"})


def required(name: str, type_: Any, **options: Any) -> Column[Any]:
    """A column that is never null."""
    return Column(name, type_, nullable=False, **options)
