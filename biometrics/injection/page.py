"""What an applicant's page says about its camera, as cues. Everything a page says can be forged: weak evidence alone.

Points are natural-log odds by judgement, not fitted: 4 for what a camera never is, 1 or less for what some are.
A missing field counts as not known, never as suspicious; what only Chromium offers counts only there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

from biometrics.injection.points import Tally

VIRTUAL: Final = re.compile(
    r"virtual|\bobs\b|obs-camera|manycam|snap ?cam(era)?\b|xsplit|vcam\b|v4l2|loopback|unity|droidcam|epoccam|iriun"
    r"|e2esoft|splitcam|youcam|webcamoid|mmhmm|camtwist|chromacam|avatarify|deepfacelive|akvcam|dummy",
    re.IGNORECASE,
)
"""Names of software that offers itself as a camera. Effects of conference tools among them: seen on honest machines too."""
FAKE: Final = re.compile(r"fake[_ ]?(device|video|camera)|mediastream fake", re.IGNORECASE)
"""Names of the cameras that browsers make up for tests."""
EMULATED: Final = re.compile(
    r"swiftshader|llvmpipe|softpipe|vmware|virtualbox|parallels|virgl|basic render|android emulator|bluestacks|genymotion",
    re.IGNORECASE,
)
"""Names of renderers without a graphics card of their own."""
CHROMIUM: Final = re.compile(r"chrom(e|ium)/", re.IGNORECASE)
_CONTROLS: Final = frozenset(
    {"zoom", "torch", "exposureMode", "exposureTime", "exposureCompensation", "whiteBalanceMode", "focusMode", "focusDistance", "iso"}
)  # fmt: skip
"""Of these a phone's own camera offers some in Chromium."""


def camera_cues(report: Mapping[str, Any], tally: Tally) -> None:
    """The cues of a ``camera`` report."""
    label, agent = _text(report, "label"), _text(report, "user_agent")
    chromium, mobile = bool(CHROMIUM.search(agent)), report.get("mobile") is True
    tally.add("virtual_label", 4.0 * bool(VIRTUAL.search(label)))
    tally.add("fake_label", 4.0 * bool(FAKE.search(label)))
    tally.add("made_track", 4.0 * (_text(report, "track_class") not in ("", "MediaStreamTrack")))
    natives = report.get("natives")
    hooked = sum(value is False for value in natives.values()) if isinstance(natives, Mapping) else 0
    tally.add("hooked", 3.0 * bool(hooked))
    tally.add("automation", 2.0 * (report.get("automation") is True))
    tally.add(
        "no_device", 1.0 * (report.get("has_device_id") is False or report.get("has_group_id") is False)
    )
    unlike = report.get("has_stats") is False or report.get("capture_time") is False
    tally.add("unlike_capture", 0.7 * (chromium and unlike))
    tally.add("one_format", 1.0 * (chromium and _one_format(report)))
    tally.add("no_camera_listed", 1.5 * (report.get("video_inputs") == 0))
    tally.add("emulated", 1.0 * bool(EMULATED.search(_text(report, "webgl"))))
    tally.add("false_phone", 1.5 * (mobile and report.get("touch_points") == 0))
    bare = mobile and chromium and not _CONTROLS & set(_list(report, "capabilities"))
    tally.add("phone_without_controls", 0.7 * (bare and bool(_list(report, "capabilities"))))
    tally.measured |= {"chromium": float(chromium), "mobile": float(mobile), "hooks": float(hooked)}
    inputs = _number(report.get("video_inputs"))
    tally.measured |= {} if inputs is None else {"video_inputs": inputs}


def probe_cues(report: Mapping[str, Any], tally: Tally) -> None:
    """The cues of a ``probe`` report: what the camera gave where other formats were asked for.

    After the constraint probing of arXiv 2512.10653; its features are kept, only the plainest of them has points.
    """
    tries = [each for each in _list(report, "tries") if isinstance(each, Mapping)]
    if not tries:
        return
    took = [ms for ms in (_number(each.get("took_ms")) for each in tries) if ms is not None]
    refused = sum(bool(_text(each, "error")) for each in tries) / len(tries)
    deaf = _deaf([each for each in tries if not _text(each, "error")])
    tally.add("deaf_to_constraints", 1.0 * deaf)
    tally.measured |= {"probe_tries": float(len(tries)), "probe_refused": refused}
    if took:
        tally.measured["probe_took_ms"] = float(median(took))


def stats_cues(report: Mapping[str, Any], camera: Mapping[str, Any], tally: Tally) -> None:
    """The cues of a ``stats`` report, beside what the camera promised."""
    fps, most = _number(report.get("frames_per_second")), _range(camera, "frame_rate")
    if fps is None:
        return
    tally.measured["page_fps"] = fps
    tally.add("faster_than_it_can", 1.0 * (most is not None and fps > 1.2 * most[1] + 1.0))


def devices_cues(before: Mapping[str, Any], report: Mapping[str, Any], tally: Tally) -> None:
    """The cues of a ``devices`` report, against how many cameras there were before. Once found they stay."""
    counted = [_number(each.get("video_inputs")) for each in (before, report)]
    changed = report.get("labels_changed") is True or (None not in counted and counted[0] != counted[1])
    tally.add("devices_changed", max(tally.points.get("devices_changed", 0.0), 0.7 * changed))


def _one_format(report: Mapping[str, Any]) -> bool:
    ranges = [_range(report, name) for name in ("width", "height", "frame_rate")]
    known = [each for each in ranges if each is not None]
    return not known or all(low == high for low, high in known)


def _deaf(tries: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every format that was asked for was granted in word and the same one delivered throughout."""
    asked = {(_number(each.get("height")), _number(each.get("frame_rate"))) for each in tries}
    got = {(_number(each.get("got_height")), _number(each.get("got_frame_rate"))) for each in tries}
    return len(asked) >= 3 and len(got) == 1 and None not in next(iter(got))


def _text(report: Mapping[str, Any], name: str) -> str:
    value = report.get(name)
    return value if isinstance(value, str) else ""


def _list(report: Mapping[str, Any], name: str) -> list[Any]:
    value = report.get(name)
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _range(report: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    bounds = [_number(value) for value in _list(report, name)]
    if len(bounds) != 2 or bounds[0] is None or bounds[1] is None:
        return None
    return bounds[0], bounds[1]
