"""SQL of institutions' registers, in the order of first days. $1 is the organizations, $2 the first day that matters."""

from hengjian.scoring.fact_statements import rows_of
from hengjian.tenants.api import BY_KIND


def _rows(table: str, columns: str, *, ever: bool = False) -> str:
    return rows_of(table, f"source_ref, {columns}", ever=ever)


# The registers from which an institution's facts are made, with what is read of each.
STATEMENTS: dict[str, str] = {
    "people": _rows("person", "name, role, title_level, experienced_since, identity_fingerprint"),
    "certificates": _rows("certificate", "person_ref, items"),
    "accreditations": _rows("accreditation", "granted_on", ever=True),
    "capabilities": _rows("capability", "accreditation_ref, item, method_code"),
    "instruments": _rows("instrument", "name, calibration_exempt"),
    "calibrations": _rows("calibration", "instrument_ref, kind, fit_for_use", ever=True),
    "referenceMaterials": _rows("reference_material", "name, lot, expires_on, accepted_on, true as key_reagent"),
    "reagentLots": _rows("reagent_lot", "name, lot, expires_on, accepted_on, key_reagent"),
    "methods": _rows("method", "code, verified_on, superseded_on", ever=True),
    "rooms": _rows("room", "name, temperature_low, temperature_high, humidity_low, humidity_high"),
    "environmentReadings": _rows("environment_reading", "room_ref, temperature, humidity, action"),
}
# Events: what is known last of each; $2 is the first day on which one counts.
EVENTS: dict[str, str] = {
    "monitoringReports": """
with latest as (
  select distinct on (tenant_id, source_ref) tenant_id, source_ref, valid_from, valid_until, number, issued_on, amends_number, amended,
    amendment_reason from monitoring_report where tenant_id = any($1::uuid[])
  order by tenant_id, source_ref, valid_from desc),
counted as (select *, count(*) over (partition by tenant_id, number order by issued_on) as same_number from latest)
select * from counted where issued_on >= $2 order by issued_on, source_ref""",
    "testResults": """
with latest as (
  select distinct on (tenant_id, source_ref) tenant_id, source_ref, valid_from, valid_until, item, tested_on, method_ref, report_ref,
    analyst_ref, checker_ref, reviewer_ref from test_result where tenant_id = any($1::uuid[])
  order by tenant_id, source_ref, valid_from desc)
select l.* from latest l where l.tested_on >= $2 or exists (
  select from monitoring_report r where r.tenant_id = l.tenant_id and r.source_ref = l.report_ref and r.issued_on >= $2)
order by l.tested_on, l.source_ref""",
    "systemChanges": """
with latest as (
  select distinct on (tenant_id, source_ref) tenant_id, source_ref, valid_from, valid_until, title, implemented_on, approved_on
  from system_change where tenant_id = any($1::uuid[])
  order by tenant_id, source_ref, valid_from desc)
select * from latest where implemented_on >= $2 order by implemented_on, source_ref""",
}
# The registers of which a row must be there before what they do not hold is known to be missing.
_KNOWN = ("people", "certificates", "accreditations", "capabilities", "calibrations", "monitoringReports")
KNOWN_TABLES = {kind: BY_KIND[kind].table for kind in _KNOWN}
