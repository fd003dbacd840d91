"""A seeded table of interviews with a known answer, in the form of the shipped one: dependent signals, families, people, missing measurements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from fraudmodel.interview_table import (
    BONA_FIDE,
    InterviewRow,
    InterviewTable,
    Measured,
    parse_interviews,
    table_bytes,
)
from fraudmodel.signals import Absent, Reason, SignalKind

MODELS: Final[Mapping[str, str]] = {
    "face_match": "dlib_resnet@db6332cb",
    "voice_match": "campplus@eaee5dcd",
    "face_continuity": "dlib_resnet@db6332cb",
    "face_pad": "pad@1",
    "flash_challenge": "coloured-light-2",
    "injection_frames": "frame-cues-2",
    "injection_page": "page-cues-1",
    "voice_pad": "pad_voice@b66019de",
    "av_sync": "av-filter-1",
    "voice_continuity": "campplus@eaee5dcd",
}
SPECIES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "print": ("presentation", ("face_pad",)),
    "lcd_replay": ("presentation", ("face_pad", "flash_challenge")),
    "phone_replay": ("presentation", ("face_pad", "flash_challenge")),
    "face_swap": ("injected", ("face_pad", "flash_challenge", "injection_page", "injection_frames")),
    "reenactment": ("injected", ("flash_challenge", "injection_page", "av_sync")),
    "looped_video": ("replay", ("flash_challenge", "injection_page", "injection_frames", "av_sync")),
    "session_replay": ("replay", ("flash_challenge", "injection_page")),
    "voice_tts": ("voice_attack", ("voice_pad", "av_sync")),
    "voice_vocoder": ("voice_attack", ("voice_pad",)),
    "impostor": ("impostor", ("face_match", "voice_match")),
    "impostor_heard": ("impostor", ("voice_match", "av_sync")),
    "person_switch": ("impostor", ("face_continuity", "voice_continuity")),
}
_REAL: Final = {"face_match": (0.3, 0.06, 0.35), "voice_match": (0.45, 0.12, 0.5)}
"""Mean and spread of bona fide distances, and how much further another person's lie: the shipped calibrations read them."""
_SEPARATION: Final = 2.4
_NUISANCE: Final = 0.35


def made_rows(
    count: int = 480, *, people: int = 16, missing: float = 0.15, seed: int = 0
) -> list[InterviewRow]:
    """Half bona fide, half fraud, every species in turn; ``people`` in two splits that never meet."""
    rng = np.random.default_rng(seed)
    names = [f"p{i:02d}" for i in range(people)]
    own = {name: dict(zip(MODELS, rng.normal(0.0, 0.4, len(MODELS)), strict=True)) for name in names}
    rows = []
    for number in range(count):
        half = names[number % 2 :: 2]
        subject = half[(number // 2 + number // (4 * len(SPECIES))) % len(half)]
        species = BONA_FIDE if number % 4 < 2 else tuple(SPECIES)[(number // 4) % len(SPECIES)]
        family, touched = SPECIES.get(species, (BONA_FIDE, ()))
        other = (
            str(rng.choice([name for name in half if name != subject])) if family == "impostor" else subject
        )
        rows.append(_row(number, subject, other, family, species, touched, own[subject], missing, rng))
    return rows


def made_table(count: int = 480, *, people: int = 16, missing: float = 0.15, seed: int = 0) -> InterviewTable:
    """The same as a table that was written and read."""
    rows = made_rows(count, people=people, missing=missing, seed=seed)
    return parse_interviews(table_bytes({"made": "tests/fraudmodel/making.py", "seed": seed}, rows), "made")


def _row(
    number: int,
    subject: str,
    other: str,
    family: str,
    species: str,
    touched: tuple[str, ...],
    person: Mapping[str, float],
    missing: float,
    rng: np.random.Generator,
) -> InterviewRow:
    nuisance = rng.standard_normal()
    measured, absent = {}, {}
    for kind, model in MODELS.items():
        noise = np.sqrt(1 - _NUISANCE) * rng.standard_normal() + np.sqrt(_NUISANCE) * nuisance + person[kind]
        strength = float(rng.choice([1.0, 0.6, 0.2], p=[0.6, 0.25, 0.15])) if kind in touched else 0.0
        if rng.random() < missing:
            absent[SignalKind(kind)] = Absent(Reason.NOT_YET)
        elif kind in _REAL:
            mean, sd, apart = _REAL[kind]
            measured[SignalKind(kind)] = _measured(mean + sd * noise + apart * strength, model)
        else:
            measured[SignalKind(kind)] = _measured(noise + _SEPARATION * strength, model)
    return InterviewRow(
        name=f"i{number:05d}",
        subject=subject,
        other=other,
        family=family,
        species=species,
        renderer="ab"[number % 2],
        split=("train", "test")[number % 2],
        duration_s=28.0,
        measured=measured,
        absent=absent,
    )


def _measured(statistic: float, model: str) -> Measured:
    return Measured(float(statistic), 0.1, 5, {"observations": 5.0}, (model,))
