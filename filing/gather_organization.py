"""Everything about one organization in one month, read as the organization itself sees it."""

from datetime import date

from hengjian.filing.code_words import ORGANIZATION_KINDS, word
from hengjian.filing.domain.report_data import OrganizationData, ReceiptLine
from hengjian.filing.gather_judgements import gather_judgements, gather_requirements
from hengjian.filing.gather_registers import gather_registers
from hengjian.filing.report_inputs import ReportInputs
from hengjian.filing.score_lines import deductions, grade_limits, score_line, trend
from hengjian.filing.texts import Language
from hengjian.ingestion.api import MonthBatch, batches_between
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import scores_between
from hengjian.tenants.api import BY_KIND


async def gather_organization(session: ReadSession, inputs: ReportInputs) -> OrganizationData:
    """Reads registers, receipts, verdicts and scores of the month."""
    subject, period, say = inputs.subject, inputs.period, inputs.say
    scores = await scores_between(session, since=_year_before(period.until), until=period.until, tenant_id=subject.id)
    at_home = [score for score in scores if score.region == subject.region]
    current = next((score for score in at_home if score.month == period.since), None)
    counts, registers = await gather_registers(session, subject.id, on=period.last, language=inputs.language, say=say)
    batches = await batches_between(session, subject.id, since=inputs.received_since, until=inputs.received_until)
    titles = inputs.rules.dimension_titles(subject.region, period.last)
    kinds = tuple(word(ORGANIZATION_KINDS, kind, say) for kind in sorted(subject.kinds))
    requirements, judged_on = await gather_requirements(session, subject.id, inputs.rules, say)
    return OrganizationData(
        cover=inputs.cover(subject=subject.name, identifier=subject.credit_code, kinds=kinds),
        judgements=await gather_judgements(session, period, inputs.rules, say, tenant_id=subject.id),
        score=score_line(current, titles, say),
        deductions=deductions(current, inputs.rules, say),
        trend=trend(at_home, until=period.until),
        grade_limits=grade_limits(inputs.law_book.credit_model(region=subject.region, on=period.last)),
        requirements=requirements,
        judged_on=judged_on,
        register_counts=counts,
        registers=registers,
        receipts=tuple(_receipt(batch, subject.name, inputs.language) for batch in batches),
    )


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def _receipt(batch: MonthBatch, organization: str, language: Language) -> ReceiptLine:
    register = BY_KIND.get(batch.kind)
    name = batch.kind if register is None else register.zh if language == "zh" else register.en
    return ReceiptLine(
        received_at=batch.received_at,
        organization=organization,
        kind=name,
        stream=batch.stream,
        sequence=batch.sequence,
        sent=batch.sent,
        accepted=batch.accepted,
        warned=batch.warned,
        refused=batch.refused,
        number=batch.id.hex[-8:],
    )
