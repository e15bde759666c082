"""Sample page records: invented organizations, used to render every template without a database."""

from dataclasses import replace
from datetime import date

from hengjian.dashboards.language import Language
from hengjian.dashboards.pages.organization_record import (
    OrganizationFindingsPage,
    ReceiptsPage,
)
from hengjian.dashboards.pages.other_records import (
    ErrorPage,
    LoginPage,
    VerifyPage,
)
from hengjian.dashboards.parts import pager
from hengjian.dashboards.visitor import Visitor
from tests.dashboards import sample_cases as cases
from tests.dashboards import sample_changes as changes
from tests.dashboards import sample_credit as credit
from tests.dashboards import sample_custody as custody
from tests.dashboards import sample_field as field
from tests.dashboards import sample_life as life
from tests.dashboards import sample_lists as lists
from tests.dashboards import sample_profile as profile
from tests.dashboards import sample_recordings as recordings
from tests.dashboards import sample_results as results
from tests.dashboards import sample_rules as rules
from tests.dashboards.sample_frame import CLERK, CODE, INSPECTOR, LINES

Sample = tuple[str, Visitor | None, str, object, date | None]


def _errors() -> dict[str, Sample]:
    return {
        "missing": (
            "error.html",
            INSPECTOR,
            "/orgs/x",
            ErrorPage(
                status=404,
                title="没有找到这个页面",
                advice="地址可能有误，或内容不在您的管辖范围内。请从机构列表或违规项列表打开。",
                detail="",
                ways=(("总览", "/overview"),),
            ),
            None,
        ),
        "lost": (
            "error.html",
            None,
            "/x",
            ErrorPage(
                status=500,
                title="页面没能打开",
                advice="您的数据没有丢失。请稍后再试；若仍然如此，请把请求编号告诉技术支持。",
                detail="",
                ways=(("登录", "/login"),),
            ),
            None,
        ),
    }


def _rules() -> dict[str, Sample]:
    return {
        "rules": ("rules.html", INSPECTOR, "/rules", rules.rules(), None),
        "rule": ("rule.html", INSPECTOR, "/rules/C-04", rules.rule(), None),
        "public-rules": ("rules.html", None, "/rules", rules.rules(counted=False), None),
        "public-rule": ("rule.html", None, "/rules/C-04", rules.rule(open_=None), None),
        "versions": ("versions.html", INSPECTOR, "/rules/C-04/versions", rules.versions(), None),
        "pack-versions": ("versions.html", None, "/rules/packs/x/versions", rules.versions(pack=True), None),
        "one-version": ("versions.html", None, "/rules/C-04/versions", rules.versions(alone=True), None),
        "changes": ("changes.html", INSPECTOR, "/rules/changes", changes.changes(), None),
        "new-change": ("change_new.html", INSPECTOR, "/rules/C-04/changes", changes.new(), None),
        "change": ("change.html", INSPECTOR, "/rules/changes/BG-1", changes.change("shadow"), None),
        "running-change": (
            "change.html",
            INSPECTOR,
            "/rules/changes/BG-1",
            changes.change("checked", state="running"),
            None,
        ),
        "public-change": ("change.html", None, "/rules/changes/BG-1", changes.change("in_force"), None),
        "my-changes": ("my_changes.html", CLERK, "/my/changes", changes.mine(), None),
    }


def _field() -> dict[str, Sample]:
    return {
        "field": ("field_tasks.html", CLERK, "/field", field.tasks(), None),
        "field-nothing": ("field_tasks.html", CLERK, "/field", field.nothing(), None),
        "field-task": ("field_task.html", CLERK, "/field/tasks/T-1", field.task(), None),
        "reception": ("field_reception.html", CLERK, "/field/reception", field.reception(), None),
        "reception-empty": ("field_reception.html", CLERK, "/field/reception", field.reception(empty=True), None),
        "uploads": ("field_uploads.html", CLERK, "/field/uploads", field.uploads(), None),
        "queue": ("field_queue.html", CLERK, "/field/queue", field.queue(), None),
    }


def _custody() -> dict[str, Sample]:
    base = custody.BASE
    return {
        "labels": ("organization_labels.html", INSPECTOR, f"{base}/labels", custody.labels(bureau=True), None),
        "my-labels": ("organization_labels.html", CLERK, f"{base}/labels", custody.labels(bureau=False), None),
        "label": ("organization_label.html", INSPECTOR, custody.LABEL.href, custody.label(), None),
        "tasks": ("organization_tasks.html", CLERK, f"{base}/tasks", custody.tasks(), None),
        "task": ("organization_task.html", INSPECTOR, f"{base}/task", custody.task(), None),
        "label-known": ("label_check.html", None, "/v/x", custody.checked("known"), None),
        "label-unknown": ("label_check.html", None, "/v/x", custody.checked("unknown"), None),
        "label-unreadable": ("label_check.html", None, "/v/x", custody.checked("unreadable"), None),
    }


def _results() -> dict[str, Sample]:
    return {
        "year": ("yearly_result.html", INSPECTOR, "/credit/2025", results.yearly_result(), None),
        "mirror": ("mirror.html", INSPECTOR, "/mirror", results.mirror(), None),
        "behind": ("mirror_list.html", INSPECTOR, "/mirror/behind", results.behind(), None),
        "unjudged": ("mirror_list.html", INSPECTOR, "/mirror/behind", results.behind(unjudged=True), None),
        "register": ("register.html", None, "/register", results.register(), None),
        "publicity": ("register.html", None, "/register", results.register(publicity=True), None),
    }


def _recordings(language: Language) -> dict[str, Sample]:
    base = f"/orgs/{CODE}/recordings/of/CY-1"
    reviewer = replace(INSPECTOR, roles=("reviewer",))
    return {
        "recordings": ("recordings.html", INSPECTOR, "/recordings", recordings.listed(), None),
        "own-recordings": ("organization_recordings.html", CLERK, base, recordings.listed(own=True), None),
        "task-recordings": ("task_recordings.html", INSPECTOR, base, recordings.task(language), None),
        "task-review": ("task_recordings.html", reviewer, base, recordings.task(language, reviewer), None),
        "task-closed": (
            "task_recordings.html",
            CLERK,
            base,
            recordings.task(language, CLERK, clip=recordings.OTHER),
            None,
        ),
        "task-unopened": ("task_recordings.html", CLERK, base, recordings.task(language, CLERK, opened=False), None),
    }


def every_page(language: Language) -> dict[str, Sample]:
    """Name → template, visitor, address, record, day looked at."""
    base = f"/orgs/{CODE}"
    return {
        "login": (
            "login.html",
            None,
            "/login",
            LoginPage(login="ayinuer@urumqi", problem="账号或密码不正确", advice="连续输错会暂停登录一段时间。"),
            None,
        ),
        "otp": ("otp.html", None, "/login/otp", LoginPage(), None),
        "verify": ("verify.html", None, "/verify", VerifyPage(digest="ab" * 32, outcome="issued"), None),
        "log": ("log.html", None, "/log", results.log_page(), None),
        "overview": ("overview.html", INSPECTOR, "/overview", lists.overview(language), None),
        "organizations": ("organizations.html", INSPECTOR, "/orgs", lists.organizations(), None),
        "facts": ("organization_facts.html", INSPECTOR, base, profile.facts(), None),
        "org-findings": (
            "organization_findings.html",
            INSPECTOR,
            base + "/findings",
            OrganizationFindingsPage(
                head=profile.head("违规项"), lines=LINES[1:], pager=pager(base, [], page=1, size=20, total=3)
            ),
            None,
        ),
        "registers": (
            "organization_registers.html",
            INSPECTOR,
            base + "/registers/people",
            profile.registers(),
            date(2026, 5, 3),
        ),
        "score": ("organization_score.html", INSPECTOR, base + "/score", profile.score(language), None),
        "organization_credit": ("organization_credit.html", INSPECTOR, base + "/credit", credit.page(), None),
        "receipts": (
            "organization_receipts.html",
            INSPECTOR,
            base + "/receipts",
            ReceiptsPage(
                head=profile.head("回执"),
                gaps=(),
                receipts=profile.RECEIPTS,
                pager=pager(base, [], page=1, size=20, total=2),
            ),
            None,
        ),
        "findings": ("findings.html", INSPECTOR, "/findings", cases.findings(), None),
        "finding": ("finding.html", INSPECTOR, "/findings/650100-2026-00418", cases.finding_page(), None),
        "inbox": ("inbox.html", INSPECTOR, "/inbox", life.inbox(), None),
        "bulk": ("bulk.html", INSPECTOR, "/findings/bulk", life.bulk(), None),
        "reports": ("reports.html", INSPECTOR, "/reports", cases.reports(), None),
        **_results(),
        **_custody() | _field(),
        **_recordings(language),
        "my": ("my.html", CLERK, "/my", cases.my(), None),
        "receipt": ("receipt.html", CLERK, "/my/receipts/1", cases.receipt(), None),
        **_rules(),
        **_errors(),
    }
