"""A process that opens the real parts is quiet from then on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from biometrics.reports import CLOSED

OPENS = """
import json, os, sys
from pathlib import Path
from interview.analysis.stack import Stack
Stack(Path(sys.argv[1]))().close()
print(json.dumps(dict(os.environ)))
"""


def test_a_process_that_analyses_refuses_to_report(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    environment = json.loads(done.stdout)
    assert environment["ORT_DISABLE_TELEMETRY"] == "1"
    assert environment["https_proxy"] == CLOSED
    assert "no_proxy" not in environment
