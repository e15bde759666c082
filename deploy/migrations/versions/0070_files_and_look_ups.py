"""The room that an organization's photos and attachments take, and who is supervised where by credit code.

What was sent before this revision takes no room.
"""

from alembic import op

from hengjian.platform.db.policies import OWN, allow, secure

revision = "0070"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table sent_file (
            tenant_id uuid not null, path text not null, size bigint not null, at timestamptz not null,
            constraint pk_sent_file primary key (tenant_id, path)
        )
    """)
    op.execute("create index ix_sent_file_size on sent_file (tenant_id, size)")
    op.execute("create index ix_sent_file_path on sent_file (path)")
    op.execute("create index ix_supervision_credit_code on supervision (credit_code)")
    for statement in (
        *secure("sent_file"),
        *allow("sent_file", "member", "select, insert, update", OWN),
        *allow("sent_file", "job", "select, delete"),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
