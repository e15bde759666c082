"""What gathering needs to know before it reads anything: whose report, for when, by which rules, in which words."""

from dataclasses import dataclass
from datetime import datetime

from hengjian.filing.domain.compliance_report import Cover, Period
from hengjian.filing.rule_words import RuleWords
from hengjian.filing.texts import Language, Say, speaker
from hengjian.platform.calendar import start_of_legal_day
from hengjian.scoring.api import LawBook
from hengjian.tenants.api import ReportSubject, load_regions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInputs:
    """One report about to be gathered. `bureau` answers for it; `now` is the time of knowledge."""

    subject: ReportSubject
    bureau: ReportSubject | None
    period: Period
    number: str
    now: datetime
    language: Language
    law_book: LawBook
    checkpoint: str = ""
    witnesses: str = ""

    @property
    def say(self) -> Say:
        """The words of the reader."""
        return speaker(self.language)

    @property
    def rules(self) -> RuleWords:
        """The law-book in the reader's language."""
        return RuleWords(self.law_book, self.language)

    @property
    def received_since(self) -> datetime:
        """First moment of the month, Asia/Shanghai."""
        return start_of_legal_day(self.period.since)

    @property
    def received_until(self) -> datetime:
        """First moment after the month."""
        return start_of_legal_day(self.period.until)

    def place(self, region: str) -> str:
        """A region's name on the last day of the month; its code where no name is known."""
        return load_regions().name(region, self.period.last, english=self.language == "en") or region

    def full_place(self, region: str) -> str:
        """The same with the regions above it."""
        if self.language == "en":
            return self.place(region)
        return load_regions().full_name(region, self.period.last) or region

    def cover(self, *, subject: str, identifier: str, kinds: tuple[str, ...]) -> Cover:
        """The first page's particulars."""
        bureau = self.subject if self.subject.is_bureau else self.bureau
        return Cover(
            subject=subject,
            identifier=identifier,
            kinds=kinds,
            place=self.full_place(self.subject.region),
            bureau=bureau.name if bureau else self.say("衡鉴平台"),
            number=self.number,
            period=self.period,
            made_at=self.now,
            law_book=self.rules.version(self.subject.region),
            demo=self.subject.demo,
            checkpoint=self.checkpoint,
            witnesses=self.witnesses,
        )
