"""Runs the measurements one after another, prints each figure as it comes, and keeps them in var/bench.json."""

import json
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import FrameType

from hengjian.deploy.logs import set_up_logs
from tests.bench.figures import Figure
from tests.bench.stage import Stage

RESULT = Path(__file__).resolve().parents[2] / "var" / "bench.json"
# Those that want the whole machine's memory come first, while nothing else runs.
NEEDING_NOTHING = ("rules", "pdf", "inspect", "coverage")
NEEDING_A_STAGE = ("insert", "overview", "push", "rescore", "impact", "publish", "upload", "postgraphile", "log")
# What a figure has to reach: at least for ratios, at most for the rest.
GOALS = {
    "push_1000_vs_rest": 0.80,
    "insert_vs_copy": 0.50,
    "push_1000_vs_postgraphile": 1.0,
    "small_query_vs_postgraphile": 1.0,
    "log_append_vs_insert": 0.50,
    "rules_600k_seconds": 1.0,
    "rescore_10k_seconds": 10,
    "rescore_one_push_ms": 200,
    "impact_10k_year_seconds": 60,
    "overview_10k_p95_ms": 100,
    "overview_10k_queries": 12,
    "pdf_10_pages_seconds": 1.5,
    "pdf_10_pages_mib": 300,
    "inspect_vs_decode": 0.70,
}


def main(wanted: Sequence[str]) -> int:
    """Run the measurements whose name holds one of the wanted words; all of them when none is given."""
    chosen = [n for n in (*NEEDING_NOTHING, *NEEDING_A_STAGE) if not wanted or any(w in n for w in wanted)]
    if not chosen:
        sys.stderr.write(
            f"There is no such measurement; there are {', '.join((*NEEDING_NOTHING, *NEEDING_A_STAGE))}.\n"
        )
        return 2
    signal.signal(signal.SIGTERM, _end)
    RESULT.parent.mkdir(exist_ok=True)
    set_up_logs("warning")
    say(f"{'measurement':32}{'value':>14} {'unit':10}{'baseline':>14}{'ratio':>8}   goal")
    with ExitStack() as opened:
        stage = opened.enter_context(Stage())
        return sum(not _run(name, stage) for name in chosen) and 1


def _run(name: str, stage: Stage) -> bool:
    """Take one measurement, print and keep its figures; whether it succeeded. The others go on when it fails."""
    begun = time.monotonic()
    try:
        measure = import_module(f"tests.bench.bench_{name}").measure
        figures: list[Figure] = measure(stage) if name in NEEDING_A_STAGE else measure()
    except Exception:  # noqa: BLE001  # whatever it is, it is shown whole
        say(f"  ({name} failed)\n{traceback.format_exc()}")
        return False
    for figure in figures:
        say(line(figure))
    say(f"  ({name}: {time.monotonic() - begun:.0f} s)")
    _keep(figures)
    return True


def line(figure: Figure) -> str:
    """One line of the table, with its goal and whether it is reached."""
    ratio, value = figure["ratio"], figure["value"]
    judged = ratio if "_vs_" in figure["name"] else value
    goal = GOALS.get(figure["name"])
    verdict = ""
    if goal is not None:
        least = "_vs_" in figure["name"]
        reached = judged is not None and (judged >= goal if least else judged <= goal)
        verdict = (
            f"{'>=' if least else '<='} {goal:g} {'reached' if reached else 'MISSED' if judged is not None else '-'}"
        )
    return (
        f"{figure['name']:32}{_number(value):>14} {figure['unit']:10}{_number(figure['baseline']):>14}"
        f"{_number(ratio):>8}   {verdict} {figure.get('note', '')}".rstrip()
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _keep(figures: list[Figure]) -> None:
    """Figures of this run replace those of their name; the others of earlier runs stay."""
    try:
        known = {figure["name"]: figure for figure in json.loads(RESULT.read_text("utf-8"))}
    except (OSError, ValueError):
        known = {}
    known.update({figure["name"]: figure for figure in figures})
    RESULT.write_text(json.dumps(list(known.values()), indent=2, ensure_ascii=False) + "\n", "utf-8")


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)
