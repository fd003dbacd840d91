"""Who takes part: a face, a voice, and what the bank has of both; never what is shown or said in an interview.

Names are p01, p02, ...: a table of interviews tells nobody's file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np

from biometrics.attacklab.clip import Clip, Samples
from biometrics.attacklab.dubbing import speakers
from biometrics.attacklab.plan import Split, split_people
from biometrics.attacklab.sources import AUDIO_HZ
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import read_audio
from biometrics.face.boxes import Image

Likeness = Literal["other_file", "other_part"]
ENROLLED_S: Final = 24.0
"""Of each speaker's recordings, the first ones: what the bank has of the voice. The rest is what is said in interviews."""
LEAST_SAID_S: Final = 15.0
_LONGEST_S: Final = 110.0
_LAST: Final = 0.8
"""Where a person has one file only, what comes after this share of it is kept for the reference."""
_CARD_PX: Final = (160, 320)
"""A photo on a scanned card or in a register: short side."""


@dataclass(frozen=True, slots=True)
class Person:
    """``seen`` the take or photo of what is shown; ``known`` pictures of which the bank has one, from ``likeness``: another file, or another
    part of the same. ``said`` (m,) and ``enrolled`` (recordings) of the voice at 16 kHz, none for who has no voice here."""

    name: str
    split: Split
    seen: Clip
    known: tuple[Image, ...]
    likeness: Likeness
    said: Samples | None = None
    enrolled: tuple[Samples, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether there is a film of them."""
        return not self.seen.still

    @property
    def speaks(self) -> bool:
        return self.said is not None


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker: ``enrolled`` recordings and what is ``said`` in the others."""

    enrolled: tuple[Samples, ...]
    said: Samples


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, in order of name."""

    people: tuple[Person, ...]

    def named(self, name: str) -> Person:
        """The person of this name. Raises KeyError."""
        return {person.name: person for person in self.people}[name]

    def of(self, split: Split) -> tuple[Person, ...]:
        """Those of one split."""
        return tuple(person for person in self.people if person.split == split)


def cast(clips: Sequence[Clip], voices: Sequence[Voice]) -> Cast:
    """Everybody in the sources: those in films first. Voices go to them in turn; who comes after the last has none.

    Splits are the lab's, so that networks that learnt from its training split met nobody of the test split here. Raises EvaluationError
    where nobody is left.
    """
    splits = split_people(clips)
    by_subject: dict[str, list[Clip]] = {}
    for clip in clips:
        by_subject.setdefault(clip.subject, []).append(clip)
    films = [subject for subject, takes in by_subject.items() if any(not take.still for take in takes)]
    photos = [subject for subject, takes in by_subject.items() if subject not in films and len(takes) > 1]
    found = []
    for k, subject in enumerate([*sorted(films), *sorted(photos)]):
        voice = voices[k] if k < len(voices) else None
        found.append(_person(f"p{k + 1:02d}", splits[subject], by_subject[subject], voice))
    if not found:
        raise EvaluationError("there is nobody in the sources of whom there is a film, or a second photo")
    return Cast(tuple(found))


def voices_in(speech: Path) -> tuple[Voice, ...]:
    """Every speaker of a folder, one sub-folder each, in order of name. Raises EvaluationError for one who says too little."""
    return tuple(
        _voice(name, [read_audio(path) for path in files]) for name, files in speakers(speech).items()
    )


def _voice(name: str, recordings: Sequence[Samples]) -> Voice:
    enrolled: list[Samples] = []
    while len(enrolled) < len(recordings) and sum(map(len, enrolled)) < ENROLLED_S * AUDIO_HZ:
        enrolled.append(recordings[len(enrolled)])
    rest = recordings[len(enrolled) :]
    said = np.concatenate(rest) if rest else np.zeros(0, np.float32)
    if len(said) < LEAST_SAID_S * AUDIO_HZ:
        raise EvaluationError(
            f"{name}: beside the first {ENROLLED_S:g} s, which are enrolled, {len(said) / AUDIO_HZ:.0f} s of speech are too little: "
            f"{LEAST_SAID_S:g} s are needed"
        )
    return Voice(tuple(enrolled), said[: round(_LONGEST_S * AUDIO_HZ)])


def _person(name: str, split: Split, takes: Sequence[Clip], voice: Voice | None) -> Person:
    films = [take for take in takes if not take.still]
    said, enrolled = (None, ()) if voice is None else (voice.said, voice.enrolled)
    others = [take for take in takes if take.still]
    if films:
        seen, likeness = films[0], "other_file"
        known = tuple(np.asarray(take.frames[0]) for take in [*films[1:], *others])
        if not known:
            seen, known, likeness = *_parted(films[0]), "other_part"
    else:
        seen, likeness = others[0], "other_file"
        known = tuple(np.asarray(take.frames[0]) for take in others[1:])
    return Person(name, split, seen, known, likeness, said, enrolled)  # type: ignore[arg-type]


def _parted(take: Clip) -> tuple[Clip, tuple[Image, ...]]:
    """The first part of a take, and some pictures of the rest of it."""
    count = len(take.frames)
    first = int(_LAST * count)
    at = np.linspace(first + (count - first) // 3, count - 1, 3).astype(int)
    part = Clip(
        take.frames[:first],
        take.fps,
        take.audio,
        take.sample_rate,
        take.subject,
        take.source,
        take.landmarks[:first],
        take.ita_deg,
    )
    return part, tuple(np.asarray(take.frames[i]) for i in at)


def as_card(image: Image, rng: np.random.Generator) -> bytes:
    """A picture as a bank has it: small, soft, in another light, and compressed. JPEG."""
    short = float(np.exp(rng.uniform(*np.log(_CARD_PX))))
    scale = short / min(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.3, 0.8)))
    gains = np.exp(rng.normal(0.0, 0.06, 3)) * float(np.exp(rng.normal(0.0, 0.12)))
    gamma = float(np.exp(rng.normal(0.0, 0.15)))
    toned = np.clip(255 * (small / 255.0) ** gamma * gains + rng.normal(0, 2.0, small.shape), 0, 255)
    large = cv2.resize(toned.astype(np.uint8), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC)
    _, coded = cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 85))])
    return bytes(coded)


def digest_of(cast: Cast) -> Mapping[str, str]:
    """Eight hex digits that name each person's material, so that a table says what it was made of and nothing more."""
    found = {}
    for person in cast.people:
        digest = hashlib.sha256(np.ascontiguousarray(person.seen.frames[0]).tobytes())
        digest.update(b"" if person.said is None else person.said.tobytes())
        found[person.name] = digest.hexdigest()[:8]
    return found
