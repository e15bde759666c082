"""An appeal that is won in the demo region: confirmed and upheld by the city, overturned by the province.

Each person has a browser of their own; the contractor's own system speaks through the API. A run takes only the steps
that are missing, and leaves the finding alone once other people went another way with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hengjian.deploy.demo.client import Client, Json
from hengjian.deploy.demo.pages import Pages
from hengjian.deploy.demo.people import APPEALED_REGION as CITY
from hengjian.deploy.demo.people import PROVINCE
from hengjian.scoring.api import Act

STORY, RULE = 7, "C-02"
"""Whose finding it is, and of which rule."""
KNOWN = """query ($code: String!, $rule: String!) {
  findings(first: 1, creditCode: $code, rule: $rule) { nodes { no } } }"""
TAKEN = "query ($no: String!) { finding(no: $no) { events { event } } }"
STATED = """mutation ($input: StateFindingInput!) {
  stateFinding(input: $input) { userErrors { code messageEn } } }"""
APPEALED = """mutation ($input: AppealFindingInput!) {
  appealFinding(input: $input) { userErrors { code messageEn } } }"""


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does with the finding and says to it; without a log-in it is the contractor's own system."""

    act: str
    words: str = ""
    login: str = ""


STEPS = (
    Step("notify", login=f"inspector{CITY}"),
    Step("state", "办公用房实测 49.99 平方米，与 50 平方米仅差 0.01 平方米，在测量误差之内。"),
    Step("propose_confirm", "推送的面积小于 50 平方米，陈述未附测量报告。", f"inspector{CITY}"),
    Step("confirm", "同意。", f"reviewer{CITY}"),
    Step("object", "测量报告写明误差为 ±0.05 平方米，不足以认定面积小于 50 平方米。"),
    Step("propose_confirm", "限值没有误差余量，维持原决定。", f"second-inspector{CITY}"),
    Step("confirm", "同意维持。", f"second-reviewer{CITY}"),
    Step("appeal", "差额小于测量误差，证据不足，请求撤销。"),
    Step("propose_overturn", "差额 0.01 平方米小于测量误差，不足以认定违规，建议撤销。", f"inspector{PROVINCE.region}"),
    Step("overturn", "同意撤销。", f"reviewer{PROVINCE.region}"),
)
_ACTS = tuple(step.act for step in STEPS)
_BY_PEOPLE = frozenset(act.value for act in Act)


def enter_appeal(
    bureau: Client, contractor: Client, code: str, *, open_pages: Callable[[str], Pages], told: Callable[[str], None]
) -> None:
    """Take the steps that are missing.

    Args:
        bureau: with a key that reads the steps of a bureau too.
        contractor: with the key of the contractor.
        code: the credit code of the contractor.
        open_pages: signs the person of a log-in in.
        told: is told what was refused, and when there is no finding yet.
    """
    nodes = bureau.ask(KNOWN, {"code": code, "rule": RULE})["findings"]["nodes"]
    if not nodes:
        told(f"appeal: no finding of {RULE} yet; load again later")
        return
    no: str = nodes[0]["no"]
    events = [one["event"] for one in bureau.ask(TAKEN, {"no": no})["finding"]["events"]]
    taken = tuple(event for event in events if event in _BY_PEOPLE)
    if taken != _ACTS[: len(taken)]:
        return
    browsers: dict[str, Pages] = {}
    for step in STEPS[len(taken) :]:
        if not step.login:
            refused = _said(contractor, no, step)
            if refused:
                told(f"{no} {step.act}: {refused[0]['messageEn']}")
                return
            continue
        if step.login not in browsers:
            browsers[step.login] = open_pages(step.login)
        browsers[step.login].submit(f"/findings/{no}", f"/findings/{no}/steps", {"act": step.act, "reason": step.words})


def _said(contractor: Client, no: str, step: Step) -> list[Json]:
    """What the contractor's system says, and why it was refused."""
    given: Mapping[str, object] = {"no": no, "text": step.words, "by": "演示经办人"}
    if step.act == "appeal":
        payload = contractor.ask(APPEALED, {"input": given})["appealFinding"]
    else:
        objection = step.act == "object"
        payload = contractor.ask(STATED, {"input": {**given, "objection": objection}})["stateFinding"]
    errors: list[Json] = payload["userErrors"]
    return errors
