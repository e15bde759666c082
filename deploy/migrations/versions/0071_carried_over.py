"""What a judgement said of each rule is carried over while all that it rests on is the same; pushes are counted.

A stream counts its pushes from this revision on: the number tells whether a register may be another than it was.
"""

from alembic import op

from hengjian.platform.db.policies import OWN, SLICE, allow, secure

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table push_stream add column pushes bigint not null default 0")
    op.execute("""
        create table carried_over (
            tenant_id uuid not null, region text collate "C" not null, content text not null,
            constraint pk_carried_over primary key (tenant_id, region)
        )
    """)
    # It is read and written whole, and packing it costs more than the room it saves.
    op.execute("alter table carried_over alter column content set storage external")
    for statement in (
        *secure("carried_over"),
        *allow("carried_over", "job", "select, insert, update, delete", OWN),
        *allow("carried_over", "slice", "select, insert, update, delete", SLICE),
        *allow("push_stream", "slice", "select", SLICE),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
