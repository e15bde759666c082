"""Compliance reports that were made, each with the hash of its file. Rows are only ever added."""

from alembic import op

from hengjian.platform.db.policies import JURISDICTION, OWN, allow, secure

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REPORT = """
create table report (
    tenant_id uuid not null,
    region text collate "C" not null,
    id uuid not null,
    kind text not null constraint ck_report_kind check (kind in ('organization', 'bureau')),
    month date not null,
    language text not null,
    number text not null,
    state text not null constraint ck_report_state check (state in ('made', 'failed')),
    created_at timestamptz not null,
    known_at timestamptz not null,
    requested_by text not null,
    scheduled boolean not null,
    law_book text not null,
    pages integer not null,
    size_bytes bigint not null,
    sha256 text not null,
    object_path text not null,
    problem text not null,
    constraint pk_report primary key (tenant_id, id)
)
"""


def upgrade() -> None:
    op.execute(REPORT)
    op.execute(
        "create unique index uq_report_scheduled on report (tenant_id, month, language) "
        "where scheduled and state = 'made'"
    )
    op.execute("create index ix_report_created_at on report (tenant_id, created_at)")
    op.execute("create index ix_report_region on report (region, created_at)")
    for statement in (
        *secure("report"),
        *allow("report", "member", "select", OWN),
        *allow("report", "bureau", "select", JURISDICTION),
        *allow("report", "job", "select, insert", OWN),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
