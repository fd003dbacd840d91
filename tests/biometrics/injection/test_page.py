"""What pages say, and what each of it is worth."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.injection.page import camera_cues, devices_cues, probe_cues, stats_cues
from biometrics.injection.points import Tally

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
ANDROID = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
WEBCAM: dict[str, Any] = {
    "event": "camera", "label": "Integrated Camera (04f2:b6d0)", "track_class": "MediaStreamTrack",
    "has_stats": True, "has_group_id": True, "has_device_id": True, "facing_mode": None,
    "capabilities": ["width", "height", "frameRate", "brightness", "deviceId", "groupId"],
    "width": [1, 1280], "height": [1, 720], "frame_rate": [1, 30],
    "settings": {"width": 640, "height": 480, "frame_rate": 30}, "video_inputs": 1, "audio_inputs": 2,
    "user_agent": CHROME, "mobile": False, "touch_points": 0, "webgl": "ANGLE (Intel, Iris Xe)", "automation": False,
    "natives": {"getUserMedia": True, "RTCPeerConnection": True}, "capture_time": True,
}  # fmt: skip
PHONE = WEBCAM | {
    "label": "camera2 1, facing front", "user_agent": ANDROID, "mobile": True, "touch_points": 5, "facing_mode": "user",
    "capabilities": ["width", "height", "zoom", "torch", "exposureMode", "focusMode"], "webgl": "Adreno (TM) 740",
}  # fmt: skip
BROWSERS_APART = WEBCAM | {
    "user_agent": SAFARI,
    "has_stats": False,
    "capture_time": False,
    "frame_rate": None,
}


def found(report: dict[str, Any]) -> dict[str, float]:
    tally = Tally()
    camera_cues(report, tally)
    return {cue: points for cue, points in tally.points.items() if points}


@pytest.mark.parametrize(
    "report", [WEBCAM, WEBCAM | {"capture_time": None}, PHONE, BROWSERS_APART, {"event": "camera"}]
)
def test_ordinary_cameras_and_what_is_not_known_are_worth_nothing(report: dict[str, Any]) -> None:
    assert found(report) == {}


@pytest.mark.parametrize(
    "label",
    ["OBS Virtual Camera", "OBS-Camera", "ManyCam Virtual Webcam", "Snap Camera", "XSplit VCam", "Dummy video device (0x0000)",
     "v4l2loopback", "Unity Video Capture", "DroidCam Source 3", "e2eSoft VCam"],
)  # fmt: skip
def test_virtual_cameras_are_known_by_name(label: str) -> None:
    assert found(WEBCAM | {"label": label}) == {"virtual_label": 4.0}


@pytest.mark.parametrize(
    "label",
    [
        "HD Webcam C270",
        "FaceTime HD Camera",
        "Logitech BRIO",
        "Observatory Cam",
        "摄像头",
        "Snapdragon Camera",
        "Vcamera",
    ],
)
def test_names_of_cameras_are_no_virtual_cameras(label: str) -> None:
    assert found(WEBCAM | {"label": label}) == {}


def test_chromium_s_own_fake_camera_is_known_by_name() -> None:
    assert found(WEBCAM | {"label": "fake_device_0"}) == {"fake_label": 4.0}


@pytest.mark.parametrize(
    ("change", "cue"),
    [
        ({"track_class": "CanvasCaptureMediaStreamTrack"}, "made_track"),
        ({"natives": {"getUserMedia": False}}, "hooked"),
        ({"automation": True}, "automation"),
        ({"has_device_id": False}, "no_device"),
        ({"has_stats": False}, "unlike_capture"),
        ({"width": [640, 640], "height": [480, 480], "frame_rate": [30, 30]}, "one_format"),
        ({"video_inputs": 0}, "no_camera_listed"),
        ({"webgl": "Google SwiftShader"}, "emulated"),
        ({"mobile": True, "user_agent": SAFARI}, "false_phone"),
        ({"user_agent": ANDROID, "mobile": True, "touch_points": 5}, "phone_without_controls"),
    ],
)
def test_each_cue_stands_alone(change: dict[str, Any], cue: str) -> None:
    assert list(found(WEBCAM | change)) == [cue]


def tries(got: list[tuple[float, float]]) -> dict[str, Any]:
    asked = [(h, f) for h in (240, 480, 720) for f in (15, 30)]
    return {
        "tries": [
            {
                "height": h,
                "frame_rate": f,
                "got_height": gh,
                "got_frame_rate": gf,
                "took_ms": 5.0,
                "error": "",
            }
            for (h, f), (gh, gf) in zip(asked, got, strict=True)
        ]
    }


def test_a_camera_that_grants_everything_and_delivers_one_thing_is_deaf() -> None:
    tally = Tally()
    probe_cues(tries([(480, 30)] * 6), tally)
    assert tally.points == {"deaf_to_constraints": 1.0}
    probe_cues(tries([(240, 15), (240, 30), (480, 15), (480, 30), (720, 15), (720, 30)]), tally)
    assert tally.points == {"deaf_to_constraints": 0.0}
    assert tally.measured["probe_took_ms"] == 5.0


def test_more_frames_than_the_camera_can() -> None:
    tally = Tally()
    stats_cues({"frames_per_second": 59.0}, WEBCAM, tally)
    assert tally.points["faster_than_it_can"] == 1.0
    stats_cues({"frames_per_second": 30.5}, WEBCAM, tally)
    assert tally.points["faster_than_it_can"] == 0.0


def test_devices_that_changed_once_have_changed() -> None:
    tally = Tally()
    for report in ({"video_inputs": 1, "labels_changed": False}, {"video_inputs": 2, "labels_changed": True}):
        devices_cues(WEBCAM, report, tally)
    devices_cues(WEBCAM, {"video_inputs": 1, "labels_changed": False}, tally)
    assert tally.points == {"devices_changed": 0.7}


def test_devices_that_were_not_counted_have_not_changed() -> None:
    for before, report in ((WEBCAM, {"labels_changed": False}), ({}, {"video_inputs": 1})):
        tally = Tally()
        devices_cues(before, report, tally)
        assert tally.points == {"devices_changed": 0.0}


def test_cameras_that_were_not_counted_are_not_none() -> None:
    for more, known in (({}, True), ({"video_inputs": None}, False)):
        tally = Tally()
        camera_cues(WEBCAM | more, tally)
        assert ("video_inputs" in tally.measured) is known


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["got_height", "error", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = [*WEBCAM, "tries", "frames_per_second", "labels_changed"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_a_page_may_say_anything(report: dict[str, Any]) -> None:
    tally = Tally()
    camera_cues(report, tally)
    probe_cues(report, tally)
    stats_cues(report, report, tally)
    devices_cues(report, report, tally)
    assert 0.0 <= tally.score <= 8.0
