"""What scoring refuses, each with a stable code and a text for people in Chinese and English."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from hengjian.platform.errors import ToldError
from hengjian.scoring.domain.credit_events import CreditRefusal
from hengjian.scoring.domain.finding_life import Refusal
from hengjian.scoring.domain.repair import RepairRefusal
from hengjian.scoring.domain.rule_change import SHADOW_DAYS, ChangeRefusal
from hengjian.scoring.domain.yearly_result import ResultRefusal


class ScoringError(ToldError):
    """Scoring could not do what was asked."""

    code = "SCORING_ERROR"

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
    status = 404

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
    """There is no such finding, or none that the caller sees (the two look alike)."""

    code = "FINDING_UNKNOWN"
    status = 404

    def __init__(self, no: str) -> None:
        super().__init__(zh=f"没有编号为 {no} 的违规项", en=f"there is no finding {no}")


class NoCreditModelError(ScoringError):
    """No credit model is in force in the region on the day."""

    code = "NO_CREDIT_MODEL"
    status = 404

    def __init__(self, region: str, on: date) -> None:
        super().__init__(
            zh=f"{on} 在地区 {region} 没有生效的信用评分模型", en=f"no credit model is in force in {region} on {on}"
        )


class StepRefusedError(ScoringError):
    """A step in the life of a finding cannot be taken now, or not by this person; `reason` says why."""

    code = "FINDING_STEP_REFUSED"
    status = 409

    def __init__(self, reason: Refusal) -> None:
        zh, en = _REFUSED[reason]
        super().__init__(zh=zh, en=en)
        self.reason = reason


class StatementRefusedError(ScoringError):
    """What an organization handed in with a statement cannot be kept."""

    code = "STATEMENT_REFUSED"


class UnknownChangeError(ScoringError):
    """There is no such change of a rule, or none that the caller sees (the two look alike)."""

    code = "RULE_CHANGE_UNKNOWN"
    status = 404

    def __init__(self, no: str) -> None:
        super().__init__(zh=f"没有编号为 {no} 的规则变更", en=f"there is no change of a rule {no}")


class VersionUnknownError(ScoringError):
    """A version of a rule was asked for by something that is no day and region."""

    code = "RULE_VERSION_UNKNOWN"

    def __init__(self, key: str) -> None:
        super().__init__(
            zh=f"{key} 不是规则版本；版本写作日期和地区代码，如 2025-10-01.65（全国为 00），可从版本列表中选",
            en=f"{key} is no version of a rule: a version is a day and a region code, such as 2025-10-01.65 "
            "(00 for the whole country); take one from the list of versions",
        )


class ChangeRefusedError(ScoringError):
    """A step with a change of a rule cannot be taken now, or not by this person; `reason` says why."""

    code = "RULE_CHANGE_REFUSED"
    status = 409

    def __init__(self, reason: ChangeRefusal) -> None:
        zh, en = CHANGE_REFUSED[reason]
        super().__init__(zh=zh, en=en)
        self.reason = reason


class ResultRefusedError(ScoringError):
    """A step with the result of a year cannot be taken now, or not by this person; `reason` says why."""

    code = "YEARLY_RESULT_REFUSED"
    status = 409

    def __init__(self, reason: ResultRefusal) -> None:
        zh, en = _RESULT_REFUSED[reason]
        super().__init__(zh=zh, en=en)
        self.reason = reason


class ChangeUnsoundError(ScoringError):
    """A change of a rule does not say what it must, or does not fit its rule; the text tells how to mend it."""

    code = "RULE_CHANGE_UNSOUND"


CHANGE_REFUSED: Mapping[ChangeRefusal, tuple[str, str]] = {
    ChangeRefusal.ROLE: (
        "您的角色不能办理这一步：起草、检查与送审由规则管理员办理，批准与退回由另一名规则管理员或复核人办理",
        "this step is for another role: a rule author drafts, checks and sends; another one or a reviewer decides",
    ),
    ChangeRefusal.OTHER_BUREAU: (
        "这是另一机关的规则变更，只能由起草机关办理",
        "this change belongs to another bureau, which alone takes its steps",
    ),
    ChangeRefusal.STATE: ("规则变更现在的状态不能办理这一步", "where the change stands now, this step cannot be taken"),
    ChangeRefusal.SAME_PERSON: (
        "起草或送审的人不能批准，请由另一名规则管理员或复核人办理",
        "whoever drafted or sent it may not approve it: ask another rule author or a reviewer",
    ),
    ChangeRefusal.NOT_CHECKED: ("请先运行示例检查并全部通过", "run the check first; all examples must come out"),
    ChangeRefusal.NO_IMPACT: (
        "请先对现有内容运行影响预览并等其完成",
        "preview the impact of what it says now first, and wait until it is done",
    ),
    ChangeRefusal.TOO_SOON: (
        f"生效日须至少晚于批准日 {SHADOW_DAYS} 天（试运行期）；请退回修改生效日",
        f"the first day must be at least {SHADOW_DAYS} days after approval (the shadow days); choose a later one",
    ),
    ChangeRefusal.IN_FORCE: (
        "变更已生效，不能撤回；请另行起草停用",
        "it is in force and cannot be withdrawn: draft its end instead",
    ),
    ChangeRefusal.REPLAY_DIFFERS: (
        "重放已存判定时结果有变，变更触及生效日之前的日子，不能批准；请检查内容后重新预览",
        "stored judgements come out otherwise: the change reaches days before its own; mend it and preview again",
    ),
}


class ResultNotReadyError(ScoringError):
    """The list of a year cannot be prepared yet."""

    code = "YEARLY_RESULT_NOT_READY"
    status = 409


class ResultsBehindError(ScoringError):
    """Some grades are not published yet: their organizations are judged anew first."""

    code = "YEARLY_RESULT_BEHIND"

    def __init__(self, count: int) -> None:
        super().__init__(zh=f"{count} 家机构先重新计分再公布", en=f"{count} are judged anew before they are published")


_RESULT_REFUSED: Mapping[ResultRefusal, tuple[str, str]] = {
    ResultRefusal.ROLE: ("您的角色不能办理这一步", "this step is for another role"),
    ResultRefusal.STATE: ("年度结果现在的状态不能办理这一步", "the state of the result does not allow this step"),
    ResultRefusal.YEAR_NOT_OVER: (
        "年度尚未结束，次年 1 月 1 日起可以编制",
        "the year is not over: prepare its result from 1 January on",
    ),
    ResultRefusal.SAME_PERSON: ("编制与批准不能是同一人", "the person who prepared the list may not decide on it"),
    ResultRefusal.PUBLICITY_LASTS: ("公示期未满", "publicity is not over"),
    ResultRefusal.ALL_WAIT: (
        "其余机构均有未决的异议或申诉，决定后再公布",
        "all others have an objection or appeal that waits: publish them once it is decided",
    ),
    ResultRefusal.NOTHING_MOVED: (
        "没有需要更正的等级：公布后的决定重新计分后才能更正",
        "no final grade is to be corrected: a later decision must have changed it, and the score be made anew",
    ),
    ResultRefusal.NO_PROPOSAL: ("没有待批准的更正提议", "no correction waits for approval"),
}
_REFUSED: Mapping[Refusal, tuple[str, str]] = {
    Refusal.ROLE: ("您的角色不能办理这一步", "this step is for another role"),
    Refusal.STATE: ("违规项现在的状态不能办理这一步", "the finding's state does not allow this step"),
    Refusal.STATEMENT_PERIOD: ("机构的陈述期限未到", "the institution still has time for its statement"),
    Refusal.NO_PROPOSAL: ("没有待复核的同一提议", "no such proposal waits for review"),
    Refusal.SAME_PERSON: ("提议与复核不能是同一人", "the person who proposed may not decide"),
    Refusal.DECIDED_BEFORE: (
        "曾参与原决定的人员不得办理异议",
        "whoever took part in the decision takes no part in the objection against it",
    ),
    Refusal.APPEAL_PERIOD: (
        "申诉期限（异议决定后 10 个工作日）已过；可依法申请行政复议或提起行政诉讼",
        "the ten working days to appeal are over; an administrative review or a lawsuit remains possible",
    ),
    Refusal.UPPER_BUREAU: ("申诉由上一级生态环境局决定", "an appeal is decided by the bureau one level up"),
    Refusal.PUBLICITY_OVER: (
        "该年度评价结果的公示期已过，不再受理异议",
        "the publicity period of that year's result is over: objections are no longer taken",
    ),
    Refusal.ONE_BY_ONE: ("机构已陈述或提出异议，须逐项办理", "the institution has spoken: decide it by itself"),
}


class UnknownCreditEventError(ScoringError):
    """The organization has no such credit event, or none that the caller sees."""

    code = "CREDIT_EVENT_UNKNOWN"
    status = 404

    def __init__(self, event_id: UUID) -> None:
        super().__init__(zh=f"没有这一信用事件（{event_id}）", en=f"there is no credit event {event_id}")


class CreditEventRefusedError(ScoringError):
    """A credit event cannot be entered, or a step with it not taken; `reason` says why where a rule of steps does."""

    code = "CREDIT_EVENT_REFUSED"
    status = 409

    def __init__(self, zh: str, en: str, *, reason: CreditRefusal | None = None) -> None:
        super().__init__(zh=zh, en=en)
        self.reason = reason


class UnknownRepairError(ScoringError):
    """There is no such application for credit repair, or none that the caller sees."""

    code = "REPAIR_UNKNOWN"
    status = 404

    def __init__(self) -> None:
        super().__init__(zh="没有这一信用修复申请", en="there is no such application for credit repair")


class RepairRefusedError(ScoringError):
    """An application for credit repair, or a step with one, cannot be taken; `reason` says why."""

    code = "REPAIR_REFUSED"
    status = 409

    def __init__(self, reason: RepairRefusal, *, possible_from: date | None = None) -> None:
        zh, en = _REPAIR_REFUSED[reason]
        if reason is RepairRefusal.TOO_EARLY and possible_from is not None:
            zh, en = f"{zh}（{possible_from}）", f"{en} ({possible_from})"
        super().__init__(zh=zh, en=en)
        self.reason = reason


_REPAIR_REFUSED: Mapping[RepairRefusal, tuple[str, str]] = {
    RepairRefusal.ROLE: (
        "您的角色不能办理这一步：由监管人员提议，复核人决定",
        "this step is for another role: an inspector proposes, a reviewer decides",
    ),
    RepairRefusal.STATE: ("申请现在的状态不能办理这一步", "where the application stands, this step cannot be taken"),
    RepairRefusal.SAME_PERSON: (
        "提议与复核不能是同一人，请由另一名复核人办理",
        "the person who proposed may not decide: ask another reviewer",
    ),
    RepairRefusal.NO_PROPOSAL: ("没有待复核的同一提议", "no such proposal waits for review"),
    RepairRefusal.NOT_REPAIRABLE: (
        "这一事项现在不能修复：仅限仍在计分的已确认轻微违规、有效的处罚和一票否决",
        "this cannot be repaired now: only confirmed minor findings that still count, penalties and vetoes in force",
    ),
    RepairRefusal.DUTY_OPEN: (
        "处罚义务的履行日期尚未登记；请联系作出决定的机关登记",
        "the day on which the penalty's duty was done is not recorded: ask the bureau that decided it",
    ),
    RepairRefusal.TOO_EARLY: ("未到可以修复的日期", "the day from which it may be repaired has not come"),
    RepairRefusal.WAITS_ALREADY: (
        "同一事项的申请正在办理，请等待决定",
        "an application for the same matter is before the bureau: wait for its decision",
    ),
    RepairRefusal.DAY: ("请填写修复生效日期，不得晚于今天", "give the day from which it works, not later than today"),
    RepairRefusal.DOCUMENT: ("请填写修复决定文书号", "give the number of the document that decides it"),
    RepairRefusal.REASON: ("请写明理由", "give a reason"),
}
