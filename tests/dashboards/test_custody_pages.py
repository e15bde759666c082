"""Labels and tasks through the pages: issued by the bureau, printed by the institution, checked by anybody."""

import re

from hengjian.platform.db import Database
from tests.dashboards.visiting import Browser
from tests.support.api import Api
from tests.support.custody import a_sample, a_task, an_institution, arrived, told, with_labels
from tests.support.people import a_bureau, an_account

PERSON = {"sourceRef": "P-1", "name": "王芳", "role": "SAMPLER", "hiredOn": "2026-01-05"}


async def test_a_bureau_issues_and_the_institution_prints(browser: Browser, api: Api, database: Database) -> None:
    """From an empty list to a printed file; a second print asks for its reason."""
    one = await with_labels(database, 2)
    path = f"/orgs/{one.organization.credit_code}/labels"
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    assert 'placeholder="6501-"' in (await browser.get(path)).text
    answer = await browser.send(f"{path}/issue", count="5")
    assert answer.status_code == 303
    shown = await browser.get(answer.headers["location"])
    assert len(set(re.findall(r"6501-\w{4}-\w{4}-\w{4}-\w", shown.text))) == 5
    refused = await browser.send(f"{path}/issue", count="5001")
    assert refused.status_code == 422
    assert "1 至 5,000" in refused.text

    await api.push(one.sender.key, "people", [PERSON])
    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    await api.push(one.sender.key, "samples", [a_sample()])
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, one.organization))
    await browser.get(path)
    wanted = {"label": one.labels[0], "person": "P-1", "task": "T-1", "form": "ZPL"}
    printed = await browser.send(f"{path}/print", **wanted)
    assert (printed.status_code, printed.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert one.labels[0] in printed.text
    assert "试验化工有限公司" in printed.text
    await browser.get(path)
    again = await browser.send(f"{path}/print", **wanted)
    assert again.status_code == 422
    assert "重新打印请填写原因" in again.text
    page = await browser.get(f"{path}/{one.labels[0]}")
    assert "打印识别标识码" in page.text
    assert "T-1" in page.text


async def test_a_member_does_not_issue_and_a_bureau_does_not_print(browser: Browser, database: Database) -> None:
    """Each form belongs to its side."""
    one = await with_labels(database, 1)
    path = f"/orgs/{one.organization.credit_code}/labels"
    await browser.sign_in(await an_account(database, one.organization))
    await browser.get(path)
    assert (await browser.send(f"{path}/issue", count="5")).status_code == 403
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    await browser.get(path)
    assert (await browser.send(f"{path}/print", label=one.labels[0], person="P-1", form="ZPL")).status_code == 403


async def test_a_task_shows_both_times_and_what_does_not_fit(browser: Browser, api: Api, database: Database) -> None:
    """An entry before arrival and far away is named; a sample without a label too; another institution finds nothing."""
    one = await with_labels(database, region="330304")
    await api.push(one.sender.key, "monitoringTasks", [a_task("任务/1 <b>", city="330304")])
    await api.push(one.sender.key, "samples", [a_sample(task="任务/1 <b>"), a_sample("S-2", "任务/1 <b>")])
    await api.push(one.sender.key, "fieldEvents", [arrived("2026-11-20T10:00:00+08:00", "任务/1 <b>")])
    event = told(one.labels[0], "SEALED", "2026-11-20T09:30:00+08:00", longitude="87.7000")
    await api.push(one.sender.key, "labelEvents", [event])
    await browser.sign_in(await an_account(database, one.organization))
    base = f"/orgs/{one.organization.credit_code}"
    listed = await browser.get(f"{base}/tasks?q=试验化工")
    href = re.search(r'href="(/orgs/[^"]+/task\?ref=[^"]+)"', listed.text)
    assert href is not None
    page = (await browser.get(href[1])).text
    for text in ("到达现场前录入", "不在现场录入", "没有识别标识码", "2026-11-20 09:30:00", "与此前的环节不衔接"):
        assert text in page, text
    assert "<b>" not in page.split("<main")[1].split("任务/1")[1][:20]

    other = await an_institution(database)
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, other))
    for path in (f"{base}/tasks", f"{base}/labels", f"{base}/labels/{one.labels[0]}", href[1]):
        assert (await browser.get(path)).status_code == 404, path


async def test_anybody_checks_a_label(browser: Browser, api: Api, database: Database) -> None:
    """Real, unknown and mistyped; no client, no organization, no person for strangers, and the way in for the own."""
    one = await with_labels(database)
    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    await api.push(one.sender.key, "samples", [a_sample()])
    await api.push(one.sender.key, "labelEvents", [told(one.labels[0], "SEALED", "2026-11-20T09:30:00+08:00")])
    known = await browser.get(f"/v/{one.labels[0].lower()}")
    assert known.status_code == 200
    assert "真实的识别标识码" in known.text
    assert "已封口" in known.text
    for hidden in ("试验化工", one.organization.name, one.organization.credit_code, "P-1", "S-1"):
        assert hidden not in known.text, hidden
    unknown = await browser.get("/v/3303-0000-0000-0000-T")
    assert (unknown.status_code, "没有发放过" in unknown.text) == (200, True)
    wrong = await browser.get("/v?label=3303-0000-0000-0000-A")
    assert (wrong.status_code, "校验字符" in wrong.text) == (422, True)
    await browser.sign_in(await an_account(database, one.organization))
    own = await browser.get(f"/v/{one.labels[0]}")
    assert f"/orgs/{one.organization.credit_code}/labels/{one.labels[0]}" in own.text
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, await an_institution(database)))
    stranger = await browser.get(f"/v/{one.labels[0]}")
    assert one.organization.credit_code not in stranger.text
