"""What a species of the voice begins with: the person before the camera, what they say meanwhile, and what else is known of their voice.

Whoever speaks, the way to the service is the same: half of all renders, bona fide or not, stand in a room of their own, and all go
through the call's Opus. So neither tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from biometrics.attacklab.clip import Clip, Samples, bounced
from biometrics.attacklab.species import SHORTEST, Rendered, Scene
from biometrics.attacklab.speech.mixing import repeated
from biometrics.attacklab.speech.pitch import HOP, pitch_of
from biometrics.attacklab.speech.replay import microphone
from biometrics.attacklab.speech.rooms import decaying
from biometrics.attacklab.speech.waves import as_loud
from biometrics.attacklab.takes import Take, filmed, once, ticks_of
from biometrics.errors import EvaluationError
from biometrics.voice.features import SAMPLE_RATE_HZ

LEAST_VOICED_S: Final = 2.0
"""Seconds of voice, pauses and hisses left out: about four seconds of talk."""
LONGEST_S: Final = 12.0
"""What a detector needs of speech, and more pictures than most clips have."""
SHORTEST_S: Final = SHORTEST * LONGEST_S
"""The least that a plan asks for; pictures may allow less."""
_SPARE_S: Final = 0.5
"""What a camera's rate and a take's whole frames may cut off a stretch."""
_IN_ROOM: Final = 0.5
_TARGET_S: Final = 30.0

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Voiced:
    """``take`` the pictures; ``own`` (m,) what the person says during them; ``known`` (k,) of their voice at other times, if there is."""

    take: Take
    own: Samples
    known: Samples


def speaks(clip: Clip) -> bool:
    """Whether some stretch of a take, as short as any that is rendered of it, has enough voice for species of the voice."""
    if clip.audio is None:
        return False
    seen_s = _round_s(clip) if clip.dubbed else clip.duration_s
    count = max(1, round((min(SHORTEST_S, seen_s) - _SPARE_S) * clip.sample_rate))
    with_pictures = clip.audio if clip.dubbed else clip.audio[: round(seen_s * clip.sample_rate)]
    return len(_with_voice(_voice(clip.audio), _anywhere(with_pictures, count), count)) > 0


def filmed_speaking(scene: Scene, held: bool = False) -> Voiced:
    """The scene's person before its camera where they speak, at the speed at which they spoke.

    Raises EvaluationError where the take has too little voice.
    """
    clip, spoken = scene.clip, _as_spoken(scene)
    audio = np.zeros(0, np.float32) if clip.audio is None else clip.audio
    voice = _voice(audio)
    t = spoken.camera.times(spoken.duration_s, scene.rng)
    count = round((float(t[-1]) + 1 / scene.fps) * clip.sample_rate)
    if clip.dubbed:
        starts = _speaking(clip, voice, _anywhere(audio, count), count)
        take = filmed(spoken, held=held, t=t)
        start = int(scene.rng.choice(starts))
    else:
        ticks = ticks_of(clip, t, spoken.camera.fps)
        frames = np.arange(max(1, len(clip.frames) - int(ticks[-1])))
        starts = np.rint(frames / clip.fps * clip.sample_rate).astype(np.int64)
        start = int(scene.rng.choice(_speaking(clip, voice, starts, count)))
        first = int(np.searchsorted(starts, start))
        take = filmed(spoken, held=held, t=t, index=bounced(ticks + first, len(clip.frames)))
    return Voiced(take, audio[start : start + count], _known(audio, voice, start, count))


def words_of(clip: Clip, count: int, rng: np.random.Generator) -> Samples:
    """Some stretch of ``count`` samples in which somebody else speaks, from its beginning again where their sound is shorter.

    Raises EvaluationError where no stretch has enough voice: never for who `speaks`. A stretch shorter than any of theirs may have
    less, for as many as cover one that has enough share it.
    """
    audio = np.zeros(0, np.float32) if clip.audio is None else clip.audio
    least_s = LEAST_VOICED_S / ceil((SHORTEST_S - _SPARE_S) * clip.sample_rate / count)
    start = int(rng.choice(_speaking(clip, _voice(audio), _anywhere(audio, count), count, least_s)))
    return np.asarray(repeated(audio[start : start + count], count), np.float32)


def _voice(audio: Samples) -> Places:
    """(h + 1,) how many hops of `pitch.HOP` samples have voice before each."""
    return _summed(pitch_of(audio).voiced)


def _summed(voiced: NDArray[np.bool_]) -> Places:
    return np.asarray(np.append(0, np.cumsum(voiced)), np.int64)


def _anywhere(audio: Samples, count: int) -> Places:
    """Where ``count`` samples may begin."""
    return np.arange(max(1, len(audio) - count))


def _with_voice(voice: Places, starts: Places, count: int, least_s: float = LEAST_VOICED_S) -> Places:
    """Those of ``starts`` from which on ``count`` samples have enough voice."""
    begun, ended = (np.minimum(at // HOP, len(voice) - 1) for at in (starts, starts + count))
    return starts[(voice[ended] - voice[begun]) * HOP >= least_s * SAMPLE_RATE_HZ]


def _speaking(
    clip: Clip, voice: Places, starts: Places, count: int, least_s: float = LEAST_VOICED_S
) -> Places:
    """`_with_voice`. Raises EvaluationError where that is none."""
    found = _with_voice(voice, starts, count, least_s)
    if not len(found):
        raise EvaluationError(
            f"{clip.source}: {int(voice[-1]) * HOP / SAMPLE_RATE_HZ:.1f} s of voice are in it, and a render of a voice needs "
            f"{least_s:.2g} s within {count / SAMPLE_RATE_HZ:.1f} s"
        )
    return found


def _known(audio: Samples, voice: Places, start: int, count: int) -> Samples:
    """What is known of a voice beside a stretch of its sound; from that stretch on, where there is too little voice in the rest."""
    most = round(_TARGET_S * SAMPLE_RATE_HZ)
    rest = np.concatenate([audio[:start], audio[start + count :]])
    voiced = np.diff(voice).astype(np.bool_)
    heard = _summed(np.concatenate([voiced[: start // HOP], voiced[(start + count) // HOP :]]))
    found = _with_voice(heard, _anywhere(rest, most), most)
    if len(found) and len(rest) >= LEAST_VOICED_S * 2 * SAMPLE_RATE_HZ:
        return rest[found[0] : found[0] + most]
    first = max(0, min(start, len(audio) - most))
    return audio[first : first + most]


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


def _round_s(clip: Clip) -> float:
    """Until a picture that is played there and back comes round, as in `once`."""
    return (2 * len(clip.frames) - 2) / clip.fps


def _as_spoken(scene: Scene) -> Scene:
    """The scene at a rate of frames at which its take plays neither faster nor slower, no longer than its sound goes with it."""
    clip = scene.clip
    rate = clip.fps / max(1, round(clip.fps / scene.camera.fps))
    camera = replace(scene.camera, fps=rate, exposure_s=min(scene.camera.exposure_s, 1 / rate))
    natural = replace(scene, fps=rate, camera=camera)
    if clip.dubbed:
        return once(natural)
    return replace(natural, duration_s=min(scene.duration_s, clip.duration_s - 2 / rate))
