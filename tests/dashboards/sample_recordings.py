"""Sample pages of recordings, drawn from an invented task without a database."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hengjian.dashboards.language import Language, Words, read_catalogue
from hengjian.dashboards.pages.profile import Look
from hengjian.dashboards.pages.recordings_record import RecordingLine, RecordingsPage, TaskRecordingsPage
from hengjian.dashboards.pages.task_recordings_opened import task_recordings_page
from hengjian.dashboards.pages.task_recordings_parts import Seen
from hengjian.dashboards.parts import Choice, DayField, Filter, Option, pager
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    ChallengeVerdict,
    Clip,
    ContentList,
    Hold,
    Interval,
    Issued,
    Match,
    RecordingProblem,
    RecordingRecord,
    Review,
    Stage,
    milliseconds,
)
from hengjian.ingestion.api import Look as Looked
from hengjian.platform.video import ReadCode, VideoProblem, VideoReport
from hengjian.scoring.api import ActionCoverage, TaskCoverage, TaskEvent, TaskPlan
from hengjian.tenants.api import VisibleOrganization
from tests.dashboards import sample_profile as profile
from tests.dashboards.sample_frame import CODE, INSPECTOR, NAME, NOW, TODAY

BEGUN = datetime.fromisoformat("2026-11-18T10:00:00+08:00")
FILM, OTHER = UUID(int=1), UUID(int=2)
TENANT = UUID(int=9)
LABEL = "6501-ABCD-EFGH-1"
REPORT = VideoReport(
    sha256="ab" * 32,
    size=12_000_000,
    container="matroska",
    codec="vp8",
    width=1280,
    height=720,
    frames=750,
    duration_ms=30_000,
    gaps=((4_000, 21_000),),
    frozen=((24_000, 28_000),),
    codes=(ReadCode(text=LABEL, first_seen_ms=1_000, last_seen_ms=3_000),),
    problems=(VideoProblem(code="NO_CREATION_TIME", severity="warning", message=""),),
)


def _recording(number: int, secrecy: str, report: VideoReport | None) -> RecordingRecord:
    at = BEGUN + timedelta(hours=number - 1)
    return RecordingRecord(
        tenant_id=TENANT,
        region="650102",
        id=UUID(int=number),
        recording_no=f"R-0417-{number}",
        task_ref="CY-1",
        label_ids=(LABEL,),
        stage="SAMPLING",
        node="WHOLE",
        purpose=None,
        device_id="CAM-HS-07",
        person_refs=("P-1",),
        tags=("PERSON", "SEALING"),
        started_at=at,
        ended_at=at + timedelta(seconds=30),
        completed_at=at + timedelta(seconds=30),
        archived_at=at + timedelta(hours=9),
        sha256="ab" * 32,
        size=12_000_000,
        object_path="ab/x.video",
        note="1 号排口",
        custodian_ref="P-2",
        retention_until=date(2036, 11, 18),
        secrecy=secrecy,
        report=report,
        preview=None,
        challenge=ChallengeVerdict.SEEN_LATE if report else None,
        problems=(RecordingProblem("CHALLENGE_LATE", "现场口令 7F3K 才出现", "The challenge 7F3K appears late"),),
    )


def _span(since: int, until: int) -> Interval:
    return Interval(milliseconds(BEGUN) + since, milliseconds(BEGUN) + until)


def _action(stage: Stage, what: str, span: Interval, *missing: Interval) -> ActionCoverage:
    return ActionCoverage(
        event_ref=what,
        stage=stage,
        what=what,
        sample_ref=None,
        span=span,
        whole=True,
        end_known=True,
        required=(span,),
        missing=missing,
        covered_ms=span.milliseconds - sum(part.milliseconds for part in missing),
        recordings=("R-0417-1",),
    )


def _event(kind: str, seconds: int, stage: Stage | None, label: str | None = None) -> TaskEvent:
    at = BEGUN + timedelta(seconds=seconds)
    return TaskEvent(
        kind=kind,
        what=kind,
        label_id=label,
        stage=stage,
        happened_at=at,
        recorded_at=at + timedelta(minutes=3),
        device_id="phone-1",
        at=milliseconds(at),
    )


def _coverage() -> TaskCoverage:
    gap, received = _span(4_000, 21_000), _span(7_200_000, 7_201_000)
    return TaskCoverage(
        plan=TaskPlan(
            point_name="华凌热电 1 号排口",
            origin="SAMPLED",
            planned_on=date(2026, 11, 18),
            sampler_refs=("P-1",),
            stages={Stage.SAMPLING: ("SAMPLING",), Stage.ANALYSIS: ("TITRATE",)},
        ),
        stages=(Stage.SAMPLING, Stage.HANDOVER),
        stages_recorded=(Stage.SAMPLING,),
        actions=(
            _action(Stage.SAMPLING, "SAMPLING", _span(0, 30_000), gap),
            _action(Stage.HANDOVER, "RECEIVED", received, received),
        ),
        events=(
            _event("ARRIVED", -60, None),
            _event("SAMPLING", 0, Stage.SAMPLING),
            _event("LABELLED", 2, None, LABEL),
            _event("RECEIVED", 7200, Stage.HANDOVER, LABEL),
        ),
        labels=(LABEL,),
        clips=(Clip("R-0417-1", Stage.SAMPLING, _span(0, 30_000), (gap,)),),
        drifts={"R-0417-1": 75_000},
    )


def _review() -> Review:
    return Review(
        recording_id=FILM,
        at=NOW,
        reviewer_name="阿依努尔",
        content_list=ContentList.SAMPLING,
        seen=frozenset({"PERSON"}),
        note="性状看不清",
    )


def task(
    language: Language, visitor: Visitor = INSPECTOR, *, clip: UUID = FILM, opened: bool = True
) -> TaskRecordingsPage:
    """A sampling with a gap, an event without a recording, a state secret, footage used elsewhere."""
    recordings = [_recording(1, "NORMAL", REPORT), _recording(2, "STATE", REPORT), _recording(3, "NORMAL", None)]
    organization = VisibleOrganization(TENANT, CODE, NAME, ("INSTITUTION",), "650102", ("650102",))
    looked = Looked(FILM, NOW, "阿依努尔", "ROUTINE")
    seen = Seen(
        reviews={FILM: (_review(),)},
        look=Look(site=None, visitor=visitor, organization=organization, day=TODAY, as_of=None),  # type: ignore[arg-type]  # no deployment is asked
        coverage=_coverage(),
        recordings=recordings,
        ref="CY-1",
        names={"P-1": "马晓东"},
        matches=[
            Match(
                recording_id=FILM,
                found_at=NOW,
                exact=False,
                at_ms=5_000,
                pictures=7,
                elsewhere=True,
                other_tenant_id=UUID(int=8),
                other_recording_id=UUID(int=7),
                other_at_ms=1_000,
            )
        ],
        others={UUID(int=8): "另一家监测有限公司"},
        challenges=[Issued("7F3K", BEGUN, BEGUN + timedelta(minutes=5))],
        holds={FILM: (Hold(NOW, placed=True, by="阿依努尔", reason="立案调查"),)},
        own_looks={FILM: looked} if opened else {},
        looks=[looked],
        clip=clip,
        at_ms=4_000,
    )
    return task_recordings_page(seen, Words(language, read_catalogue() if language == "en" else {}))


def listed(*, own: bool = False) -> RecordingsPage:
    """Two recordings, one with trouble."""
    lines = tuple(
        RecordingLine(
            href=f"/orgs/{CODE}/recordings/of/CY-1",
            number=f"R-0417-{n}",
            task="CY-1",
            task_href=f"/orgs/{CODE}/recordings/of/CY-1",
            organization=NAME,
            credit_code=CODE,
            stage="现场采样或检测",
            node="全过程",
            people="P-1",
            started_at=BEGUN,
            length="0:30",
            archived_at=NOW,
            troubles=(("错误 1 项",), (), None)[n],
            bad=n == 0,
            secrecy="",
        )
        for n in range(3)
    )
    everything = Choice("stage", "环节", (Option("", "全部", chosen=True),))
    return RecordingsPage(
        head=profile.head("录像") if own else None,
        filter=Filter(
            action="/recordings",
            text="",
            text_label="录像、任务、人员或机构",
            choices=(everything,),
            chips=(),
            days=(DayField("since", "开始日期", ""),),
        ),
        heads=(),
        lines=lines,
        pager=pager("/recordings", [], page=1, size=20, total=3),
        csv_href="/recordings.csv",
        here="/recordings",
        of_bureau=not own,
    )
