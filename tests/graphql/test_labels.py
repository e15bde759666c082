"""Labels over the API: issued with a bureau's key, printed with the institution's, read by both and nobody else."""

import base64

from hengjian.platform.db import Database
from tests.support.api import Api
from tests.support.custody import a_sample, a_task, an_institution, arrived, told, with_labels

ISSUE = """mutation ($code: String!, $count: Int!) { issueLabels(creditCode: $code, count: $count)
  { issueId labelIds userErrors { code messageZh messageEn } } }"""
PRINT = """mutation ($input: PrintLabelsInput!) { printLabels(input: $input)
  { name contentBase64 events { receipt { accepted } } userErrors { code } } }"""
LABEL = "query ($id: String!) { label(id: $id) { labelId state prints events { kind misfits } } }"
TASK = """query ($ref: String!, $code: String) { monitoringTask(ref: $ref, creditCode: $code)
  { client events { kind } samples { sourceRef labels { labelId events { kind faults } } } } }"""


async def test_issue_print_and_read(api: Api, database: Database) -> None:
    """A label's way from the bureau to the printer; strangers see neither label nor task."""
    one = await with_labels(database, 1)
    elsewhere = await with_labels(database, 1, region="650202")
    code = one.organization.credit_code
    issued = await api.ask(one.bureau.key, ISSUE, {"code": code, "count": 2})
    first, second = issued["data"]["issueLabels"]["labelIds"]
    for key, wanted in ((one.bureau.key, 5001), (elsewhere.bureau.key, 1)):
        refused = await api.ask(key, ISSUE, {"code": code, "count": wanted})
        assert refused["data"]["issueLabels"]["userErrors"][0]["code"] in {"LABEL_COUNT", "LABEL_HOLDER"}

    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    await api.push(one.sender.key, "samples", [a_sample()])
    await api.push(one.sender.key, "fieldEvents", [arrived("2026-11-20T10:00:00+08:00")])
    asked = {"labelIds": [first], "form": "ZPL", "personRef": "P-1", "taskRef": "T-1"}
    printed = (await api.ask(one.sender.key, PRINT, {"input": asked}))["data"]["printLabels"]
    assert first in base64.b64decode(printed["contentBase64"]).decode()
    assert printed["events"]["receipt"]["accepted"] == 1
    again = (await api.ask(one.sender.key, PRINT, {"input": asked}))["data"]["printLabels"]
    assert again["userErrors"] == [{"code": "REPRINT_REASON"}]
    await api.push(one.sender.key, "labelEvents", [told(first, "SEALED", "2026-11-20T09:00:00+08:00")])

    for key in (one.sender.key, one.bureau.key):
        label = (await api.ask(key, LABEL, {"id": first.lower()}))["data"]["label"]
        assert label["prints"] == 1
        task = (await api.ask(key, TASK, {"ref": "T-1", "code": code}))["data"]["monitoringTask"]
        (told_of,) = task["samples"][0]["labels"]
        faults = {event["kind"]: event["faults"] for event in told_of["events"]}
        assert "ENTERED_BEFORE_ARRIVAL" in faults["SEALED"]
    for key in (elsewhere.sender.key, elsewhere.bureau.key):
        assert (await api.ask(key, LABEL, {"id": second}))["data"]["label"] is None
        assert (await api.ask(key, TASK, {"ref": "T-1", "code": code}))["data"]["monitoringTask"] is None


async def test_only_a_bureaus_key_issues(api: Api, database: Database) -> None:
    """An institution's key is told that labels come from the bureau."""
    one = await with_labels(database, 1)
    other = await an_institution(database)
    answer = await api.ask(one.sender.key, ISSUE, {"code": other.credit_code, "count": 1})
    assert answer["data"]["issueLabels"]["userErrors"][0]["code"] == "LABEL_ISSUER"
