"""Closed lists of the registers. A value is written the same in the API, the tables and the rules."""

from enum import StrEnum


class OrganizationKind(StrEnum):
    """What an organization is; one may be several."""

    BUREAU = "BUREAU"
    INSTITUTION = "INSTITUTION"
    CONTRACTOR = "CONTRACTOR"
    DISCHARGER = "DISCHARGER"


class PlatformModule(StrEnum):
    """Functions of an organization's information platform (S003 4.5)."""

    DATA_ACCESS = "DATA_ACCESS"
    OPERATION_MANAGEMENT = "OPERATION_MANAGEMENT"
    DOCUMENT_MANAGEMENT = "DOCUMENT_MANAGEMENT"


class Registry(StrEnum):
    """Where a registration (备案) is held."""

    AUTHORITY_PLATFORM = "AUTHORITY_PLATFORM"
    INDUSTRY_ASSOCIATION = "INDUSTRY_ASSOCIATION"


class LaboratoryOwnership(StrEnum):
    """Whose laboratory it is."""

    OWN = "OWN"
    CONTRACTED = "CONTRACTED"


class PersonRole(StrEnum):
    """The post a person holds. A supervisor (督查人员) is the contractor's own, never the bureau's."""

    TECHNICIAN = "TECHNICIAN"
    SUPERVISOR = "SUPERVISOR"
    QUALITY_OFFICER = "QUALITY_OFFICER"
    TECHNICAL_MANAGER = "TECHNICAL_MANAGER"
    QUALITY_MANAGER = "QUALITY_MANAGER"
    AUTHORIZED_SIGNATORY = "AUTHORIZED_SIGNATORY"
    SAMPLER = "SAMPLER"
    ANALYST = "ANALYST"
    CHECKER = "CHECKER"
    AUDITOR = "AUDITOR"
    OTHER = "OTHER"


class CertificateKind(StrEnum):
    """What work a certificate (上岗证) covers."""

    WATER = "WATER"
    GAS = "GAS"
    DATA_LOGGER = "DATA_LOGGER"
    MONITORING = "MONITORING"
    OTHER = "OTHER"


class Medium(StrEnum):
    """What a point discharges."""

    WATER = "WATER"
    GAS = "GAS"


class SpareKind(StrEnum):
    """Consumable (易损易耗品) or core spare (核心备件)."""

    CONSUMABLE = "CONSUMABLE"
    CORE = "CORE"


class PolicyKind(StrEnum):
    """The six policy documents of S003 4.4 (a to f)."""

    STAFF_MANAGEMENT = "STAFF_MANAGEMENT"
    SUPERVISION = "SUPERVISION"
    HAZARDOUS_WASTE = "HAZARDOUS_WASTE"
    ARCHIVES = "ARCHIVES"
    REPORTING = "REPORTING"
    WORK_INSTRUCTIONS = "WORK_INSTRUCTIONS"


class TitleLevel(StrEnum):
    """Level of a professional title; equivalent says that ability equal to intermediate was recognized (同等能力)."""

    NONE = "NONE"
    JUNIOR = "JUNIOR"
    INTERMEDIATE_EQUIVALENT = "INTERMEDIATE_EQUIVALENT"
    INTERMEDIATE = "INTERMEDIATE"
    ASSOCIATE_SENIOR = "ASSOCIATE_SENIOR"
    SENIOR = "SENIOR"


class Tenure(StrEnum):
    """By what right an instrument is used."""

    OWNED = "OWNED"
    LEASED = "LEASED"


class CalibrationKind(StrEnum):
    """How the trust in an instrument's values was renewed: verification (检定), calibration (校准), a check of its own."""

    VERIFICATION = "VERIFICATION"
    CALIBRATION = "CALIBRATION"
    INTERNAL_CHECK = "INTERNAL_CHECK"


class VisitPurpose(StrEnum):
    """What a visit was for; only INSPECTION (巡检) winds the inspection clock up again."""

    INSPECTION = "INSPECTION"
    CALIBRATION = "CALIBRATION"
    REPAIR = "REPAIR"
    SUPERVISORY = "SUPERVISORY"
    WASTE_COLLECTION = "WASTE_COLLECTION"
    OTHER = "OTHER"


class ReportSection(StrEnum):
    """The nine sections of a periodic report to a client (S003 annex B), in its order."""

    OVERVIEW = "OVERVIEW"
    OPERATION = "OPERATION"
    MAINTENANCE = "MAINTENANCE"
    ABNORMAL_DATA = "ABNORMAL_DATA"
    ORDERS = "ORDERS"
    INTERNAL_CHECKS = "INTERNAL_CHECKS"
    LAW_STUDY = "LAW_STUDY"
    NEXT_MONTH = "NEXT_MONTH"
    SUGGESTIONS = "SUGGESTIONS"
