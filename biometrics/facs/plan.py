"""What is to be filmed: movements, head, blinks, speech, camera. Everything that a clip shows follows from its plan, to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from biometrics.facs.motion import activation
from biometrics.facs.units import halves, upper


@dataclass(frozen=True, slots=True)
class PlantedMovement:
    """A movement out of rest at ``onset_s``, full at ``apex_s``, back at ``offset_s`` (s of the clip), held ``hold_s`` after its apex.

    ``units`` relative strengths of action units; ``amplitude`` how far the landmark that moves farthest goes, in distances
    between the eyes (0.02 is 2 %); ``asymmetry`` -1..1, above 0 where the person's left side moves further;
    ``label`` what a planner calls it, "" where nothing.
    """

    onset_s: float
    apex_s: float
    offset_s: float
    units: Mapping[str, float]
    amplitude: float
    asymmetry: float = 0.0
    hold_s: float = 0.0
    label: str = ""

    def __post_init__(self) -> None:
        halves(self.units, self.asymmetry)
        if not self.onset_s < self.apex_s <= self.apex_s + self.hold_s < self.offset_s:
            raise ValueError("a movement's onset, apex, end of its hold and offset follow one another")
        if self.amplitude <= 0.0:
            raise ValueError(f"a movement's amplitude is above 0, not {self.amplitude}")

    @property
    def duration_s(self) -> float:
        """From onset to offset."""
        return self.offset_s - self.onset_s

    @property
    def upper(self) -> bool:
        """Whether brows, lids or the root of the nose are among what moves."""
        return upper(self.units)

    def at(self, t: float) -> float:
        """How far it has gone at a moment, 0..1."""
        return activation(t, self.onset_s, self.apex_s, self.offset_s, self.hold_s)


@dataclass(frozen=True, slots=True)
class HeadMotion:
    """How a head that is kept still moves, root mean squares: ``shift`` inter-ocular distances, turns in degrees, ``nearer`` share of its size.

    ``tremor`` the share of all that which comes at 1 to 4 Hz instead of 0.05 to 0.5.
    """

    shift: float = 0.03
    yaw_deg: float = 1.0
    pitch_deg: float = 0.8
    roll_deg: float = 0.6
    nearer: float = 0.005
    tremor: float = 0.03


@dataclass(frozen=True, slots=True)
class Blink:
    """Both lids close and open again about ``t`` s: 100 to 400 ms in all (Schiffman 2001)."""

    t: float
    duration_s: float = 0.2


@dataclass(frozen=True, slots=True)
class Glance:
    """Both eyes look aside from ``t`` for ``duration_s`` and back: ``across`` to the image's right and ``down``, inter-ocular distances."""

    t: float
    duration_s: float
    across: float
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Nod:
    """The head turns from ``t`` over ``duration_s`` and back: at most ``pitch_deg`` down and ``yaw_deg`` to the image's right."""

    t: float
    duration_s: float
    pitch_deg: float
    yaw_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Speech from ``start_s`` to ``end_s``: the jaw opens up to ``jaw`` inter-ocular distances, ``syllables_hz`` times a second."""

    start_s: float
    end_s: float
    jaw: float = 0.08
    syllables_hz: float = 4.5


@dataclass(frozen=True, slots=True)
class Sensor:
    """A camera's noise, linear light with white paper at 1: variance ``shot`` x light + ``read``, both as at ISO 100.

    ``iso`` amplifies: shot noise grows with it, read noise with its square. ``blur_px`` sigma of lens and filter.
    """

    iso: float = 200.0
    shot: float = 0.00012
    read: float = 1.0e-6
    blur_px: float = 0.5


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """One clip. ``seed`` of all its chance; ``size`` (height, width) px; ``inter_ocular_px`` of the face at rest.

    ``light_drift`` root mean square of slow changes of the light, as a share of it.
    """

    seed: int
    duration_s: float
    fps: float = 30.0
    size: tuple[int, int] = (480, 640)
    inter_ocular_px: float = 88.0
    movements: tuple[PlantedMovement, ...] = ()
    head: HeadMotion = field(default_factory=HeadMotion)
    nods: tuple[Nod, ...] = ()
    blinks: tuple[Blink, ...] = ()
    glances: tuple[Glance, ...] = ()
    speech: tuple[Utterance, ...] = ()
    sensor: Sensor = field(default_factory=Sensor)
    light_drift: float = 0.01

    @property
    def frames(self) -> int:
        """How many there are."""
        return max(1, round(self.duration_s * self.fps))
