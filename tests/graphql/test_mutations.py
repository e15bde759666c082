"""What is registered as a mutation can be asked for."""

from hengjian.graphql.credit_fields import credit_fields
from hengjian.graphql.finding_fields import finding_fields
from hengjian.graphql.label_fields import label_fields
from hengjian.graphql.recording_fields import recording_fields
from hengjian.graphql.schema import schemas


def test_no_mutation_takes_the_place_of_another() -> None:
    """Two functions of one name would be one field: the schema would lose the first without a word."""
    told = schemas().published.mutation_type
    assert told is not None
    registered = [*finding_fields(), *credit_fields(), *label_fields(), *recording_fields()]
    assert [field.graphql_name for field in registered if field.graphql_name not in told.fields] == []
