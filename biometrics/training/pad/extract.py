"""From renders to what the detector sees of them: ``python -m biometrics.training.pad.extract RENDERS --out CROPS``.

With ``--clips`` also of the takes that the renders were made from, as they are: bona fide, without lab camera or codec.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from heapq import merge
from pathlib import Path

import av
import numpy as np

from biometrics.attacklab.plan import split_people
from biometrics.attacklab.sources import load
from biometrics.attacklab.store import Stored, sound_of, stored
from biometrics.detector import DetectorContext
from biometrics.detectors.face_pad import COMBINATION, DETECTOR, SCALES, FacePad
from biometrics.face.pad.window import CUES, DISTANCES
from biometrics.face.perception import FacePerception
from biometrics.media import AudioChunk, Frame
from biometrics.training.pad.takes import BONA_FIDE, REAL, SPECIES, Crops, Rows, Window, write
from biometrics.voice.perception import SpeechPerception, heard
from models.hub import ModelHub, ModelId
from models.local_hub import LocalHub

ANALYSED_FPS = 15.0


@dataclass
class Recorder:
    """Stands where a network stands and keeps what it is given."""

    name: str
    rows: list[Rows] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """No weights."""
        return ModelId(self.name, "recorder", "0" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        """Keep the rows and say nothing."""
        self.rows.append(inputs[0][0])
        return (np.full((1, 3), 1 / 3, np.float32),)

    def take(self) -> Crops:
        """(n, 80, 80, 3) uint8 BGR: what came since the last call."""
        rows, self.rows = self.rows, []
        return np.stack(rows).transpose(0, 2, 3, 1).astype(np.uint8)


@dataclass
class Combination:
    """Stands where the combination stands; keeps each window's inputs with the crops that the networks saw in it."""

    networks: dict[str, Recorder]
    windows: list[tuple[dict[str, Crops], tuple[Rows, ...]]] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """No weights."""
        return ModelId(COMBINATION, "recorder", "0" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        """Keep the window."""
        self.windows.append(({name: each.take() for name, each in self.networks.items()}, inputs))
        empty = np.zeros((1, len(CUES) + len(DISTANCES)), np.float32)
        return np.zeros((1, 1), np.float32), empty, empty


def windows_of(render: Stored, hub: ModelHub) -> Iterator[Window]:
    """The windows of a render that the detector would judge."""
    about = (render.name, render.species, render.subject, render.split, render.renderer, float(render.kbps))
    for crops, rows in judged(render.frames(), render.sound(), hub):
        yield Window(*about, crops, rows)


def windows_of_take(path: Path, subject: str, split: str, hub: ModelHub) -> Iterator[Window]:
    """The windows of a recording of a live face; its renderer is `REAL`."""
    for crops, rows in judged(_decoded(path), sound_of(path), hub):
        yield Window(f"{REAL}-{path.stem}", BONA_FIDE, subject, split, REAL, 0.0, crops, rows)


def _decoded(path: Path) -> Iterator[Frame]:
    with av.open(str(path)) as media:
        for index, picture in enumerate(media.decode(video=0)):
            t = float((picture.pts or 0) * (picture.time_base or 0))
            yield Frame(t, index, np.asarray(picture.to_ndarray(format="bgr24"), np.uint8))


def judged(
    frames: Iterable[Frame], sound: Iterable[AudioChunk], hub: ModelHub
) -> list[tuple[dict[str, Crops], tuple[Rows, ...]]]:
    """Crops and rows of each window that the detector judges."""
    networks = {name: Recorder(name) for name in SCALES}
    combination = Combination(networks)
    detector = DETECTOR.build(DetectorContext({**networks, COMBINATION: combination}))
    assert isinstance(detector, FacePad)  # noqa: S101 - it has no reason to be absent
    speech = SpeechPerception(hub)
    with FacePerception(hub) as perception:
        seen: Iterable[Frame | AudioChunk] = thinned(frames)
        for moment in merge(seen, sound, key=lambda each: each.t):
            if isinstance(moment, Frame):
                detector.observe(perception.observe(moment))
            else:
                for view in speech.feed(moment):
                    detector.learn(heard(view))
        detector.finish()
    return combination.windows


def thinned(frames: Iterable[Frame]) -> Iterator[Frame]:
    """At most `ANALYSED_FPS` of them."""
    last = float("-inf")
    for frame in frames:
        if frame.t - last >= 0.9 / ANALYSED_FPS:
            last = frame.t
            yield frame


def extract(render: Stored, out: Path) -> str:
    """Write one render's windows, if they are not there; gives its name."""
    path = out / f"{render.name}.npz"
    if not path.exists():
        with LocalHub() as hub:
            write(path, windows_of(render, hub))
    return render.name


def extract_takes(clips: Path, sources: Path, out: Path) -> None:
    """Write the windows of the recordings in a folder, with the subjects and splits of the prepared ``sources``."""
    people = load(sources)
    splits = split_people(people)
    subjects = {clip.source: clip.subject for clip in people if not clip.still}
    with LocalHub() as hub:
        for path in sorted(clips.glob("*.mp4")):
            target = out / f"{REAL}-{path.stem}.npz"
            subject = subjects.get(path.stem)
            if subject is not None and not target.exists():
                write(target, windows_of_take(path, subject, splits[subject], hub))


def main() -> None:
    """Take the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("renders", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="species that are not taught too")
    parser.add_argument("--clips", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    renders = [each for each in stored(chosen.renders) if each.species in SPECIES or chosen.all]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for _ in pool.map(partial(extract, out=chosen.out), renders):
            pass
    if chosen.clips:
        extract_takes(chosen.clips, chosen.renders / "sources", chosen.out)
    sys.stdout.write(f"{len(renders)} renders in {chosen.out}\n")


if __name__ == "__main__":
    main()
