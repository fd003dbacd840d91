"""Pictures before and after the channel: ``python -m biometrics.training.pad.scenes SOURCES --out CROPS``.

Half-second scenes of everybody in the training split, photos too, by renderer family a: what the camera delivered, and
the same after the call's codec at two bit rates. A single picture shows the same whether the person moved or not; what only
movement shows is left unknown in their windows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.catalogue import species_named
from biometrics.attacklab.channel import Channel, decoded, draw_channel, encode
from biometrics.attacklab.clip import Clip
from biometrics.attacklab.plan import split_people
from biometrics.attacklab.sources import load
from biometrics.attacklab.species import Rendered, Scene
from biometrics.detectors.face_pad import SCALES
from biometrics.face.boxes import Image
from biometrics.face.crops import context_crop
from biometrics.face.pad.frames import FrameAnalyser
from biometrics.face.pad.motion import Movement
from biometrics.face.pad.window import CUES, window_cues
from biometrics.face.perception import FacePerception
from biometrics.face.quality import PRESENTATION, refuse_face
from biometrics.training.pad.takes import CLEAN, SPECIES, STILL, Crops, Rows, Window, write
from biometrics.views import Face
from models.local_hub import LocalHub

Box = tuple[float, float, float, float]
DURATION_S = 0.5
CHANNELS = 2
LOOKS_S = (0.2, 0.45)
_SIZES = ((480, 360), (480, 360), (360, 480))


@dataclass(frozen=True, slots=True)
class Look:
    """One moment: the picture ``before`` the channel and ``after``, which may be smaller, with the face's box in each."""

    before: Image
    before_box: Box
    after: Image
    after_box: Box


def rendered(person: Clip, others: Sequence[Clip], species: str, rng: np.random.Generator) -> Rendered:
    """A short scene by renderer family a."""
    camera = draw_camera(rng, 30.0, float(np.exp(rng.uniform(np.log(0.05), 0.0))))
    size = _SIZES[int(rng.integers(len(_SIZES)))]
    scene = Scene(person, tuple(others), rng, "a", 30.0, DURATION_S, camera, size)
    return species_named(species).render(scene)


def looks(scene: Rendered, channel: Channel, perception: FacePerception) -> Iterator[Look]:
    """The moments of `LOOKS_S` at which a good face arrives."""
    due = list(LOOKS_S)
    for frame in decoded(encode(scene.frames, scene.t, channel)):
        if not due or frame.t < due[0]:
            continue
        del due[0]
        face = perception.locate_still(frame.image)
        if isinstance(face, Face) and refuse_face(face, PRESENTATION) is None:
            before = scene.frames[int(np.argmin(np.abs(scene.t - frame.t)))]
            across, down = before.shape[1] / frame.image.shape[1], before.shape[0] / frame.image.shape[0]
            x, y, width, height = face.box
            yield Look(before, (x * across, y * down, width * across, height * down), frame.image, face.box)


def window_of(seen: Sequence[Look], analyse: FrameAnalyser) -> tuple[dict[str, Crops], tuple[Rows, ...]]:
    """Crops by network, and by network with `CLEAN` those before the channel; and rows of what arrived."""
    crops = {}
    for name, scale in SCALES.items():
        crops[name] = np.stack([context_crop(each.after, each.after_box, scale) for each in seen])
        crops[name + CLEAN] = np.stack([context_crop(each.before, each.before_box, scale) for each in seen])
    frames = [analyse(each.after, each.after_box) for each in seen]
    cues = window_cues([0.0] * len(seen), frames, Movement(None, None), None, None)
    cues.known[0, CUES.index("specular_change")] = 0
    return crops, cues.rows


def make(index: int, sources: Path, out: Path) -> None:
    """Write the scenes of one number: every species of one person."""
    known = load(sources)
    splits = split_people(known)
    people = [clip for clip in known if splits[clip.subject] == "train"]
    person = people[index % len(people)]
    others = [clip for clip in people if clip.subject != person.subject]
    windows: list[Window] = []
    analyse = FrameAnalyser()
    with LocalHub() as hub, FacePerception(hub) as perception:
        for number, species in enumerate(SPECIES):
            rng = np.random.default_rng((index, number))
            scene = rendered(person, others, species, rng)
            for _ in range(CHANNELS):
                channel = draw_channel(rng, DURATION_S, lossy=0.0)
                if seen := list(looks(scene, channel, perception)):
                    about = (f"{STILL}-{index}", species, person.subject, "train", STILL, float(channel.kbps))
                    windows.append(Window(*about, *window_of(seen, analyse)))
    write(out / f"{STILL}-{index:05d}.npz", windows)


def main() -> None:
    """Take the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=60, help="scenes of each species")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    left = [k for k in range(chosen.count) if not (chosen.out / f"{STILL}-{k:05d}.npz").exists()]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for _ in pool.map(partial(make, sources=chosen.sources, out=chosen.out), left):
            pass
    sys.stdout.write(f"{chosen.count} scenes of {len(SPECIES)} species in {chosen.out}\n")


if __name__ == "__main__":
    main()
