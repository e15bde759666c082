"""A context for many organizations at once: the caller `slice` judges those whose ids lie in a range.

Its rights are those of a job that judges, and no others: no accounts, keys, jobs, audit, claims or reports; of events
it may only say one.
"""

from alembic import op

from hengjian.platform.db.policies import SLICE, allow, role

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# One caller, one context: after this the role is another, which may not call it again.
SET_CONTEXT = """
create function app.set_ctx(tenant_from text, tenant_to text) returns void
language plpgsql as $$
begin
    if tenant_from::uuid is null or tenant_to::uuid is null then
        raise exception 'a slice has two ends';
    end if;
    execute format('set local app.tenant_id = %L', '');
    execute format('set local app.region_from = %L', '');
    execute format('set local app.region_to = %L', '');
    execute format('set local app.focus = %L', '');
    execute format('set local app.tenant_from = %L', tenant_from);
    execute format('set local app.tenant_to = %L', tenant_to);
    execute 'set local role hengjian_slice';
end
$$
"""

# What a judgement reads of each organization; each has its assertions beside it.
REGISTERS = (
    *("profile", "registration", "laboratory", "accreditation", "person", "certificate", "pledge", "point"),
    *("monitoring_set", "instrument", "office", "warehouse", "spare_item", "stock", "vehicle", "policy_document"),
    *("room", "environment_reading", "calibration", "reference_material", "reagent_lot", "method", "capability"),
    *("training", "monitoring_report", "test_result", "system_change", "device_failure"),
)
# What it does to everything else; a finding's history can only grow.
RIGHTS = {
    "push_batch": "select",
    "judgement": "select, insert, update, delete",
    "finding": "select, insert, update",
    "finding_event": "select, insert",
    "finding_decision": "select",
    "accepted_fact": "select",
    "penalty": "select",
    "credit_check": "select",
    "credit_step": "select",
    "veto": "select, insert",
    "notice": "select, insert",
    "score": "select, insert, update",
    "standing": "select, insert, update, delete",
}
# The same verdict, score or finding is not written again: what a row says, as a number.
DIGESTS = ("judgement", "score")


def upgrade() -> None:
    op.execute(SET_CONTEXT)
    op.execute("revoke all on function app.set_ctx(text, text) from public")
    op.execute("grant execute on function app.set_ctx(text, text) to hengjian_app")
    op.execute(f"grant usage on schema public, app to {role('slice')}")
    for table in DIGESTS:
        op.execute(f"alter table {table} add column digest bigint")
    statements = [
        *allow("organization", "slice", "select", SLICE.replace("tenant_id", "id")),
        *allow("supervision", "slice", "select", SLICE.replace("tenant_id", "organization_id")),
        *allow("number_series", "slice", "select, insert, update"),
        *allow("outbox", "slice", "insert"),
    ]
    for register in REGISTERS:
        statements += [*allow(register, "slice", "select", SLICE)]
        statements += [*allow(f"{register}_assertion", "slice", "select", SLICE)]
    for table, rights in RIGHTS.items():
        statements += [*allow(table, "slice", rights, SLICE)]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    message = "a revision is one-way: restore a backup instead"
    raise RuntimeError(message)
