"""Changes of rules in people's words: steps, and what changes from what to what."""

from collections.abc import Mapping

from hengjian.dashboards.labels import CHOICES, SEVERITIES
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.changes_record import ChangeLine
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import Site
from hengjian.scoring.api import ChangeAct, ChangeHead, ChangeKind, UnknownRuleError

STEPS: Mapping[str, str] = {
    ChangeAct.DRAFT: mark("起草变更"),
    ChangeAct.CHECK: mark("运行示例"),
    ChangeAct.IMPACT: mark("预览影响"),
    ChangeAct.SUBMIT: mark("送交审批"),
    ChangeAct.APPROVE: mark("批准变更"),
    ChangeAct.RETURN: mark("退回"),
    ChangeAct.WITHDRAW: mark("撤回"),
}


def change_line(site: Site, head: ChangeHead, words: Words, *, before: str = "") -> ChangeLine:
    """One change ready to print."""
    return ChangeLine(
        number=head.no,
        rule_id=head.rule_id,
        title=rule_title(site, head.rule_id),
        what=what_changes(site, head, words, before=before),
        region=region_name(head.region, site.today),
        bureau=head.bureau,
        from_day=head.from_day,
        until=head.until,
        stage=head.stage,
    )


def what_changes(site: Site, head: ChangeHead, words: Words, *, before: str = "") -> str:
    """What the change does, `每名督查人员的点位数 50 → 45 个/人`."""
    match head.kind:
        case ChangeKind.PARAMETER:
            label, unit = _parameter(site, head, words)
            old = f"{_value(before, words)} → " if before else "→ "
            return f"{label} {old}{_value(head.value, words)} {unit}".strip()
        case ChangeKind.SEVERITY:
            old = f"{words(SEVERITIES[before])} → " if before in SEVERITIES else "→ "
            new = words(SEVERITIES[head.value]) if head.value in SEVERITIES else head.value
            return words("级别 %(change)s", change=f"{old}{new}")
        case ChangeKind.OFF:
            return words("在本地区停用这条规则")
        case ChangeKind.END:
            return words("停用一项变更，恢复原规定")
        case ChangeKind.TEXT:
            return words("改写整条规则")


def _value(text: str, words: Words) -> str:
    return words("、").join(words(CHOICES[one]) if one in CHOICES else one for one in text.split(", "))


def _parameter(site: Site, head: ChangeHead, words: Words) -> tuple[str, str]:
    try:
        rules = [rule for _, rule in site.lawbook.find(head.rule_id)]
    except UnknownRuleError:
        return head.parameter, ""
    for rule in rules:
        for parameter in rule.parameters:
            if parameter.name == head.parameter:
                listed = isinstance(parameter.entries[0].value, tuple)
                return words.of(parameter.label), "" if listed else words.of(parameter.entries[0].unit)
    return head.parameter, ""
