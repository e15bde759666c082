"""Which veto items the engine lays before people, and on what each rests. It decides none of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from hengjian.scoring.domain.counting import BY_PENALTY
from hengjian.scoring.domain.credit_model import CreditModel, VetoItem
from hengjian.scoring.domain.credit_record import CreditRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class VetoProposal:
    """An item with the numbers of the findings and documents that prove it; `region` is that of the first of them."""

    item: VetoItem
    region: str
    rests_on: tuple[str, ...]


def veto_proposals(record: CreditRecord, model: CreditModel) -> tuple[VetoProposal, ...]:
    """Items for which a rule named beside them has a confirmed finding, or a penalty found such conduct proven.

    An item is not proposed again while it waits for a decision, nor on grounds on which people decided before.
    """
    return tuple(
        VetoProposal(item=item, region=grounds[0][0], rests_on=tuple(sorted({number for _, number in grounds})))
        for item in model.vetoes
        if (grounds := list(_new_grounds(record, item)))
    )


def _new_grounds(record: CreditRecord, item: VetoItem) -> Iterator[tuple[str, str]]:
    known = [veto for veto in record.known_vetoes if veto.item == item.id]
    if any(veto.undecided for veto in known):
        return
    before = {number for veto in known for number in veto.rests_on}
    rules = set(item.rules) - BY_PENALTY
    for finding in record.confirmed:
        if finding.rule in rules and finding.no not in before:
            yield finding.region, finding.no
    for one in record.penalties:
        proves = one.conduct == item.id or one.penalty.measure in item.penalties
        if proves and not one.annulled and one.penalty.document_no not in before:
            yield one.region, one.penalty.document_no
