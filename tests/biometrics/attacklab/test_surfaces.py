from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.attacklab.heads import cast, head_poses, relative
from biometrics.attacklab.optics import Light, room_only, rotation
from biometrics.attacklab.sheets import folded, rolled
from biometrics.attacklab.surfaces import (
    Finish,
    Mesh,
    Pose,
    Relief,
    Shape,
    Surface,
    View,
    normals_of,
    triangulated,
)
from tests.biometrics.attacklab.people import landmarks

Picture = NDArray[np.float32]
PICTURE = (200, 220)
CENTRE = np.array((110.0, 100.0))
ROOM = room_only(1)[0]
MATTE = Finish(np.array((0.0, 0.0, -1.0)), 0.5, 0.0, 1.0)


def _pose(yaw: float, pitch: float = 0.0, scale: float = 1.0) -> Pose:
    return Pose(rotation(np.array((pitch, yaw, 0.0))), scale, CENTRE)


def _flat(kind: str) -> Shape:
    if kind == "relief":
        return Relief(np.zeros((80, 60), np.float32), (30.0, 40.0))
    uv = np.array([[0, 0], [60, 0], [60, 80], [0, 80]], float)
    points = np.column_stack([uv - (30, 40), np.zeros(4)])
    return Mesh(points, uv, np.array([[0, 1, 2], [0, 2, 3]]))


def _seen(shape: Shape, pose: Pose) -> View:
    view = shape.view(pose, PICTURE)
    assert view is not None
    return view


@pytest.mark.parametrize("kind", ["relief", "mesh"])
@given(st.floats(-0.6, 0.6), st.floats(0.7, 1.5))
@settings(max_examples=20)
def test_a_turned_plane_is_narrower_by_the_cosine(kind: str, yaw: float, scale: float) -> None:
    view = _seen(_flat(kind), _pose(yaw, scale=scale))
    y, x = np.indices(view.u.shape) + np.array((view.top, view.left))[:, None, None]
    sure = view.inside > 0.99
    expected = (x - CENTRE[0]) / (scale * np.cos(yaw)) + 30
    assert np.abs(view.u - expected)[sure].max() < 0.02
    assert np.abs(view.v - ((y - CENTRE[1]) / scale + 40))[sure].max() < 0.02
    lit = view.inside > 0
    assert lit.any(axis=0).sum() == pytest.approx(60 * scale * np.cos(yaw), abs=2.5)
    assert lit.any(axis=1).sum() == pytest.approx(80 * scale, abs=2.5)


def _dome() -> tuple[Relief, Mesh]:
    y, x = np.mgrid[0:81, 0:61].astype(float)
    depth = 12 * (((x - 30) / 30) ** 2 + ((y - 40) / 40) ** 2)
    grid = np.mgrid[0:81:4, 0:61:4].reshape(2, -1)[::-1].T
    points = np.column_stack([grid - (30, 40), depth[grid[:, 1], grid[:, 0]]]).astype(float)
    mesh = Mesh(points, grid.astype(float), triangulated(grid + 0.01 * np.sin(grid[:, ::-1] * 7.0)))
    return Relief(depth.astype(np.float32), (30.0, 40.0), smooth=False), mesh


@pytest.mark.parametrize("yaw", [-0.4, 0.0, 0.3])
def test_both_renderers_see_the_same_dome(yaw: float) -> None:
    relief, mesh = (_seen(shape, _pose(yaw, 0.1)) for shape in _dome())
    top, left = max(relief.top, mesh.top), max(relief.left, mesh.left)

    def part(view: View, height: int = 70, width: int = 45) -> Picture:
        ys, xs = (
            slice(top - view.top, top - view.top + height),
            slice(left - view.left, left - view.left + width),
        )
        return np.stack([view.u[ys, xs], view.v[ys, xs], view.inside[ys, xs]])

    one, other = part(relief), part(mesh)
    both = (one[2] > 0.99) & (other[2] > 0.99)
    assert both.sum() > 1500
    assert np.abs(one[:2] - other[:2])[:, both].max() < 0.5


def test_the_nearer_triangle_hides_the_farther() -> None:
    corner = np.array([[-20, -20], [20, -20], [0, 20]], float)
    points = np.concatenate([np.column_stack([corner, np.full(3, z)]) for z in (5.0, -5.0)])
    uv = np.repeat([[10.0, 10.0], [50.0, 50.0]], 3, axis=0)
    for order in ([[0, 1, 2], [3, 4, 5]], [[3, 4, 5], [0, 1, 2]]):
        view = _seen(Mesh(points, uv, np.array(order)), _pose(0.0))
        assert view.u[view.inside > 0.99] == pytest.approx(50.0)


def test_what_lies_outside_the_picture_is_not_seen() -> None:
    away = Pose(np.eye(3), 1.0, np.array((900.0, 0.0)))
    surface = Surface(
        _flat("mesh"), np.ones((80, 60, 3), np.float32), np.ones((80, 60), np.float32), _facing(80, 60), MATTE
    )
    scene = np.full((*PICTURE, 3), 0.3, np.float32)
    surface.over(scene, away, ROOM)
    assert (scene == np.float32(0.3)).all()


def _facing(height: int, width: int) -> Picture:
    return normals_of(np.zeros((height, width), np.float32))


@pytest.mark.parametrize("yaw", [0.0, 0.5])
def test_a_surface_is_lit_by_lambert(yaw: float) -> None:
    surface = Surface(
        _flat("relief"),
        np.full((80, 60, 3), 0.6, np.float32),
        np.ones((80, 60), np.float32),
        _facing(80, 60),
        MATTE,
    )
    scene = np.zeros((*PICTURE, 3), np.float32)
    surface.over(scene, _pose(yaw), ROOM)
    assert scene[100, 110] == pytest.approx((0.6 * (0.5 + 0.5 * np.cos(yaw)),) * 3, rel=1e-4)
    assert (scene[5, 5] == 0).all()


@pytest.mark.parametrize("yaw", [0.0, 0.5])
def test_a_screen_beside_the_camera_lights_a_surface_by_its_own_normals(yaw: float) -> None:
    aside = Finish(np.array((1.0, 0.0, 0.0)), 0.4, 0.0, 1.0)
    paint, cover = np.full((80, 60, 3), 0.6, np.float32), np.ones((80, 60), np.float32)
    surface = Surface(_flat("relief"), paint, cover, _facing(80, 60), aside)
    seen = []
    for beam in (np.zeros(3), np.array((0.1, 0.2, 0.4))):
        scene = np.zeros((*PICTURE, 3), np.float32)
        surface.over(scene, _pose(yaw), Light(0.9 if beam.any() else 1.0, beam, np.zeros(3)))
        seen.append(scene[100, 110])
    room, lit = seen
    assert lit - 0.9 * room == pytest.approx(0.6 * np.cos(yaw) * np.array((0.1, 0.2, 0.4)), rel=1e-4)


def test_a_gloss_is_brightest_between_lamp_and_eye() -> None:
    lamp = np.array((0.5, 0.0, -np.sqrt(0.75)))
    finish = Finish(lamp, 1.0, 0.5, 30.0)
    dark = np.zeros((80, 60, 3), np.float32)
    surface = Surface(_flat("relief"), dark, np.ones((80, 60), np.float32), _facing(80, 60), finish)
    shines = []
    for yaw in np.deg2rad((-30, -15, 0, 15)):
        scene = np.zeros((*PICTURE, 3), np.float32)
        surface.over(scene, _pose(float(yaw)), ROOM)
        shines.append(float(scene[100, 110, 0]))
    assert max(shines) == shines[1]  # the lamp is 30 degrees away: the sheet turns half of that
    assert shines[1] == pytest.approx(0.5, rel=0.01)


def test_triangles_fill_the_hull_without_overlap() -> None:
    points = np.random.default_rng(1).uniform(0, 100, (60, 2))
    points[:4] = [[-5, -5], [105, -5], [105, 105], [-5, 105]]
    a, b, c = (points[triangulated(points)][:, i] for i in range(3))
    area = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2
    assert area.sum() == pytest.approx(110 * 110, rel=1e-3)
    assert len(area) == 2 * 60 - 2 - 4  # Euler


@given(st.floats(-0.5, 0.5), st.floats(4, 12))
@settings(max_examples=20)
def test_head_poses_are_those_that_the_head_was_put_in(yaw: float, scale: float) -> None:
    turned = head_poses(landmarks(yaw, scale, (90, 70))[np.newaxis])[0]
    facing = head_poses(landmarks(0.0, scale, (90, 70))[np.newaxis])[0]
    assert turned.scale == pytest.approx(scale, rel=1e-4)
    assert turned.turn @ facing.turn.T == pytest.approx(rotation(np.array((0.0, yaw, 0.0))), abs=1e-4)


def test_a_mask_on_the_head_that_it_was_cast_from_sits_where_it_was() -> None:
    points = landmarks(0.2, 8.0, (100, 90))
    still = head_poses(points[np.newaxis])[0]
    face = cast(points, still, PICTURE)
    for shape in (Relief(face.depth, face.origin), face.mesh()):
        view = _seen(shape, relative(still, still))
        y, x = np.indices(view.u.shape) + np.array((view.top, view.left))[:, None, None]
        sure = view.inside > 0.99
        assert np.abs(view.u + face.region[0] - x)[sure].max() < 0.1
        assert np.abs(view.v + face.region[1] - y)[sure].max() < 0.1


def test_a_cast_is_as_deep_as_the_landmarks_say() -> None:
    points = landmarks(0.0, 8.0, (100, 90))
    still = head_poses(points[np.newaxis])[0]
    face = cast(points, still, PICTURE)
    x, y = np.round(face.uv).astype(int).T
    inner = (np.hypot(face.points[:, 0] / 56, face.points[:, 1] / 72) < 0.7) & (np.arange(468) > 0)
    off = face.depth[y[inner], x[inner]] - face.points[inner, 2]
    assert np.median(np.abs(off)) < 2.5
    assert face.cover[y[inner], x[inner]].min() == 1


def _sheet() -> tuple[Picture, Picture]:
    ramp = np.broadcast_to(np.arange(100, dtype=np.float32)[np.newaxis, :, np.newaxis] / 100, (80, 100, 3))
    return ramp.astype(np.float32), np.ones((80, 100), np.float32)


def _columns(surface: Surface) -> Picture:
    scene = np.full((*PICTURE, 3), -1, np.float32)
    surface.over(scene, _pose(0.0), ROOM)
    return scene[100, :, 0]


FLAT_LIGHT = Finish(np.array((0.0, 0.0, -1.0)), 1.0, 0.0, 1.0)


def test_a_rolled_sheet_is_as_wide_as_its_chord() -> None:
    radius = 60.0
    line = _columns(rolled(*_sheet(), (50.0, 40.0), radius, FLAT_LIGHT))
    assert (line >= 0).sum() == pytest.approx(2 * radius * np.sin(50 / radius), abs=3)
    x = np.arange(-30, 31, 10)
    assert line[x + 110] * 100 == pytest.approx(50 + radius * np.arcsin(x / radius), abs=0.5)


def test_a_sheet_without_crease_and_taper_is_a_cylinder_to_both_renderers() -> None:
    one = _columns(rolled(*_sheet(), (50.0, 40.0), 70.0, FLAT_LIGHT))
    other = _columns(folded(*_sheet(), (50.0, 40.0), 70.0, 0.0, 0.0, FLAT_LIGHT))
    middle = slice(110 - 40, 110 + 41)
    assert np.abs(one - other)[middle].max() < 0.01


def test_a_crease_shades_the_halves_differently() -> None:
    side = Finish(np.array((0.6, 0.0, -0.8)), 0.3, 0.0, 1.0)
    even = np.full((80, 100, 3), 0.5, np.float32)
    line = _columns(folded(even, np.ones((80, 100), np.float32), (50.0, 40.0), 200.0, 0.3, 0.0, side))
    lambert = [0.5 * (0.3 + 0.7 * (0.6 * np.sin(a) + 0.8 * np.cos(a))) for a in (-0.3 - 0.05, 0.3 + 0.05)]
    assert (line[100], line[120]) == pytest.approx(tuple(lambert), abs=0.01)
