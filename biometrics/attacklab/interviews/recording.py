"""One simulated interview as the service receives it: coded pictures and sound, and what is told beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.channel import Coded, encode
from biometrics.attacklab.clip import Samples
from biometrics.attacklab.interviews import sounds
from biometrics.attacklab.interviews.cast import Cast, Person, as_card
from biometrics.attacklab.interviews.lips import talking
from biometrics.attacklab.interviews.network import Sounded, draw_network, sounded, thinned
from biometrics.attacklab.interviews.page import reports
from biometrics.attacklab.interviews.pictures import Asked, asked_in, earlier, pictures
from biometrics.attacklab.interviews.plan import Interview
from biometrics.attacklab.interviews.scenarios import Scenario, scenario_named
from biometrics.attacklab.sources import AUDIO_HZ
from biometrics.attacklab.species import Rendered, Scene

_LATE_S: Final = (4.0, 8.0)
_REMEMBERED: Final = 0.5
"""Share of applicants of whom the bank remembers an earlier interview, with somebody else's motion in it."""
_WITH_OTHER: Final = frozenset({"other", "switch", "conversion", "mixed"})

Conditions = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Recording:
    """``video`` and ``sound`` as they arrive; ``facts`` in order of time, JSON of `views.Fact`; ``photo`` the bank's of the applicant, JPEG, and
    ``recordings`` of the voice (none where the bank has none); ``other`` who was seen or heard instead; ``conditions`` how it was made."""

    video: tuple[Coded, ...]
    sound: tuple[Sounded, ...]
    facts: tuple[Mapping[str, Any], ...]
    photo: bytes | None
    recordings: tuple[Samples, ...]
    other: str
    duration_s: float
    conditions: Conditions


def record(interview: Interview, cast: Cast) -> Recording:
    """Render it and send it through its network. The same interview of the same cast is the same to the bit."""
    scenario = scenario_named(interview.scenario)
    subject, other = cast.named(interview.subject), cast.named(interview.other)
    said = sounds.words(scenario, subject, other, interview.duration_s + 1.0, _rng(interview, 1))
    scene = _scene(interview, scenario, subject, other, said)
    asked = None if interview.missing == "challenge" else asked_in(scene)
    answers = asked if interview.missing != "challenge_refused" else None
    seen = pictures(scene, scenario, answers)
    sound, made = _heard(interview, scenario, said, seen)
    facts = _facts(interview, scenario, scene, asked, seen, _stranger(interview, scenario, cast))
    late_s = float(_rng(interview, 6).uniform(*_LATE_S)) if interview.missing == "late_video" else 0.0
    network = draw_network(interview.network, float(seen.t[-1]), _rng(interview, 4))
    shown = seen.t >= late_s
    video = encode(seen.frames[shown], seen.t[shown], network.video)
    sound = sound[: round((float(seen.t[-1]) + 1 / scene.fps) * AUDIO_HZ)]
    heard = () if interview.missing == "microphone" else sounded(sound, AUDIO_HZ, network.opus_kbps)
    conditions: Conditions = {
        **_how(interview, scenario, subject, asked, seen),
        **{name: value for name, value in made.items() if isinstance(value, int | float | str)},
        "kbps": network.video.kbps,
        "opus_kbps": network.opus_kbps,
        "losses": len(network.video.losses),
        "sound_lost": network.sound_lost,
        "late_s": round(late_s, 2),
    }
    with_other = "other" in seen.truth or scenario.sound in _WITH_OTHER
    return Recording(
        video=video,
        sound=thinned(heard, network.sound_lost, _rng(interview, 5)),
        facts=facts,
        photo=None if interview.missing == "face_reference" else _photo(interview, subject),
        recordings=() if interview.missing == "voice_reference" else subject.enrolled,
        other=other.name if with_other else subject.name,
        duration_s=round(float(seen.t[-1]), 3),
        conditions=conditions,
    )


def _rng(interview: Interview, use: int) -> np.random.Generator:
    return np.random.default_rng((interview.seed, use))


def _scene(
    interview: Interview, scenario: Scenario, subject: Person, other: Person, said: sounds.Words
) -> Scene:
    """The interview's scene, whoever is shown talking in it for as long as it lasts."""
    rng = _rng(interview, 2)
    camera = draw_camera(rng, interview.fps, interview.light)
    lasts_s = interview.duration_s + 2.0 / camera.fps
    lips = said.other if scenario.pictures == "person_switch" else said.meant
    own, theirs = subject.seen, other.seen
    if scenario.shows_own:
        own = talking(own, said.meant, lasts_s, camera.fps, rng)
    if scenario.shows_other:
        theirs = talking(theirs, lips, lasts_s, camera.fps, rng)
    return Scene(
        clip=replace(own, subject=subject.name),
        others=(replace(theirs, subject=other.name),),
        rng=rng,
        renderer=interview.renderer,
        fps=camera.fps,
        duration_s=interview.duration_s,
        camera=camera,
        size=interview.size,
    )


def _heard(
    interview: Interview, scenario: Scenario, said: sounds.Words, seen: Rendered
) -> tuple[Samples, Mapping[str, Any]]:
    """What is heard. A mouth that was put together from other moments has a sound of its own."""
    rng = _rng(interview, 3)
    if scenario.pictures == "lip_retime" and seen.audio is not None:
        return sounds.made("vocoder", seen.audio, said.known, interview.renderer, rng)
    switch = seen.truth.get("switch_s")
    return sounds.heard(scenario, said, interview.renderer, switch, rng)


def _stranger(interview: Interview, scenario: Scenario, cast: Cast) -> Person | None:
    """Whose earlier interview the bank remembers: nobody who moves in this one. None where there is nobody else."""
    if not scenario.shows_other:
        return cast.named(interview.other)
    taking_part = (interview.subject, interview.other)
    others = [each for each in cast.of(interview.split) if each.moves and each.name not in taking_part]
    return others[interview.seed % len(others)] if others else None


def _facts(
    interview: Interview,
    scenario: Scenario,
    scene: Scene,
    asked: Asked | None,
    seen: Rendered,
    stranger: Person | None,
) -> tuple[Mapping[str, Any], ...]:
    rng = _rng(interview, 7)
    facts: list[Mapping[str, Any]] = []
    if interview.missing == "challenge_refused":
        refused = {"event": "end", "challenge": "lab", "how": "refused", "detail": ""}
        facts.append({"t": 0.5 * interview.duration_s, "topic": "flash", "values": refused})
    elif asked is not None:
        facts += asked.facts()
    if interview.missing != "page_report":
        told = reports(scenario.virtual, scene.renderer == "b", scene.camera.fps, rng)
        facts += [each for each in told if each["t"] < interview.duration_s]
    if scenario.pictures == "session_replay":
        facts += [fact for fact in seen.truth["facts"] if fact["topic"] == "past"]
    elif rng.uniform() < _REMEMBERED and stranger is not None:
        facts.append(earlier(replace(scene, rng=rng), stranger.seen))
    return tuple(sorted(facts, key=lambda fact: (fact["t"], fact["topic"])))


def _photo(interview: Interview, subject: Person) -> bytes:
    rng = _rng(interview, 8)
    return as_card(subject.known[int(rng.integers(len(subject.known)))], rng)


def _how(
    interview: Interview, scenario: Scenario, subject: Person, asked: Asked | None, seen: Rendered
) -> Conditions:
    found: Conditions = {
        "pictures": scenario.pictures,
        "sound": scenario.sound,
        "lips": "follow" if scenario.follows else "do not follow",
        "missing": interview.missing,
        "network": interview.network,
        "fps": round((len(seen.t) - 1) / float(seen.t[-1]), 3),
        "light": interview.light,
        "face_reference": subject.likeness,
        "screen_share": 0.0 if asked is None else round(asked.share, 4),
    }
    if subject.seen.ita_deg is not None:
        found["ita"] = subject.seen.ita_deg
    return found
