"""Changes of rules: drafts of bureaus, their steps, their impact on history, their shadow days, and whom they move."""

from alembic import op

from hengjian.platform.db.policies import JURISDICTION, OWN, allow, secure

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'

TABLES = {
    "rule_change": """
    id uuid not null, no text not null, bureau text not null, rule_id text not null, kind text not null,
    state text not null, from_day date not null, ends text, content jsonb not null, version text not null,
    drafted_by text not null, drafted_by_name text not null, drafted_at timestamptz not null, submitted_by text,
    approved_by text, approved_by_name text, approved_at timestamptz,
    constraint pk_rule_change primary key (tenant_id, id),
    constraint ck_rule_change_four_eyes check (approved_by <> drafted_by and approved_by <> submitted_by)
""",
    "rule_change_step": """
    change_id uuid not null, id uuid not null, at timestamptz not null, act text not null, actor text not null,
    actor_name text not null, reason text not null, version text not null,
    constraint pk_rule_change_step primary key (tenant_id, change_id, id)
""",
    "rule_impact": """
    change_id uuid not null, id uuid not null, version text not null, state text not null, since date not null,
    until date not null, done integer not null, total integer not null, started_at timestamptz not null,
    finished_at timestamptz, summary jsonb not null,
    constraint pk_rule_impact primary key (tenant_id, id)
""",
    "rule_impact_row": """
    impact_id uuid not null, organization_id uuid not null, judged_region text not null, credit_code text not null,
    name text not null, effect text not null, grade_moves boolean not null, days_before integer not null,
    days_after integer not null, open_before boolean not null, open_after boolean not null, points_before numeric,
    points_after numeric, grade_before text, grade_after text, detail jsonb not null,
    constraint pk_rule_impact_row primary key (tenant_id, impact_id, organization_id, judged_region)
""",
    "shadow_finding": """
    change_id uuid not null, organization_id uuid not null, judged_region text not null, credit_code text not null,
    name text not null, subject_kind text not null, subject text not null, subject_label text not null,
    first_day date not null, severity text not null, measured text, required text, breached_now boolean not null,
    judged_at timestamptz not null,
    constraint pk_shadow_finding
        primary key (tenant_id, change_id, organization_id, judged_region, subject_kind, subject)
""",
    "rule_change_effect": """
    change_id uuid not null, no text not null, rule_id text not null, from_day date not null,
    given_at timestamptz not null, effect text not null, days_before integer not null, days_after integer not null,
    points_before numeric, points_after numeric, grade_before text, grade_after text,
    constraint pk_rule_change_effect primary key (tenant_id, region, change_id)
""",
}

INDEXES = (
    "create unique index uq_rule_change_no on rule_change (tenant_id, no)",
    "create index ix_rule_change_state on rule_change (state, approved_at)",
)

# What is approved is law: whoever judges, and whoever is judged, reads it.
APPROVED = "state = 'approved'"
OWN_OR_LAW = f"({OWN}) or {APPROVED}"
SEEN_OR_LAW = f"({JURISDICTION}) or {APPROVED}"
OWN_HERE = f"({OWN}) and ({JURISDICTION})"

# table, kind of caller, rights, which rows are seen, which may be written (None: the same)
RIGHTS: tuple[tuple[str, str, str, str, str | None], ...] = (
    ("rule_change", "member", "select", OWN_OR_LAW, None),
    ("rule_change", "bureau", "select, insert, update", SEEN_OR_LAW, OWN_HERE),
    ("rule_change", "public", "select", APPROVED, None),
    ("rule_change", "job", "select", OWN_OR_LAW, None),
    ("rule_change_step", "member", "select", OWN, None),
    ("rule_change_step", "bureau", "select, insert", JURISDICTION, OWN_HERE),
    ("rule_impact", "member", "select", OWN, None),
    ("rule_impact", "bureau", "select, insert", JURISDICTION, OWN_HERE),
    ("rule_impact", "job", "select, update", OWN, None),
    ("rule_impact_row", "member", "select", OWN, None),
    ("rule_impact_row", "bureau", "select", JURISDICTION, None),
    ("rule_impact_row", "job", "select, insert, delete", OWN, None),
    ("shadow_finding", "member", "select", OWN, None),
    ("shadow_finding", "bureau", "select", JURISDICTION, None),
    ("shadow_finding", "job", "select, insert, delete", OWN, None),
    ("rule_change_effect", "member", "select", OWN, None),
    ("rule_change_effect", "bureau", "select", JURISDICTION, None),
    ("rule_change_effect", "job", "select, insert, update", OWN, None),
)


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
        for statement in secure(table):
            op.execute(statement)
    for index in INDEXES:
        op.execute(index)
    for table, kind, rights, using, check in RIGHTS:
        for statement in allow(table, kind, rights, using, check=check):
            op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
