"""Brief movements planted in faces, sent as a call sends them, and what the detector says of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from biometrics.attacklab.channel import Channel, arriving, decoded
from biometrics.detectors.micro_expression import MicroExpression
from biometrics.face.boxes import Image
from biometrics.face.perception import FacePerception
from biometrics.facs.clip import play
from biometrics.facs.faces import NeutralFace
from biometrics.facs.plan import Blink, ClipPlan, HeadMotion, PlantedMovement, Sensor, Utterance
from biometrics.facs.rig import Rig
from biometrics.media import Frame
from biometrics.micro.baseline import RATE_HZ
from biometrics.micro.masks import BLINK_S
from biometrics.micro.observable import Observability, Refusal
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from models.hub import ModelHub

REST_S: Final = 17.0
"""Nothing is planted before."""
LEARNT_S: Final = 21.0
"""By then the detector has seen 15 s of this face at rest; what is planted earlier is not counted."""
DURATION_S: Final = 37.0
UPPER: Final[tuple[Mapping[str, float], ...]] = (
    {"AU1": 1.0, "AU2": 1.0}, {"AU1": 0.8, "AU2": 1.0}, {"AU2": 1.0}, {"AU1": 1.0}, {"AU4": 1.0}, {"AU4": 1.0, "AU7": 0.6}, {"AU7": 1.0},
    {"AU1": 1.0, "AU4": 0.8}, {"AU4": 0.8, "AU9": 1.0},
)  # fmt: skip
LOWER: Final[tuple[Mapping[str, float], ...]] = (
    {"AU12": 1.0}, {"AU6": 0.6, "AU12": 1.0}, {"AU15": 1.0}, {"AU14": 1.0}, {"AU10": 1.0}, {"AU20": 1.0}, {"AU17": 1.0},
)  # fmt: skip
UPPER_SHARE: Final = 0.7
_RISE_S, _HOLD_S, _FALL_S, _LONGEST_S = (0.07, 0.2), (0.0, 0.05), (0.08, 0.25), 0.47
_PAUSE_S = (0.9, 1.5)
_BLINKS_A_MINUTE = 17.0
_HOP_S, _WORDS = 0.512, 16


@dataclass(frozen=True, slots=True)
class Condition:
    """How a clip is sent. ``fps`` 15 is every second of 30 frames, as a camera in the dark gives them."""

    kbps: int
    fps: int = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A movement that the detector spotted."""

    onset_s: float
    offset_s: float
    apex_s: float
    brief: bool
    upper: bool
    strength: float
    amplitude: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a detector said of a clip: movements, windows without one, and the reasons for which it said nothing, with the last detail.

    ``searched`` the moments (1/30 s each) at which a movement of the upper face would have been found.
    """

    found: tuple[Found, ...]
    empty: int
    abstained: Mapping[Reason, str] = field(default_factory=dict)
    searched: tuple[float, ...] = ()

    def searched_s(self, since: float) -> float:
        """Seconds of media from ``since`` on."""
        return sum(t >= since for t in self.searched) / RATE_HZ


class Open(Observability):
    """The gate left open, to see what it keeps out: only what cannot be measured at all is refused."""

    def push(self, view: FaceView) -> Refusal | None:
        """Why nothing can be seen, whatever it would be worth."""
        refusal = super().push(view)
        if view.face is None or (refusal is not None and refusal.reason is Reason.NOT_YET):
            return refusal
        return None


def draw_plan(rng: np.random.Generator, fps: int, amplitude: float) -> ClipPlan:
    """A person who sits before a camera, blinks, and says something now and then; then moves briefly again and again."""
    much = float(rng.uniform(0.5, 1.5))
    calm = HeadMotion()
    return ClipPlan(
        seed=int(rng.integers(2**31)),
        duration_s=DURATION_S,
        fps=float(fps),
        inter_ocular_px=float(rng.uniform(86.0, 100.0)),
        movements=tuple(_movements(rng, amplitude)),
        head=HeadMotion(calm.shift * much, calm.yaw_deg * much, calm.pitch_deg * much, calm.roll_deg * much),
        blinks=tuple(_blinks(rng)),
        speech=tuple(_speech(rng)),
        sensor=Sensor(iso=float(rng.uniform(100.0, 400.0))),
        light_drift=0.01,
    )


def _movements(rng: np.random.Generator, amplitude: float) -> Iterator[PlantedMovement]:
    t = REST_S
    while True:
        units = UPPER if rng.uniform() < UPPER_SHARE else LOWER
        rise, hold, fall = (float(rng.uniform(*each)) for each in (_RISE_S, _HOLD_S, _FALL_S))
        hold = max(min(hold, _LONGEST_S - rise - fall), 0.0)
        if t + rise + hold + fall > DURATION_S - 3.0:
            return
        yield PlantedMovement(
            t, t + rise, t + rise + hold + fall, units[int(rng.integers(len(units)))], amplitude,
            float(np.clip(rng.normal(0.0, 0.2), -0.6, 0.6)), hold,
        )  # fmt: skip
        t += rise + hold + fall + float(rng.uniform(*_PAUSE_S))


def _blinks(rng: np.random.Generator) -> Iterator[Blink]:
    t = 0.0
    while True:
        t += 0.6 + float(rng.exponential(60.0 / _BLINKS_A_MINUTE - 0.6))
        if t > DURATION_S - 0.3:
            return
        yield Blink(t, float(rng.uniform(0.14, 0.3)))


def _speech(rng: np.random.Generator) -> Iterator[Utterance]:
    t = float(rng.uniform(0.0, 3.0))
    while t < DURATION_S - 1.0:
        length = float(rng.uniform(1.0, 3.0))
        yield Utterance(
            t, min(t + length, DURATION_S), float(rng.uniform(0.04, 0.1)), float(rng.uniform(3.5, 5.5))
        )
        t += length + float(rng.uniform(2.0, 5.0))


def in_a_blink(movement: PlantedMovement, blinks: Sequence[Blink]) -> bool:
    """Whether a blink overlaps it, with what is left out about one: the detector does not judge the upper face then."""
    return any(
        each.t - each.duration_s / 2 - BLINK_S < movement.offset_s
        and each.t + each.duration_s / 2 + BLINK_S > movement.onset_s
        for each in blinks
    )


def in_speech(movement: PlantedMovement, speech: Sequence[Utterance]) -> bool:
    """Whether somebody speaks meanwhile, or just before or after: the lower face is not judged then."""
    return any(
        each.start_s - 0.5 < movement.offset_s and each.end_s + 0.5 > movement.onset_s for each in speech
    )


def pictures(face: NeutralFace, plan: ClipPlan) -> list[Image]:
    """A plan filmed."""
    return [frame.image for frame in play(Rig(face, plan.size, plan.inter_ocular_px), plan)]


def sent(images: Sequence[Image], plan: ClipPlan, condition: Condition) -> Iterator[Frame]:
    """A filmed plan as it arrives; every second picture where the condition has half the plan's frame rate."""
    step = max(round(plan.fps / condition.fps), 1)
    taken = images[::step]
    t = np.arange(len(taken)) * step / plan.fps
    return decoded(arriving(iter(taken), plan.size, t, Channel(condition.kbps)))


def seen(frames: Iterable[Frame], hub: ModelHub) -> Iterator[FaceView]:
    """Frames with their faces, one at a time: a clip's views together take a gigabyte."""
    with FacePerception(hub) as perception:
        for frame in frames:
            yield perception.observe(frame)


def heard(speech: Sequence[Utterance], until_s: float) -> Iterator[Fact]:
    """What a voice-activity detector tells of a plan's speech."""
    for hop in range(int(until_s / _HOP_S)):
        start = hop * _HOP_S
        middles = start + (np.arange(_WORDS) + 0.5) * _HOP_S / _WORDS
        said = [any(each.start_s <= t <= each.end_s for each in speech) for t in middles.tolist()]
        values = {
            "from_s": start,
            "to_s": start + _HOP_S,
            "speech": [0.95 if each else 0.02 for each in said],
        }
        yield Fact(start + _HOP_S, "speech", values)


class Reader:
    """A detector that is shown a clip, view by view, and told the facts that lie between."""

    def __init__(self, facts: Iterable[Fact] = (), gate: Observability | None = None) -> None:
        self._detector = MicroExpression(seen=gate)
        self._waiting = deque(facts)
        self._readings: list[Reading] = []
        self._searched: list[float] = []

    def see(self, view: FaceView) -> None:
        """Show it the next view."""
        while self._waiting and self._waiting[0].t <= view.t:
            self._readings += self._detector.learn(self._waiting.popleft())
        self._take(self._detector.observe(view))

    def finish(self) -> Said:
        """The clip ends: what the detector said of it."""
        self._take(self._detector.finish())
        return said(self._readings, self._searched)

    def _take(self, readings: Iterable[Reading]) -> None:
        self._readings += readings
        self._searched += [each.t for each in self._detector.looked if each.undisturbed]


def said(readings: Sequence[Reading], searched: Sequence[float] = ()) -> Said:
    """Readings in short."""
    abstained = [each for each in readings if isinstance(each, Abstention)]
    observed = [each for each in readings if isinstance(each, Observation)]
    return Said(
        tuple(_found(each) for each in observed if each.covariates["movement"]),
        sum(not each.covariates["movement"] for each in observed),
        {each.reason: each.detail for each in abstained},
        tuple(searched),
    )


def _found(reading: Observation) -> Found:
    values = reading.covariates
    return Found(
        reading.span.start, reading.span.end, values["apex_s"], bool(values["brief"]), bool(values["upper"]), reading.score,
        values["amplitude"],
    )  # fmt: skip
