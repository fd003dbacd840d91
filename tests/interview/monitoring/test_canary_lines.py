"""A run of the canaries, as the model-risk report reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interview.errors import MediaError
from interview.monitoring.model_risk.canaries import CanaryLine, read_canary_run

RUN = {
    "tolerance_nats": 0.5,
    "passed": False,
    "n": 2,
    "canaries": [
        {"name": "screen", "moved": 0.02, "within": True, "failed": "", "changes": []},
        {"name": "call", "moved": None, "within": False, "failed": "it has no video"},
    ],
}


def test_a_run_is_read_whatever_was_printed_before_it(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text("a line of something else\n" + json.dumps(RUN) + "\n")
    run = read_canary_run(file)
    assert (run.source, run.tolerance, run.passed, run.within) == ("run.json", 0.5, False, 1)
    assert run.lines[1] == CanaryLine("call", None, False, "it has no video")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "nonsense", '{"passed": true}', '{"canaries": [1], "tolerance_nats": 1, "passed": true}'],
)
def test_what_is_no_run_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(text)
    with pytest.raises(MediaError, match=r"is no output of `candor canary run --json`"):
        read_canary_run(file)
    with pytest.raises(MediaError, match="cannot be read"):
        read_canary_run(tmp_path / "none.json")
