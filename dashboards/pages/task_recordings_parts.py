"""From what was read of a task and its recordings to what its page prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hengjian.dashboards.formats import SHANGHAI
from hengjian.dashboards.language import Bilingual, Words, mark
from hengjian.dashboards.pages.profile import Look as Profile
from hengjian.dashboards.pages.recording_media import looker_of
from hengjian.dashboards.pages.recording_timeline import LANE, LEFT, TOP, Box, Lane, Scale, Timeline
from hengjian.dashboards.pages.recording_words import DEEDS, NODES, PROBLEMS, STAGES
from hengjian.dashboards.pages.recordings import length_text, task_recordings_href
from hengjian.dashboards.pages.recordings_record import (
    ClipLine,
    DeedLine,
    EventLine,
    MarkLine,
)
from hengjian.ingestion.api import (
    ChallengeVerdict,
    Clip,
    Closed,
    Hold,
    Interval,
    Issued,
    Look,
    Match,
    RecordingRecord,
    Review,
    Stage,
    closed_to,
    moment_of,
    told,
    total,
)
from hengjian.scoring.api import ActionCoverage, TaskCoverage, TaskEvent

REVIEWER = "reviewer"
_VERDICTS: Mapping[ChallengeVerdict, tuple[str, str]] = {
    ChallengeVerdict.SEEN_IN_TIME: ("pass", mark("现场口令在有效时间内看到")),
    ChallengeVerdict.SEEN_LATE: ("breach", mark("现场口令看到时已不在有效时间内")),
    ChallengeVerdict.NOT_SEEN: ("breach", mark("已发放现场口令，画面中未看到")),
    ChallengeVerdict.NONE_ISSUED: ("nodata", mark("该时段没有发放现场口令")),
}
_SECOND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything read for one page; `clip` is the recording asked for, `ticked` and `kept_reason` what a refused form had."""

    look: Profile
    coverage: TaskCoverage
    recordings: Sequence[RecordingRecord]
    ref: str
    names: Mapping[str, str]
    matches: Sequence[Match]
    others: Mapping[UUID, str]
    challenges: Sequence[Issued]
    holds: Mapping[UUID, tuple[Hold, ...]]
    reviews: Mapping[UUID, tuple[Review, ...]]
    own_looks: Mapping[UUID, Look]
    looks: Sequence[Look]
    clip: UUID | None
    at_ms: int
    problem: Bilingual | None = None
    kept_note: str = ""
    ticked: frozenset[str] | None = None
    kept_reason: str | None = None

    @property
    def here(self) -> str:
        """The address of the page, without a clip."""
        if self.ref:
            return task_recordings_href(self.look.organization.credit_code, self.ref)
        return f"{self.look.base}/recordings/{self.recordings[0].id}"

    @property
    def current(self) -> RecordingRecord | None:
        """The recording that the player holds: the one asked for, else the first that may be looked at."""
        found = next((one for one in self.recordings if one.id == self.clip), None)
        free = next((one for one in self.recordings if self.closed(one) is None), None)
        return found or free or next(iter(self.recordings), None)

    def closed(self, one: RecordingRecord) -> Closed | None:
        """Why the visitor may not look into a recording."""
        return closed_to(looker_of(self.look.visitor), secrecy=one.secrecy, custodian_ref=one.custodian_ref)

    @property
    def open_clips(self) -> tuple[Clip, ...]:
        """What the drawing shows: clips of recordings into which the visitor may look."""
        closed = {one.recording_no for one in self.recordings if self.closed(one) is not None}
        return tuple(clip for clip in self.coverage.clips if clip.ref not in closed)

    def held(self, one: RecordingRecord) -> bool:
        """Whether a hold stands on a recording now."""
        holds = self.holds.get(one.id, ())
        return bool(holds) and holds[0].placed

    def clip_href(self, recording: UUID, at_ms: int | None = None) -> str:
        """The page with a recording in the player, from a millisecond on."""
        at = "" if at_ms is None else f"&at={at_ms}"
        return f"{self.here}?clip={recording}{at}#player"

    def number(self, recording: UUID) -> int:
        """Which of the recordings it is, from 1."""
        return next(n for n, one in enumerate(self.recordings, 1) if one.id == recording)

    def numbered(self, recording_no: str) -> tuple[int, UUID]:
        """Which of the recordings has a number of the sender's: its place from 1, and its id."""
        return next((n, one.id) for n, one in enumerate(self.recordings, 1) if one.recording_no == recording_no)

    def people(self, refs: Sequence[str], words: Words) -> str:
        """Names where the register knows them, else references."""
        return words("、").join(self.names.get(ref, ref) for ref in refs)


def said_deed(code: str, words: Words) -> str:
    """The word for an event, a measure or a key step; the code itself when it has none."""
    return words(DEEDS[code]) if code in DEEDS else code


def deed_lines(seen: Seen, words: Words) -> tuple[DeedLine, ...]:
    """What must be seen, one line a deed, in the order of time."""
    return tuple(_deed(seen, one, words) for one in seen.coverage.actions)


def _deed(seen: Seen, one: ActionCoverage, words: Words) -> DeedLine:
    required = total(one.required)
    rule = mark("全过程") if one.whole else mark("超过 15 分钟，录开始和结束")
    if not one.end_known and one.what in ("SAMPLING", "FIELD_TEST"):
        rule = mark("没有报送结束时间，只对照开始的一秒")
    numbered = (seen.numbered(ref) for ref in one.recordings)
    return DeedLine(
        stage=STAGES[one.stage.value],
        what=said_deed(one.what, words),
        span=told(one.span),
        day=moment_of(one.span.since).astimezone(SHANGHAI).date().isoformat(),
        rule=rule,
        covered=words("%(have)s / %(all)s 秒", have=one.covered_ms // _SECOND, all=-(-required // _SECOND)),
        missing=tuple(missing_text(part, words) for part in one.missing),
        clips=tuple((str(n), seen.clip_href(id_)) for n, id_ in numbered),
    )


def missing_text(part: Interval, words: Words) -> str:
    """`14:03:10–14:03:41，缺 31 秒`; begun seconds count whole."""
    seconds = -(-part.milliseconds // _SECOND)
    return words("%(span)s，缺 %(n)s 秒", span=told(part), n=seconds)


def unmet_stages(seen: Seen, words: Words) -> tuple[str, ...]:
    """Stages that the plan expects and of which nothing was told yet, with what is expected."""
    plan = seen.coverage.plan
    if plan is None:
        return ()
    known = {one.stage for one in seen.coverage.events}
    return tuple(
        words(
            "%(stage)s：计划有%(what)s，还没有现场记录",
            stage=words(STAGES[stage.value]),
            what=words("、").join(said_deed(one, words) for one in expected),
        )
        for stage, expected in plan.stages.items()
        if stage not in known
    )


def timeline_of(seen: Seen, words: Words) -> Timeline | None:
    """The drawing; None when there is nothing to draw."""
    way = seen.coverage
    spans = [part for one in way.actions for part in one.required]
    clips = seen.open_clips
    spans += [part for clip in clips for part in clip.shown]
    spans += [Interval(one.at, one.at + _SECOND) for one in way.events]
    if not spans:
        return None
    scale = Scale(spans)
    lanes = tuple(_lane(seen, stage, n, scale, words) for n, stage in enumerate(Stage))
    ticks = tuple(
        scale.box(Interval(one.at, one.at), event_title(one, words), text=said_deed(one.what, words))
        for one in way.events
    )
    missing = sum(-(-part.milliseconds // _SECOND) for part in way.missing)
    result = words("缺 %(n)s 秒", n=missing) if missing else words("没有缺口")
    return Timeline(
        width=scale.width,
        height=TOP + LANE * len(lanes) + LANE,
        left=LEFT,
        lanes=lanes,
        ticks=ticks,
        hours=_hours(scale),
        folds=scale.folds,
        description=words("五个环节要求录像的时间与实际录像：%(told)s。下表列出同样的内容。", told=result),
    )


def _hours(scale: Scale) -> tuple[Box, ...]:
    found, day = [], None
    for instant, x in scale.beginnings:
        moment = moment_of(instant).astimezone(SHANGHAI)
        found.append(Box(x, "0", "", text=moment.strftime("%H:%M" if moment.date() == day else "%m-%d %H:%M")))
        day = moment.date()
    return tuple(found)


def _lane(seen: Seen, stage: Stage, number: int, scale: Scale, words: Words) -> Lane:
    way = seen.coverage
    covered = [one for one in way.actions if one.stage is stage]
    planned = way.plan is not None and stage in way.plan.stages
    return Lane(
        label=STAGES[stage.value],
        y=TOP + LANE * number,
        required=tuple(
            scale.box(part, words("要求 %(span)s", span=told(part))) for one in covered for part in one.required
        ),
        clips=tuple(
            _clip_box(seen, clip, part, scale, words)
            for clip in seen.open_clips
            if clip.stage is stage
            for part in clip.shown
        ),
        missing=tuple(
            scale.box(part, missing_text(part, words), text=told(part)) for one in covered for part in one.missing
        ),
        twice=tuple(
            scale.box(one.span, words("两段录像重叠 %(span)s", span=told(one.span)))
            for one in way.overlaps
            if any(clip.ref == one.first and clip.stage is stage for clip in way.clips)
        ),
        note=mark("计划有，未记录") if planned and not covered else "",
    )


def _clip_box(seen: Seen, clip: Clip, part: Interval, scale: Scale, words: Words) -> Box:
    number, id_ = seen.numbered(clip.ref)
    title = words("录像 %(n)s，%(span)s", n=number, span=told(part))
    return scale.box(part, title, href=seen.clip_href(id_), text=str(number))


def event_title(one: TaskEvent, words: Words) -> str:
    """Both clocks of an event in one line."""
    return words(
        "%(what)s：设备 %(device)s，到达服务器 %(server)s",
        what=said_deed(one.what, words),
        device=one.happened_at.astimezone(SHANGHAI).strftime("%H:%M:%S"),
        server=one.recorded_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S"),
    )


def event_lines(seen: Seen, words: Words) -> tuple[EventLine, ...]:
    """Events of the way of the samples against what the recordings show."""
    return tuple(_event(seen, one, words) for one in seen.coverage.events)


def _event(seen: Seen, one: TaskEvent, words: Words) -> EventLine:
    shown = [
        (clip, part)
        for clip in seen.coverage.clips
        for part in clip.shown
        if part.since <= one.at < part.until and (one.stage is None or clip.stage is one.stage)
    ]
    text, href = "", ""
    if shown:
        clip, _ = shown[0]
        into = one.at + clip.drift - clip.span.since
        number, id_ = seen.numbered(clip.ref)
        text = words("录像 %(n)s，%(at)s", n=number, at=length_text(into))
        href = seen.clip_href(id_, into)
    return EventLine(
        what=said_deed(one.what, words),
        label=one.label_id or "",
        label_href=f"{seen.look.base}/labels/{one.label_id}" if one.label_id else "",
        happened_at=one.happened_at,
        recorded_at=one.recorded_at,
        device=one.device_id or "",
        shown=text,
        href=href,
        needed=one.stage is not None,
        read=_read(seen, one, words),
    )


def _read(seen: Seen, one: TaskEvent, words: Words) -> str:
    """Where the label of an event was read in a picture."""
    if not one.label_id:
        return ""
    found = [
        words("录像 %(n)s，%(at)s", n=n, at=f"{length_text(code.first_seen_ms)}–{length_text(code.last_seen_ms)}")
        for n, record in enumerate(seen.recordings, 1)
        if record.report and seen.closed(record) is None
        for code in record.report.codes
        if one.label_id in code.text
    ]
    return words("；").join(dict.fromkeys(found))


def mark_lines(seen: Seen, one: RecordingRecord, words: Words) -> tuple[MarkLine, ...]:
    """Seconds of a recording that are worth a look, in their order."""
    report = one.report
    found: list[tuple[int, str, str, bool, str, str]] = []
    if report is not None:
        for code in report.codes:
            span = f"{length_text(code.first_seen_ms)}–{length_text(code.last_seen_ms)}"
            found.append((code.first_seen_ms, mark("标识码"), f"{code.text}，{span}", False, "", ""))
        for kind, stretches in (
            (mark("中断"), report.gaps),
            (mark("静止"), report.frozen),
            (mark("黑屏"), report.black),
        ):
            for since, until in stretches:
                text = words("%(n)s 秒", n=-(-(until - since) // _SECOND))
                found.append((since, kind, text, True, "", ""))
        for problem in report.problems:
            if problem.code not in {"GAPS", "FROZEN", "BLACK"}:
                said = words(PROBLEMS[problem.code]) if problem.code in PROBLEMS else problem.code
                found.append((0, mark("文件"), said, problem.severity == "error", "", ""))
    own = (match for match in seen.matches if match.recording_id == one.id)
    found.extend((match.at_ms, mark("重复使用"), *_match(seen, match, words)) for match in own)
    current = seen.current is not None and seen.current.id == one.id
    return tuple(
        MarkLine(
            at=length_text(at),
            at_ms=at,
            kind=kind,
            text=text,
            bad=bad,
            href=seen.clip_href(one.id, at),
            own=current,
            other=other,
            other_href=href,
        )
        for at, kind, text, bad, other, href in sorted(found, key=lambda each: each[0])
    )


def _match(seen: Seen, match: Match, words: Words) -> tuple[str, bool, str, str]:
    """What is said of footage used elsewhere, and for a bureau the other side."""
    text = words("这段画面也用在别处") if match.elsewhere else words("这段画面也用在本机构另一段录像")
    if match.other_recording_id is None or match.other_tenant_id is None:
        return text, True, "", ""
    name = seen.others.get(match.other_tenant_id)
    own = match.other_tenant_id == seen.look.organization.id
    at = length_text(match.other_at_ms or 0)
    if own:
        return text, True, words("另一段第 %(at)s", at=at), f"{seen.look.base}/recordings/{match.other_recording_id}"
    if name is None:
        return text, True, words("属于辖区外机构，请报上级生态环境局核对"), ""
    return text, True, words("%(name)s 的录像，第 %(at)s", name=name, at=at), ""


def clip_lines(seen: Seen, words: Words) -> tuple[ClipLine, ...]:
    """The recordings beside the player."""
    return tuple(_clip(seen, one, n, words) for n, one in enumerate(seen.recordings, 1))


def _clip(seen: Seen, one: RecordingRecord, number: int, words: Words) -> ClipLine:
    closed = seen.closed(one)
    state, bad = _state(one, closed)
    since, until = (moment.astimezone(SHANGHAI) for moment in (one.started_at, one.ended_at))
    return ClipLine(
        number=number,
        href=seen.clip_href(one.id),
        recording_no=one.recording_no,
        stage="" if closed else STAGES[one.stage],
        node="" if closed else NODES[one.node],
        span=f"{since:%m-%d %H:%M:%S}–{until:%H:%M:%S}",
        current=seen.current is not None and seen.current.id == one.id,
        state=state,
        bad=bad,
        closed=closed is not None,
        held=seen.held(one),
        challenge=_VERDICTS[one.challenge] if one.challenge and not closed else None,
        problems=() if closed else one.problems,
        marks=() if closed else mark_lines(seen, one, words),
    )


def _state(one: RecordingRecord, closed: Closed | None) -> tuple[str, bool]:
    if closed is not None:
        return mark("不予公开"), False
    if one.report is None:
        return mark("尚未检查"), False
    if not one.report.usable:
        return mark("不能作为证据"), True
    if one.late:
        return mark("超过 72 小时归档"), True
    return "", False
