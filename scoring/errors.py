"""What scoring refuses, each with a stable code and a text for people in Chinese and English."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar


class ScoringError(Exception):
    """Scoring could not do what was asked."""

    code: ClassVar[str] = "SCORING_ERROR"

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class ExpressionError(ScoringError):
    """An author's expression is not part of the language, is wrongly typed or is too large."""

    code = "EXPRESSION_REFUSED"


class FactError(ScoringError):
    """A fact has a value of the wrong type or size (a binary float is always refused)."""

    code = "FACT_REFUSED"


class PackError(ScoringError):
    """A law-book pack or credit model does not load; `file` and `line` say where it must be mended."""

    code = "PACK_REFUSED"

    def __init__(self, *, file: str, line: int | None, zh: str, en: str) -> None:
        place = file if line is None else f"{file}:{line}"
        super().__init__(zh=f"{place}：{zh}", en=f"{place}: {en}")
        self.file = file
        self.line = line


class UnknownRuleError(ScoringError):
    """No loaded pack has a rule of this name."""

    code = "RULE_UNKNOWN"

    def __init__(self, rule_id: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known))
        super().__init__(
            zh=f"没有规则 {rule_id}，现有：{names}", en=f"there is no rule {rule_id}; the known rules are {names}"
        )


class UnknownFactError(ScoringError):
    """A rule does not use a fact or parameter of this name."""

    code = "FACT_UNKNOWN"

    def __init__(self, rule_id: str, name: str, known: Iterable[str]) -> None:
        names = ", ".join(known)
        super().__init__(
            zh=f"规则 {rule_id} 不使用 {name}，可用：{names}",
            en=f"rule {rule_id} does not use {name}; it knows {names}",
        )


class RuleNotInForceError(ScoringError):
    """The rule exists, but not in this region on this day."""

    code = "RULE_NOT_IN_FORCE"

    def __init__(self, rule_id: str, *, region: str, on: str) -> None:
        super().__init__(
            zh=f"规则 {rule_id} 于 {on} 在地区 {region} 未生效",
            en=f"rule {rule_id} is not in force in region {region} on {on}",
        )


class UnknownPenaltyError(ScoringError):
    """The credit model has no points for this penalty, or a fine comes without its amount."""

    code = "PENALTY_UNKNOWN"

    def __init__(self, measure: str, known: Iterable[str]) -> None:
        names = ", ".join(known)
        super().__init__(
            zh=f"信用评分模型没有处罚种类 {measure}（罚款须有大于 0 的金额），现有：{names}",
            en=f"the credit model has no points for {measure} (a fine needs an amount above 0); it knows {names}",
        )


class UndocumentedVetoError(ScoringError):
    """A veto was entered without the number of the document that decides it."""

    code = "VETO_UNDOCUMENTED"

    def __init__(self, item: str) -> None:
        super().__init__(
            zh=f"一票否决（{item}）须有决定文书号；系统只能提出建议",
            en=f"a veto ({item}) needs the number of the document that decides it; the engine may only propose one",
        )


class UnknownFindingError(ScoringError):
    """The organization has no finding of this number, as far as the caller sees."""

    code = "FINDING_UNKNOWN"

    def __init__(self, no: str) -> None:
        super().__init__(zh=f"该机构没有违规项 {no}", en=f"the organization has no finding {no}")


class NoCreditModelError(ScoringError):
    """No credit model is in force in the region on the day."""

    code = "NO_CREDIT_MODEL"

    def __init__(self, region: str, on: date) -> None:
        super().__init__(
            zh=f"{on} 在地区 {region} 没有生效的信用评分模型", en=f"no credit model is in force in {region} on {on}"
        )
