"""A paper mask: a printed photo with eyes cut out, bent over somebody's face; or a whole print bent by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from biometrics.attacklab.heads import EYES, MOUTH, OVAL, Cast, cast, head_poses
from biometrics.attacklab.optics import Floats, Lights, Radiance, room_only, rotation
from biometrics.attacklab.paper import Printed, inkjet_print, laser_print
from biometrics.attacklab.presenting import (
    captured,
    held,
    holder,
    lamp,
    most_turn_deg,
    portrait,
    portrait_box,
)
from biometrics.attacklab.room import BEHIND, room
from biometrics.attacklab.sheets import folded, rolled
from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.surfaces import Finish, Plane, Pose, Surface
from biometrics.attacklab.wearing import frontal_frame, turns, wearer, worn

_SHARE_WORN = 0.6
_HOLES = 1.35
_MARGIN_PX = 14
_WHITE = 0.87


@dataclass(frozen=True, slots=True)
class _Cut:
    """A printed sheet that was cut: ``paint`` (h, w, 3), ``cover`` (h, w), and the face's ``middle`` (x, y) in it."""

    paint: Radiance
    cover: Plane
    middle: tuple[float, float]


def _render(scene: Scene) -> Rendered:
    presented = way(scene)
    t = scene.camera.times(scene.duration_s, scene.rng)
    return presented(scene, t, room_only(len(t)))


def way(scene: Scene) -> Callable[[Scene, Floats, Lights], Rendered]:
    """How the paper is shown at the times of a camera: worn, or bent by hand."""
    return _worn_mask if scene.rng.uniform() < _SHARE_WORN else _curved_print


def _worn_mask(scene: Scene, t: Floats, lights: Lights) -> Rendered:
    rng, clip = scene.rng, scene.clip
    take = wearer(scene, t)
    index = frontal_frame(clip)
    still = head_poses(clip.landmarks[index : index + 1])[0]
    face = cast(clip.landmarks[index], still, clip.size)
    left, top, right, bottom = face.region
    printed = _printed(scene, np.ascontiguousarray(clip.frames[index, top:bottom, left:right]))
    holes = ["eyes", "mouth"] if rng.uniform() < 0.4 else ["eyes"]
    cut = _Cut(printed.reflectance, _outline(face, holes), face.origin)
    wide = float(np.ptp(face.uv[:, 0]))
    sheet, bend = _bent(scene, cut, wide * float(rng.uniform(0.55, 0.9)), printed)
    poses = [
        Pose(pose.turn, 1.08 * pose.scale / still.scale, pose.centre) for pose in head_poses(take.landmarks)
    ]
    frames = scene.camera.capture(worn(take, sheet, poses, lights), take.t, rng)
    turn = most_turn_deg(turns(poses))
    truth = {
        "worn": True,
        "holes": holes,
        "frame": index,
        "turn_deg": turn,
        "other": scene.others[0].subject,
    }
    return Rendered(frames, take.t, take.audio, take.sample_rate, printed.truth | bend | truth)


def _curved_print(scene: Scene, t: Floats, lights: Lights) -> Rendered:
    rng = scene.rng
    index = frontal_frame(scene.clip)
    printed = _printed(scene, portrait(scene.clip, index, portrait_box(scene.clip, scene.size), scene.size))
    rim = ((_MARGIN_PX, _MARGIN_PX), (_MARGIN_PX, _MARGIN_PX), (0, 0))
    paint = np.pad(printed.reflectance, rim, constant_values=_WHITE).astype(np.float32)
    height, width = paint.shape[:2]
    cut = _Cut(paint, np.ones((height, width), np.float32), (width / 2, height / 2))
    sheet, bend = _bent(scene, cut, width * float(rng.uniform(0.4, 1.2)), printed)
    motion = held(scene, t, float(rng.uniform(0.85, 1.2)))
    middle = np.array((scene.size[1] / 2, scene.size[0] / 2))
    poses = [
        Pose(rotation(angles), float(scale), middle + shift)
        for angles, scale, shift in zip(motion.angles, motion.scale, motion.shift, strict=True)
    ]
    truth = {"worn": False, "holes": [], "frame": index, "turn_deg": most_turn_deg(motion.angles)}
    seen = _before(room(rng, scene.size), sheet, poses, lights)
    return captured(scene, t, seen, printed.truth | bend | truth, holder(scene))


def _before(behind: Radiance, sheet: Surface, poses: Sequence[Pose], lights: Lights) -> Iterator[Radiance]:
    for pose, light in zip(poses, lights, strict=True):
        seen = behind * light.on(BEHIND)
        sheet.over(seen, pose, light)
        yield seen


def _printed(scene: Scene, image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Printed:
    """Print at three times the picture's resolution, and see it at the picture's own."""
    cell_px = float(scene.rng.uniform(0.5, 1.3))
    printed = (laser_print if scene.renderer == "a" else inkjet_print)(image, scene.rng, 3, cell_px)
    seen = cv2.resize(printed.reflectance, image.shape[1::-1], interpolation=cv2.INTER_AREA)
    return Printed(np.asarray(seen, dtype=np.float32), printed.gloss, printed.truth)


def _outline(face: Cast, holes: Sequence[str]) -> Plane:
    cover = face.filled(OVAL, 1.04)
    if "eyes" in holes:
        for eye in EYES:
            cover *= 1 - face.filled(eye, _HOLES)
    if "mouth" in holes:
        cover *= 1 - face.filled(MOUTH, 1.05)
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), 0.6), dtype=np.float32)


def _bent(scene: Scene, cut: _Cut, radius: float, printed: Printed) -> tuple[Surface, dict[str, float | str]]:
    """Family a rolls the sheet round a cylinder, family b creases it and rolls it to a cone."""
    rng = scene.rng
    finish = Finish(lamp(rng), 0.5, printed.gloss * 2, 18.0)
    if scene.renderer == "a":
        sheet = rolled(cut.paint, cut.cover, cut.middle, radius, finish)
        return sheet, {"bend": "cylinder", "radius_px": round(radius, 1)}
    fold = float(rng.uniform(0.0, 0.3))
    sheet = folded(
        cut.paint, cut.cover, cut.middle, 1.2 * radius, fold, float(rng.uniform(-0.3, 0.3)), finish
    )
    return sheet, {"bend": "folded cone", "radius_px": round(1.2 * radius, 1), "fold_rad": round(fold, 3)}


SPECIES = Species(
    name="cut_out",
    family="presentation",
    description="A paper mask with eyes cut out, bent over somebody's face, or a whole print bent by hand.",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=_render,
)
