"""Challenges over HTTP: the officer asks, the page answers and signs, both streams tell, and nobody else takes part."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any

import httpx
import pytest

from interview.challenges.proof import nonce_of
from interview.challenges.records import Begin, Cue, End, Show
from interview.store.records import SessionRecord
from tests.interview.challenges.fakes import FakeLine, Page
from tests.interview.world import agreed
from tests.web.conftest import Site
from tests.web.fakes import Browser
from web import stream, views

NOTHING: Mapping[str, object] = {}
CAMERA = {
    "event": "camera",
    "label": "FaceTime HD Camera",
    "track_class": "MediaStreamTrack",
    "has_stats": True,
    "has_group_id": True,
    "has_device_id": True,
    "facing_mode": None,
    "capabilities": ["width", "frameRate"],
    "width": [1, 1920],
    "height": None,
    "frame_rate": [1, 30],
    "settings": {"width": 1280, "height": 720, "frame_rate": 30},
    "video_inputs": 1,
    "audio_inputs": 2,
    "user_agent": "Mozilla/5.0",
    "mobile": False,
    "touch_points": 0,
    "webgl": "ANGLE (Apple)",
    "automation": False,
    "natives": {"getUserMedia": True},
    "capture_time": True,
}
PROBE = {
    "event": "probe",
    "tries": [
        {"height": 720, "frame_rate": 30, "got_height": 720, "got_frame_rate": 29.97, "took_ms": 210.5, "error": ""},
        {"height": 240, "frame_rate": 15, "got_height": None, "got_frame_rate": None, "took_ms": 3.0, "error": "OverconstrainedError"},
    ],
}  # fmt: skip
STATS = {
    "event": "stats",
    "frames_per_second": 30,
    "frames": 300,
    "limited_by": "none",
    "encoder": "libvpx",
    "width": 1280,
    "height": 720,
}


@dataclass
class Scene:
    """A live interview with its page and its officer."""

    site: Site
    session: SessionRecord
    officer: Browser
    applicant: Browser
    page: Page
    line: FakeLine

    @property
    def path(self) -> str:
        return f"/api/sessions/{self.session.id}/challenges"

    @property
    def join(self) -> str:
        return f"/api/join/{self.site.token(self.session)}"

    def ask(self, kind: str = "flash") -> dict[str, Any]:
        self.site.world.clock.go_on(seconds=1)
        answer = self.officer.post(self.path, {"kind": kind})
        assert answer.status_code == 201, answer.text
        self.listen()
        asked: dict[str, Any] = answer.json()
        return asked

    def listen(self) -> None:
        """The page takes what came on its stream."""
        for event in self.watcher.take():
            if isinstance(event.payload, Begin | Show | End):
                self.page.cues.append(event.payload)

    def __post_init__(self) -> None:
        self.watcher = self.site.world.events.watch(self.session.id, lambda: None)

    def answer(self, challenge_id: str, answer: str) -> int:
        status = self.applicant.post(
            f"{self.join}/challenges/{challenge_id}/answer", {"answer": answer}
        ).status_code
        self.listen()
        return status

    def shown(self, challenge_id: str, k: int, changes: Mapping[str, object] = NOTHING) -> httpx.Response:
        self.site.timer.go_on(0.1)
        answer = self.applicant.post(
            f"{self.join}/challenges/{challenge_id}/shown", asdict(self.page.claim(k)) | dict(changes)
        )
        self.site.timer.go_on(1.0)
        self.listen()
        return answer


@pytest.fixture
def scene(site: Site) -> Scene:
    session = site.world.live(site.officer)
    applicant = site.browser()
    applicant.get(f"/api/join/{site.token(session)}")
    page = Page(site.timer)
    line = FakeLine(site.timer, session.id, page_key=page.key.public)
    site.services.challenges.attach(line)
    return Scene(site, session, site.as_(site.officer), applicant, page, line)


def test_challenge_from_asking_to_its_record(scene: Scene) -> None:
    asked = scene.ask()
    assert asked == {
        "id": asked["id"],
        "kind": "flash",
        "state": "waiting",
        "step": 0,
        "steps": 32,
        "issued_at": "2026-11-24T09:00:01Z",
        "started_s": None,
        "ended_s": None,
        "detail": "",
        "result": None,
    }
    challenge_id = asked["id"]
    assert scene.answer(challenge_id, "ready") == 204
    assert scene.shown(challenge_id, -1).status_code == 204
    assert scene.shown(challenge_id, 0).status_code == 204
    [listed] = scene.officer.get(scene.path).json()
    assert (listed["state"], listed["step"], listed["started_s"]) == ("running", 1, 50.0)
    early = scene.officer.get(f"{scene.path}/{challenge_id}/record")
    assert (early.status_code, early.json()["code"]) == (409, "challenge_open")
    cancelled = scene.officer.post(f"{scene.path}/{challenge_id}/cancel").json()
    assert (cancelled["state"], cancelled["detail"]) == ("cancelled", "officer")
    record = scene.site.as_(scene.site.compliance).get(f"{scene.path}/{challenge_id}/record").json()
    assert nonce_of(bytes.fromhex(record["seed"])) == record["nonce"]
    assert [ack["k"] for ack in record["acks"]] == [-1, 0]
    assert record["challenge"] == cancelled
    audit = scene.site.world.repository.audit.of_session(scene.session.id)
    assert [one.action for one in audit if one.action.startswith("challenge")] == [
        "challenge.asked",
        "challenge.started",
        "challenge.ended",
        "challenge.viewed",
    ]


def test_acknowledgements_that_are_refused(scene: Scene) -> None:
    challenge_id = scene.ask()["id"]
    scene.answer(challenge_id, "ready")
    wrong: list[tuple[dict[str, object], int, str]] = [
        ({"k": 3}, 422, "bad_signature"),
        ({"visible": False}, 422, "bad_signature"),
        ({"signature": "A" * 86}, 422, "bad_signature"),
        ({"signature": "A" * 85}, 422, "invalid"),
        ({"shown_at_ms": 12.0}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
    ]
    for changes, status, code in wrong:
        answer = scene.shown(challenge_id, -1, changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        scene.site.timer.now_s -= 1.1
    assert scene.shown(challenge_id, 5).json()["code"] == "out_of_step"
    assert scene.shown("c9", -1).status_code == 404


def test_one_at_a_time_and_one_answer(scene: Scene) -> None:
    challenge_id = scene.ask()["id"]
    second = scene.officer.post(scene.path, {"kind": "flash"})
    assert (second.status_code, second.json()["code"]) == (409, "challenge_open")
    assert scene.answer(challenge_id, "photosensitive") == 204
    assert scene.answer(challenge_id, "ready") == 409
    assert scene.answer(challenge_id, "maybe") == 422
    assert scene.officer.post(f"{scene.path}/{challenge_id}/cancel").status_code == 409


def test_without_consent_or_without_the_applicant(scene: Scene) -> None:
    site = scene.site
    other = site.world.interview(site.officer)
    site.world.sessions.consent(other.id, agreed(face=False))
    refused = scene.officer.post(f"/api/sessions/{other.id}/challenges", {"kind": "flash"})
    assert (refused.status_code, refused.json()["code"]) == (422, "consent_needed")
    scene.line.reachable = False
    away = scene.officer.post(scene.path, {"kind": "flash"})
    assert (away.status_code, away.json()["code"]) == (409, "applicant_away")
    assert scene.officer.post(scene.path, {"kind": "dance"}).status_code == 422


def test_only_its_officer_asks_and_only_its_page_answers(scene: Scene) -> None:
    site, challenge_id = scene.site, scene.ask()["id"]
    assert site.as_(site.compliance).post(scene.path, {"kind": "flash"}).status_code == 403
    assert site.as_(site.compliance).post(f"{scene.path}/{challenge_id}/cancel").status_code == 403
    assert len(site.as_(site.compliance).get(scene.path).json()) == 1
    for path in (scene.path, f"{scene.path}/{challenge_id}/record"):
        assert site.as_(site.colleague).get(path).status_code == 404
        assert site.browser().get(path).status_code == 401
    stranger = site.browser().post(f"{scene.join}/challenges/{challenge_id}/answer", {"answer": "ready"})
    assert (stranger.status_code, stranger.json()["code"]) == (410, "link_used")
    other = site.world.live(site.officer)
    elsewhere = site.browser()
    elsewhere.get(f"/api/join/{site.token(other)}")
    answer = elsewhere.post(
        f"/api/join/{site.token(other)}/challenges/{challenge_id}/answer", {"answer": "refused"}
    )
    assert answer.status_code == 404


def test_page_reports_reach_the_call_as_they_are(scene: Scene) -> None:
    reports = [CAMERA, PROBE, STATS, {"event": "visibility", "hidden": True}, {"event": "devices", "video_inputs": 2, "labels_changed": True}]  # fmt: skip
    answer = scene.applicant.post(f"{scene.join}/page", {"reports": reports})
    assert answer.status_code == 204, answer.text
    assert scene.site.calls.reports == reports


@pytest.mark.parametrize(
    "body",
    [
        {"reports": []},
        {"reports": [STATS] * 17},
        {"reports": [{"event": "other"}]},
        {"reports": [CAMERA | {"label": "x" * 201}]},
        {"reports": [CAMERA | {"capabilities": ["x"] * 65}]},
        {"reports": [STATS | {"more": 1}]},
    ],
)
def test_reports_that_are_not_the_pages(scene: Scene, body: dict[str, object]) -> None:
    answer = scene.applicant.post(f"{scene.join}/page", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert scene.site.calls.reports == []


def test_key_of_the_page_goes_with_its_offer(scene: Scene) -> None:
    offer = {"sdp": "v=0", "type": "offer", "page_key": scene.page.key.public}
    assert scene.applicant.post(f"{scene.join}/offer", offer).status_code == 200
    assert scene.site.calls.keys == [scene.page.key.public]
    assert scene.applicant.post(f"{scene.join}/offer", offer | {"page_key": "short"}).status_code == 422


def test_page_may_acknowledge_more_often_than_links_are_opened(scene: Scene) -> None:
    path = f"{scene.join}/challenges/c9/answer"
    statuses = {scene.applicant.post(path, {"answer": "ready"}).status_code for _ in range(130)}
    assert statuses == {404}


async def streamed(lines: AsyncIterator[str], count: int) -> list[tuple[str, dict[str, Any]]]:
    said: list[tuple[str, dict[str, Any]]] = []
    async for block in lines:
        fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if not line.startswith(":"))
        if "data" in fields:
            said.append((fields["event"], json.loads(fields["data"])))
        if len(said) == count:
            break
    return said


def test_each_side_hears_its_own_challenge_events(scene: Scene) -> None:
    challenge_id = scene.ask()["id"]
    scene.answer(challenge_id, "ready")
    status = scene.site.services.challenges.of_session(scene.session.id)[0]
    cues: list[Cue] = [
        Show("c", 0, 1000, colour="#30a7fa"),
        Show("c", 1, 1200, direction="left"),
        End("c", "done"),
    ]

    async def run(render: stream.Render, count: int) -> list[tuple[str, dict[str, Any]]]:
        watch = stream.Watch(scene.session.id, render, (), None, 60.0, lambda: True)
        async with aclosing(stream.events(scene.site.world.events, watch)) as lines:  # type: ignore[type-var]
            assert await anext(lines) == "retry: 2000\n\n"
            following = asyncio.ensure_future(streamed(lines, count))
            while not scene.site.world.events.watching(scene.session.id) > 1:  # noqa: ASYNC110
                await asyncio.sleep(0)
            for cue in cues:
                scene.site.world.events.publish(scene.session.id, cue)
            scene.site.world.events.publish(scene.session.id, status)
            return await following

    applicant = asyncio.run(run(stream.for_applicant, 4))
    assert [name for name, _ in applicant] == ["state", "challenge", "challenge", "challenge"]
    assert applicant[1][1] == {
        "event": "show",
        "id": "c",
        "k": 0,
        "after_ms": 1000,
        "colour": "#30a7fa",
        "direction": None,
        "digit": None,
    }
    assert applicant[3][1] == {"event": "end", "id": "c", "how": "done"}
    officer = asyncio.run(run(stream.for_officer, 2))
    assert [name for name, _ in officer] == ["state", "challenge"]
    assert officer[1][1] == views.challenge(status).model_dump(mode="json")


def test_a_page_that_comes_back_is_asked_again(scene: Scene) -> None:
    asked = scene.ask()

    async def run() -> list[tuple[str, dict[str, Any]]]:
        watch = stream.Watch(scene.session.id, stream.for_applicant, (), None, 60.0, lambda: True)
        async with aclosing(stream.events(scene.site.world.events, watch)) as lines:  # type: ignore[type-var]
            return await streamed(lines, 2)

    begin = asyncio.run(run())[1][1]
    nonce = scene.page.begun.nonce
    assert begin == {"event": "begin", "id": asked["id"], "kind": "flash", "nonce": nonce, "steps": 32}
