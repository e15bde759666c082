"""SQL of the way of samples and of recordings. $1 is the organizations, $2 the first day to judge, or one task.

A task that was planned a month before that day may still be going on; what happened to it is read from a quarter
before. A recording that was found changed or deleted is read whenever it was made.
"""

from hengjian.scoring.fact_statements import rows_of
from hengjian.tenants.api import BY_KIND

TASKS = "monitoringTasks"
_MINE = "tenant_id = any($1::uuid[])"


def _latest(table: str, columns: str, where: str) -> str:
    """What is known of each: the row that begins last."""
    return (
        f"select distinct on (tenant_id, source_ref) tenant_id, source_ref, valid_from, valid_until, {columns} "
        f"from {table} where {_MINE} and {where} order by tenant_id, source_ref, valid_from desc"
    )


def _rows(table: str, columns: str) -> str:
    return rows_of(table, f"source_ref, {columns}", ever=True)


def _in_time(rows: str) -> str:
    return f"select * from ({rows}) found order by happened_at, recorded_at, source_ref"


_LABEL_EVENTS = (
    "label_id, sample_ref, kind, happened_at, recorded_at, device_id, longitude, latitude, accuracy_m, person_ref, "
    "sampled_at, character, fixative, seal_state, timely, preserved, photo_sha256, "
    "exists (select from seal_label l where l.tenant_id = label_event.tenant_id and l.label_id = label_event.label_id) as issued, "
    "exists (select from claim c where c.tenant_id = label_event.tenant_id and c.kind = 'label' "
    "and c.source_ref = label_event.label_id and c.claimed_elsewhere) as used_elsewhere"
)
_FIELD_EVENTS = (
    "task_ref, sample_ref, kind, preservation, key_step, happened_at, ended_at, recorded_at, device_id, longitude, "
    "latitude, person_refs"
)


def _recordings(where: str) -> str:
    return f"""
select r.tenant_id, r.recording_no as source_ref, r.task_ref, r.label_ids, r.stage, r.purpose, r.device_id, r.tags, r.started_at,
  r.ended_at, r.completed_at, r.archived_at, r.longitude, r.latitude, r.retention_until,
  not i.report -> 'problems' @> '[{{"severity": "error"}}]' as usable,
  (i.report ->> 'duration_ms')::bigint as duration_ms, (i.report -> 'gaps')::text as gaps,
  i.report is not null as inspected, c.at as changed_at, d.at as deleted_at
from recording r
left join lateral (select report from recording_inspection x where x.tenant_id = r.tenant_id and x.recording_id = r.id
  order by x.at desc, x.id desc limit 1) i on true
left join lateral (select at from recording_check x where x.tenant_id = r.tenant_id and x.recording_id = r.id and not x.ok
  order by x.at limit 1) c on true
left join recording_deletion d on d.tenant_id = r.tenant_id and d.recording_id = r.id
where r.{_MINE} and ({where})
order by r.started_at, r.recording_no"""


def _clocks(since: str) -> str:
    """By device and legal day, by how much its clock was ahead at least: its own time less that of arrival."""
    return f"""
select tenant_id, device_id, (told at time zone 'Asia/Shanghai')::date as day, max(told - arrived) as ahead from (
  select tenant_id, device_id, happened_at as told, recorded_at as arrived from label_event
   where {_MINE} and happened_at >= {since} - 92
  union all select tenant_id, device_id, happened_at, recorded_at from field_event
   where {_MINE} and happened_at >= {since} - 92
  union all select tenant_id, device_id, completed_at, archived_at from recording
   where {_MINE} and started_at >= {since} - 92) readings
where device_id is not null and told > arrived group by 1, 2, 3"""


def _statements(*, since: str, tasks: str, of_samples: str, of_tasks: str, recordings: str) -> dict[str, str]:
    """What was told of tasks; the conditions choose among tasks, and among what names a sample or a task."""
    return {
        TASKS: _latest(
            "monitoring_task",
            "point_name, city, longitude, latitude, origin, planned_on, equipment_used, sampler_refs",
            tasks,
        ),
        "samples": _latest(
            "sample",
            "task_ref, preservation, holding_minutes, key_steps, brought_back",
            f"(tenant_id, task_ref) in (select tenant_id, source_ref from monitoring_task where {_MINE} and {tasks})",
        ),
        "labelEvents": _in_time(_latest("label_event", _LABEL_EVENTS, of_samples)),
        "fieldEvents": _in_time(_latest("field_event", _FIELD_EVENTS, of_tasks)),
        "recordings": _recordings(recordings),
        "clocks": _clocks(since),
    }


_SAMPLES_OF_TASK = f"select source_ref from sample where {_MINE} and task_ref = $2"
# Everything of one task, $2, of one organization.
EVIDENCE_OF_TASK = _statements(
    since=f"(select coalesce((select min(planned_on) from monitoring_task where {_MINE} and source_ref = $2), "
    f"(select min(started_at)::date from recording where {_MINE} and task_ref = $2)))",
    tasks="source_ref = $2",
    of_samples=f"sample_ref in ({_SAMPLES_OF_TASK})",
    of_tasks="task_ref = $2",
    recordings="r.task_ref = $2 or r.label_ids && array(select label_id from label_event "
    f"where {_MINE} and sample_ref in ({_SAMPLES_OF_TASK}))",
)
# One recording by itself, $2 its number.
EVIDENCE_OF_RECORDING = {
    "recordings": _recordings("r.recording_no = $2"),
    "clocks": _clocks(f"(select min(started_at)::date from recording where {_MINE} and recording_no = $2)"),
}
_UPLOADS = f"""
select distinct on (u.tenant_id, u.recording_no) u.tenant_id, u.recording_no as source_ref, u.about ->> 'taskRef' as task_ref,
  (u.about ->> 'completedAt')::timestamptz as completed_at
from upload u
where u.{_MINE} and u.begun_at >= $2::date - 92 and u.state <> 'ARCHIVED' and not exists (
  select from recording r where r.tenant_id = u.tenant_id and r.recording_no = u.recording_no)
order by u.tenant_id, u.recording_no, u.begun_at desc"""
# Everything that may matter from a day on, $2.
EVIDENCE: dict[str, str] = _statements(
    since="$2::date",
    tasks="planned_on >= $2::date - 31",
    of_samples="happened_at >= $2::date - 92",
    of_tasks="happened_at >= $2::date - 92",
    recordings="r.started_at >= $2::date - 92 or c.at is not null or d.at is not null",
) | {
    "uploads": _UPLOADS,
    "labelPrinters": _rows("label_printer", "spare"),
    "recorderChecks": _latest("recorder_check", "checked_on", "true"),
    "storageChecks": _latest("storage_check", "checked_on, free_days, custodian_ref", "true"),
    "labelTrainings": _latest("training", "person_ref, topic, held_on, passed", "true"),
    "staff": _rows("person", "role"),
    "recordingPolicies": _rows("policy_document", "kind"),
}
# The registers of which a row must be there before what they do not hold is known to be missing.
_KNOWN = ("labelPrinters", "people", "trainings", "policyDocuments", "storageChecks")
EVIDENCE_TABLES = {kind: BY_KIND[kind].table for kind in _KNOWN}
