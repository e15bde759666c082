"""Everything about one region in one month, read as its bureau sees it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from hengjian.filing.domain.chart_records import GradeCount
from hengjian.filing.domain.report_data import BureauData, OrganizationLine
from hengjian.filing.gather_judgements import gather_judgements
from hengjian.filing.report_inputs import ReportInputs
from hengjian.filing.score_lines import score_line
from hengjian.ingestion.api import PushActivity, push_activity
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import MonthScore, scores_between
from hengjian.tenants.api import ReportSubject, supervised_since


async def gather_bureau(session: ReadSession, inputs: ReportInputs) -> BureauData:
    """Reads who was supervised, how each stands, what was found and who pushed."""
    period, subject = inputs.period, inputs.subject
    supervised = await supervised_since(session, period.since)
    scores = await scores_between(session, since=period.since, until=period.until)
    pushers = [one.id for one in supervised]
    activity = await push_activity(session, pushers, since=inputs.received_since, until=inputs.received_until)
    judgements = await gather_judgements(session, period, inputs.rules, inputs.say, tenant_id=None)
    lines = _lines(supervised, scores, activity, judgements.lasting, inputs)
    return BureauData(
        cover=inputs.cover(
            subject=inputs.place(subject.region), identifier=subject.region, kinds=(inputs.say("辖区内全部机构"),)
        ),
        judgements=judgements,
        grades=_grades(supervised, lines, inputs),
        organizations=lines,
    )


def _lines(
    supervised: Sequence[ReportSubject],
    scores: Sequence[MonthScore],
    activity: Mapping[UUID, PushActivity],
    lasting: Mapping[UUID, Mapping[str, int]],
    inputs: ReportInputs,
) -> tuple[OrganizationLine, ...]:
    by_place = {(score.tenant_id, score.region): score for score in scores}
    return tuple(
        _line(one, by_place.get((one.id, one.region)), activity.get(one.id), lasting.get(one.id, {}), inputs)
        for one in supervised
    )


def _line(
    one: ReportSubject,
    score: MonthScore | None,
    pushed: PushActivity | None,
    counts: Mapping[str, int],
    inputs: ReportInputs,
) -> OrganizationLine:
    titles = inputs.rules.dimension_titles(one.region, inputs.period.last)
    return OrganizationLine(
        name=one.name,
        credit_code=one.credit_code,
        place=inputs.place(one.region),
        score=score_line(score, titles, inputs.say),
        critical=counts.get("critical", 0),
        major=counts.get("major", 0),
        minor=counts.get("minor", 0),
        last_push=pushed.last if pushed else None,
        batches=pushed.batches if pushed else 0,
        refused_rows=pushed.refused if pushed else 0,
    )


def _grades(
    supervised: Sequence[ReportSubject], lines: Sequence[OrganizationLine], inputs: ReportInputs
) -> tuple[GradeCount, ...]:
    """One row for each region one level below the bureau's, those without an organization left out."""
    length = min(len(inputs.subject.region) + 2, 6)
    places: dict[str, list[OrganizationLine]] = {}
    for one, line in zip(supervised, lines, strict=True):
        places.setdefault(one.region[:length], []).append(line)
    return tuple(_grade_count(inputs.place(code), inside) for code, inside in sorted(places.items()))


def _grade_count(label: str, lines: Sequence[OrganizationLine]) -> GradeCount:
    graded = Counter(line.score.grade for line in lines if line.score.grade is not None)
    return GradeCount(label=label, grades=graded, not_rated=sum(line.score.grade is None for line in lines))
