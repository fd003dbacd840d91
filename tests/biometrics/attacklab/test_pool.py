"""A pool's processes leave when whoever started them was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from biometrics.attacklab.pool import outcomes
from biometrics.errors import EvaluationError

PATIENCE_S = 30.0
HOLD = """
import sys
from biometrics.attacklab.pool import outcomes
from tests.biometrics.attacklab.test_pool import Piece, held
if __name__ == "__main__":
    for _ in outcomes([Piece("first"), Piece("second")], held, 1, "held"):
        print("one", flush=True)
        sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Piece:
    name: str


def held(piece: Piece) -> str:
    return piece.name


def refused(piece: Piece) -> str:
    raise ValueError("no")


def test_every_piece_is_worked_once() -> None:
    assert sorted(outcomes([Piece("a"), Piece("b"), Piece("c")], held, 2, "held")) == ["a", "b", "c"]
    assert list(outcomes([], held, 2, "held")) == []


def test_a_failure_names_its_piece() -> None:
    with pytest.raises(EvaluationError, match="b could not be refused: no"):
        list(outcomes([Piece("b")], refused, 1, "refused"))


def test_nobody_waits_for_work_that_will_never_come(tmp_path: Path) -> None:
    script = tmp_path / "hold.py"
    script.write_text(HOLD)
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root,
        env={"PYTHONPATH": str(root)}, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdout.readline() == "one\n"
        below = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGKILL)
        _, left = psutil.wait_procs(below, timeout=PATIENCE_S)
    assert below
    assert left == []
