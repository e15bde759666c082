"""Sample decisions, statements, bulk steps and notices."""

from dataclasses import replace
from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.life_record import (
    ActChoice,
    AppealPanel,
    BulkLine,
    BulkPage,
    Claim,
    DecisionLine,
    EffectLine,
    FactChoice,
    FileLine,
    InboxPage,
    LifePanel,
    NoticeLine,
    StatementLine,
)
from hengjian.dashboards.parts import pager
from tests.dashboards.sample_frame import C05, NAME, NOW

EFFECT = EffectLine(
    act="propose_amend",
    label="采信事实并重新判定",
    as_of=date(2026, 11, 20),
    before="98.00",
    after="100.00",
    grade_before="A",
    grade_after="A",
    days_before=293,
    days_after=0,
)


def panel() -> LifePanel:
    proposed = DecisionLine(
        label="提议确认违规", by="阿依努尔", at=NOW, reason="督查人员不计入运维人员。", until=date(2026, 12, 11)
    )
    decided = replace(proposed, label="采信事实并重新判定", claim="运维人员自 2026-02-01 起应为 6", effect=EFFECT)
    stated = StatementLine(
        label="机构陈述",
        by="李春梅",
        at=NOW,
        text="已录用 <b>一名</b> 运维人员。",
        late=False,
        files=(FileLine("录用合同.pdf", 412_000, "/findings/x/files/y"),),
    )
    return LifePanel(
        number="650100-2026-00418",
        action="/findings/650100-2026-00418/steps",
        due=date(2026, 11, 27),
        due_label="陈述期限",
        due_provisional=True,
        choices=(ActChoice("confirm", "确认违规", "100 → 98"), ActChoice("return", "退回提议", "")),
        takes_day=True,
        pending=proposed,
        waits="提议与复核不能是同一人",
        statement="appeal",
        appeal_until=date(2026, 12, 11),
        appeals=True,
        appeal=AppealPanel(
            facts=(FactChoice("technicians", Text("运维人员", "technicians"), "4"),),
            claim=Claim(fact="technicians", value="6", first_day="2026-02-01"),
            effects=(EFFECT,),
        ),
        statements=(stated,),
        decisions=(proposed, decided),
        problem=Text("请写明理由", "give a reason"),
        kept="已写的话",
    )


def bulk() -> BulkPage:
    return BulkPage(
        act="propose_confirm",
        label="提议确认违规",
        ready=(BulkLine("WG-650100-2026-00418", NAME, C05, ""),),
        refused=(BulkLine("WG-650100-2026-00431", NAME, C05, "机构已陈述或提出异议，须逐项办理"),),
        done=False,
        needs_reason=True,
        takes_day=True,
        problem=Text("请写明理由", "give a reason"),
    )


def inbox() -> InboxPage:
    notices = tuple(
        NoticeLine(
            id=f"0198f2a1-7c1e-7000-8000-00000000000{n}",
            label="机构已陈述",
            number="WG-650100-2026-00418",
            rule_id="C-05",
            title=C05,
            href="/findings/WG-650100-2026-00418",
            about="",
            organization=NAME,
            at=NOW,
            due=date(2026, 11, 27) if n else None,
            read=bool(n),
        )
        for n in range(2)
    )
    return InboxPage(action="/inbox", unread=1, notices=notices, pager=pager("/inbox", [], page=1, size=20, total=2))
