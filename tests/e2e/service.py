"""A running `candor serve` in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

CANDOR = Path(sys.executable).with_name("candor")
PASSWORD = "an end-to-end password"
START_TRIES = 300
TRY_S = 0.1


@dataclass
class Service:
    """Starts on a free port, or again on the same one after `kill`."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CANDOR_")}
        kept = {
            name: os.environ[name] for name in ("CANDOR_CACHE_DIR", "CANDOR_MIRROR") if name in os.environ
        }
        ours = {
            "CANDOR_DATA_DIR": str(self.folder),
            "CANDOR_MEDIA_LOOPBACK": "1",
            "CANDOR_PASSWORD": PASSWORD,
        }
        return inherited | kept | ours

    def add_user(self, username: str, role: str) -> None:
        self.candor("users", "add", username, "--role", role)

    def candor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CANDOR), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )

    def start(self) -> None:
        log = (self.folder / "serve.log").open("a")
        self.process = subprocess.Popen(
            [str(CANDOR), "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        log.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "Candor serves" in line, (line, (self.folder / "serve.log").read_text())
        self.port = int(line.rsplit(":", 1)[1])
        self.get("/api/health")

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return httpx.get(self.url + path, timeout=10).raise_for_status().json()

    def workers(self) -> list[psutil.Process]:
        """The analysis processes: the children of the fork server that use the most memory come first."""
        assert self.process is not None
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [each for each in below if "forkserver" in " ".join(each.cmdline())]

    def kill(self) -> None:
        """As a crash or the kernel would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._close()

    def stop(self) -> int:
        """As an administrator would; gives the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self._close()
        return status

    def _close(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None


def errors_in(log: str) -> Sequence[str]:
    """Lines that say that something failed."""
    return [line for line in log.splitlines() if " ERROR " in line or "Traceback" in line]
