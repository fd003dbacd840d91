"""CPU cost of the injection detectors: ``python -m tests.benchmarks.bench_injection``. 60 s of 640x480 at 30 Hz, with ten minutes
of history and fifty earlier interviews.

The frames layer must not cost more than 40 ms of one core a second.
"""

from __future__ import annotations

import sys
from time import process_time

import numpy as np

from biometrics.detector import DetectorContext
from biometrics.detectors import injection_frames, injection_light
from biometrics.injection.hashes import Fingerprint, Stretch
from biometrics.media import Frame
from biometrics.views import FaceView, Fact
from tests.biometrics.face.fakes import a_face

FPS, SECONDS, BEFORE_S, PAST = 30, 60, 600, 50
LIMIT_MS = 40.0


def pictures() -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """A few noisy pictures of a moving gradient."""
    rng, x = np.random.default_rng(1), np.linspace(0, 12, 640)
    wave = [np.sin(x + phase)[np.newaxis, :, np.newaxis] * 60 + 120 for phase in range(8)]
    return [(each + rng.normal(0, 4, (480, 640, 3))).clip(0, 255).astype(np.uint8) for each in wave]


def earlier() -> Fact:
    """A fingerprint of a minute."""
    rng = np.random.default_rng(1)
    hashes, known = rng.integers(0, 2**63, 40, np.uint64), np.ones(40, np.bool_)
    stretches = tuple(Stretch(8.0 * k, hashes, known) for k in range(8))
    return Fact(0.0, "past", Fingerprint(stretches).values())


def main() -> None:
    images, face = pictures(), a_face()
    for spec in (injection_frames.DETECTOR, injection_light.DETECTOR):
        detector = spec.build(DetectorContext({}))
        if isinstance(detector, injection_frames.InjectionFrames):
            for _ in range(PAST):
                detector.learn(earlier())
        for k in range(BEFORE_S * 5):  # a full history costs most, and is quicker made of few pictures
            detector.observe(FaceView(Frame(k / 5, k, images[k % 7]), face, None, 0, 5.0))  # type: ignore[union-attr]
        began = process_time()
        for k in range(SECONDS * FPS):
            frame = Frame(BEFORE_S + k / FPS, k, images[(k * k) % 8])
            detector.observe(FaceView(frame, face, None, 0, float(FPS)))  # type: ignore[union-attr]
        cost_ms = 1000 * (process_time() - began) / SECONDS
        sys.stdout.write(f"{spec.kind}: {cost_ms:.1f} ms of one core a second (limit {LIMIT_MS:.0f})\n")


if __name__ == "__main__":
    main()
