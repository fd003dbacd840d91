"""The light of the applicant's screen on a face, while it shows a coloured-light challenge; and what is told of that challenge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.heads import cast, head_poses
from biometrics.attacklab.optics import Floats, Light, Lights, Radiance, to_linear
from biometrics.attacklab.presenting import room_level
from biometrics.attacklab.room import BEHIND
from biometrics.attacklab.species import Rendered, Scene
from biometrics.attacklab.surfaces import Plane, normals_of
from biometrics.attacklab.takes import Take
from biometrics.challenges.flash import CHIPS, GREY, PALETTE, FlashPlan, emitted, flash_plan
from biometrics.face.pose import POINTS

LEAST_CHIPS = 16
LONGEST_S = 19.0
_BEGIN_S = 0.4
_BODY = 0.45
_DARKEST = 0.05
_DESK = 0.9
"""White paper on a well-lit desk, by a screen's white: what `room_level` takes it to be."""


@dataclass(frozen=True, slots=True)
class Flash:
    """One challenge: its ``seed`` and ``plan``, and when its colours appeared on the screen: grey, each chip, grey (s)."""

    seed: bytes
    plan: FlashPlan
    shown_s: tuple[float, ...]

    def light(self, t: Floats, delay_s: float = 0.0) -> Floats:
        """(n, 3) linear BGR light of the screen at the times ``t``, ``delay_s`` later than it was shown."""
        colours = [GREY, *(PALETTE[chip] for chip in self.plan.chips), GREY]
        return emitted(colours, self.shown_s, t - delay_s, self.plan.fade_s)[:, ::-1]

    def facts(self) -> list[dict[str, Any]]:
        """What the detector is told of it, as JSON of `views.Fact`, in order."""
        name = "lab"
        begin = {"event": "begin", "challenge": name, "seed": self.seed.hex(), "chips": len(self.plan.chips)}
        told = [{"t": _BEGIN_S, "topic": "flash", "values": begin}]
        for k, shown in enumerate(self.shown_s, start=-1):
            values = {"event": "show", "challenge": name, "k": k, "shown_s": shown}
            told.append({"t": shown, "topic": "flash", "values": values})
        end = {"event": "end", "challenge": name, "how": "done", "detail": ""}
        told.append({"t": self.shown_s[-1] + self.plan.tail_s, "topic": "flash", "values": end})
        return told

    def truth(self, followed: bool, share: float) -> dict[str, Any]:
        """A render's ground truth of it. ``followed`` whether what is shown takes its light; ``share`` as of `screen_share`."""
        return {
            "followed": followed,
            "screen_share": round(share, 4),
            "chips": len(self.plan.chips),
            "facts": self.facts(),
        }


def challenge(scene: Scene) -> Flash:
    """The challenge of a session: as many chips as its duration allows, `LEAST_CHIPS` at least and `CHIPS` at most.

    Each colour appears up to one refresh of the screen and one task of the page late.
    """
    rng = scene.rng
    seed = rng.bytes(32)
    room_s = scene.duration_s - _BEGIN_S - FlashPlan(()).lead_s - FlashPlan(()).tail_s
    plan = flash_plan(seed, int(np.clip(room_s / FlashPlan(()).chip_s, LEAST_CHIPS, CHIPS)))
    late = rng.uniform(0.0, 0.025, len(plan.chips) + 2)
    planned = np.array((0.0, *plan.shown_s())) + _BEGIN_S + 0.05
    return Flash(seed, plan, tuple(round(float(t), 4) for t in planned + late))


def lasting(flash: Flash) -> float:
    """How long a recording must be to hold the whole challenge, s."""
    return flash.shown_s[-1] + flash.plan.tail_s + 0.3


class FaceLight:
    """How much of the screen's light reaches each px of a take: Lambert on the face, less on the body, little behind.

    The shape is taken from one frame and moved with the head in the picture.
    """

    def __init__(self, take: Take) -> None:
        self._size = (int(take.frames.shape[1]), int(take.frames.shape[2]))
        middle = len(take.t) // 2
        self._points = np.ascontiguousarray(take.landmarks[:, POINTS, :2])
        self._reference = self._points[middle]
        self._shade = _shade(take.landmarks[middle], self._size)

    def at(self, index: int) -> Plane:
        """(H, W) 0..1 in a frame of the take."""
        move = _similarity(self._reference, self._points[index])
        shade = cv2.warpAffine(self._shade, move, self._size[::-1], borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(shade, dtype=np.float32)


def lit_by_screen(take: Take, lights: Lights) -> Iterator[Radiance]:
    """A take as it looks in the room's and a screen's light."""
    shades = FaceLight(take)
    for i, (image, light) in enumerate(zip(take.frames, lights, strict=True)):
        yield relit(to_linear(np.asarray(image)), shades.at(i), light)


def relit(radiance: Radiance, shade: Plane, light: Light) -> Radiance:
    """Add the screen's light where ``shade`` lets it."""
    gain = np.empty_like(radiance)
    for channel in range(3):
        gain[..., channel] = shade * np.float32(light.beam[channel])
    gain += np.float32(light.room)
    gain *= radiance
    return gain


def exposed(beam: Floats, share: float, screen: Floats | None = None) -> Light:
    """A beam (3,) BGR and the room, as a camera shows both: exposure takes half of the beam's ``share`` back."""
    level = 1 / (1 + 0.5 * share)
    return Light(level, beam * level, np.zeros(3) if screen is None else screen * level)


def screen_lights(scene: Scene, flash: Flash, t: Floats, share: float, followed: bool = True) -> list[Light]:
    """The challenge's light at the times ``t``: ``share`` of the room's where grey falls straight on something.

    What emits its own picture (not ``followed``) grows no brighter by it, so that exposure stays, and makes the room look as
    dark as `room_level` says. The screen is taken to be as bright as those that attackers play videos on.
    """
    room = _DESK * max(scene.camera.light, _DARKEST)
    paper = room if followed else room_level(scene)
    shown = flash.light(t)
    beams = shown * (share / float(np.mean(GREY.linear))) * (room / paper)
    back = share if followed else 0.0
    return [exposed(beam, back, screen) for beam, screen in zip(beams, shown / paper, strict=True)]


def challenged(
    scene: Scene, presented: Callable[[Scene, Floats, Lights], Rendered], followed: bool
) -> Rendered:
    """A presentation while the applicant's screen, which stands where the camera is, shows a challenge.

    ``followed`` whether it reflects that light, as paper and masks do, or emits its own picture, as screens do.
    """
    flash = challenge(scene)
    t = scene.camera.times(lasting(flash), scene.rng)
    share = screen_share(scene)
    seen = presented(scene, t, screen_lights(scene, flash, t, share, followed))
    return replace(seen, truth=dict(seen.truth) | flash.truth(followed, share))


def screen_share(scene: Scene) -> float:
    """What the screen adds to the room's light on a face that looks at it: little by day, much in the dark."""
    return _share(scene, 0.04, 0.20)


def faint_share(scene: Scene) -> float:
    """The same of a phone's screen at arm's length: of some 450 cd/m2 and 90 cm2 its grey gives 10 lux at 35 cm, a desk has 500."""
    return _share(scene, 0.008, 0.04)


def drowned_share(scene: Scene) -> float:
    """The same by a window in daylight: those 10 lux in 3 000 to 20 000."""
    return _share(scene, 0.0005, 0.0033)


def _share(scene: Scene, least: float, most: float) -> float:
    near = float(scene.rng.uniform(least, most))
    return min(near / max(scene.camera.light, _DARKEST), 1.0)


def _shade(landmarks: NDArray[np.float32], size: tuple[int, int]) -> Plane:
    still = head_poses(landmarks[np.newaxis])[0]
    face = cast(landmarks, still, size)
    left, top, right, bottom = face.region
    length = float(np.ptp(face.uv[:, 1]))
    y, x = (axis.astype(np.float32) for axis in np.indices(size))
    beside = (x - still.centre[0]) / np.float32(length * 0.9)
    below = (
        np.maximum(y - still.centre[1], 0) / np.float32(length * 3)
        + np.minimum(y - still.centre[1], 0) / length
    )
    shade = BEHIND + _BODY * np.exp(-(beside**2) - below**2)
    lambert = np.maximum(-normals_of(np.asarray(cv2.GaussianBlur(face.depth, (0, 0), 2.0)))[..., 2], 0)
    soft = np.asarray(cv2.GaussianBlur(face.cover, (0, 0), length / 40))
    part = shade[top:bottom, left:right]
    part += soft * (lambert - part)
    return np.asarray(shade, dtype=np.float32)


def _similarity(source: NDArray[np.float32], target: NDArray[np.float32]) -> Floats:
    """(2, 3) rotation, scale and shift that take points (n, 2) closest to others (least squares)."""
    a, b = source.mean(axis=0), target.mean(axis=0)
    p, q = (source - a) @ (1, 1j), (target - b) @ (1, 1j)
    turn = complex(np.vdot(p, q) / max(float(np.vdot(p, p).real), 1e-9))
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, b - linear @ a])
