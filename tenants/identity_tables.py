"""Accounts of people, their sessions and pauses, and the keys of machines. Local tables, read by the gate."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.schema import SchemaItem

from hengjian.platform.db.tables import INSTANT, REGION, TEXTS, local_table, required


def _caller_columns() -> list[SchemaItem]:
    """For whom this account or key acts: copied here, because the gate can't read organizations."""
    return [
        required("tenant_id", Uuid),
        required("kind", Text),
        required("region", REGION),
        CheckConstraint("kind in ('member', 'bureau')", name="kind"),
    ]


account = local_table(
    "account",
    Column("id", Uuid, primary_key=True),
    required("login", Text, unique=True),
    required("password_hash", Text),
    required("totp_sealed", LargeBinary),
    required("totp_last_step", BigInteger, server_default=text("0")),
    *_caller_columns(),
    required("roles", TEXTS),
    required("name", Text),
    required("locale", Text),
    required("created_at", INSTANT, server_default=text("now()")),
    Column("disabled_at", INSTANT),
    Index("ix_account_tenant_id", "tenant_id"),
)

# `password_ok` opens nothing but the second factor; `second_factor_ok` is a session.
session = local_table(
    "session",
    Column("id", Uuid, primary_key=True),
    required("token_digest", LargeBinary, unique=True),
    required("account_id", Uuid),
    required("state", Text),
    required("source", Text),
    required("created_at", INSTANT, server_default=text("now()")),
    required("last_seen_at", INSTANT, server_default=text("now()")),
    required("expires_at", INSTANT),
    Column("ended_at", INSTANT),
    CheckConstraint("state in ('password_ok', 'second_factor_ok')", name="state"),
    Index("ix_session_account_id", "account_id"),
    Index("ix_session_expires_at", "expires_at"),
)

# Counted for every login typed, whether an account has it or not: a pause tells nothing.
login_pause = local_table(
    "login_pause",
    Column("subject", Text, primary_key=True),
    required("failures", Integer),
    required("last_failed_at", INSTANT),
    Column("paused_until", INSTANT),
)

api_key = local_table(
    "api_key",
    Column("id", Uuid, primary_key=True),
    required("key_id", Text, unique=True),
    required("secret_digest", LargeBinary),
    *_caller_columns(),
    required("label", Text),
    required("scopes", TEXTS),
    required("created_at", INSTANT, server_default=text("now()")),
    required("expires_at", INSTANT),
    Column("last_used_at", INSTANT),
    Column("revoked_at", INSTANT),
    Index("ix_api_key_tenant_id", "tenant_id"),
)
