"""``python -m biometrics.training.voice_cohort FOLDER...``: makes `biometrics/voice/cohort.npz` anew from speech without labels.

The clips stay where they are: what ships is one voiceprint a voice. Clips are heard as a call brings them, grouped by
how alike they sound, and each group is held to what enrolment asks of an applicant. Too little speech, noise, telephone
bandwidth or more than one voice leave a group out, and so does a voice that another one nearly is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

import biometrics.voice
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import SUFFIXES, read_audio, through_opus
from biometrics.evaluation.trials import Progress
from biometrics.media import AudioChunk
from biometrics.voice.cohort import FILE, LEAST_VOICES, Cohort, write_cohort
from biometrics.voice.embed import SpeakerEncoder, Vector, VoiceEncoder, centre, distance
from biometrics.voice.enrolment import LONGEST_SPEECH_S, ONE_VOICE
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.quality import ENROL, measure, refuse
from biometrics.voice.segments import speech_only
from models.hub import ModelHub
from models.local_hub import LocalHub

OPUS_KBPS = 24
WINDOW_S = 3.0
HOP_S = 1.5
GATE = replace(ENROL, net_speech_s=6.0)
"""As enrolment asks, except that two whole windows are enough: a voice of a cohort is one of many."""
LEAST_SPEECH_S = 0.5
"""A clip with less says too little about its voice to be grouped."""
SAME_VOICE = 0.5
"""Groups whose clips are on average nearer than this are one voice.

Of 619 spoken commands with 2.4 to 3.8 s of speech (the middle half), distances have two modes, 0.2 and 0.9, and their fewest
near 0.45: every limit of 0.5 to 0.55 gives the same groups, and 0.45 three more. Words of 0.7 s of speech have the same valley.
"""


@dataclass(frozen=True, slots=True)
class Clip:
    """``speech`` (n,) at 16 kHz without its pauses, as it came through Opus; ``draft`` its voiceprint."""

    speech: Samples
    draft: Vector


@dataclass(frozen=True, slots=True)
class Made:
    """``cohort``, and what it was made of: clips heard, clips too short or damaged, groups, groups refused, voices too alike."""

    cohort: Cohort
    clips: int
    unused: int
    groups: int
    refused: int
    alike: int


def make_cohort(
    folders: Sequence[Path], hub: ModelHub, progress: Progress, encoder: SpeakerEncoder | None = None
) -> Made:
    """One voiceprint for each voice of the folders. Raises EvaluationError where there are too few."""
    encoder = encoder or VoiceEncoder(hub.get("campplus"))
    paths = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    clips = list(_hear(paths, hub, encoder, progress))
    if len(clips) < 2:
        raise EvaluationError(
            f"{len(clips)} of {len(paths)} audio files have {LEAST_SPEECH_S:g} s of speech: give more"
        )
    groups = grouped([clip.draft for clip in clips])
    enrolled = []
    for done, group in enumerate(groups):
        progress(done, len(groups), "enrolling")
        enrolled.append(voice_of(np.concatenate([clips[index].speech for index in group]), encoder))
    progress(len(groups), len(groups), "enrolling")
    voices = [vector for vector in enrolled if vector is not None]
    kept = distinct(voices)
    if len(kept) < LEAST_VOICES:
        raise EvaluationError(
            f"the {len(clips)} clips hold {len(kept)} voices that can be told apart, and a cohort needs {LEAST_VOICES}: give more"
        )
    return Made(
        cohort=Cohort(np.stack(kept), encoder.model),
        clips=len(clips),
        unused=len(paths) - len(clips),
        groups=len(groups),
        refused=len(groups) - len(voices),
        alike=len(voices) - len(kept),
    )


def grouped(drafts: Sequence[Vector]) -> list[list[int]]:
    """Indices of voiceprints by voice, the largest group first.

    Agglomerative clustering, average linkage; then groups are joined by their mean directions, which keep less of the
    words than single clips do.
    """
    groups = _clustered(drafts)
    if len(groups) > 1:
        joined = _clustered([centre([drafts[index] for index in group]) for group in groups])
        groups = [sorted(index for place in places for index in groups[place]) for places in joined]
    return sorted(groups, key=lambda group: (-len(group), group))


def _clustered(vectors: Sequence[Vector]) -> list[list[int]]:
    rows = np.stack(vectors).astype(np.float64)
    apart = np.maximum(1.0 - (rows @ rows.T)[np.triu_indices(len(rows), 1)], 0.0)
    labels = fcluster(linkage(apart, "average"), SAME_VOICE, "distance")
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def voice_of(speech: Samples, encoder: SpeakerEncoder) -> Vector | None:
    """The mean of a voice's 3 s windows, or None where they are too few, not good enough or not of one voice."""
    speech = speech[: round(LONGEST_SPEECH_S * SAMPLE_RATE_HZ)]
    if refuse(measure(speech, None), GATE) is not None:
        return None
    length, hop = round(WINDOW_S * SAMPLE_RATE_HZ), round(HOP_S * SAMPLE_RATE_HZ)
    windows = [
        encoder.embed(speech[start : start + length]) for start in range(0, len(speech) - length + 1, hop)
    ]
    furthest = max(distance(one, other) for one, other in combinations(windows, 2))
    return None if furthest > ONE_VOICE else centre(windows)


def distinct(voices: Sequence[Vector]) -> list[Vector]:
    """The voices of which no earlier one is as near as one voice is to itself."""
    kept: list[Vector] = []
    for voice in voices:
        if all(distance(voice, other) > SAME_VOICE for other in kept):
            kept.append(voice)
    return kept


def _hear(
    paths: Sequence[Path], hub: ModelHub, encoder: SpeakerEncoder, progress: Progress
) -> Iterator[Clip]:
    for done, path in enumerate(paths):
        progress(done, len(paths), "listening")
        try:
            speech = _speech(through_opus(read_audio(path), OPUS_KBPS), hub)
        except EvaluationError:
            continue  # counted as unused
        if len(speech) >= LEAST_SPEECH_S * SAMPLE_RATE_HZ:
            yield Clip(speech, encoder.embed(speech))
    progress(len(paths), len(paths), "listening")


def _speech(samples: Samples, hub: ModelHub) -> Samples:
    perception = SpeechPerception(hub)
    views = [*perception.feed(AudioChunk(0.0, samples, SAMPLE_RATE_HZ)), *perception.finish()]
    return np.concatenate([samples[:0], *(speech_only(view) for view in views)])


if __name__ == "__main__":
    with LocalHub() as local:
        made = make_cohort([Path(name) for name in sys.argv[1:]], local, lambda done, total, what: None)
    write_cohort(made.cohort, Path(biometrics.voice.__file__).parent / FILE)
    print(
        f"{len(made.cohort)} voices of {made.groups} groups of {made.clips} clips ({made.unused} files unused, "
        f"{made.refused} groups refused, {made.alike} voices too alike)"
    )
