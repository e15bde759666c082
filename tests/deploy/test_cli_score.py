"""What `hengjian score` prints: steps, changes and plan in both languages, from a score made by hand."""

from datetime import date

import pytest

from hengjian.deploy.cli.score import told
from hengjian.scoring.api import ScoreExplained, ScoreMoved
from hengjian.scoring.domain.credit_changes import what_changed
from hengjian.scoring.domain.credit_corrections import cheapest_corrections
from hengjian.scoring.domain.credit_score import credit_score
from tests.scoring.domain.histories import AS_OF, MODEL, WORKED, fined

BEFORE, NOW = credit_score(WORKED, MODEL, AS_OF), credit_score(fined("20001"), MODEL, AS_OF)
MOVED = ScoreMoved(score=NOW, before=BEFORE, changes=what_changed(BEFORE, NOW))
EXPLAINED = ScoreExplained(
    model=MODEL,
    provisional=MOVED,
    official=ScoreMoved(score=BEFORE, before=BEFORE, changes=()),
    plan=cheapest_corrections(fined("20001"), MODEL, as_of=AS_OF, by=date(2026, 12, 31)),
    numbers={"C-04/self/2026-06-30": "WG-650102-2026-00001"},
)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "C.UTF-8",
            [
                "2026-06-30  74.35 C",
                "            official, of what is confirmed: 94.35 A",
                "        -2  D1  C-04     WG-650102-2026-00001",
                "     -0.25  D4  Age of devices old",
                "       -20  D6  罚〔2026〕1号",
                "changed since 2026-06-30 (94.35 A): -20",
                "B by 2026-12-31 (94.10): correct 罚〔2026〕1号",
            ],
        ),
        ("zh_CN.UTF-8", ["     -0.25  D4  设备使用年限   old", "自此变化 2026-06-30 (94.35 A): -20"]),
    ],
)
def test_lines(monkeypatch: pytest.MonkeyPatch, language: str, lines: list[str]) -> None:
    """Each line begins as written; nothing is left out."""
    monkeypatch.setenv("LC_ALL", language)
    printed = list(told(EXPLAINED))
    for line in lines:
        assert any(one.startswith(line) for one in printed), (line, printed)
