"""Closed lists of the way of a sample, from the task to the analysis (温环发〔2023〕5号)."""

from enum import StrEnum


class TaskOrigin(StrEnum):
    """Whether samples are taken by the institution or brought by the client (自送样品), or nothing leaves the site."""

    SAMPLED = "SAMPLED"
    DELIVERED = "DELIVERED"
    FIELD_TEST = "FIELD_TEST"


class Preservation(StrEnum):
    """What is done so that a sample stays what it is (附件1 第六条)."""

    PRESERVATIVE = "PRESERVATIVE"
    COLD = "COLD"
    DARK = "DARK"
    SHOCKPROOF = "SHOCKPROOF"


class KeyStep(StrEnum):
    """Key steps of an analysis in the laboratory (附件1 第八条)."""

    COLLECT = "COLLECT"
    OPEN = "OPEN"
    LOAD = "LOAD"
    WEIGH = "WEIGH"
    TITRATE = "TITRATE"
    PHOTOMETRY = "PHOTOMETRY"


class LabelEventKind(StrEnum):
    """What happens to a seal label."""

    PRINTED = "PRINTED"
    REPRINTED = "REPRINTED"
    SEALED = "SEALED"
    LABELLED = "LABELLED"
    HANDED_OVER = "HANDED_OVER"
    RECEIVED = "RECEIVED"
    REFUSED = "REFUSED"
    OPENED = "OPENED"
    ANALYSED = "ANALYSED"
    VOIDED = "VOIDED"


class SealState(StrEnum):
    """How seal and label were found at a check."""

    INTACT = "INTACT"
    DAMAGED = "DAMAGED"
    BADLY_BROKEN = "BADLY_BROKEN"
    MISSING = "MISSING"


class FieldEventKind(StrEnum):
    """What happens on the way of a task, other than to a label."""

    EQUIPMENT_ISSUED = "EQUIPMENT_ISSUED"
    EQUIPMENT_RETURNED = "EQUIPMENT_RETURNED"
    ARRIVED = "ARRIVED"
    SAMPLING = "SAMPLING"
    FIELD_TEST = "FIELD_TEST"
    PRESERVED = "PRESERVED"
    TRANSPORTED = "TRANSPORTED"
    KEY_STEP = "KEY_STEP"
    ANALYSIS = "ANALYSIS"
    CHECKED = "CHECKED"
    REVIEWED = "REVIEWED"
    REPORTED = "REPORTED"
