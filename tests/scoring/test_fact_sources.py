"""The way from a fact down to the rows it was counted from."""

import pytest

from hengjian.scoring.api import FACTS, SUBJECTS
from hengjian.scoring.fact_sources import fact_source
from hengjian.tenants.api import BY_KIND, own_fields

PAIRS = [(kind, fact.name) for kind in SUBJECTS for fact in FACTS.values() if kind in fact.subjects]
OF_NO_REGISTER = {"as_of", "used_on", "first_visit_on", "days_since_push"}


@pytest.mark.parametrize(("subject_kind", "name"), PAIRS)
def test_every_fact_leads_to_a_register(subject_kind: str, name: str) -> None:
    """Of each kind of subject; its columns are the register's own. Days and pushes have no row."""
    source = fact_source(name, subject_kind=subject_kind, subject="reagentLots:R-1")
    if source is None:
        assert name in OF_NO_REGISTER
        return
    columns = {"source_ref", *(spec.name for spec in own_fields(BY_KIND[source.kind].row))}
    assert {column for column, _ in source.where} <= columns
