"""What the microphone of an interview hears, throughout: somebody's words, by whichever way they came there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.signal import fftconvolve

from biometrics.attacklab.clip import Samples
from biometrics.attacklab.interviews.cast import Person
from biometrics.attacklab.interviews.scenarios import Scenario
from biometrics.attacklab.sources import AUDIO_HZ
from biometrics.attacklab.speech.generators import generator_named
from biometrics.attacklab.speech.mixing import in_bursts, over, repeated
from biometrics.attacklab.speech.programs import Family, installed, interviewed
from biometrics.attacklab.speech.replay import by_desk, by_phone, microphone
from biometrics.attacklab.speech.rooms import decaying
from biometrics.attacklab.speech.waves import as_loud
from biometrics.errors import EvaluationError

GENERATORS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "vocoder": {"a": ("griffin_lim_linear", "griffin_lim_mel"), "b": ("lpc_vocoder", "cepstral_vocoder")},
    "conversion": {"a": ("conversion_vocoder", "conversion_nearest"), "b": ("conversion_waveform",)},
}
"""As the lab's species of the voice have them: a for training, b for testing."""
_PROGRAMS: Final[Mapping[str, tuple[Family, ...]]] = {"a": ("formant",), "b": ("diphone", "statistical")}
_TARGET_S: Final = 20.0
_SWITCH: Final = (0.5, 0.65)
_IN_ROOM: Final = 0.5
_BELOW_DB: Final = (0.0, 20.0)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said before the scenario's way of making sound: ``own`` in the applicant's voice, ``other`` in another's, (m,) each;
    ``meant`` what the lips in sight move to; ``known`` (k,) of the applicant's voice at other times."""

    own: Samples
    other: Samples
    meant: Samples
    known: Samples


def words(
    scenario: Scenario, subject: Person, other: Person, duration_s: float, rng: np.random.Generator
) -> Words:
    """Stretches of what both say. Who has no voice here borrows the other's, and it is never heard as their own."""
    count = round(duration_s * AUDIO_HZ)
    theirs = _said(other)
    own = _said(subject) if subject.speaks else theirs
    said, rest = _stretch(own, count, rng)
    elsewhere, silent = _stretch(theirs, count, rng)
    heard = elsewhere if scenario.sound in ("other", "conversion") else said
    unheard = rest if scenario.seen == "own" else silent
    meant = heard if scenario.follows else repeated(unheard, count).astype(np.float32)
    return Words(said, elsewhere, meant, rest[: round(_TARGET_S * AUDIO_HZ)])


def heard(
    scenario: Scenario, said: Words, renderer: str, switch_s: float | None, rng: np.random.Generator
) -> tuple[Samples, dict[str, Any]]:
    """The sound at the microphone (m,) float32 at 16 kHz, and how it was made as plain JSON."""
    truth: dict[str, Any] = {}
    match scenario.sound:
        case "own":
            sound = said.own
        case "other":
            sound = said.other
        case "switch":
            at_s = float(rng.uniform(*_SWITCH)) * len(said.own) / AUDIO_HZ if switch_s is None else switch_s
            at = round(at_s * AUDIO_HZ)
            sound = np.concatenate([said.own[:at], as_loud(said.other[at:], said.own[:at])])
            truth["voice_switch_s"] = round(at_s, 3)
        case "replay":
            replay = by_phone if renderer == "a" else by_desk
            return replay(said.own, rng), {"loudspeaker": replay.__name__[3:]}
        case "tts":
            sound, truth = _synthetic(said, renderer, rng)
        case "mixed":
            below_db = float(rng.uniform(*_BELOW_DB))
            mix = over if renderer == "a" else in_bursts
            sound, truth = mix(said.own, said.other, below_db, rng), {"below_db": round(below_db, 1)}
        case "vocoder" | "conversion":
            spoken = said.own if scenario.sound == "vocoder" else said.other
            sound, truth = made(scenario.sound, spoken, said.known, renderer, rng)
    return _in_room(sound, truth, rng)


def made(
    way: str, spoken: Samples, known: Samples, renderer: str, rng: np.random.Generator
) -> tuple[Samples, dict[str, Any]]:
    """``spoken`` through one of the renderer's generators of that way."""
    names = GENERATORS[way][renderer]
    name = names[int(rng.integers(len(names)))]
    return generator_named(name).make(spoken, known, rng), {"generator": name}


def _said(person: Person) -> Samples:
    if person.said is None:
        raise EvaluationError(f"{person.name} has no voice and cannot be heard in an interview")
    return person.said


def _stretch(said: Samples, count: int, rng: np.random.Generator) -> tuple[Samples, Samples]:
    """``count`` samples of somebody's words, and the others. Who says less says it again."""
    start = int(rng.integers(max(1, len(said) - count)))
    rest = np.concatenate([said[start + count :], said[:start]])
    stretch = np.asarray(repeated(said[start : start + count], count), np.float32)
    return stretch, rest if len(rest) >= AUDIO_HZ else said


def _synthetic(said: Words, renderer: str, rng: np.random.Generator) -> tuple[Samples, dict[str, Any]]:
    programs = installed(families=_PROGRAMS[renderer])
    program = programs[int(rng.integers(len(programs)))]
    languages = sorted(program.voices)
    language = languages[int(rng.integers(len(languages)))]
    spoken = interviewed(program, language, len(said.own) / AUDIO_HZ, rng)
    sound = np.asarray(repeated(as_loud(spoken, said.own), len(said.own)), np.float32)
    return sound, {"generator": program.name, "language": language}


def _in_room(
    sound: Samples, truth: dict[str, Any], rng: np.random.Generator
) -> tuple[Samples, dict[str, Any]]:
    """Half the time in a room of decaying noise before a microphone, as in `attacklab.voiced.delivered`."""
    room = decaying(float(rng.uniform(0.15, 0.5)), float(rng.uniform(4, 15)), rng)
    if rng.uniform() >= _IN_ROOM:
        return sound, truth | {"room": 0}
    return as_loud(microphone(np.asarray(fftconvolve(sound, room)[: len(sound)]), rng), sound), truth | {
        "room": 1
    }
