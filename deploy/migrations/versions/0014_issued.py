"""Digests of the papers that were issued, so that anybody who holds one may ask whether it is ours."""

from alembic import op

from hengjian.platform.db.policies import allow, secure

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLE = """
create table issued_digest (
    digest text not null, series text not null, content text not null, issued_at timestamptz not null,
    constraint pk_issued_digest primary key (digest)
)"""
INDEX = "create index ix_issued_digest_series on issued_digest (series, issued_at)"


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(INDEX)
    for statement in (
        *secure("issued_digest"),
        *allow("issued_digest", "member", "insert"),
        *allow("issued_digest", "bureau", "insert"),
        *allow("issued_digest", "job", "insert"),
        *allow("issued_digest", "public", "select"),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
