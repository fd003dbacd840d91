"""What the camera of an interview delivers, throughout: one of the lab's species, with the light of a challenge where it falls on anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from biometrics.attacklab.clip import Clip
from biometrics.attacklab.earlier import remembered
from biometrics.attacklab.interviews.scenarios import Scenario
from biometrics.attacklab.lighting import (
    Flash,
    challenge,
    drowned_share,
    faint_share,
    lit_by_screen,
    screen_lights,
    screen_share,
)
from biometrics.attacklab.optics import Floats, Lights, room_only
from biometrics.attacklab.species import (
    Rendered,
    Scene,
    cut_out,
    face_swap,
    injected_still,
    lcd_replay,
    lip_retime,
    looped_video,
    mesh_mask,
    person_switch,
    phone_replay,
    reenactment,
    relight,
    session_replay,
    virtual_transcode,
)
from biometrics.attacklab.species import print as paper
from biometrics.attacklab.takes import Take, framed, lit

FAINT: Final = 120 / 520
"""Share of interviews in which the screen hardly lights the face, or daylight drowns it: as the lab has it (decision 10)."""
_EMITS: Final = frozenset({"lcd_replay", "phone_replay"})
_LASTS_S: Final = (10.6, 13.0)
"""A challenge of 16 to 20 chips."""
LEAD_S: Final = 2.2
"""Between the end of a challenge and the end of the interview, at least."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge in an interview: what the screen showed when, and the share of the room's light that it gives."""

    flash: Flash
    begun_s: float
    share: float

    def facts(self) -> list[dict[str, Any]]:
        """What the detector is told of it, as JSON of `views.Fact`, on the interview's clock."""
        begin, *others = self.flash.facts()
        return [begin | {"t": self.begun_s}, *others]


def asked_in(scene: Scene) -> Asked:
    """A challenge near the end of the interview."""
    rng = scene.rng
    short = challenge(replace(scene, duration_s=float(rng.uniform(*_LASTS_S))))
    length = short.shown_s[-1] + short.plan.tail_s
    by_s = max(0.0, scene.duration_s - length - LEAD_S - float(rng.uniform(0.0, 1.0)))
    flash = replace(short, shown_s=tuple(round(at + by_s, 4) for at in short.shown_s))
    draw = rng.uniform()
    weak = faint_share if draw < FAINT / 2 else drowned_share
    share = weak(scene) if draw < FAINT else screen_share(scene)
    return Asked(flash, round(by_s + 0.4, 4), share)


def pictures(scene: Scene, scenario: Scenario, asked: Asked | None) -> Rendered:
    """The whole interview's pictures. ``scene.clip`` is of the applicant, ``others[0]`` of whoever else takes part; both last as long."""
    if scenario.pictures == "live":
        seen = scene.clip if scenario.seen == "own" else scene.others[0]
        take = _before(scene, seen, *_moments(scene, asked))
        other = {} if scenario.seen == "own" else {"other": seen.subject}
        return take.rendered({"held": scene.renderer == "b", **other})
    if scenario.pictures in _STAGED:
        t, lights = _moments(scene, asked, followed=scenario.pictures not in _EMITS)
        return _STAGED[scenario.pictures](scene, t, lights)
    return _PLAYED[scenario.pictures](scene, asked)


def _moments(scene: Scene, asked: Asked | None, followed: bool = True) -> tuple[Floats, Lights]:
    """When frames are taken, and in which light."""
    t = scene.camera.times(scene.duration_s, scene.rng)
    if asked is None:
        return t, room_only(len(t))
    return t, screen_lights(scene, asked.flash, t, asked.share, followed)


def _before(scene: Scene, clip: Clip, t: Floats, lights: Lights) -> Take:
    """Somebody before the scene's honest camera."""
    take = framed(clip, t, scene.camera.fps, scene.size, scene.rng, scene.renderer == "b")
    shines = any(light.shines for light in lights)
    seen = lit_by_screen(take, lights) if shines else lit(take.frames)
    return replace(take, frames=scene.camera.capture(seen, t, scene.rng))


def _switch(scene: Scene, asked: Asked | None) -> Rendered:
    t, lights = _moments(scene, asked)
    return person_switch.switched(
        scene, _before(scene, scene.clip, t, lights), _before(scene, scene.others[0], t, lights)
    )


def _swap(scene: Scene, asked: Asked | None) -> Rendered:
    return face_swap.swapped(scene, _before(scene, scene.others[0], *_moments(scene, asked)))


def _transcode(scene: Scene, asked: Asked | None) -> Rendered:
    return virtual_transcode.transcoded(scene, _before(scene, scene.clip, *_moments(scene, None)))


def _relight(scene: Scene, asked: Asked | None) -> Rendered:
    take = _before(scene, scene.clip, *_moments(scene, None))
    return take.rendered({}) if asked is None else relight.painted(scene, take, asked.flash)


def _answered(scene: Scene, asked: Asked | None) -> Rendered:
    """A recording of an answer to another interview's challenge, at about the same time."""
    other = asked_in(scene)
    played = virtual_transcode.transcoded(scene, _before(scene, scene.clip, *_moments(scene, other)))
    return replace(played, truth={**played.truth, "answered_seed": other.flash.seed.hex()})


def _alone(render: Callable[[Scene], Rendered]) -> Callable[[Scene, Asked | None], Rendered]:
    def rendered(scene: Scene, asked: Asked | None) -> Rendered:
        return render(scene)

    return rendered


_STAGED: Final[Mapping[str, Callable[[Scene, Floats, Lights], Rendered]]] = {
    "print": paper.presented,
    "cut_out": lambda scene, t, lights: cut_out.way(scene)(scene, t, lights),
    "mesh_mask": mesh_mask.presented,
    "lcd_replay": lcd_replay.presented,
    "phone_replay": phone_replay.presented,
}
_PLAYED: Final[Mapping[str, Callable[[Scene, Asked | None], Rendered]]] = {
    "person_switch": _switch,
    "face_swap": _swap,
    "virtual_transcode": _transcode,
    "relight": _relight,
    "challenge_replay": _answered,
    "injected_still": _alone(injected_still.render),
    "reenactment": _alone(reenactment.render),
    "lip_retime": _alone(lip_retime.render),
    "looped_video": _alone(looped_video.render),
    "session_replay": _alone(session_replay.render),
}


def earlier(scene: Scene, film: Clip) -> dict[str, Any]:
    """The fact of an earlier interview with the person of ``film``, which the bank remembers."""
    t = np.arange(round(10 * scene.fps)) / scene.fps
    other = framed(film, t, scene.fps, scene.size, scene.rng)
    return remembered(other.frames, t)
