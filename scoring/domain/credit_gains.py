"""What an organization can still correct, and the most that a correction can gain whatever else is corrected."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory
from hengjian.scoring.domain.credit_losses import charges_of
from hengjian.scoring.domain.credit_model import CreditModel, Measure


@dataclass(frozen=True, slots=True, order=True)
class Correction:
    """Something an organization can still do: end an open breach (`rectify`), or do a penalty's duty (`repair`).

    `ref` names the findings or the document, `cost` is the effort, 1 unless the caller knows better.
    """

    kind: str
    ref: str
    cost: int = 1


def most_gain(item: Correction, history: CreditHistory, model: CreditModel, *, as_of: date, by: date) -> Fraction:
    """An upper bound of what a correction adds to the score, alone or after any others.

    Losses are capped sums, so a correction never gains more than its own points without caps; where a rule is also
    breached less gravely, the rule's cap may fall with it, and that cap is added.
    """
    if item.kind == "repair":
        held = [one for one in history.penalties if one.document_no == item.ref]
        return Fraction(max(model.penalties.points(one.measure, one.fine) for one in held))
    gain = Fraction(0)
    for finding in (one for one in history.findings if one.name == item.ref):
        alone = replace(finding, event="")
        months = len(charges_of([alone], by)) - len(charges_of([replace(alone, last_day=as_of)], by))
        if months:
            own = months * Fraction(model.deductions[finding.severity])
            if _mixed(finding, history):
                own += Fraction(model.rule_caps[finding.severity])
            gain += own * _weight(finding, history, model)
    return gain


def _mixed(finding: CountedFinding, history: CreditHistory) -> bool:
    return any(
        one.rule == finding.rule and one.dimension == finding.dimension and one.severity is not finding.severity
        for one in history.findings
    )


def _weight(finding: CountedFinding, history: CreditHistory, model: CreditModel) -> Fraction:
    """How many points of the total one point of a finding is at most."""
    dimension = model.dimension(finding.dimension)
    if dimension.measure is Measure.UNITS:
        return Fraction(model.unit_factor * dimension.caps[history.kind], 100)
    return Fraction(1)
