"""Verdicts, findings with their history, scores, and the standing that dashboards read."""

from alembic import op

from hengjian.platform.db.policies import JURISDICTION, OWN, allow, secure

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HEAD = 'tenant_id uuid not null, region text collate "C" not null,'

TABLES = {
    "judgement": """
    rule_id text not null, subject_kind text not null, subject text not null, subject_label text not null,
    verdict text not null, severity text, measured text, required text, missing text[] not null,
    lacking text[] not null, reason text, facts jsonb not null, since date not null, as_of date not null,
    judged_at timestamptz not null, pack_version text not null,
    constraint pk_judgement primary key (tenant_id, region, rule_id, subject)
""",
    "finding": """
    id uuid not null, no text not null, rule_id text not null, subject_kind text not null, subject text not null,
    subject_label text not null, severity text not null, state text not null, opened_on date not null,
    closed_on date, detected_at timestamptz not null, judged_at timestamptz not null, measured text, required text,
    lacking text[] not null, facts jsonb not null, pack_version text not null, costs_points boolean not null,
    constraint pk_finding primary key (tenant_id, id)
""",
    "finding_event": """
    finding_id uuid not null, id uuid not null, at timestamptz not null, event text not null, actor text not null,
    detail jsonb not null,
    constraint pk_finding_event primary key (tenant_id, finding_id, id)
""",
    "score": """
    month date not null, as_of date not null, total numeric, grade text, unrated text, dimensions jsonb not null,
    losses jsonb not null, open_findings integer not null, model text not null, model_version text not null,
    pack_version text not null, computed_at timestamptz not null,
    constraint pk_score primary key (tenant_id, region, month)
""",
    "standing": """
    home_region text collate "C" not null, credit_code text not null, name text not null, pinyin text not null,
    initials text not null, kinds text[] not null, demo boolean not null, total numeric, grade text,
    grade_before text, unrated text, critical integer not null, major integer not null, minor integer not null,
    info integer not null, no_data integer not null, judged integer not null, points integer,
    last_push_at timestamptz, as_of date not null, computed_at timestamptz not null,
    constraint pk_standing primary key (tenant_id, region)
""",
}

INDEXES = (
    "create index ix_finding_region on finding (region, detected_at)",
    "create index ix_finding_rule on finding (tenant_id, rule_id, subject)",
    "create index ix_finding_no on finding (no)",
    "create index ix_standing_region on standing (region, total)",
)

# What an evaluation may do to each table; a finding's history can only grow.
JOB_RIGHTS = {
    "judgement": "select, insert, update, delete",
    "finding": "select, insert, update",
    "finding_event": "select, insert",
    "score": "select, insert, update",
    "standing": "select, insert, update, delete",
}


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"create table {table} ({HEAD} {columns})")
    for index in INDEXES:
        op.execute(index)
    for table, rights in JOB_RIGHTS.items():
        for statement in (
            *secure(table),
            *allow(table, "member", "select", OWN),
            # A focus opens registers only: a bureau judges what is judged in its own region.
            *allow(table, "bureau", "select", JURISDICTION),
            *allow(table, "job", rights, OWN),
        ):
            op.execute(statement)
    op.execute(
        "create table number_series (series text not null constraint pk_number_series primary key, last integer not null)"
    )
    for statement in (*secure("number_series"), *allow("number_series", "job", "select, insert, update")):
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
