from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from biometrics.face.perception import LANDMARKER
from biometrics.reports import CLOSED, refuse_reports
from models.hub import ModelHub

CLOSE_A_TASK = """
import sys
import numpy as np
from pathlib import Path
from biometrics.face.landmarks import Landmarker
landmarker = Landmarker(Path(sys.argv[1]))
landmarker.follow(np.zeros((64, 64, 3), np.uint8), 0)
landmarker.close()
"""


def test_offline_native_https_goes_to_a_closed_port() -> None:
    environment = {"no_proxy": "*", "PATH": "/bin"}
    refuse_reports(environment, offline=True)
    assert environment == {"ORT_DISABLE_TELEMETRY": "1", "https_proxy": CLOSED, "PATH": "/bin"}


def test_online_the_processs_own_https_is_left_alone() -> None:
    environment = {"https_proxy": "http://proxy.bank:3128"}
    refuse_reports(environment, offline=False)
    assert environment == {"ORT_DISABLE_TELEMETRY": "1", "https_proxy": "http://proxy.bank:3128"}


@pytest.mark.models
def test_what_mediapipe_reports_goes_by_the_proxy_of_the_environment(hub: ModelHub) -> None:
    """Otherwise `refuse_reports` would be in vain. When this fails, see whether MediaPipe still reports at all."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(30)
        environment = {**os.environ, "https_proxy": f"http://127.0.0.1:{proxy.getsockname()[1]}"}
        environment.pop("no_proxy", None)
        root = Path(__file__).parents[2]
        command = [sys.executable, "-c", CLOSE_A_TASK, str(hub.file(LANDMARKER))]
        with subprocess.Popen(command, env=environment, cwd=root, stderr=subprocess.DEVNULL) as process:
            asked = b""
            while b"play.googleapis.com" not in asked:
                connection, _ = proxy.accept()
                with connection:
                    asked = connection.recv(4096)
            process.wait(timeout=60)
    assert asked.startswith(b"CONNECT play.googleapis.com:443")
