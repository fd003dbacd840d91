"""What an interview's page reports of its camera: honest machines with their quirks, and those of people who inject, more or less well hidden.

How often each is found is an assumption, written down here and counted nowhere. A careful attacker's page says nothing odd at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

_CHROME: Final = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
_ANDROID: Final = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
_IPHONE: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
_NATIVES: Final = ("getUserMedia", "enumerateDevices", "getSettings", "getCapabilities")
HONEST: Final[Mapping[str, float]] = {
    "virtual_label": 0.01,
    "no_stats": 0.02,
    "one_format": 0.03,
    "no_group": 0.02,
}
"""Shares of honest machines: effects of conference tools, embedded browsers, cameras of one format, old browsers."""
INJECTING: Final[Mapping[str, float]] = {
    "virtual_label": 0.45, "no_stats": 0.15, "one_format": 0.4, "no_group": 0.25, "made_track": 0.1, "hooked": 0.1, "deaf": 0.4,
}  # fmt: skip
"""Shares of machines that inject, of people who do not take pains."""
CAREFUL: Final = 0.35
"""Share of those who do: their page looks like any other."""
_VIRTUAL: Final = ("OBS Virtual Camera", "ManyCam Virtual Webcam", "DroidCam Source 3")
_WEBCAMS: Final = (
    "Integrated Camera (04f2:b6d0)",
    "HD Pro Webcam C920 (046d:082d)",
    "USB2.0 HD UVC WebCam (13d3:56a2)",
)


def reports(injects: bool, phone: bool, fps: float, rng: np.random.Generator) -> list[dict[str, Any]]:
    """What the page tells in the first seconds and then every ten, as JSON of `views.Fact`. ``phone`` as the picture looks."""
    shares = INJECTING if injects and rng.uniform() >= CAREFUL else HONEST
    odd = {name: bool(rng.uniform() < shares.get(name, 0.0)) for name in INJECTING}
    phone = phone and not odd["virtual_label"]
    camera = _camera(odd, phone, rng)
    told = [{"t": 0.1, "topic": "page", "values": camera}]
    if not phone:
        told.append({"t": 1.2, "topic": "page", "values": _probe(odd["deaf"], fps, rng)})
    stats = {"event": "stats", "frames_per_second": round(fps, 1)}
    return [*told, *({"t": float(at), "topic": "page", "values": stats} for at in (10.0, 20.0, 30.0))]


def _camera(odd: Mapping[str, bool], phone: bool, rng: np.random.Generator) -> dict[str, Any]:
    iphone = phone and bool(rng.uniform() < 0.4)
    label = "Front Camera" if iphone else "camera2 1, facing front" if phone else str(rng.choice(_WEBCAMS))
    controls = ["exposureMode", "focusMode", "whiteBalanceMode", "zoom"] if phone and not iphone else []
    one = odd["one_format"]
    return {
        "event": "camera",
        "label": str(rng.choice(_VIRTUAL)) if odd["virtual_label"] else label,
        "track_class": "CanvasCaptureMediaStreamTrack" if odd["made_track"] else "MediaStreamTrack",
        "has_stats": not odd["no_stats"],
        "has_group_id": not odd["no_group"],
        "has_device_id": True,
        "facing_mode": "user" if phone else None,
        "capabilities": sorted(["deviceId", "frameRate", "height", "width", *controls]),
        "width": [640, 640] if one else [1, 1920],
        "height": [480, 480] if one else [1, 1080],
        "frame_rate": [30, 30] if one else [1, 30],
        "settings": {"width": 640, "height": 480, "frame_rate": 30},
        "video_inputs": 2 if phone or odd["virtual_label"] else 1,
        "audio_inputs": 1,
        "user_agent": _IPHONE if iphone else _ANDROID if phone else _CHROME,
        "mobile": phone,
        "touch_points": 5 if phone else 0,
        "webgl": "Apple GPU"
        if iphone
        else "Mali-G78"
        if phone
        else "ANGLE (Intel, Intel(R) Iris(R) Xe Graphics)",
        "automation": False,
        "natives": {name: not (odd["hooked"] and name == "getUserMedia") for name in _NATIVES},
        "capture_time": not odd["made_track"],
    }


def _probe(deaf: bool, fps: float, rng: np.random.Generator) -> dict[str, Any]:
    """What the camera gave where three other formats were asked for."""
    tries = [
        {
            "height": height,
            "frame_rate": 15,
            "got_height": 480 if deaf else height,
            "got_frame_rate": round(fps) if deaf else 15,
            "took_ms": round(float(rng.uniform(2, 12) if deaf else rng.uniform(60, 400)), 1),
        }
        for height in (240, 360, 720)
    ]
    return {"event": "probe", "tries": tries}
