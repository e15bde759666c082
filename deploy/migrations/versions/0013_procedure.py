"""The procedure of the yearly grade: appeals to the upper bureau, the yearly result, its publicity and publication."""

from alembic import op

from hengjian.platform.db.policies import FOCUS, JURISDICTION, OWN, allow, role, secure

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'

COLUMNS = (
    """
    alter table finding
        add column heard boolean not null default false, add column decided_in text,
        add column appeal_until date, add column appeal_to text
    """,
    "alter table finding_decision add column accepted jsonb, add column effect jsonb",
    "alter table finding_statement add column contest jsonb",
)

TABLES = {
    "accepted_fact": """
    finding_id uuid not null, id uuid not null, at timestamptz not null, subject_kind text not null,
    subject text not null, accepted jsonb not null,
    constraint pk_accepted_fact primary key (tenant_id, id)
""",
    "result_step": """
    year integer not null, id uuid not null, at timestamptz not null, act text not null, actor text not null,
    actor_name text not null, reason text not null, publicity_until date,
    constraint pk_result_step primary key (tenant_id, region, year, id)
""",
    "result_entry": """
    year integer not null, prepared uuid not null, by_region text collate "C" not null, credit_code text not null,
    name text not null, total numeric, grade text, unrated text, as_of date not null, model text not null,
    model_version text not null, pack_version text not null, basis jsonb not null, basis_sha256 text not null,
    constraint pk_result_entry primary key (tenant_id, year, region, prepared)
""",
    "published_grade": """
    year integer not null, id uuid not null, kind text not null, by_region text collate "C" not null,
    credit_code text not null, name text not null, total numeric, grade text, unrated text, model text not null,
    model_version text not null, document_no text not null, published_on date not null, until date not null,
    at timestamptz not null,
    constraint pk_published_grade primary key (tenant_id, year, region, id)
""",
}
INDEXES = (
    "create index ix_result_entry_list on result_entry (by_region, year, prepared)",
    "create index ix_published_grade_list on published_grade (kind, year, region)",
)

RIGHTS = {
    "result_step": {"member": "select", "bureau": "select, insert", "job": "select"},
    "result_entry": {"member": "select", "bureau": "select, insert", "job": "select"},
    "published_grade": {"member": "select", "bureau": "select, insert", "public": "select", "job": "select"},
    "accepted_fact": {"member": "select", "bureau": "select, insert", "job": "select"},
}
# What is final, and what is in its publicity today, by the legal day.
PUBLIC = "kind = 'final' or (kind = 'publicity' and until >= (now() at time zone 'Asia/Shanghai')::date)"
# A job that works for one organization sees that one's rows; only the one that reminds everybody works for none.
FOR_NOBODY = "nullif(current_setting('app.tenant_id', true), '') is null"
WHICH = {"member": OWN, "bureau": JURISDICTION, "job": f"({OWN}) or {FOR_NOBODY}", "public": PUBLIC}
# A bureau acts for its own region, whatever it may see below.
AT_HOME = "= current_setting('app.region_from', true)"
CHECKS = {
    "result_step": f"region {AT_HOME}",
    "result_entry": f"({JURISDICTION}) and by_region {AT_HOME}",
    "published_grade": f"({JURISDICTION}) and by_region {AT_HOME}",
}
# An organization's facts are the same for every bureau that it serves.
SEEN = {("accepted_fact", "bureau"): f"({JURISDICTION}) or {FOCUS}", ("accepted_fact", "job"): OWN}

APPEAL = "heard, decided_in, appeal_until, appeal_to"
# By itself an organization leaves a finding stated, or confirmed with an objection or appeal, and nothing else.
STATED = (
    "state = 'stated' or ((objected or appeal_to is not null) and confirmed and state in ('confirmed', 'rectified'))"
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for index in INDEXES:
        op.execute(index)
    for table, rights in RIGHTS.items():
        for statement in secure(table):
            op.execute(statement)
        for kind, right in rights.items():
            using = SEEN.get((table, kind), WHICH[kind])
            for statement in allow(table, kind, right, using, check=CHECKS.get(table, WHICH[kind])):
                op.execute(statement)
    op.execute(f"grant update ({APPEAL}) on finding to {role('bureau')}")
    op.execute(f"grant update (appeal_until, appeal_to) on finding to {role('member')}")
    op.execute(f"alter policy member on finding with check ({OWN} and ({STATED}))")


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
