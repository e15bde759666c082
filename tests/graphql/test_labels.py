"""Labels over the API: issued with a bureau's key, printed with the institution's, read by both and nobody else."""

import base64
from unittest.mock import patch
from uuid import uuid4

from hengjian.platform.db import Database
from hengjian.platform.log.errors import LogBrokenError
from hengjian.platform.objects import StoreSilentError
from hengjian.platform.pdf import PdfRenderer, PdfTimedOutError
from hengjian.tenants.api import KeyDesk
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
    one = await with_labels(database, 1, region="330304")
    elsewhere = await with_labels(database, 1, region="650202")
    code = one.organization.credit_code
    issued = await api.ask(one.bureau.key, ISSUE, {"code": code, "count": 2})
    first, second = issued["data"]["issueLabels"]["labelIds"]
    for key, wanted in ((one.bureau.key, 5001), (elsewhere.bureau.key, 1)):
        refused = await api.ask(key, ISSUE, {"code": code, "count": wanted})
        assert refused["data"]["issueLabels"]["userErrors"][0]["code"] in {"LABEL_COUNT", "LABEL_HOLDER"}

    await api.push(one.sender.key, "monitoringTasks", [a_task(city="330304")])
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


async def test_a_sheet_that_could_not_be_drawn_is_told_and_no_print_is_recorded(api: Api, database: Database) -> None:
    """The renderer that is ended leaves a code, both languages and the way out; the same label prints as its first."""
    one = await with_labels(database, 1)
    document = PRINT.replace("userErrors { code }", "userErrors { code messageZh messageEn }")
    asked = {"labelIds": list(one.labels), "form": "PDF", "personRef": "P-1"}
    with patch.object(PdfRenderer, "render", side_effect=PdfTimedOutError(60)):
        answer = await api.ask(one.sender.key, document, {"input": asked})
    (error,) = answer["data"]["printLabels"]["userErrors"]
    assert "errors" not in answer
    assert (error["code"], "ZPL" in error["messageZh"], "ZPL" in error["messageEn"]) == ("LABELS_NOT_DRAWN", True, True)
    printed = (await api.ask(one.sender.key, PRINT, {"input": asked | {"form": "ZPL"}}))["data"]["printLabels"]
    assert (printed["userErrors"], printed["events"]["receipt"]["accepted"]) == ([], 1)


async def test_errors_of_the_domain_keep_their_code_wherever_they_come_from(api: Api, database: Database) -> None:
    """An evidence log that is not whole, a silent store, a database that is away: told, not INTERNAL, not a bare 500."""
    one = await with_labels(database, 1)
    ask = {"id": one.labels[0]}
    for raised, code, again in (
        (LogBrokenError("tile 0/0"), "LOG_BROKEN", False),
        (StoreSilentError("x"), "STORE_SILENT", True),
        (ConnectionRefusedError(), "BUSY", True),
    ):
        with patch("hengjian.graphql.queries_custody.label_life_of", side_effect=raised):
            (error,) = (await api.ask(one.sender.key, LABEL, ask))["errors"]
        assert (error["extensions"]["code"], error["extensions"]["retryable"]) == (code, again)
        assert error["extensions"]["messageZh"]
        with patch.object(KeyDesk, "caller", side_effect=raised):
            answer = await api.post(one.sender.key, {"query": LABEL, "variables": ask})
        assert answer.json()["errors"][0]["extensions"]["code"] == code
        assert answer.status_code in {500, 503}


async def test_uploads_answer_a_code_too_when_something_is_away(api: Api, database: Database) -> None:
    """A database that is away is 503 with Retry-After; what nobody foresaw is INTERNAL with the request's id."""
    one = await with_labels(database, 1)
    head = {"authorization": f"Bearer {one.sender.key}", "tus-resumable": "1.0.0"}
    for raised, code, status in ((ConnectionRefusedError(), "BUSY", 503), (ZeroDivisionError(), "INTERNAL", 500)):
        with patch.object(KeyDesk, "caller", side_effect=raised):
            answer = await api.client.get(f"/uploads/{uuid4()}", headers=head)
        body = answer.json()
        assert (answer.status_code, body["code"], bool(body["messageZh"] and body["messageEn"])) == (status, code, True)
        assert (answer.headers["retry-after"] != "", body["requestId"] != "") == (True, True)
