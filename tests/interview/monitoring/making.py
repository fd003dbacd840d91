"""A service's past: ended interviews with readings and assessments by the real assessor, of people on two kinds of device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from fraudmodel.assessor import Assessor
from fraudmodel.calibration import Logistic
from fraudmodel.fit import write_signal
from fraudmodel.parameters import FUSION_FILE, Parameters, load_parameters
from fraudmodel.policy import load_policy
from fraudmodel.signals import Abstention, Observation, Reading, Reason, SignalKind, Span
from interview.media.journal import Told, Took, encode
from interview.store.records import SessionRecord, User
from tests.fraudmodel.builders import MODEL, signal
from tests.interview.world import World, agreed, form

FACE, VOICE = SignalKind("face_match"), SignalKind("voice_match")
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
TABLET = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
FUSION = (
    '{"version": "made", "source": "by hand", "equivalent_cases": 20,'
    ' "groups": [{"name": "face", "kinds": ["face_match"], "correlation": 0.5}, {"name": "voice", "kinds": ["voice_match"], "correlation": 0.5}],'
    ' "components": [{"family": "impostor", "name": "another", "prior": 1, "weights": {"face_match": 1, "voice_match": 1}}]}'
)


def parameters_in(folder: Path, slope: float = 2.0) -> Parameters:
    """Parameters of two signals whose LLR is ``slope`` times (statistic - 1): right for bona fide N(0, 1) and fraud N(2, 1) where it is 2."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FUSION_FILE).write_text(FUSION)
    for kind in (FACE, VOICE):
        write_signal(signal(kind, Logistic(0.0, (-slope, slope))), folder)
    return load_parameters(str(folder))


@dataclass(frozen=True, slots=True)
class Past:
    """Interviews that ended, oldest first, and which of them were fraud."""

    records: Sequence[SessionRecord]
    fraud: Mapping[str, bool]

    def csv(self, confirmed_on: str) -> str:
        """All outcomes as a bank hands them in."""
        lines = [
            f"{each.id},{'fraud' if self.fraud[each.id] else 'bona_fide'},{confirmed_on},Risk,case {number}"
            for number, each in enumerate(self.records)
        ]
        return "\n".join(["interview,outcome,confirmed_on,by,source", *lines])


def past(
    world: World,
    officer: User,
    parameters: Parameters,
    count: int,
    *,
    moved: float = 0.0,
    noisy: float = 0.1,
    fraud: float = 0.1,
    seed: int = 0,
    every: timedelta = timedelta(hours=1),
) -> Past:
    """``count`` interviews, one every hour. ``moved`` shifts every face's score, ``noisy`` of the voices are not measured."""
    rng = np.random.default_rng(seed)
    records, known = [], {}
    for number in range(count):
        world.clock.at += every
        is_fraud = bool(rng.random() < fraud)
        readings = list(_readings(rng, 2.0 * is_fraud, moved, noisy))
        agent = PHONE if number % 3 else TABLET
        record = ended(world, officer, parameters, readings, agent, name=f"applicant {seed} {number}")
        records.append(record)
        known[record.id] = is_fraud
    return Past(records, known)


def ended(
    world: World,
    officer: User,
    parameters: Parameters,
    readings: Sequence[Reading],
    agent: str,
    name: str = "王小明",
) -> SessionRecord:
    """One interview that was held and sealed, assessed at its end."""
    session = world.sessions.create(officer, form(name))
    world.sessions.consent(session.id, agreed(world.clock.now()))
    world.sessions.officer_joined(session.id)
    world.sessions.applicant_joined(session.id)
    assessor = Assessor(parameters, load_policy(), 0.005, {FACE: None, VOICE: None})
    for reading in readings:
        assessor.add(reading)
    camera = {"event": "camera", "user_agent": agent, "mobile": True, "touch_points": 5}
    journal = encode(Took("video", 0)) + encode(Told("page", 10, camera))
    given = [*readings, assessor.assess(60.0)]
    world.repository.outputs.append(session.id, given, world.clock.now(), journal)
    return world.sessions.seal(session.id, officer.id)


def _readings(
    rng: np.random.Generator, towards_fraud: float, moved: float, noisy: float
) -> Sequence[Reading]:
    face = rng.normal(towards_fraud + moved, 1.0)
    quality = float(rng.uniform(0.4, 0.9))
    found: list[Reading] = [
        Observation(FACE, Span(t, t + 1.0), float(face), quality, MODEL) for t in (1.0, 2.0)
    ]
    if rng.random() < noisy:
        return [*found, Abstention(VOICE, Span(1.0, 3.0), Reason.NOISY)]
    return [*found, Observation(VOICE, Span(1.0, 3.0), float(rng.normal(towards_fraud, 1.0)), quality, MODEL)]
