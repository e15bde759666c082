"""${message}.

A revision is one-way and must run beside the release before it: add, fill, and only later remove. It describes
tables in its own words (never by importing today's metadata), one statement a call, and gives each new table its
class, FORCE ROW LEVEL SECURITY and policies in the same file.
"""

from alembic import op

from hengjian.platform.db.policies import JURISDICTION, OWN, allow, secure

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
