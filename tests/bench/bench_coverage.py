"""How long it takes to find the coverage of ten thousand tasks, rows in memory."""

import time

from hengjian.ingestion.recordings.domain.coverage import SECOND, Action, Clip, Stage, coverage
from hengjian.ingestion.recordings.domain.intervals import Interval
from tests.bench.figures import Figure, alone

TASKS = 10_000
CLIPS = 8


def measure() -> list[Figure]:
    """Ten thousand tasks of five stages, each with eight clips, one of them with a gap."""
    work = [_task(number) for number in range(TASKS)]
    began = time.perf_counter()
    incomplete = sum(not coverage(actions, clips).complete for actions, clips in work)
    took = time.perf_counter() - began
    if incomplete != TASKS:
        raise RuntimeError("the gap of each task was not found")
    return [alone("coverage_10k_tasks_seconds", took, "s", note=f"{TASKS * CLIPS} clips")]


def _task(number: int) -> tuple[list[Action], list[Clip]]:
    start = number * 86_400 * SECOND
    actions = [
        Action(
            stage, stage.value, Interval(start + place * 3_600 * SECOND, start + place * 3_600 * SECOND + 800 * SECOND)
        )
        for place, stage in enumerate(Stage)
    ]
    clips = [Clip(action.what, action.stage, action.span) for action in actions]
    sampling = actions[1].span
    gap = Interval(sampling.since + 190 * SECOND, sampling.since + 221 * SECOND)
    clips[1] = Clip("gap", Stage.SAMPLING, sampling, gaps=(gap,))
    extra = [Clip(str(n), Stage.ANALYSIS, actions[-1].span, drift=n * SECOND) for n in range(CLIPS - len(clips))]
    return actions, clips + extra
