"""Words for what cannot be done with recordings: zh, en and what to do next, by stable code."""

REFUSAL_TEXTS: dict[str, tuple[str, str]] = {
    "TASK_UNKNOWN": (
        "没有编号为 {task} 的监测任务。请先报送该任务（monitoringTasks），再领取现场口令。",
        "There is no task {task}. Send the task (monitoringTasks) first, then ask for a challenge.",
    ),
    "RECORDING_UNKNOWN": (
        "没有这一录像，或不在您的管辖范围内。请核对编号。",
        "There is no such recording, or it is outside your jurisdiction. Check its id.",
    ),
    "REASON_MISSING": (
        "请写明理由（1 至 2000 字）。",
        "Give the reason, 1 to 2,000 characters.",
    ),
    "ALREADY_HELD": (
        "该录像已被保全，无需重复操作。",
        "The recording is under hold already; nothing needs to be done.",
    ),
    "NOT_HELD": (
        "该录像未被保全，无需解除。",
        "The recording is not under hold; there is nothing to lift.",
    ),
}
