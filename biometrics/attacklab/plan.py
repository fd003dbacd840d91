"""Which renders there are: species x renderer x split x index, with people and conditions drawn from one seed.

A render's conditions depend on its own name and on the seed only, never on how many others are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from biometrics.attacklab.clip import Clip
from biometrics.attacklab.species import OTHER, PHOTO, SHORTEST, SPEECH, Species
from biometrics.attacklab.voiced import speaks

Split = Literal["train", "test"]
SPLITS: tuple[Split, ...] = ("train", "test")
_SIZES = ((480, 360), (480, 360), (360, 480))
_RATES = (30.0, 30.0, 30.0, 25.0, 20.0, 15.0)
_SHORT_S, _LONG_S = 3.0, 4.0
_DIM = 0.03


@dataclass(frozen=True, slots=True)
class Render:
    """One render to be made. ``source`` and ``others`` name takes; ``seed`` of its own chance; ``size`` (height, width) px.

    ``fps`` what the camera is meant to run at; ``light`` share of a well-lit desk's.
    """

    name: str
    species: str
    family: str
    renderer: str
    split: Split
    subject: str
    source: str
    others: tuple[str, ...]
    seed: int
    fps: float
    duration_s: float
    light: float
    size: tuple[int, int]


def split_people(clips: Iterable[Clip]) -> dict[str, Split]:
    """Every subject's split: those with takes alternate between train and test, and so do those with photos only.

    A single person is for testing.
    """
    clips = list(clips)
    moving = sorted({clip.subject for clip in clips if not clip.still})
    still = sorted({clip.subject for clip in clips} - set(moving))
    if len(moving) < 2:
        return dict.fromkeys([*moving, *still], "test")
    return {subject: SPLITS[i % 2] for people in (moving, still) for i, subject in enumerate(people)}


def plan(
    species: Iterable[Species], clips: Sequence[Clip], seed: int, count: int, splits: Iterable[Split] = SPLITS
) -> list[Render]:
    """``count`` renders of each renderer of each species in each split, people in turn.

    What needs somebody whom a split does not have is left out, and so is what this machine lacks something for.
    """
    people = split_people(clips)
    found: list[Render] = []
    for split in splits:
        cast = _Cast([clip for clip in clips if people[clip.subject] == split])
        for each in species:
            for renderer in (name for name in each.renderers if each.lacks(name) is None):
                found += cast.renders(each, renderer, split, seed, count)
    return found


def missing(species: Iterable[Species], renders: Iterable[Render]) -> list[str]:
    """The names of the species that a plan leaves out."""
    planned = {render.species for render in renders}
    return [each.name for each in species if each.name not in planned]


class _Cast:
    """The people of one split."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        self._moving = [clip for clip in clips if not clip.still]
        self._photos = [clip for clip in clips if clip.still]
        self._speaking: list[Clip] | None = None

    def _takes(self, species: Species) -> list[Clip]:
        if SPEECH not in species.needs:
            return self._moving
        if self._speaking is None:
            self._speaking = [clip for clip in self._moving if speaks(clip)]
        return self._speaking

    def renders(
        self, species: Species, renderer: str, split: Split, seed: int, count: int
    ) -> Iterator[Render]:
        takes = self._takes(species)
        subjects = sorted({clip.subject for clip in takes})
        if OTHER in species.needs and len(subjects) < 2:
            return
        if PHOTO in species.needs and not self._photos:
            return
        for index in range(count if subjects else 0):
            subject = subjects[index % len(subjects)]
            yield self._render(species, renderer, split, seed, index, subject, takes)

    def _render(
        self,
        species: Species,
        renderer: str,
        split: Split,
        seed: int,
        index: int,
        subject: str,
        moving: Sequence[Clip],
    ) -> Render:
        own = _seed(seed, species.name, renderer, split, index)
        rng = np.random.default_rng((own, 0))
        takes = [clip for clip in moving if clip.subject == subject]
        clip = takes[int(rng.integers(len(takes)))]
        duration_s = rng.uniform(_SHORT_S, _LONG_S)
        if species.longest_s > _LONG_S:
            duration_s = rng.uniform(SHORTEST * species.longest_s, species.longest_s)
        bright = rng.uniform() < 0.6
        light = np.exp(rng.uniform(np.log(0.3 if bright else _DIM), np.log(1.0 if bright else 0.3)))
        return Render(
            name=f"{species.name}-{renderer}-{split}-{index:05d}",
            species=species.name,
            family=species.family,
            renderer=renderer,
            split=split,
            subject=subject,
            source=clip.source,
            others=self._others(subject, rng, moving),
            seed=own,
            fps=float(rng.choice(_RATES)),
            duration_s=round(float(duration_s), 3),
            light=round(float(light), 4),
            size=_SIZES[int(rng.integers(len(_SIZES)))],
        )

    def _others(self, subject: str, rng: np.random.Generator, moving: Sequence[Clip]) -> tuple[str, ...]:
        """A take of another person, then a photo of another, as far as there are any."""
        found = []
        for clips in (moving, self._photos):
            strangers = [clip.source for clip in clips if clip.subject != subject]
            if strangers:
                found.append(strangers[int(rng.integers(len(strangers)))])
        return tuple(found)


def _seed(seed: int, *names: object) -> int:
    text = "|".join(map(str, (seed, *names)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
