"""A glance at whole columns never passes what a look at each row would stop."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hengjian.tenants.api import BY_KIND, all_sound, meaning_issues
from hengjian.tenants.domain.kinds import PersonRole
from hengjian.tenants.domain.rows_capacity import PersonRow

PEOPLE = BY_KIND["people"]
REGIONS = frozenset({"6501", "650102"})
DAYS = st.one_of(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.sampled_from([date(1850, 1, 1), date(2300, 1, 1)]))
PERSON = st.builds(
    PersonRow,
    source_ref=st.text("ab", min_size=1, max_size=3),
    name=st.just("张三"),
    role=st.just(PersonRole.TECHNICIAN),
    hired_on=DAYS,
    left_on=st.none() | DAYS,
    valid_to=st.none() | DAYS,
    city=st.sampled_from([None, "6501", "650100", "9999", "x"]),
    identity_number=st.sampled_from([None, "", "650102199001010018", "650102199001010019", "１"]),
)


@given(st.lists(PERSON, max_size=5))
def test_what_passes_at_a_glance_has_no_issue(rows: list[PersonRow]) -> None:
    """Sound columns mean that no row has an issue and none needs tidying."""
    if all_sound(PEOPLE, rows, REGIONS):
        before = [(row.city, row.identity_number) for row in rows]
        assert [meaning_issues(PEOPLE, row, REGIONS) for row in rows] == [[] for _ in rows]
        assert [(row.city, row.identity_number) for row in rows] == before


def test_plain_rows_do_pass() -> None:
    """The glance is of use: an ordinary batch passes it."""
    row = PersonRow(source_ref="a", name="张三", role=PersonRole.TECHNICIAN, hired_on=date(2026, 1, 5), city="6501")
    assert all_sound(PEOPLE, [row, row], REGIONS)
