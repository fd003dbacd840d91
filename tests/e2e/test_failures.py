"""What dies in mid-call and what is left of it: the analysis worker, and the whole service."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from interview.demo.clip import DemoMedia
from interview.media.recording import read_packets
from tests.e2e.pages import (
    LONG_MS,
    Window,
    api,
    create_interview,
    join_as_applicant,
    plays,
    session_id,
    sign_in,
)
from tests.e2e.service import Service, errors_in

pytestmark = [pytest.mark.e2e, pytest.mark.models]

_TRIES = 120
_TRY_MS = 500


@dataclass
class Call:
    """A live call, as its officer sees it."""

    service: Service
    officer: Window
    applicant: Window
    session: str

    @property
    def log(self) -> str:
        return (self.service.folder / "serve.log").read_text()

    @property
    def segments(self) -> Path:
        return self.service.folder / "sessions" / self.session

    def ask(self, path: str = "") -> Any:  # noqa: ANN401 - JSON
        return api(self.officer, self.service, f"/api/sessions/{self.session}{path}")

    def assessed_s(self) -> float:
        """Media time of the newest assessment in the record, s."""
        return max((each["t"] for each in self.ask("/assessments")), default=0.0)

    def actions(self) -> list[str]:
        return [each["action"] for each in self.ask("/audit")]

    def until(self, condition: Callable[[], object]) -> None:
        for _ in range(_TRIES):
            if condition():
                return
            self.officer.page.wait_for_timeout(_TRY_MS)
        raise AssertionError(self.log[-3000:])

    def end(self) -> None:
        self.officer.button("End interview").click()
        self.officer.button("End and seal").click()
        expect(self.applicant.page.get_by_text("The interview has ended")).to_be_visible(timeout=LONG_MS)
        self.until(lambda: self.ask()["state"] == "sealed")

    def reruns_equal(self) -> bool:
        """Whether the record analysed again gives what was stored; exit status 1, which raises, says that it does not."""
        return '"equal": true' in self.service.candor("rerun", self.session, "--json").stdout


@pytest.fixture
def call(
    service: Service, officer_browser: Browser, applicant_browser: Browser, demo_media: DemoMedia
) -> Call:
    """A call that has been assessed for a few seconds."""
    officer = Window.open(officer_browser, service.url)
    sign_in(officer, "li")
    link = create_interview(officer, "Wang Xiaoming", demo_media)
    applicant = Window.open(applicant_browser, link, size=(390, 844))
    join_as_applicant(applicant)
    officer.button("Join the call").click()
    plays(officer, "Applicant")
    made = Call(service, officer, applicant, session_id(officer))
    made.until(lambda: made.assessed_s() >= 5.0)
    return made


def test_call_outlives_its_analysis_worker(call: Call) -> None:
    (worker,) = re.findall(r"analysis worker (\d+) is ready", call.log)
    before_s = call.assessed_s()
    os.kill(int(worker), signal.SIGKILL)
    call.until(lambda: len(re.findall(r"analysis worker \d+ is ready", call.log)) == 2)
    call.until(lambda: call.assessed_s() >= before_s + 5.0)
    plays(call.officer, "Applicant")
    plays(call.applicant, "Your customer manager")
    assert "analysis.worker_restarted" in call.actions()
    assert "applicant.lost" not in call.actions()

    call.end()
    times = [each["t"] for each in call.ask("/assessments")]
    assert times == sorted(set(times))
    assert call.reruns_equal()
    assert call.officer.wrong == []
    assert call.applicant.wrong == []
    assert call.service.stop() == 0
    assert errors_in(call.log) == []


def test_interview_outlives_the_service(call: Call) -> None:
    before_s = call.assessed_s()
    call.service.kill()
    cut = list(read_packets(call.segments / "applicant-000.webm"))
    assert max(packet.t for packet in cut) >= before_s
    assert {packet.kind for packet in cut} == {"audio", "video"}

    call.service.start()
    call.until(lambda: "service.restarted" in call.actions())
    call.until(lambda: (call.segments / "applicant.webm").is_file())
    call.until(lambda: all(each["end"] for each in call.ask()["segments"] if each["index"] == 0))
    segments = {(each["side"], each["index"]): each for each in call.ask()["segments"]}
    assert segments["applicant", 0]["end"] == pytest.approx(max(packet.t for packet in cut))
    assert segments["officer", 0]["end"] >= 1.0

    call.until(lambda: call.ask()["state"] == "live")
    plays(call.officer, "Applicant")
    plays(call.applicant, "Your customer manager")
    call.until(lambda: call.assessed_s() >= before_s + 5.0)
    call.end()
    assert call.reruns_equal()
    whole = {packet.pts_ms for packet in read_packets(call.segments / "applicant.webm")}
    assert {packet.pts_ms for packet in cut} <= whole
    assert max(whole) / 1000 > before_s + 5.0
    assert errors_in(call.log) == []
