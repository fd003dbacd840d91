"""A bounded memory of what was seen and heard. Marks of questions come after the frames and the sound that they concern."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import nan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.behaviour.answers import LONGEST_S
from biometrics.behaviour.blinks import LONGEST_GAP_S
from biometrics.behaviour.eyes import eyes_of
from biometrics.behaviour.speaking import Heard
from biometrics.views import FaceView, Fact
from biometrics.voice.envelope import BANDS_HZ, STEP_S
from biometrics.voice.vad import FRAME_S
from fraudmodel.signals import Span

KEPT_S: Final = LONGEST_S + 60.0
"""The longest answer, and a minute in which its end may be told."""
_MOST_LOOKS: Final = 12_000
_MOST_HOPS: Final = 2_000
_BANDS: Final = len(BANDS_HZ) - 1

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looks:
    """Frames of one stretch: ``t`` (n,) s; ``opening`` (n,) of the eyes; ``gaze`` (n, 2) degrees across and up; ``angles`` (n, 3) yaw,
    pitch, roll. NaN where it could not be seen. ``fps`` frames a second; ``held_s`` (n,) for how long each stands, of ``seconds`` in all.
    """

    t: Floats
    opening: Floats
    gaze: Floats
    angles: Floats
    fps: float
    held_s: Floats
    seconds: float

    def seen_s(self, seen: NDArray[np.bool_]) -> float:
        """Seconds that the frames ``seen`` (n,) stand for."""
        return float(self.held_s[seen].sum())


class Memory:
    """What was seen and heard in the last `KEPT_S` of one session."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, ...]] = deque(maxlen=_MOST_LOOKS)
        self._hops: deque[tuple[float, float, Floats, Floats, float]] = deque(maxlen=_MOST_HOPS)
        self._pitch: deque[tuple[float, Floats, Floats]] = deque(maxlen=_MOST_HOPS)

    @property
    def since_s(self) -> float:
        """From where on all that was seen is still known."""
        return self._looks[0][0] if self._looks else 0.0

    def see(self, view: FaceView) -> None:
        """Keep what a frame shows."""
        face = view.face
        if face is None:
            self._looks.append((view.t, *([nan] * 6)))
        else:
            eyes, pose = eyes_of(face), face.pose
            seen = (eyes.opening, eyes.across_deg, eyes.up_deg) if eyes else (nan, nan, nan)
            self._looks.append((view.t, *seen, pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
        self._forget(view.t - KEPT_S)

    def hear(self, fact: Fact) -> None:
        """Keep a fact of the topic "speech" (`voice.perception.heard`)."""
        values = fact.values
        levels = np.array(values["levels_db"], dtype=np.float64).reshape(-1, _BANDS)
        speech = np.array(values["speech"], dtype=np.float64)
        start, end = float(values["from_s"]), float(values["to_s"])
        self._hops.append((start, end, speech, levels, float(values["step_s"])))

    def pitch(self, fact: Fact) -> None:
        """Keep a fact of the topic "prosody" (`voice.prosody.spoken_pitch`)."""
        values: Any = fact.values
        f0_hz = np.array([nan if hz is None else hz for hz in values["f0_hz"]], dtype=np.float64)
        at = values["first_s"] + np.arange(len(f0_hz)) * values["step_s"]
        voiced = ~np.isnan(f0_hz)
        self._pitch.append((float(values["to_s"]), at[voiced], f0_hz[voiced]))

    def looks(self, span: Span) -> Looks:
        """The frames of a span."""
        rows = np.array([row for row in self._looks if span.start <= row[0] <= span.end]).reshape(-1, 7)
        t = rows[:, 0]
        fps = 1.0 / max(float(np.median(np.diff(t))), 1e-3) if len(t) > 2 else 0.0
        held_s = np.minimum(np.diff(t, append=span.end), LONGEST_GAP_S)
        return Looks(t, rows[:, 1], rows[:, 2:4], rows[:, 4:], fps, held_s, span.duration_s)

    def heard(self, span: Span) -> Heard:
        """The sound of a span."""
        hops = [hop for hop in self._hops if hop[0] < span.end and hop[1] > span.start]
        at = _joined([start + np.arange(len(speech)) * FRAME_S for start, _, speech, _, _ in hops])
        speech = _joined([speech for _, _, speech, _, _ in hops])
        step_at = _joined([start + np.arange(len(levels)) * step for start, _, _, levels, step in hops])
        levels = np.concatenate([np.zeros((0, _BANDS)), *(levels for _, _, _, levels, _ in hops)])
        spoken = [(t, hz) for end, t, hz in self._pitch if end > span.start]
        pitch_at, f0_hz = _joined([t for t, _ in spoken]), _joined([hz for _, hz in spoken])
        frames, steps, pitched = (_within(times, span) for times in (at, step_at, pitch_at))
        step_s = hops[0][4] if hops else STEP_S
        return Heard(at[frames], speech[frames], step_at[steps], levels[steps], step_s, f0_hz[pitched])

    def _forget(self, t: float) -> None:
        while self._looks[0][0] < t:
            self._looks.popleft()
        while self._hops and self._hops[0][1] < t:
            self._hops.popleft()
        while self._pitch and self._pitch[0][0] < t:
            self._pitch.popleft()


def _joined(parts: Iterable[NDArray[np.floating[Any]]]) -> Floats:
    return np.concatenate([np.zeros(0), *parts]).astype(np.float64)


def _within(times: Floats, span: Span) -> NDArray[np.bool_]:
    return np.asarray((times >= span.start) & (times < span.end))
