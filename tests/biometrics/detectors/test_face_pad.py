from __future__ import annotations

from collections.abc import Iterator
from math import log
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.detector import DetectorContext
from biometrics.detectors.face_pad import BONA_FIDE, DETECTOR, SCALES, FacePad, interpret, prepare
from biometrics.face.perception import FacePerception
from biometrics.views import Face, HeadPose
from fraudmodel.signals import Abstention, Observation, Reason
from models.cache import ModelCache
from models.commands import build_models
from models.hub import ModelHub
from models.local_hub import LocalHub
from models.manifest import Manifest
from models.sources import Sources
from tests.biometrics.face.fakes import Answering, a_face, a_view


def network(name: str, live: float) -> Answering:
    return Answering(name, lambda _: [(1 - live) / 2, live, (1 - live) / 2])


def build(v2: float, v1se: float) -> tuple[FacePad, dict[str, Answering]]:
    networks = {
        "minifasnet_v2": network("minifasnet_v2", v2),
        "minifasnet_v1se": network("minifasnet_v1se", v1se),
    }
    built = DETECTOR.build(DetectorContext(networks))
    assert isinstance(built, FacePad)
    return built, networks


def test_the_score_is_the_log_odds_of_an_attack_by_the_mean_of_both() -> None:
    detector, _ = build(0.9, 0.5)
    (reading,) = detector.observe(a_view(0.0, a_face()))
    assert isinstance(reading, Observation)
    assert reading.score == pytest.approx(log(0.3 / 0.7), rel=1e-5)
    assert reading.model == "minifasnet_v2@eeeeeeee+minifasnet_v1se@eeeeeeee"


def test_each_network_sees_its_own_crop_in_bgr_0_to_255() -> None:
    detector, networks = build(0.5, 0.5)
    view = a_view(0.0, a_face())
    list(detector.observe(view))
    for name, scale in SCALES.items():
        (row,) = networks[name].rows
        assert row.shape == (3, 80, 80)
        assert row.max() > 1.0
        assert view.face is not None
        assert np.array_equal(row, prepare(view.frame.image, view.face.box, scale)[0])
    assert not np.array_equal(networks["minifasnet_v2"].rows[0], networks["minifasnet_v1se"].rows[0])


def test_channels_are_not_swapped() -> None:
    image = np.full((480, 640, 3), (10, 20, 30), np.uint8)
    assert prepare(image, (240.0, 160.0, 160.0, 160.0), 2.7)[0, :, 40, 40].tolist() == [10, 20, 30]


def test_it_reads_four_times_a_second() -> None:
    detector, _ = build(0.5, 0.5)
    readings = [one for k in range(50) for one in detector.observe(a_view(k * 0.04, a_face()))]
    assert len(readings) == 8


def test_a_turned_face_is_not_measured() -> None:
    detector, networks = build(0.5, 0.5)
    turned = a_face(pose=HeadPose(26.0, 0.0, 0.0))
    readings = [one for k in range(4) for one in detector.observe(a_view(k * 0.1, turned))]
    assert [one.reason for one in [*readings, *detector.finish()] if isinstance(one, Abstention)] == [
        Reason.FACE_TURNED,
        Reason.FACE_TURNED,
    ]
    assert not networks["minifasnet_v2"].rows


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.floats(0, 1))
def test_a_livelier_answer_never_raises_the_score(live: list[float], more: float) -> None:
    livelier = [max(one, more) for one in live]
    assert interpret(livelier) <= interpret(live)
    assert -8.0 <= interpret(live) <= 8.0


def test_certainty_is_held_at_8() -> None:
    assert (interpret([0.0, 0.0]), interpret([1.0, 1.0]), interpret([0.5, 0.5])) == (8.0, -8.0, 0.0)


@pytest.fixture
def pair(shared: Path, tmp_path: Path) -> Iterator[LocalHub]:
    """The pair, built from the development folder's mirror: no package ships it."""
    manifest, cache = Manifest.default(), ModelCache(tmp_path)
    rows = list(
        build_models(manifest, cache, Sources(cache.downloads, mirror=shared / "models"), tuple(SCALES))
    )
    assert [row.detail for row in rows] == ["", ""]
    with LocalHub(manifest, tmp_path) as hub:
        yield hub


@pytest.mark.models
@pytest.mark.shared
def test_the_publishers_own_samples_read_as_published(shared: Path, hub: ModelHub, pair: LocalHub) -> None:
    """Their README calls F1 and F2 attacks and T1 live; mean live probabilities 0.34, 0.00 and 1.00 with their detector."""
    live = {}
    with FacePerception(hub) as perception:
        for name in ("F1", "F2", "T1"):
            image = cv2.imread(str(shared / "data" / "pad_samples" / f"image_{name}.jpg"))
            face = perception.locate_still(np.asarray(image, np.uint8))
            assert isinstance(face, Face)
            rows = [
                pair.get(model)(prepare(np.asarray(image, np.uint8), face.box, scale))[0]
                for model, scale in SCALES.items()
            ]
            live[name] = float(np.mean([row[0, BONA_FIDE] for row in rows]))
    assert live["T1"] > 0.95
    assert live["F2"] < 0.05
    assert live["F1"] < 0.5
