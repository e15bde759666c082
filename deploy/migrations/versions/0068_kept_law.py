"""What packs and credit models said in each release that ran here, kept when first seen: rows are only ever added."""

from alembic import op

from hengjian.platform.db.policies import allow, secure

revision = "0068"
down_revision = "0065"
branch_labels = None
depends_on = None

TABLE = """
    create table law_content (
        hash text constraint pk_law_content primary key, kind text not null, name text not null, release text not null,
        first_seen_at timestamptz not null, content text not null
    )
"""
# Law is public; a process keeps what its files say. Nobody changes or takes away.
READERS = ("member", "bureau", "public")


def upgrade() -> None:
    op.execute("alter table finding add column counted_in jsonb not null default '[]'")
    op.execute(TABLE)
    op.execute("create index ix_law_content_name on law_content (kind, name, first_seen_at)")
    for statement in secure("law_content"):
        op.execute(statement)
    for reader in READERS:
        for statement in allow("law_content", reader, "select"):
            op.execute(statement)
    for statement in allow("law_content", "job", "select, insert"):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
