"""Claims: what is claimed by whom, as keyed fingerprints, to find what two organizations claim at once."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, secure

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = """
create table claim (
    tenant_id uuid not null, region text collate "C" not null, kind text not null, source_ref text not null,
    valid_from date not null, valid_until date not null, fingerprint bytea not null, claimed_elsewhere boolean not null,
    constraint pk_claim primary key (tenant_id, kind, source_ref, valid_from)
)"""
INDEX = "create index ix_claim_fingerprint on claim (kind, fingerprint)"

# A job that works for one organization sees that one's claims; only the one that compares works for none.
FOR_NOBODY = "nullif(current_setting('app.tenant_id', true), '') is null"


def upgrade() -> None:
    op.execute(TABLE)
    op.execute(INDEX)
    for statement in (
        *secure("claim"),
        *allow("claim", "member", "select", OWN),
        *allow("claim", "bureau", "select", f"({JURISDICTION}) or {FOCUS}"),
        *allow("claim", "job", "select, insert, update, delete", f"({OWN}) or {FOR_NOBODY}"),
    ):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
