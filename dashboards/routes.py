"""Every page, plugged into one router."""

from typing import NoReturn

from litestar import Router, get
from litestar.di import Provide
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.failures import failure_handlers
from hengjian.dashboards.given import GivenVisitor
from hengjian.dashboards.guards import provide_guest, provide_inspector, provide_member, provide_visitor
from hengjian.dashboards.pages.ask_report import ask_for_report
from hengjian.dashboards.pages.bulk import preview_bulk
from hengjian.dashboards.pages.change import show_change, take_change, take_change_step, take_end
from hengjian.dashboards.pages.change_form import take_draft
from hengjian.dashboards.pages.change_impact import download_impact
from hengjian.dashboards.pages.changes import show_changes, show_my_changes
from hengjian.dashboards.pages.credit import enter_event, show_credit, take_credit_step
from hengjian.dashboards.pages.dossiers import download_finding_dossier, download_score_dossier
from hengjian.dashboards.pages.evidence_log import show_log
from hengjian.dashboards.pages.field import (
    show_field_queue,
    show_field_task,
    show_field_tasks,
    show_field_uploads,
    show_reception,
)
from hengjian.dashboards.pages.field_push import field_session, field_worker, keep_photo, push_entry, show_photo
from hengjian.dashboards.pages.finding import show_finding
from hengjian.dashboards.pages.finding_steps import download_stated_file, take_decision, take_statement
from hengjian.dashboards.pages.findings import export_findings, show_findings
from hengjian.dashboards.pages.inbox import read_notices, show_inbox, show_my_inbox
from hengjian.dashboards.pages.labels import show_label, show_labels, take_issue, take_print
from hengjian.dashboards.pages.mirror import show_behind, show_mirror
from hengjian.dashboards.pages.my import show_my
from hengjian.dashboards.pages.organization import show_facts, show_organization_findings
from hengjian.dashboards.pages.organizations import export_organizations, show_organizations
from hengjian.dashboards.pages.overview import show_overview
from hengjian.dashboards.pages.public_label import ask_label, show_public_label
from hengjian.dashboards.pages.public_register import export_public_register, show_public_register
from hengjian.dashboards.pages.receipts import (
    download_evidence,
    download_my_evidence,
    show_my_receipt,
    show_receipt,
    show_receipts,
)
from hengjian.dashboards.pages.recording_media import give_media, give_preview
from hengjian.dashboards.pages.recordings import (
    export_all_recordings,
    export_recordings,
    show_all_recordings,
    show_recordings,
)
from hengjian.dashboards.pages.registers import show_register
from hengjian.dashboards.pages.repairs import apply_for_credit_repair, download_repair_file, take_repair_step
from hengjian.dashboards.pages.reports import download_report, show_reports
from hengjian.dashboards.pages.result_dossier import download_dossier
from hengjian.dashboards.pages.results import export_year, show_this_year, show_year, take_year_step
from hengjian.dashboards.pages.rule import show_rule
from hengjian.dashboards.pages.rules import download_pack, show_rules
from hengjian.dashboards.pages.score import show_my_score, show_score
from hengjian.dashboards.pages.sign_in import show_login, show_second_factor, sign_out, start, take_code, take_password
from hengjian.dashboards.pages.task_recordings import (
    show_recording,
    show_task_recordings,
    take_hold,
    take_look,
    take_review,
)
from hengjian.dashboards.pages.tasks import show_task, show_tasks
from hengjian.dashboards.pages.verify import show_verification
from hengjian.dashboards.pages.versions import show_model_versions, show_pack_versions, show_rule_versions
from hengjian.dashboards.site import Site

PAGES = (
    start,
    show_login,
    take_password,
    show_second_factor,
    take_code,
    sign_out,
    show_overview,
    show_organizations,
    export_organizations,
    show_facts,
    show_organization_findings,
    show_register,
    show_score,
    download_score_dossier,
    show_credit,
    enter_event,
    take_credit_step,
    apply_for_credit_repair,
    take_repair_step,
    download_repair_file,
    show_tasks,
    show_task,
    show_labels,
    show_label,
    take_issue,
    take_print,
    ask_label,
    show_public_label,
    show_receipts,
    show_receipt,
    show_findings,
    export_findings,
    show_finding,
    download_finding_dossier,
    take_decision,
    take_statement,
    download_stated_file,
    preview_bulk,
    show_inbox,
    show_my_inbox,
    read_notices,
    show_rules,
    download_pack,
    show_rule,
    show_rule_versions,
    show_pack_versions,
    show_model_versions,
    take_draft,
    show_changes,
    show_change,
    take_change,
    take_change_step,
    take_end,
    download_impact,
    show_my_changes,
    show_reports,
    ask_for_report,
    download_report,
    show_my,
    show_my_receipt,
    show_my_score,
    show_verification,
    show_log,
    show_this_year,
    show_year,
    take_year_step,
    download_dossier,
    export_year,
    export_public_register,
    show_public_register,
    show_mirror,
    show_behind,
    download_evidence,
    download_my_evidence,
    show_all_recordings,
    export_all_recordings,
    show_recordings,
    export_recordings,
    show_task_recordings,
    show_recording,
    take_hold,
    take_look,
    take_review,
    give_media,
    give_preview,
    show_field_tasks,
    show_field_task,
    show_reception,
    show_field_uploads,
    show_field_queue,
    field_worker,
    field_session,
    push_entry,
    keep_photo,
    show_photo,
)


@get("/{unknown:path}", include_in_schema=False)
async def show_nothing(visitor: GivenVisitor, unknown: FromPath[str]) -> NoReturn:  # noqa: ARG001  # asked for, so that a stranger signs in first
    """Any other address, for somebody who is signed in."""
    raise PageMissing


def page_router(site: Site) -> Router:
    """All pages over one deployment."""

    def provide_site() -> Site:
        return site

    return Router(
        path="/",
        route_handlers=[*PAGES, show_nothing],
        dependencies={
            "site": Provide(provide_site, sync_to_thread=False),
            "visitor": Provide(provide_visitor),
            "guest": Provide(provide_guest),
            "inspector": Provide(provide_inspector, sync_to_thread=False),
            "member": Provide(provide_member, sync_to_thread=False),
        },
        exception_handlers=failure_handlers(site),
        include_in_schema=False,
    )
