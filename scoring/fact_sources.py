"""From which register rows a fact was counted: the last step of the way from a verdict down to what was pushed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hengjian.scoring.domain.contractor_visits import pair_of


@dataclass(frozen=True, slots=True)
class FactSource:
    """One register, and the columns with the values that choose its rows (a city with its counties).

    `ended` says that a row that was true before counts as well: what ran out is the very reason of a breach.
    """

    kind: str
    where: tuple[tuple[str, str], ...] = ()
    ended: bool = field(default=False, repr=False)


_TECHNICIANS = FactSource("people", (("role", "TECHNICIAN"),))
_OF_CONTRACTOR: Mapping[str, FactSource] = {
    "points": FactSource("points"),
    "sets": FactSource("sets"),
    "technicians": _TECHNICIANS,
    "technicians_due": _TECHNICIANS,
    "technicians_certified": FactSource("certificates"),
    "supervisors": FactSource("people", (("role", "SUPERVISOR"),)),
    "office_area_m2": FactSource("offices"),
    "exclusive_warehouses": FactSource("warehouses"),
    "shared_warehouses": FactSource("warehouses"),
    "policy_documents": FactSource("policyDocuments"),
    "active_registrations": FactSource("registrations"),
    "business_scope": FactSource("organizations"),
    "platform_modules": FactSource("organizations"),
    "mobile": FactSource("organizations"),
}
_OF_INSTITUTION: Mapping[str, FactSource] = {
    "staff": FactSource("people"),
    "staff_intermediate": FactSource("people"),
    "cma_granted_on": FactSource("accreditations", ended=True),
    "reports_issued": FactSource("monitoringReports"),
}
_OF_INSTITUTION_CITY: Mapping[str, str] = {
    "recorder_checked": "recorderChecks",
    "days_since_recorder_check": "recorderChecks",
    "storage_free_days": "storageChecks",
    "custodian_active": "storageChecks",
    "recording_policy": "policyDocuments",
    "samplers_active": "people",
    "samplers_trained": "trainings",
    "crews": "fieldEvents",
    "printers": "labelPrinters",
    "spare_printers": "labelPrinters",
}
# By kind of subject: the register of its own rows, and by fact another register with the column that names it.
_OWN: Mapping[str, str] = {
    "technical_manager": "people",
    "signatory": "people",
    "instrument": "instruments",
    "method": "methods",
    "room": "rooms",
    "result": "testResults",
    "report_item": "testResults",
    "report": "monitoringReports",
    "system_change": "systemChanges",
    "point": "points",
    "visit": "visits",
    "visit_record": "visits",
    "repair": "repairs",
    "contractor_lot": "referenceMaterials",
    "task": "monitoringTasks",
    "sampling_action": "fieldEvents",
    "sample": "samples",
    "preservation": "samples",
    "analysis": "samples",
    "receipt": "labelEvents",
    "label_entry": "labelEvents",
    "label_reprint": "labelEvents",
}
_OTHER: Mapping[str, tuple[str, str | None]] = {
    "calibration_held": ("calibrations", "instrument_ref"),
    "calibrated_to": ("calibrations", "instrument_ref"),
    "calibration_fit": ("calibrations", "instrument_ref"),
    "readings_outside": ("environmentReadings", "room_ref"),
    "action_recorded": ("environmentReadings", "room_ref"),
    "operator_authorized": ("certificates", None),
    "cma_held": ("accreditations", None),
    "cma_valid_to": ("accreditations", None),
    "item_in_scope": ("capabilities", None),
    "issued_on": ("monitoringReports", None),
    "stopped": ("pointStops", "point_ref"),
    "days_since_inspection": ("visits", "point_ref"),
    "days_since_collection": ("wasteCollections", "point_ref"),
    "collection_licensed": ("wasteCollections", "point_ref"),
    "stages_required": ("fieldEvents", "task_ref"),
    "preservation_recorded": ("fieldEvents", "sample_ref"),
    "key_steps_recorded": ("fieldEvents", "sample_ref"),
    "stages_out_of_order": ("labelEvents", "sample_ref"),
    "labelled": ("labelEvents", "sample_ref"),
    "held_ms": ("labelEvents", "sample_ref"),
    "opening_checked": ("labelEvents", "sample_ref"),
    "opening_lead_ms": ("labelEvents", "sample_ref"),
}
_MAY_HAVE_ENDED = frozenset({"calibrations", "accreditations"})
OF_THE_CALENDAR = frozenset({"as_of", "used_on"})
_IN_CITY: Mapping[str, str] = {"points": "points", "sets": "sets", "vehicles": "vehicles"}
_OF_PERSON: Mapping[str, tuple[str, str]] = {
    "hired_on": ("people", "source_ref"),
    "first_certificate_on": ("certificates", "person_ref"),
    "certificate_held": ("certificates", "person_ref"),
    "pledge_signed": ("pledges", "person_ref"),
    "pledge_signed_on": ("pledges", "person_ref"),
    "first_visit_on": ("visits", "person_ref"),
}
_OF_LABORATORY: Mapping[str, tuple[str, str]] = {
    "cma_held": ("accreditations", "laboratory_ref"),
    "cma_valid_from": ("accreditations", "laboratory_ref"),
    "cma_valid_to": ("accreditations", "laboratory_ref"),
    "item_in_scope": ("laboratories", "source_ref"),
}


def fact_source(name: str, *, subject_kind: str, subject: str) -> FactSource | None:  # noqa: PLR0911  # one a kind
    """Where a fact of a subject comes from; None for a day or another value that no row gives.

    >>> fact_source("vehicles", subject_kind="contractor_city", subject="6501")
    FactSource(kind='vehicles', where=(('city', '6501'),))
    >>> fact_source("as_of", subject_kind="person", subject="P-1") is None
    True
    """
    match subject_kind:
        case "contractor":
            return _OF_CONTRACTOR.get(name)
        case "institution":
            return _OF_INSTITUTION.get(name)
        case "material_lot":
            register, _, ref = subject.partition(":")
            return None if name in OF_THE_CALENDAR else FactSource(register, (("source_ref", ref),))
        case own if own in _OWN:
            return _of_own(name, own, subject)
        case "contractor_city" | "institution_city" | "label":
            return _of_several(name, subject_kind, subject)
        case "item" | "core_item":
            return _of_item(name, subject)
        case "client_month" | "supervisor_month" | "technician_day" | "visit_pair":
            return _of_fieldwork(name, subject_kind, subject)
        case "person":
            return _one(_OF_PERSON.get(name), subject)
        case "laboratory":
            return _one(_OF_LABORATORY.get(name), subject)
        case _:
            return None


def _of_several(name: str, subject_kind: str, subject: str) -> FactSource | None:
    """Rows that share a city or a label; an institution's means are the same in every city."""
    if subject_kind == "label":
        return FactSource("labelEvents", (("label_id", subject),))
    if subject_kind == "contractor_city":
        kind = _IN_CITY.get(name)
        return FactSource(kind, (("city", subject),)) if kind else None
    kind = _OF_INSTITUTION_CITY.get(name)
    return FactSource(kind) if kind else None


def _of_own(name: str, subject_kind: str, subject: str) -> FactSource | None:
    if name in OF_THE_CALENDAR:
        return None
    kind, column = _OTHER.get(name, (_OWN[subject_kind], "source_ref"))
    return FactSource(kind, ((column, subject),) if column else (), ended=kind in _MAY_HAVE_ENDED)


def _of_fieldwork(name: str, subject_kind: str, subject: str) -> FactSource | None:
    """A distance leads to the later of two visits, the time between them to the earlier; so both are shown."""
    if name in OF_THE_CALENDAR:
        return None
    if subject_kind == "visit_pair":
        earlier, later = pair_of(subject)
        return FactSource("visits", (("source_ref", later if name == "distance_m" else earlier),))
    _, _, ref = subject.partition(":")
    if subject_kind == "client_month":
        return FactSource("points" if name == "service_month" else "clientReports", (("discharger", ref),))
    return FactSource("visits", (("person_ref", ref),))


def _of_item(name: str, subject: str) -> FactSource | None:
    match name:
        case "stock" | "core_stock":
            return FactSource("stock", (("item_ref", subject),))
        case "monthly_usage" | "installed_base" | "failure_rate_bp":
            return FactSource("spareItems", (("source_ref", subject),))
        case "sets":
            return FactSource("sets")
        case _:
            return None


def _one(found: tuple[str, str] | None, subject: str) -> FactSource | None:
    return FactSource(found[0], ((found[1], subject),), ended=found[0] in _MAY_HAVE_ENDED) if found else None
