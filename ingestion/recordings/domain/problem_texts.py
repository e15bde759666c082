"""Words for every discrepancy of a recording, zh and en, by stable code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProblemText:
    """What a code says, and what to look at."""

    zh: str
    en: str

    def told(self, facts: Mapping[str, str | int]) -> "ProblemText":
        """With the values of one recording."""
        return ProblemText(self.zh.format(**facts), self.en.format(**facts))


@dataclass(frozen=True, slots=True)
class RecordingProblem:
    """Something about a recording that somebody should look at, in words."""

    code: str
    zh: str
    en: str


PROBLEM_TEXTS: dict[str, ProblemText] = {
    "CREATED_AWAY_FROM_CLAIM": ProblemText(
        "文件记载的生成时间 {created} 与申报的录制时间 {started}–{completed} 不符。请核对设备时钟和原始存储卡。",
        "The file says it was made at {created}, the sender says {started} to {completed}. "
        "Check the device's clock and the original card.",
    ),
    "CREATED_AFTER_ARRIVAL": ProblemText(
        "文件记载的生成时间 {created} 晚于平台收到文件的时间 {arrived}。请核对设备时钟。",
        "The file says it was made at {created}, after it had arrived here at {arrived}. Check the device's clock.",
    ),
    "ENDED_AFTER_ARRIVAL": ProblemText(
        "申报的结束时间 {ended} 晚于平台收到文件的时间 {arrived}。请核对设备时钟。",
        "It is said to have ended at {ended}, after it had arrived here at {arrived}. Check the device's clock.",
    ),
    "LENGTH_DIFFERS": ProblemText(
        "申报时长 {told} 秒，实际时长 {real} 秒。请查明是否剪辑或缺段。",
        "It is said to last {told} s and lasts {real} s. Find out whether it was cut.",
    ),
    "LABEL_OF_ANOTHER_SAMPLE": ProblemText(
        "画面中的识别标识码 {label} 不属于本任务的样品。请核对样品与录像。",
        "Label {label} in the picture belongs to no sample of this task. Compare samples and recording.",
    ),
    "LABEL_NOT_SEEN": ProblemText(
        "画面中未读到申报的识别标识码 {label}。请人工查看是否清晰可辨。",
        "Label {label}, which was told, is not read in the picture. See whether it can be recognized.",
    ),
    "MADE_BEFORE_LABEL": ProblemText(
        "录像制作于 {made}，早于识别标识码 {label} 的发放时间 {issued}。请查明录像来源。",
        "It was made at {made}, before label {label} was issued at {issued}. Find out where it comes from.",
    ),
    "CHALLENGE_BEFORE_ISSUE": ProblemText(
        "录像申报在 {seen} 出现现场口令 {code}，而该口令当时尚未发放。申报的时间不实。",
        "It is said to show the challenge {code} at {seen}, when that did not exist yet. The told time is false.",
    ),
    "CHALLENGE_LATE": ProblemText(
        "现场口令 {code} 在 {seen} 才出现，已过有效时间。请查明原因。",
        "The challenge {code} appears at {seen}, after its time. Ask why.",
    ),
    "CHALLENGE_NOT_SEEN": ProblemText(
        "该时段已发放现场口令，画面中未出现。请人工查看。",
        "A challenge was issued for this time and is not in the picture. Look at the recording.",
    ),
}


def problems_told(stored: Sequence[Mapping[str, Any]] | None) -> tuple[RecordingProblem, ...]:
    """The problems stored with an inspection, `{code, facts}` each, in words; none where nobody compared."""
    found = ((one["code"], PROBLEM_TEXTS[one["code"]].told(one["facts"])) for one in stored or ())
    return tuple(RecordingProblem(code, text.zh, text.en) for code, text in found)
