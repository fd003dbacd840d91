"""From a frame captured in a real browser to its assessment on the officer's page, over a whole running service.

    python -m tests.benchmarks.bench_latency [seconds] [--json]

Two headless Chromium on this machine: the applicant's plays the demo's clip as camera, the officer's takes the
assessments from the service's event stream, as the console does. A frame's latency runs from its capture, on the
clock of the applicant's RTCP sender reports, to the arrival of the first assessment that includes it. Then the
analysis worker is killed, and the time until the next assessment is measured. Needs Chromium.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from interview.demo.clip import DemoMedia
from interview.demo.prepare import prepare
from interview.settings import Settings
from tests.chromium import FLAGS
from tests.e2e.camera import fake_devices, film
from tests.e2e.pages import Window, create_interview, join_as_applicant, plays, session_id, sign_in
from tests.e2e.service import Service

_FRAME_S = 0.04
_LISTEN = """id => {
  window.seen = [];
  const source = new EventSource(`/api/sessions/${id}/events`);
  source.addEventListener("assessment", e => window.seen.push([Date.now() / 1000, JSON.parse(e.data).t]));
}"""


def measure(seconds: float) -> dict[str, float]:
    """Run it all once. Times in s; ``n`` frames."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(Path(folder))
        service.add_user("li", "officer")
        service.start()
        media = prepare(Settings())
        chromium = shutil.which("chromium")
        open_browser = playwright.chromium.launch
        cameras = film(media.clip, Path(folder))
        applicants = open_browser(executable_path=chromium, args=[*FLAGS, *fake_devices(cameras)])
        officers = open_browser(executable_path=chromium, args=list(FLAGS))
        try:
            return _call(service, officers, applicants, media, seconds)
        finally:
            for each in (applicants, officers):
                each.close()
            service.stop()


def _call(
    service: Service, officers: Browser, applicants: Browser, media: DemoMedia, seconds: float
) -> dict[str, float]:
    officer = Window.open(officers, service.url)
    sign_in(officer, "li")
    link = create_interview(officer, "Latency", media)
    join_as_applicant(Window.open(applicants, link))
    officer.button("Join the call").click()
    plays(officer, "Applicant")
    session = session_id(officer)
    officer.page.evaluate(_LISTEN, session)
    officer.page.wait_for_timeout(seconds * 1000)
    seen = officer.page.evaluate("window.seen")
    restart_s = _kill_worker(service, officer)
    detail = officer.context.request.get(f"{service.url}/api/sessions/{session}").json()
    officer.button("End interview").click()
    officer.button("End and seal").click()
    officer.page.wait_for_timeout(4000)
    lateness_s = _lateness(service, session)
    return _latency(seen, datetime.fromisoformat(detail["started_at"]), lateness_s) | {
        "worker_restart_s": restart_s
    }


def _kill_worker(service: Service, officer: Window) -> float:
    pid = int(re.findall(r"analysis worker (\d+) is ready", _log(service))[-1])
    before = officer.page.evaluate("window.seen.length")
    os.kill(pid, signal.SIGKILL)
    killed = time.perf_counter()
    officer.page.wait_for_function("n => window.seen.length > n + 1", arg=before, timeout=30_000)
    return time.perf_counter() - killed


def _lateness(service: Service, session: str) -> float:
    found = re.findall(rf"session {session}: media arrive (-?\d+) ms", _log(service))
    return float(found[-1]) / 1000 if found else 0.0


def _log(service: Service) -> str:
    return (service.folder / "serve.log").read_text()


def _latency(seen: list[tuple[float, float]], began: datetime, lateness_s: float) -> dict[str, float]:
    """Latencies of every frame between the first and the last assessment seen. ``began`` is media time 0."""
    arrived, included = np.array(seen).T
    frames = np.arange(included[0] + _FRAME_S, included[-1], _FRAME_S)
    first = np.searchsorted(included, frames)
    captured = began.timestamp() + frames - lateness_s
    latency = arrived[first] - captured
    p50, p95, worst = (float(np.quantile(latency, q)) for q in (0.5, 0.95, 1.0))
    return {
        "p50_s": p50,
        "p95_s": p95,
        "worst_s": worst,
        "n": float(len(frames)),
        "capture_to_edge_s": lateness_s,
    }


def main() -> None:
    """Print the figures; with --json one JSON object last."""
    numbers = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    result = measure(float(numbers[0]) if numbers else 30.0)
    for name, value in result.items():
        sys.stdout.write(f"{name:20} {value:.3f}\n")
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
