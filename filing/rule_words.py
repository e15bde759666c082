"""What the law-book says about a rule, in the reader's language. A rule that no pack has any more keeps its number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hengjian.filing.domain.compliance_report import ClauseLine
from hengjian.filing.exact_figures import shown
from hengjian.filing.texts import Language
from hengjian.scoring.api import LawBook, Pack, Rule, Wording, formula_on, limit_sign
from hengjian.tenants.api import load_regions

_REGION_CODE = re.compile(r"\d{2}(\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class RuleWords:
    """One law-book read in one language."""

    book: LawBook
    language: Language

    def title(self, rule_id: str) -> str:
        """The rule's title; its number when it is unknown."""
        found = self._find(rule_id)
        return self._in(found[1].title) if found else rule_id

    def unit(self, rule_id: str) -> str:
        """The unit of measured and required."""
        found = self._find(rule_id)
        return self._in(found[1].unit) if found else ""

    def limit(self, rule_id: str, required: str | None, *, measured: str | None, breach: bool) -> str:
        """The limit with its operator, `≥ 2`; without one where the rule is unknown, a dash where there is none."""
        found = self._find(rule_id)
        sign = limit_sign(found[1], required, measured=measured, breach=breach) if found else ""
        return f"{sign} {shown(required)}".strip()

    def clause(self, rule_id: str) -> str:
        """The clause, shortly; its source stands in the line of `clause_line`."""
        found = self._find(rule_id)
        return found[1].cites.clause if found else ""

    def clause_line(self, rule_id: str, *, regions: Iterable[str], on: date) -> ClauseLine | None:
        """The clause with its quotation, remedy, and formula as it stood in these regions; None for an unknown rule."""
        found = self._find(rule_id)
        if found is None:
            return None
        pack, rule = found
        formulas = dict.fromkeys(self._in(formula_on(rule, region, on)) for region in sorted(regions))
        source = pack.sources.get(rule.cites.source)
        return ClauseLine(
            rule_id=rule.id,
            title=self._in(rule.title),
            source=self._in(source) if source else rule.cites.source,
            clause=rule.cites.clause,
            quote=rule.cites.quote,
            formula=" / ".join(formulas),
            remedy=self._in(rule.remedy),
            in_force_from=rule.in_force_from,
        )

    def subject(self, label: str, on: date) -> str:
        """What was judged; a region code becomes the region's name."""
        if not _REGION_CODE.fullmatch(label):
            return label
        return load_regions().name(label, on, english=self.language == "en") or label

    def version(self, region: str) -> str:
        """Hash of the content of every pack that judges in a region, joined."""
        return "+".join(pack.version for pack in self.book.packs if region.startswith(pack.region))

    def dimension_titles(self, region: str, on: date) -> dict[str, str]:
        """The titles of the credit model's dimensions by their ids; empty without a model."""
        model = self.book.credit_model(region=region, on=on)
        return {} if model is None else {d.id: f"{d.id} {self._in(d.title)}" for d in model.dimensions}

    def _find(self, rule_id: str) -> tuple[Pack, Rule] | None:
        found = [(pack, rule) for pack in self.book.packs for rule in pack.rules if rule.id == rule_id]
        return found[0] if found else None

    def _in(self, wording: Wording) -> str:
        return wording.zh if self.language == "zh" else wording.en
