"""What a call can come to: the demo's portrait clip, damaged one way at a time, and challenges that go on meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from biometrics.challenges.flash import flash_plan
from biometrics.challenges.pose import pose_plan
from biometrics.face.boxes import Image
from biometrics.media import Frame
from biometrics.views import FaceView, Fact, Topic
from fraudmodel.signals import Span
from models.cache import ModelCache, default_cache_dir
from models.manifest import Manifest

SECONDS = 11.0
TROUBLE = Span(3.0, 8.0)
"""When what comes and goes is there."""
BEGUN_S = 0.5
TOLD_LATE_S = 0.25
"""A page's report reaches the analysis about this much after what it reports."""
SEED = b"hard conditions"
_EYES = ((33, 133, 159, 145), (263, 362, 386, 374))
"""Outer and inner corner, upper and lower lid."""


def clip_frames(path: Path, seconds: float = SECONDS) -> Iterator[Frame]:
    """The clip's own frames, with what each took of the network."""
    with av.open(str(path)) as media:
        rate = float(media.streams.video[0].average_rate or 25)
        packets = islice((packet for packet in media.demux(video=0) if packet.size), round(seconds * rate))
        for index, packet in enumerate(packets):
            for picture in packet.decode():
                image = np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)
                yield Frame(
                    index / rate, index, image, coded_bytes=packet.size, keyframe=bool(packet.is_keyframe)
                )


def as_it_is(views: Sequence[FaceView]) -> Iterator[Frame]:
    """Nothing is wrong."""
    return (view.frame for view in views)


def away(views: Sequence[FaceView]) -> Iterator[Frame]:
    """The chair is empty for five seconds: a lit wall with grain."""
    rng = np.random.default_rng(1)
    wall = np.full((480, 640, 3), (150, 160, 170), np.int16) + np.arange(0, 640)[:, np.newaxis] // 16
    for view in views:
        grain = rng.integers(-3, 4, (480, 640, 1), np.int16)
        yield _seen(view, (wall + grain).astype(np.uint8)) if _troubled(view.t) else view.frame


def two_faces(views: Sequence[FaceView]) -> Iterator[Frame]:
    """The same person twice, side by side, equally large."""
    for view in views:
        half = view.frame.image[:, 160:480]
        yield _seen(view, np.ascontiguousarray(np.hstack([half, half[:, ::-1]])))


def sunglasses(views: Sequence[FaceView]) -> Iterator[Frame]:
    """Black ovals that cover both eyes and their brows."""
    for view in views:
        image = view.frame.image.copy()
        if view.face is not None:
            for eye in _EYES:
                corners = view.face.landmarks[list(eye), :2]
                x, y = corners.mean(axis=0).round().astype(int).tolist()
                width = int(np.linalg.norm(corners[0] - corners[1]))
                cv2.ellipse(image, (x, y), (width, round(0.75 * width)), 0, 0, 360, (12, 10, 10), -1)
        yield _seen(view, image)


def darkness(views: Sequence[FaceView]) -> Iterator[Frame]:
    """A room whose light went out: an eighth of each value, with the sensor's noise on it."""
    grain = np.random.default_rng(2).integers(0, 5, (12, 480, 640, 3), np.uint8)
    for k, view in enumerate(views):
        yield _seen(view, view.frame.image // 8 + grain[k % len(grain)])


def covered_lens(views: Sequence[FaceView]) -> Iterator[Frame]:
    """Nothing but black for five seconds."""
    for view in views:
        yield _seen(view, np.zeros_like(view.frame.image)) if _troubled(view.t) else view.frame


def five_a_second(views: Sequence[FaceView]) -> Iterator[Frame]:
    """Every fifth frame of 25 a second."""
    return (view.frame for view in views[::5])


def lossy(views: Sequence[FaceView]) -> Iterator[Frame]:
    """One frame in ten never arrives, by chance, and the next one says how much is missing."""
    rng = np.random.default_rng(3)
    last_s = -0.04
    for view in views:
        if rng.uniform() >= 0.1:
            gap_s = view.t - last_s - 0.04
            yield replace(view.frame, lost_s=gap_s if gap_s > 1e-6 else 0.0)
            last_s = view.t


def tiny(views: Sequence[FaceView]) -> Iterator[Frame]:
    """96x72: a thumbnail of a call."""
    return (_seen(view, _scaled(view.frame.image, (96, 72))) for view in views)


def specks(views: Sequence[FaceView]) -> Iterator[Frame]:
    """Pictures of one to five pixels a side, another shape each time."""
    return (_seen(view, _scaled(view.frame.image, (1 + k % 5, 1 + k % 3))) for k, view in enumerate(views))


def resized(views: Sequence[FaceView]) -> Iterator[Frame]:
    """The browser halves its picture for five seconds, as WebRTC does where the network is slow."""
    for view in views:
        yield _seen(view, _scaled(view.frame.image, (320, 240))) if _troubled(view.t) else view.frame


def facts() -> list[Fact]:
    """A challenge by light and one by turning the head, both to the end, and what the media edge saw; ``t`` is when they are told."""
    flash, pose = flash_plan(SEED, 16), pose_plan(SEED)
    shown_s = [BEGUN_S, *(BEGUN_S + t for t in flash.shown_s())]
    turned_s = [BEGUN_S + sum(step.hold_s for step in pose.steps[:k]) for k in range(len(pose.steps))]
    ticks = {
        "video_ticks": [3600] * 250,
        "span_s": 10.0,
        "kbps": 2000.0,
        "video_ppm": None,
        "audio_ppm": None,
    }
    found = [
        *_challenge("flash", {"chips": 16}, dict(enumerate(shown_s, start=-1)), BEGUN_S + flash.duration_s),
        *_challenge("pose", {}, dict(enumerate(turned_s)), min(BEGUN_S + pose.duration_s, SECONDS - 0.5)),
        Fact(10.0, "transport", ticks | {"reports": 2}),
    ]
    return sorted(found, key=lambda fact: fact.t)


def _challenge(
    topic: Topic, how: Mapping[str, Any], shown_s: Mapping[int, float], end_s: float
) -> list[Fact]:
    name = {"challenge": topic}
    told = [(BEGUN_S, {"event": "begin", "seed": SEED.hex(), **how, **name})]
    told += [(t, {"event": "show", "k": k, "shown_s": t, **name}) for k, t in shown_s.items() if t < end_s]
    told.append((end_s, {"event": "end", "how": "done", "detail": "", **name}))
    return [Fact(t + TOLD_LATE_S, topic, values) for t, values in told]


def _troubled(t: float) -> bool:
    return TROUBLE.start <= t < TROUBLE.end


def _seen(view: FaceView, image: Image) -> Frame:
    return replace(view.frame, image=image)


def _scaled(image: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def installed(names: Iterable[str]) -> bool:
    """Whether all of these models are there: some of the manifest cannot be had from packages."""
    cache, manifest = ModelCache(default_cache_dir()), Manifest.default()
    return all(cache.has(manifest.entry(name)) for name in names)
