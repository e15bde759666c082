"""Audit, outbox, jobs, accounts, sessions and keys: local tables of the coordinator.

The gate (the moment before the caller is known) reads accounts, sessions, pauses and keys and nothing else. The audit
can only be inserted into, by every role. Queue and events belong to jobs; members and bureaus may only emit.
"""

from collections.abc import Iterator

from alembic import op

from hengjian.platform.db.policies import OWN, allow, secure

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """
    create table audit (
        id uuid not null constraint pk_audit primary key,
        at timestamptz not null default now(),
        actor text not null,
        actor_kind text not null,
        tenant_id uuid,
        region text collate "C",
        source text not null,
        request_id text not null,
        action text not null,
        target text not null,
        outcome text not null constraint ck_audit_outcome check (outcome in ('ok', 'refused', 'failed')),
        detail jsonb not null
    )
    """,
    "create index ix_audit_tenant_id_at on audit (tenant_id, at)",
    """
    create table outbox (
        id uuid not null constraint pk_outbox primary key,
        name text not null,
        payload jsonb not null,
        created_at timestamptz not null default now(),
        dispatched_at timestamptz
    )
    """,
    "create index ix_outbox_waiting on outbox (id) where dispatched_at is null",
    "create index ix_outbox_dispatched_at on outbox (dispatched_at)",
    """
    create table event_seen (
        consumer text not null,
        event_id uuid not null,
        seen_at timestamptz not null default now(),
        constraint pk_event_seen primary key (consumer, event_id)
    )
    """,
    """
    create table job (
        id uuid not null constraint pk_job primary key,
        name text not null,
        payload jsonb not null,
        dedupe text,
        state text not null default 'waiting'
            constraint ck_job_state check (state in ('waiting', 'running', 'done', 'superseded', 'failed')),
        due_at timestamptz not null default now(),
        attempts integer not null default 0,
        worker text not null default '',
        last_error text not null default '',
        created_at timestamptz not null default now(),
        finished_at timestamptz
    )
    """,
    "create index ix_job_due_at on job (due_at) where state in ('waiting', 'running')",
    "create unique index uq_job_name_dedupe on job (name, dedupe) where state = 'waiting' and dedupe is not null",
    "create index ix_job_finished_at on job (finished_at) where finished_at is not null",
    """
    create table job_schedule (
        name text not null constraint pk_job_schedule primary key,
        known_since timestamptz not null
    )
    """,
    """
    create table job_slot (
        name text not null,
        slot timestamptz not null,
        fired_at timestamptz not null default now(),
        constraint pk_job_slot primary key (name, slot)
    )
    """,
    """
    create table account (
        id uuid not null constraint pk_account primary key,
        login text not null constraint uq_account_login unique,
        password_hash text not null,
        totp_sealed bytea not null,
        totp_last_step bigint not null default 0,
        tenant_id uuid not null,
        kind text not null constraint ck_account_kind check (kind in ('member', 'bureau')),
        region text collate "C" not null,
        roles text[] not null,
        name text not null,
        locale text not null,
        created_at timestamptz not null default now(),
        disabled_at timestamptz
    )
    """,
    "create index ix_account_tenant_id on account (tenant_id)",
    """
    create table session (
        id uuid not null constraint pk_session primary key,
        token_digest bytea not null constraint uq_session_token_digest unique,
        account_id uuid not null,
        state text not null constraint ck_session_state check (state in ('password_ok', 'second_factor_ok')),
        source text not null,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        expires_at timestamptz not null,
        ended_at timestamptz
    )
    """,
    "create index ix_session_account_id on session (account_id)",
    "create index ix_session_expires_at on session (expires_at)",
    """
    create table login_pause (
        subject text not null constraint pk_login_pause primary key,
        failures integer not null,
        last_failed_at timestamptz not null,
        paused_until timestamptz
    )
    """,
    """
    create table api_key (
        id uuid not null constraint pk_api_key primary key,
        key_id text not null constraint uq_api_key_key_id unique,
        secret_digest bytea not null,
        tenant_id uuid not null,
        kind text not null constraint ck_api_key_kind check (kind in ('member', 'bureau')),
        region text collate "C" not null,
        label text not null,
        scopes text[] not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz
    )
    """,
    "create index ix_api_key_tenant_id on api_key (tenant_id)",
)

SECURED = (
    "audit",
    "outbox",
    "event_seen",
    "job",
    "job_schedule",
    "job_slot",
    "account",
    "session",
    "login_pause",
    "api_key",
)


def _rights() -> Iterator[str]:
    own_or_none = f"tenant_id is null or {OWN}"
    yield from allow("audit", "member", "insert", own_or_none)
    for kind in ("bureau", "public", "job", "gate"):
        yield from allow("audit", kind, "insert")
    for kind in ("member", "bureau"):
        yield from allow("outbox", kind, "insert")
    yield from allow("outbox", "job", "select, insert, update, delete")
    yield from allow("event_seen", "job", "select, insert, delete")
    yield from allow("job", "job", "select, insert, update, delete")
    yield from allow("job_schedule", "job", "select, insert")
    yield from allow("job_slot", "job", "select, insert, delete")
    yield from allow("account", "gate", "select, update (totp_last_step)")
    yield from allow("account", "job", "select, insert, update")
    yield from allow("session", "gate", "select, insert, update (last_seen_at, ended_at)")
    yield from allow("session", "job", "select, update (ended_at), delete")
    yield from allow("login_pause", "gate", "select, insert, update")
    yield from allow("login_pause", "job", "select, delete")
    yield from allow("api_key", "gate", "select, update (last_used_at)")
    yield from allow("api_key", "job", "select, insert, update")


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in SECURED:
        for statement in secure(table):
            op.execute(statement)
    for statement in _rights():
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
