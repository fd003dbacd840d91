"""Talking people through the product's own perception, kept as views and facts, to be played with their sound moved or exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.audio.resampler import AudioResampler

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.av.timeline import Rows, Timeline
from biometrics.av.window import joined
from biometrics.evaluation.trials import Progress
from biometrics.face.boxes import Image
from biometrics.face.perception import FacePerception
from biometrics.media import AudioChunk, Frame
from biometrics.views import FaceView, Fact
from biometrics.voice.features import SAMPLE_RATE_HZ
from biometrics.voice.perception import SpeechPerception, heard
from models.hub import ModelHub

SHORT_PX: Final = 480
FACE_SHARE: Final = 0.55
"""A clip is cropped until the face's height is this share of its width, as somebody before a phone fills the picture."""
_TALL: Final = 4 / 3
_NOTHING: Final[Image] = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was seen and heard of one clip. The views have lost their pictures: only the landmarks are wanted."""

    name: str
    views: tuple[FaceView, ...]
    facts: tuple[Fact, ...]

    @property
    def duration_s(self) -> float:
        """As far as both reach."""
        return min(self.views[-1].t, self.facts[-1].t)

    def dubbed(self, other: Talk) -> Talk:
        """This mouth with another's sound."""
        return replace(self, name=f"{self.name} with the sound of {other.name}", facts=other.facts)

    def late(self, by_s: float) -> Talk:
        """The same with its sound ``by_s`` later."""
        return replace(self, facts=tuple(moved(fact, by_s) for fact in self.facts))


def moved(fact: Fact, by_s: float) -> Fact:
    """A fact of speech at another time. What would begin before 0 begins at 0 no earlier."""
    values = dict(fact.values) | {
        "from_s": fact.values["from_s"] + by_s,
        "to_s": fact.values["to_s"] + by_s,
    }
    return Fact(max(fact.t + by_s, 0.0), fact.topic, values)


def together(talks: Sequence[Talk]) -> Talk:
    """Talks one after another, each from where the one before ended; the face is another track in each."""
    views: list[FaceView] = []
    facts: list[Fact] = []
    start = 0.0
    for k, talk in enumerate(talks):
        end = talk.duration_s
        views += [_later(view, start, k) for view in talk.views if view.t < end]
        facts += [moved(fact, start) for fact in talk.facts if fact.values["to_s"] <= end + 1e-6]
        start += end
    return Talk("+".join(talk.name for talk in talks), tuple(views), tuple(facts))


def played(talk: Talk) -> Iterator[FaceView | Fact]:
    """Views and facts in the order of media time, a fact after the sound that it tells of."""
    both = [
        *((view.t, 0, view) for view in talk.views),
        *((fact.values["to_s"], 1, fact) for fact in talk.facts),
    ]
    for _, _, item in sorted(both, key=lambda each: each[:2]):
        yield item  # type: ignore[misc]


def rows_of(talk: Talk) -> Rows:
    """All of it on the grid of `av.timeline`."""
    timeline = Timeline()
    found = [
        rows
        for item in played(talk)
        for rows in (timeline.see(item) if isinstance(item, FaceView) else timeline.hear(item))
    ]
    return joined([*found, *timeline.finish()])


def talks(files: Sequence[Path], hub: ModelHub, report: Progress, kbps: int | None = None) -> list[Talk]:
    """Perceive clips, each as a call would show it; through VP8 at ``kbps`` where that is asked for."""
    found = []
    for k, file in enumerate(files):
        found.append(Talk(file.stem, tuple(_seen(file, hub, kbps)), tuple(_heard(file, hub))))
        report(k + 1, len(files), "clips" if kbps is None else f"clips at {kbps} kbit/s")
    return found


def perceive(frames: Iterator[Frame], hub: ModelHub) -> Iterator[FaceView]:
    """Views of frames, without their pictures."""
    with FacePerception(hub) as perception:
        for frame in frames:
            view = perception.observe(frame)
            yield replace(view, frame=replace(frame, image=_NOTHING))


def clip_frames(file: Path, hub: ModelHub) -> Iterator[Frame]:
    """A clip's pictures, cropped about the face that its first one shows, at most `SHORT_PX` on the short side."""
    place: tuple[slice, slice] | None = None
    with av.open(str(file)) as container:
        for index, picture in enumerate(container.decode(video=0)):
            image = np.asarray(picture.to_ndarray(format="bgr24"), dtype=np.uint8)
            place = place or _place(image, hub)
            part = image[place]
            share = min(SHORT_PX / min(part.shape[:2]), 1.0)
            width, height = (2 * round(side * share / 2) for side in (part.shape[1], part.shape[0]))
            small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
            yield Frame(float(picture.time), index, np.asarray(small, dtype=np.uint8))


def clip_sound(file: Path) -> AudioChunk:
    """A clip's sound as 16 kHz mono, at its own time."""
    resampler, start_s, pieces = AudioResampler("flt", "mono", SAMPLE_RATE_HZ), None, []
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            start_s = float(frame.time or 0.0) if start_s is None else start_s
            pieces += [each.to_ndarray()[0] for each in resampler.resample(frame)]
        pieces += [each.to_ndarray()[0] for each in resampler.resample(None)]
    return AudioChunk(start_s or 0.0, np.concatenate(pieces).astype(np.float32), SAMPLE_RATE_HZ)


def hear(sound: AudioChunk, hub: ModelHub) -> Iterator[Fact]:
    """What is told of a sound."""
    perception = SpeechPerception(hub)
    for view in (*perception.feed(sound), *perception.finish()):
        yield heard(view)


def _heard(file: Path, hub: ModelHub) -> Iterator[Fact]:
    return hear(clip_sound(file), hub)


def _seen(file: Path, hub: ModelHub, kbps: int | None) -> Iterator[FaceView]:
    frames = clip_frames(file, hub)
    if kbps is not None:
        shown = list(frames)
        t = np.array([frame.t for frame in shown])
        frames = decoded(encode(np.stack([frame.image for frame in shown]), t, Channel(kbps)))
    return perceive(frames, hub)


def _place(image: Image, hub: ModelHub) -> tuple[slice, slice]:
    """Where to crop, so that the face fills the picture; all of it where no face is found."""
    with FacePerception(hub) as perception:
        face = perception.observe(Frame(0.0, 0, image)).face
    height, width = image.shape[:2]
    if face is None:
        return slice(0, height), slice(0, width)
    x, y, across, down = face.box
    wide = min(width, int(down / FACE_SHARE))
    tall = min(height, int(wide * _TALL))
    left = int(min(max(x + across / 2 - wide / 2, 0), width - wide))
    top = int(min(max(y + down / 2 - 0.45 * tall, 0), height - tall))
    return slice(top, top + tall), slice(left, left + wide)


def _later(view: FaceView, by_s: float, part: int) -> FaceView:
    face = None if view.face is None else replace(view.face, track=1000 * part + view.face.track)
    return replace(view, frame=replace(view.frame, t=view.frame.t + by_s), face=face)
