"""CPU cost of the face path, stage by stage: ``python -m tests.benchmarks.bench_face MEDIA...`` (built models needed)."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from time import process_time
from typing import Any

import av
import numpy as np

from biometrics.catalogue import detector_specs
from biometrics.detector import DetectorContext
from biometrics.face.perception import FacePerception
from biometrics.media import Frame
from biometrics.template import Template
from biometrics.views import FaceView
from models.errors import ModelError
from models.hub import Model, ModelHub
from models.local_hub import LocalHub


def detectors(hub: ModelHub) -> dict[str, Any]:
    """Every detector of faces whose models are installed, against a reference of nobody."""
    built = {}
    for spec in (spec for spec in detector_specs() if spec.view is FaceView):
        try:
            models = {name: hub.get(name) for name in spec.models}
        except ModelError as error:
            sys.stdout.write(f"{spec.kind}: {error}\n")
            continue
        reference = {"face": nobody(models["dlib_resnet"])} if "dlib_resnet" in models else {}
        built[str(spec.kind)] = spec.build(DetectorContext(models, reference))
    return built


def nobody(encoder: Model) -> Template:
    """A reference that no face is near."""
    return Template("face", np.full(128, 128**-0.5, np.float32), str(encoder.id))


def measure(path: Path, hub: ModelHub) -> str:
    """One clip, from its first frame to its last."""
    spent: defaultdict[str, float] = defaultdict(float)
    found = total = 0
    t = 0.0
    watching = detectors(hub)
    with FacePerception(hub) as perception, av.open(str(path)) as media:
        for index, picture in enumerate(media.decode(video=0)):
            t = float((picture.pts or 0) * (picture.time_base or 0))
            frame = Frame(t, index, np.asarray(picture.to_ndarray(format="bgr24"), np.uint8))
            start = process_time()
            view = perception.observe(frame)
            spent["perception"] += process_time() - start
            for kind, detector in watching.items():
                start = process_time()
                list(detector.observe(view))
                spent[kind] += process_time() - start
            total, found = total + 1, found + (view.face is not None)
    stages = "  ".join(f"{stage} {1000 * seconds / t:.0f}" for stage, seconds in spent.items())
    return f"{path.name}: face in {found} of {total} frames; CPU ms per second of media: {stages}\n"


def main() -> None:
    with LocalHub() as hub:
        for name in sys.argv[1:]:
            sys.stdout.write(measure(Path(name), hub))


if __name__ == "__main__":
    main()
