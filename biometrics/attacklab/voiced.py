"""What a species of the voice begins with: the person before the camera, what they say meanwhile, and what else is known of their voice.

Whoever speaks, the way to the service is the same: half of all renders, bona fide or not, stand in a room of their own, and all go
through the call's Opus. So neither tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.signal import fftconvolve

from biometrics.attacklab.clip import Clip, Samples
from biometrics.attacklab.species import Rendered, Scene
from biometrics.attacklab.speech.mixing import repeated
from biometrics.attacklab.speech.pitch import HOP, pitch_of
from biometrics.attacklab.speech.replay import microphone
from biometrics.attacklab.speech.rooms import decaying
from biometrics.attacklab.speech.waves import as_loud
from biometrics.attacklab.takes import Take, filmed, once
from biometrics.errors import EvaluationError

LEAST_VOICED_S: Final = 2.0
"""Seconds of voice, pauses and hisses left out: about four seconds of talk."""
LONGEST_S: Final = 12.0
"""What a detector needs of speech, and more pictures than most clips have."""
_IN_ROOM: Final = 0.5
_TARGET_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Voiced:
    """``take`` the pictures; ``own`` (m,) what the person says during them; ``known`` (k,) of their voice at other times, if there is."""

    take: Take
    own: Samples
    known: Samples


def voiced_s(clip: Clip) -> float:
    """Seconds of voice in a take's sound."""
    return 0.0 if clip.audio is None else float(pitch_of(clip.audio).voiced.sum()) * HOP / clip.sample_rate


def speaks(clip: Clip) -> bool:
    """Whether a take has enough voice for species of the voice."""
    return voiced_s(clip) >= LEAST_VOICED_S


def filmed_speaking(scene: Scene, held: bool = False) -> Voiced:
    """The scene's person before its camera, at the speed at which they spoke. Raises EvaluationError where the take has too little voice."""
    clip = scene.clip
    if clip.audio is None or not speaks(clip):
        raise EvaluationError(
            f"{clip.source}: {voiced_s(clip):.1f} s of voice are in it, and a render of a voice needs {LEAST_VOICED_S:g} s"
        )
    take = filmed(_as_spoken(scene), held=held)
    count = round((float(take.t[-1]) + 1 / scene.fps) * clip.sample_rate)
    start = round(int(take.index[0]) / clip.fps * clip.sample_rate)
    if clip.dubbed:
        start = int(scene.rng.integers(max(1, len(clip.audio) - count)))
    own = clip.audio[start : start + count]
    known = np.concatenate([clip.audio[:start], clip.audio[start + count :]])
    if len(known) < LEAST_VOICED_S * 2 * clip.sample_rate:
        known = clip.audio
    return Voiced(take, own, known[: round(_TARGET_S * clip.sample_rate)])


def words_of(clip: Clip, count: int, rng: np.random.Generator) -> Samples:
    """Some stretch of ``count`` samples of somebody else's sound, from its beginning again where it is shorter."""
    audio = np.zeros(0, np.float32) if clip.audio is None else clip.audio
    start = int(rng.integers(max(1, len(audio) - count)))
    return np.asarray(repeated(audio[start : start + count], count), np.float32)


def delivered(
    voiced: Voiced, sound: Samples, scene: Scene, truth: dict[str, Any], *, roomed: bool = True
) -> Rendered:
    """The pictures with ``sound``; half the time in a room of decaying noise before another microphone, unless it was in one."""
    rng = scene.rng
    room = decaying(float(rng.uniform(0.15, 0.5)), float(rng.uniform(4, 15)), rng)
    inside = bool(rng.uniform() < _IN_ROOM)
    heard = microphone(np.asarray(fftconvolve(sound, room)[: len(sound)]), rng)
    if roomed and inside:
        sound = as_loud(heard, sound)
    return Rendered(
        voiced.take.frames, voiced.take.t, sound, scene.clip.sample_rate, {**truth, "room": roomed and inside}
    )


def _as_spoken(scene: Scene) -> Scene:
    """The scene at a rate of frames at which its take plays neither faster nor slower, no longer than its sound goes with it."""
    clip = scene.clip
    rate = clip.fps / max(1, round(clip.fps / scene.camera.fps))
    camera = replace(scene.camera, fps=rate, exposure_s=min(scene.camera.exposure_s, 1 / rate))
    natural = replace(scene, fps=rate, camera=camera)
    if clip.dubbed:
        return once(natural)
    return replace(natural, duration_s=min(scene.duration_s, clip.duration_s - 2 / rate))
