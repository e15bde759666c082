"""SQL of the registers of contractors' work, in the order of first days. $1 is the organizations, $2 a first day."""

from hengjian.scoring.fact_statements import rows_of
from hengjian.tenants.api import BY_KIND


def _rows(table: str, columns: str) -> str:
    return rows_of(table, f"source_ref, {columns}", ever=True)


def _latest(table: str, columns: str) -> str:
    """What is known of each event: the row that begins last."""
    return (
        "select distinct on (tenant_id, source_ref) tenant_id, source_ref, valid_from, valid_until, "
        f"{columns} from {table} where tenant_id = any($1::uuid[]) order by tenant_id, source_ref, valid_from desc"
    )


# A clock may have been wound up long before the first day to judge, so these are read whole.
FIELDWORK: dict[str, str] = {
    "points": _rows("point", "name, discharger, city, longitude, latitude, door_system, produces_waste"),
    "people": _rows("person", "name, role"),
    "pointStops": _rows("point_stop", "point_ref"),
    "inspections": (
        "select distinct tenant_id, point_ref, (started_at at time zone 'Asia/Shanghai')::date as day from ("
        + _latest("visit", "point_ref, started_at, purposes")
        + ") visits where 'INSPECTION' = any(purposes)"
    ),
    "wasteCollections": _latest("waste_collection", "point_ref, collected_on, licence_number, licence_until"),
    "clientReports": _rows("client_report", "discharger, month, received_on, sections"),
    "referenceMaterials": _rows("reference_material", "name, lot, expires_on, certificate_number"),
    "repairs": _latest(
        "repair",
        "point_ref, repaired_on, spare_used, original_brand, original_model, spare_brand, spare_model, "
        "compatibility_proof",
    ),
    # Visits whose record may still be open, or that lie at most a week before the first day: what was before is no travel.
    "visits": "select * from ("
    + _latest(
        "visit",
        "point_ref, person_ref, started_at, ended_at, longitude, latitude, door_entered_at, mobile, submitted_at, "
        "reviewed_at",
    )
    + ") visits where greatest(ended_at, submitted_at, reviewed_at) >= $2::date - 7 "
    "or (mobile and submitted_at is not null and reviewed_at is null) order by started_at, source_ref",
}
FIELDWORK_TABLES = {kind: BY_KIND[kind].table for kind in ("visits", "wasteCollections", "clientReports")}
