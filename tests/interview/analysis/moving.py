"""A small recording of a painted face whose brow goes up and comes down again, and the sense that sees it."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from biometrics.media import Frame
from biometrics.micro.told import KIND
from biometrics.views import FaceView
from fraudmodel.signals import EvidenceRef, Observation, Reason, Span
from interview.media.packets import Packet
from interview.media.recorder import SegmentRecorder
from tests.biometrics.face.fakes import a_face

FPS = 25
ONSET, APEX, OFFSET, FRAMES = 20, 23, 26, 40
"""Which frames the movement begins, is furthest and ends in, and how many there are."""
KEYFRAMES = 12
"""A keyframe every so many frames."""
SPAN = Span(ONSET / FPS, OFFSET / FPS)


def movement(score: float = 6.5, **numbers: float) -> Observation:
    """The reading of that movement."""
    covariates = {
        "movement": 1.0,
        "apex_s": APEX / FPS,
        "amplitude": 0.021,
        "asymmetry": -0.4,
        "brief": 1.0,
        "upper": 1.0,
    }
    evidence = (EvidenceRef("video", SPAN, (0.3, 0.2, 0.4, 0.6)),)
    numbers = covariates | {"region_inner_brow_right": 1.0, "region_outer_brow_right": 1.0} | numbers
    return Observation(KIND, SPAN, score, 0.9, "geometry", evidence, numbers)


def record(path: Path) -> Path:
    """Write the recording as the media edge does."""
    recorder = SegmentRecorder(path)
    recorder.write(packets())
    recorder.close()
    return path


@cache
def packets() -> tuple[Packet, ...]:
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 640, 480, "yuv420p"
    encoder.time_base, encoder.gop_size, encoder.bit_rate = Fraction(1, FPS), KEYFRAMES, 6_000_000
    encoder.options = {"deadline": "good", "lag-in-frames": "0", "cpu-used": "5"}
    out: list[Packet] = []
    for n in range(FRAMES):
        frame: Any = av.VideoFrame.from_ndarray(_picture(_height(n)), format="bgr24")
        frame.pts, frame.time_base = n, Fraction(1, FPS)
        for packet in encoder.encode(frame):
            at_ms = (packet.pts or 0) * 1000 // FPS
            out.append(Packet("video", "vp8", at_ms, packet.is_keyframe, bytes(packet)))
    return tuple(out)


class SeesFace:
    """Sees the face where it was painted; no face in frames at ``blind`` s."""

    blind: tuple[float, float] = (99.0, 99.0)

    def __init__(self, hub: object) -> None:
        self.seen: list[float] = []

    def observe(self, frame: Frame) -> FaceView:
        self.seen.append(frame.t)
        hidden = self.blind[0] <= frame.t <= self.blind[1]
        return FaceView(frame, None if hidden else a_face(), Reason.NO_FACE if hidden else None, 0, 25.0)

    def close(self) -> None:
        pass


class SeesNobody(SeesFace):
    """Sees no face at all."""

    blind = (0.0, 99.0)


def _height(n: int) -> float:
    """How far the brow is up in frame n, px."""
    return max(0.0, 1.5 * (1.0 - abs(n - APEX) / (APEX - ONSET)))


@cache
def _picture(raised_px: float) -> np.ndarray[Any, np.dtype[np.uint8]]:
    rough = np.random.default_rng(2).integers(0, 256, (480, 640, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(rough, (0, 0), 3.0)
    image = np.clip(128 + 4.0 * (smooth - smooth.mean()), 0, 255).astype(np.uint8)
    y, x = np.mgrid[0:480, 0:640].astype(np.float32)
    brow = np.exp(-((x - 276) ** 2 + (y - 205) ** 2) / (2.0 * 9.0**2)).astype(np.float32)
    return np.asarray(cv2.remap(image, x, y + np.float32(raised_px) * brow, cv2.INTER_CUBIC), dtype=np.uint8)
