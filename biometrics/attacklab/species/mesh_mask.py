"""A rigid three-dimensional mask of the person, worn by somebody else: a proxy, made from one frame's landmarks."""

from __future__ import annotations

import cv2
import numpy as np

from biometrics.attacklab.heads import EYES, cast, head_poses, relative
from biometrics.attacklab.optics import Floats, Lights, room_only, to_linear
from biometrics.attacklab.presenting import lamp, most_turn_deg
from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.surfaces import Finish, Pose, Relief, Surface, normals_of
from biometrics.attacklab.takes import Take
from biometrics.attacklab.wearing import frontal_frame, matched, skin_light, turns, wearer, worn

_EYE_HOLES = 1.25
_GROW = 1.05


def _render(scene: Scene) -> Rendered:
    t = scene.camera.times(scene.duration_s, scene.rng)
    return presented(scene, t, room_only(len(t)))


def presented(scene: Scene, t: Floats, lights: Lights) -> Rendered:
    """The mask on its wearer, filmed at the times ``t``."""
    take = wearer(scene, t)
    index = frontal_frame(scene.clip)
    mask, still = _mask(scene, index, take)
    poses = [relative(pose, still, _GROW) for pose in head_poses(take.landmarks)]
    frames = scene.camera.capture(worn(take, mask, poses, lights), take.t, scene.rng)
    truth = {
        "frame": index,
        "material": "matte" if scene.renderer == "a" else "glossy",
        "gloss": round(mask.finish.gloss, 4),
        "holes": ["eyes"],
        "turn_deg": most_turn_deg(turns(poses)),
        "other": scene.others[0].subject,
    }
    return Rendered(frames, take.t, take.audio, take.sample_rate, truth)


def _mask(scene: Scene, index: int, take: Take) -> tuple[Surface, Pose]:
    """The mask, and the pose of the face that it was cast from."""
    rng, clip = scene.rng, scene.clip
    still = head_poses(clip.landmarks[index : index + 1])[0]
    image = np.ascontiguousarray(clip.frames[index])
    face = cast(clip.landmarks[index], still, clip.size)
    left, top, right, bottom = face.region
    cover = face.cover.copy()
    for eye in EYES:
        cover *= 1 - face.filled(eye, _EYE_HOLES)
    paint = matched(
        to_linear(image)[top:bottom, left:right],
        skin_light(image, clip.landmarks[index]),
        np.asarray(take.frames[0]),
        take.landmarks[0],
        float(rng.uniform(0.8, 1.25)),
    )
    if scene.renderer == "a":
        finish = Finish(lamp(rng), 0.55, float(rng.uniform(0, 0.02)), 8.0)
    else:
        finish = Finish(lamp(rng), 0.4, float(rng.uniform(0.05, 0.2)), float(rng.uniform(15, 40)))
    paint /= np.float32(finish.ambient + (1 - finish.ambient) * 0.75)
    even = np.asarray(cv2.GaussianBlur(face.depth, (0, 0), 2.5), dtype=np.float32)
    shape = Relief(face.depth, face.origin) if scene.renderer == "a" else face.mesh()
    soft = np.asarray(cv2.GaussianBlur(cover, (0, 0), 0.8), dtype=np.float32)
    return Surface(shape, paint, soft, normals_of(even), finish), still


SPECIES = Species(
    name="mesh_mask",
    family="presentation",
    description="A rigid mask with the person's face, eyes cut out, worn by somebody else: a proxy for masks, not a real one.",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=_render,
)
