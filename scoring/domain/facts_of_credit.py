"""Facts of credit events: decisions on record, checks, and what is to be put right by a day."""

from types import MappingProxyType

from hengjian.scoring.domain.facts_shape import Fact
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import ValueType

OF_CREDIT = (
    Fact(
        name="falsifications",
        type=ValueType.INTEGER,
        unit=Wording("件", "decisions"),
        subjects=("credit_record",),
        label=Wording("弄虚作假决定数", "falsification decisions"),
        meaning=Wording(
            "当日有效（已复核、未修复、未撤销）且认定弄虚作假或出具虚假报告的处罚决定",
            "penalties in force on the day (confirmed, neither repaired nor annulled) that found falsification or a false "
            "report proven",
        ),
    ),
    Fact(
        name="criminal_judgments",
        type=ValueType.INTEGER,
        unit=Wording("件", "judgments"),
        subjects=("credit_record",),
        label=Wording("刑事判决数", "criminal judgments"),
        meaning=Wording("当日有效的刑事处罚记录", "criminal punishments on record and in force on the day"),
    ),
    Fact(
        name="check_fit",
        type=ValueType.BOOLEAN,
        subjects=("check",),
        label=Wording("检查结果合格", "fit"),
        meaning=Wording("检查、比对、考核或投诉核查的结果合格", "whether the check found everything fit"),
    ),
    Fact(
        name="check_severity",
        type=ValueType.TEXT,
        subjects=("check",),
        label=Wording("不合格的级别", "severity when unfit"),
        meaning=Wording("检查文书认定的级别", "severity that the check's document states"),
        choices=MappingProxyType(
            {
                "critical": Wording("严重", "critical"),
                "major": Wording("较重", "major"),
                "minor": Wording("一般", "minor"),
            }
        ),
    ),
    Fact(
        name="due_on",
        type=ValueType.DATE,
        subjects=("rectification",),
        label=Wording("整改期限", "due on"),
        meaning=Wording("最迟完成整改的日期，当日仍为按期", "last day for the rectification, that day included"),
    ),
    Fact(
        name="rectified_on",
        advances=True,
        type=ValueType.DATE,
        subjects=("rectification",),
        label=Wording("整改完成日", "rectified on"),
        meaning=Wording(
            "整改完成的日期；尚未完成的取判定日", "day on which it was put right; the day of judgement while it is not"
        ),
    ),
)
