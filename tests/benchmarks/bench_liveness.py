"""CPU cost of the liveness and injection detectors, each alone and all together, at the default cadence.

    python -m tests.benchmarks.bench_liveness [CLIP] [--json]

The first 20 s of a clip (the demo's, where none is named; a shorter one goes back and forth), cut to 640x480 at 30
frames a second. Every figure is ms of one core per second of that video, on one thread, over the perception that all
detectors share; the challenges are idle. Of two runs the cheaper counts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

import av
import cv2
import numpy as np

from biometrics.detector import DetectorSpec, Learner
from biometrics.face.boxes import Image
from biometrics.face.perception import FacePerception
from biometrics.media import Frame
from biometrics.views import FaceView, Fact
from interview.demo.prepare import prepare
from interview.settings import Settings
from models.hub import ModelHub
from models.local_hub import LocalHub
from tests.benchmarks.making import Make, Running, makers

SECONDS, FPS = 20.0, 30.0
WIDTH, HEIGHT = 640, 480
TARGET_MS = 120.0
RUNS = 2
IDENTITY = frozenset({"face_match", "face_continuity"})
"""Who the person is, not whether there is one: measured by bench_face."""
CAMERA = {
    "event": "camera", "label": "Integrated Camera", "track_class": "MediaStreamTrack", "has_stats": True,
    "has_group_id": True, "has_device_id": True, "facing_mode": None, "capabilities": ["width", "height"],
    "width": [1, 1280], "height": [1, 720], "frame_rate": [1, 30], "video_inputs": 1, "audio_inputs": 1,
    "settings": {"width": 640, "height": 480, "frame_rate": 30}, "user_agent": "Mozilla/5.0", "mobile": False,
    "touch_points": 0, "webgl": "ANGLE", "automation": False, "natives": {"getUserMedia": True}, "capture_time": True,
}  # fmt: skip
PACKETS = {
    "video_ticks": [3000] * 300,
    "span_s": 10.0,
    "kbps": 1500.0,
    "video_ppm": 5.0,
    "audio_ppm": -9.0,
    "reports": 2,
}
Moment = FaceView | Fact


def frames(path: Path) -> Iterator[Frame]:
    """The clip, cut to the call's format; its own frames stand for the nearest moments, none is mixed."""
    with av.open(str(path)) as media:
        rate = float(media.streams.video[0].average_rate or 25)
        decoded = islice(media.decode(video=0), round(SECONDS * rate))
        images = [_fitted(np.asarray(one.to_ndarray(format="bgr24"), np.uint8)) for one in decoded]
    there_and_back = [*range(len(images)), *range(len(images) - 2, 0, -1)] or [0]
    order = list(islice(cycle(there_and_back), round(SECONDS * rate) + 1))
    for index in range(round(SECONDS * FPS)):
        t = index / FPS
        yield Frame(t, index, images[order[round(t * rate)]], coded_bytes=6000, keyframe=index % 300 == 0)


def _fitted(image: Image) -> Image:
    """The middle of a picture, at the call's size."""
    height, width = image.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    large = cv2.resize(image, (max(WIDTH, round(width * scale)), max(HEIGHT, round(height * scale))))
    left, top = (large.shape[1] - WIDTH) // 2, (large.shape[0] - HEIGHT) // 2
    return np.ascontiguousarray(large[top : top + HEIGHT, left : left + WIDTH], dtype=np.uint8)


def moments(views: Sequence[FaceView]) -> Iterator[Moment]:
    """The views, with what a page and the media edge report meanwhile."""
    facts = [Fact(0.0, "page", CAMERA), *(Fact(t, "transport", PACKETS) for t in (10.0, SECONDS))]
    for view in views:
        while facts and facts[0].t <= view.t:
            yield facts.pop(0)
        yield view
    yield from facts


def _is_wanted(spec: DetectorSpec[Any]) -> bool:
    return spec.view in (FaceView, Fact) and spec.kind not in IDENTITY


def cost_ms(makers: Sequence[Make], views: Sequence[FaceView]) -> float:
    """CPU ms that these detectors need for a second of the views."""
    return min(_once([make() for make in makers], views) for _ in range(RUNS))


def _once(watching: Sequence[Running], views: Sequence[FaceView]) -> float:
    given = list(moments(views))
    start = process_time()
    for moment in given:
        for spec, detector in watching:
            if isinstance(moment, Fact):
                if moment.topic in spec.topics:
                    told = detector.learn if isinstance(detector, Learner) else detector.observe
                    list(told(moment))
            elif spec.view is FaceView:
                list(detector.observe(moment))
    list(chain.from_iterable(detector.finish() for _, detector in watching))
    return 1000.0 * (process_time() - start) / SECONDS


def measure(path: Path, hub: ModelHub) -> dict[str, Any]:
    """Every figure of one clip."""
    cv2.setNumThreads(1)
    pictures = list(frames(path))
    with FacePerception(hub) as perception:
        start = process_time()
        views = [perception.observe(frame) for frame in pictures]
        perceived = 1000.0 * (process_time() - start) / SECONDS
    absent: dict[str, str] = {}
    made = makers(hub, _is_wanted, absent)
    alone = {kind: cost_ms([make], views) for kind, make in made.items()}
    together = cost_ms(list(made.values()), views)
    return {
        "clip": path.name,
        "seconds": SECONDS,
        "frames_with_a_face": sum(view.face is not None for view in views) / len(views),
        "perception_ms_per_s": round(perceived, 1),
        "alone_ms_per_s": {kind: round(cost, 1) for kind, cost in alone.items()},
        "together_ms_per_s": round(together, 1),
        "target_ms_per_s": TARGET_MS,
        "absent": absent,
    }


def main() -> None:
    """Print the figures; with --json one JSON object last."""
    named = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    with LocalHub() as hub:
        result = measure(named[0] if named else prepare(Settings()).clip, hub)
    sys.stdout.write(
        f"{result['clip']}: CPU ms per second of {WIDTH}x{HEIGHT} at {FPS:.0f} frames a second\n"
    )
    rows = {"(perception, shared)": result["perception_ms_per_s"], **result["alone_ms_per_s"]}
    rows[f"together (target {TARGET_MS:.0f})"] = result["together_ms_per_s"]
    for name, cost in rows.items():
        sys.stdout.write(f"{name:24} {cost:7.1f}\n")
    for kind, why in result["absent"].items():
        sys.stdout.write(f"{kind}: {why}\n")
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
