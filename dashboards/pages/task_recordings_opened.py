"""The clip in the player: the file's facts, the way to its octets, its preview, its list of contents."""

from hengjian.dashboards.formats import exact_moment, size
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.recording_words import CLOSED, DEEDS, NODES, PURPOSES, SECRECY, STAGES, TAGS
from hengjian.dashboards.pages.recordings import length_text
from hengjian.dashboards.pages.recordings_record import (
    Checklist,
    Content,
    HoldCard,
    HoldLine,
    LookLine,
    Opened,
    ReviewLine,
    TaskRecordingsPage,
)
from hengjian.dashboards.pages.task_recordings_parts import (
    REVIEWER,
    Seen,
    clip_lines,
    deed_lines,
    event_lines,
    missing_text,
    timeline_of,
    unmet_stages,
)
from hengjian.dashboards.parts import Option
from hengjian.ingestion.api import (
    CONTENTS,
    ContentList,
    Interval,
    Look,
    RecordingRecord,
    Stage,
    list_for,
    milliseconds,
    told,
)

_RULES = {ContentList.SAMPLING: "V-08", ContentList.FIELD_TEST: "V-09"}
_TITLES = {ContentList.SAMPLING: mark("采样关键内容"), ContentList.FIELD_TEST: mark("现场检测重点内容")}


def task_recordings_page(seen: Seen, words: Words) -> TaskRecordingsPage:
    """The whole page."""
    look, coverage = seen.look, seen.coverage
    plan = coverage.plan
    first = seen.recordings[0].recording_no if seen.recordings else seen.ref
    number = {one.recording_no: n for n, one in enumerate(seen.recordings, 1)}
    refs = (
        plan.sampler_refs if plan else tuple(dict.fromkeys(ref for one in seen.recordings for ref in one.person_refs))
    )
    return TaskRecordingsPage(
        organization=look.organization.name,
        credit_code=look.organization.credit_code,
        base=look.base,
        title=plan.point_name if plan else first,
        ref=seen.ref,
        task_href=seen.here.removesuffix("/recordings") if plan else "",
        planned_on=plan.planned_on if plan else None,
        people=seen.people(refs, words),
        complete=coverage.complete if coverage.actions else None,
        missing=words("；").join(missing_text(part, words) for part in coverage.missing[:3]),
        timeline=timeline_of(seen, words),
        deeds=deed_lines(seen, words),
        unrecorded=tuple(
            words("%(stage)s：应有录像，没有一段", stage=words(STAGES[stage.value]))
            for stage in coverage.stages
            if stage not in coverage.stages_recorded
        ),
        unmet=unmet_stages(seen, words),
        overlaps=tuple(
            words(
                "录像 %(a)s 与录像 %(b)s 重叠：%(span)s",
                a=number[one.first],
                b=number[one.second],
                span=told(one.span),
            )
            for one in coverage.overlaps
        ),
        drifts=tuple(
            words("录像 %(n)s 的设备时钟快 %(s)s 秒，已校正", n=number[ref], s=drift // 1000)
            for ref, drift in coverage.drifts.items()
        ),
        challenges=_challenge_lines(seen),
        clips=clip_lines(seen, words),
        opened=_opened(seen, words),
        events=event_lines(seen, words),
        looks=tuple(_look_line(seen, one, words) for one in seen.looks),
    )


def _opened(seen: Seen, words: Words) -> Opened | None:
    one = seen.current
    if one is None:
        return None
    closed = seen.closed(one)
    own = seen.own_looks.get(one.id)
    address = f"{seen.look.base}/recordings/{one.id}"
    open_now = own is not None and closed is None
    preview = one.preview if open_now else None
    return Opened(
        number=seen.number(one.id),
        recording_no=one.recording_no,
        media=f"{address}/media" if open_now else "",
        start=f"{seen.at_ms // 1000}.{seen.at_ms % 1000:03}",
        type=one.plays_as or "",
        plays=one.plays_as is not None,
        closed=CLOSED[closed.value] if closed else "",
        preview=f"{address}/preview" if preview else "",
        preview_size=(preview.width, preview.height) if preview else (0, 0),
        preview_step=str(preview.every_ms // 1000) if preview else "",
        preview_times=tuple((length_text(at), seen.clip_href(one.id, at), at) for at in preview.times_ms)
        if preview
        else (),
        preview_note=_preview_note(one),
        facts=() if closed else _facts(seen, one, words),
        note="" if closed else one.note,
        look=_look_line(seen, own, words) if own and closed is None else None,
        looks_action=f"{address}/looks",
        purposes=_purposes(seen),
        checklist=None if closed else _checklist(seen, one),
        hold=None if closed else _hold(seen, one),
        problem=seen.problem if seen.ticked is None and seen.kept_reason is None else None,
    )


def _hold(seen: Seen, one: RecordingRecord) -> HoldCard | None:
    """The holds of a recording; nothing where there is none and the visitor places none."""
    lines = tuple(HoldLine(hold.by, hold.at, hold.placed, hold.reason) for hold in seen.holds.get(one.id, ()))
    may = REVIEWER in seen.look.visitor.roles and seen.look.visitor.of_bureau
    if not lines and not may:
        return None
    return HoldCard(
        action=f"{seen.look.base}/recordings/{one.id}/holds",
        held=seen.held(one),
        may=may,
        lines=lines,
        reason=seen.kept_reason or "",
        problem=seen.problem if seen.kept_reason is not None else None,
    )


def _purposes(seen: Seen) -> tuple[Option, ...]:
    last = next((look.purpose.partition(" ")[0] for look in seen.own_looks.values()), "")
    own = "ROUTINE" if seen.look.visitor.of_bureau else "SELF_CHECK"
    left_out = "SELF_CHECK" if seen.look.visitor.of_bureau else "ROUTINE"
    return tuple(Option(code, text, code == (last or own)) for code, text in PURPOSES.items() if code != left_out)


def _preview_note(one: RecordingRecord) -> str:
    if one.report is None:
        return mark("录像正在检查，检查后自动生成预览。请几分钟后刷新。")
    if not one.report.duration_ms:
        return mark("文件里没有可以显示的画面，不能生成预览。请机构重新上传原始文件。")
    return mark("预览正在生成，请几分钟后刷新。")


def _facts(seen: Seen, one: RecordingRecord, words: Words) -> tuple[tuple[str, str], ...]:
    report = one.report
    film = (
        f"{report.width}×{report.height}，{report.codec}，{length_text(report.duration_ms or 0)}"
        if report and report.width
        else words("尚未检查")
    )
    purpose = f" · {words(DEEDS[one.purpose])}" if one.purpose and one.purpose in DEEDS else ""
    return (
        (mark("环节"), f"{words(STAGES[one.stage])} · {words(NODES[one.node])}{purpose}"),
        (mark("录制时间（设备）"), f"{exact_moment(one.started_at)} – {exact_moment(one.ended_at)}"),
        (mark("归档时间（服务器）"), exact_moment(one.archived_at)),
        (mark("人员"), seen.people(one.person_refs, words) or "–"),
        (mark("录像设备"), one.device_id),
        (mark("画面"), film),
        (mark("文件大小"), size(one.size)),
        (mark("保管人"), seen.names.get(one.custodian_ref or "", one.custodian_ref or "–")),
        (mark("保存至"), one.retention_until.isoformat()),
        (mark("涉密"), words(SECRECY[one.secrecy])),
        (mark("标识码"), words("、").join(one.label_ids) or "–"),
        (mark("文件哈希 SHA-256"), one.sha256),
    )


def _checklist(seen: Seen, one: RecordingRecord) -> Checklist | None:
    """The list that a recording on site answers; other stages have none."""
    if one.stage != Stage.SAMPLING:
        return None
    tested = seen.coverage.plan is not None and seen.coverage.plan.origin == "FIELD_TEST"
    which = list_for(one.tags, field_test=tested)
    reviews = [review for review in seen.reviews.get(one.id, ()) if review.content_list is which]
    newest = reviews[0].seen if reviews else None
    shown = seen.ticked if seen.ticked is not None else newest
    reviewer = REVIEWER in seen.look.visitor.roles
    opened = one.id in seen.own_looks
    return Checklist(
        action=f"{seen.look.base}/recordings/{one.id}/reviews",
        content_list=which.value,
        rule=_RULES[which],
        title=_TITLES[which],
        contents=tuple(
            Content(tag.value, TAGS[tag.value], tag.value in one.tags, None if shown is None else tag.value in shown)
            for tag in CONTENTS[which]
        ),
        reviews=tuple(
            ReviewLine(
                review.reviewer_name,
                review.at,
                len(review.seen & {tag.value for tag in CONTENTS[which]}),
                len(CONTENTS[which]),
                review.note,
            )
            for review in reviews
        ),
        may=reviewer and opened,
        advice=_advice(seen, reviewer=reviewer),
        note=seen.kept_note,
        problem=seen.problem if seen.ticked is not None else None,
    )


def _advice(seen: Seen, *, reviewer: bool) -> str:
    if reviewer:
        return mark("请先调阅这段录像，看完后在这里勾选看到的内容。")
    if seen.look.visitor.of_bureau:
        return mark("由复核人员看过录像后勾选。")
    return mark("由生态环境局复核人员看过录像后勾选；如有异议，请在违规项页面陈述。")


def _look_line(seen: Seen, one: Look, words: Words) -> LookLine:
    """Who looked into which recording, and what for."""
    code, _, said = one.purpose.partition(" ")
    purpose = said if code == "OTHER" and said else words(PURPOSES[code]) if code in PURPOSES else one.purpose
    return LookLine(one.actor_name, one.at, purpose, str(seen.number(one.recording_id)))


def _challenge_lines(seen: Seen) -> tuple[tuple[str, str], ...]:
    """Words given out on site, and between which moments of the server's time each was good."""
    return tuple(
        (one.code, told(Interval(milliseconds(one.issued_at), milliseconds(one.valid_until))))
        for one in seen.challenges
    )
