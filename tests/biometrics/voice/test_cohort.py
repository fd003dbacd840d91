from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.errors import CohortError
from biometrics.voice.cohort import WIDTH, Cohort, Normalisation, read_cohort, shipped_cohort, write_cohort
from biometrics.voice.embed import Vector, distance, unit
from models.manifest import Manifest

MODEL = "campplus@aaaaaaaa"


def vectors(count: int, seed: int, size: int = 16) -> NDArray[np.float32]:
    return np.stack([unit(row) for row in np.random.default_rng(seed).standard_normal((count, size))])


def cohort(count: int = 40) -> Cohort:
    return Cohort(vectors(count, seed=1), MODEL)


def pair(seed: int) -> tuple[Vector, Vector]:
    probe, reference = vectors(2, seed)
    return probe, reference


def test_the_adaptive_score_is_that_of_its_definition() -> None:
    """Written out from Matějka et al. 2017, on similarities: the mean over both sides of (s - mean) / sd of the nearest 10."""
    (probe, reference), voices = pair(5), cohort().voices.astype(np.float64)
    similarity = float(probe.astype(np.float64) @ reference.astype(np.float64))
    sides = []
    for vector in (reference, probe):
        nearest = sorted((float(voice @ vector.astype(np.float64)) for voice in voices), reverse=True)[:10]
        sides.append((similarity - np.mean(nearest)) / np.std(nearest))
    assert Normalisation(cohort(), "both", 10).score(probe, reference) == pytest.approx(-np.mean(sides))


def test_s_norm_is_the_mean_of_z_norm_and_t_norm() -> None:
    z, t, s = (Normalisation(cohort(), side).score(*pair(3)) for side in ("reference", "probe", "both"))
    assert s == pytest.approx((z + t) / 2)
    assert z != pytest.approx(t)


def test_other_people_are_on_average_at_0_and_spread_by_1() -> None:
    reference = cohort().voices[0] * 0 + vectors(1, seed=9)[0]
    scores = [Normalisation(cohort(), "reference").score(voice, reference) for voice in cohort().voices]
    assert np.mean(scores) == pytest.approx(0.0, abs=1e-6)
    assert np.std(scores) == pytest.approx(1.0, abs=1e-6)


@given(st.integers(0, 10_000), st.sampled_from([None, 1, 5, 20, 999]))
def test_the_order_of_probe_and_reference_does_not_matter(seed: int, nearest: int | None) -> None:
    probe, reference = pair(seed)
    normalisation = Normalisation(cohort(), "both", nearest)
    assert normalisation.score(probe, reference) == pytest.approx(normalisation.score(reference, probe))


@given(st.integers(0, 10_000))
def test_a_nearer_probe_never_scores_higher_under_z_norm(seed: int) -> None:
    one, other, reference = vectors(3, seed)
    near, far = sorted((one, other), key=lambda probe: distance(probe, reference))
    z = Normalisation(cohort(), "reference")
    assert z.score(near, reference) <= z.score(far, reference)


def whole() -> Cohort:
    """As wide as the encoders' voiceprints are."""
    return Cohort(vectors(40, seed=1, size=WIDTH), MODEL)


def test_a_cohort_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "cohort.npz"
    write_cohort(whole(), path)
    read = read_cohort(path, MODEL)
    assert np.array_equal(read.voices, whole().voices)
    assert read.id == whole().id


def test_another_encoder_refuses_it(tmp_path: Path) -> None:
    path = tmp_path / "cohort.npz"
    write_cohort(cohort(), path)
    with pytest.raises(
        CohortError, match=r"was made with campplus@aaaaaaaa, and campplus@bbbbbbbb is in use"
    ):
        read_cohort(path, "campplus@bbbbbbbb")


def packed(**parts: NDArray[Any]) -> bytes:
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **parts)
    return file.getvalue()


def one_array() -> bytes:
    file = BytesIO()
    np.save(file, whole().voices)
    return file.getvalue()


ARCHIVE = packed(voices=whole().voices)


@pytest.mark.parametrize(
    "content",
    [
        b"no archive",
        b"",
        ARCHIVE[: len(ARCHIVE) // 2],
        ARCHIVE[:1000] + bytes(1000) + ARCHIVE[2000:],
        one_array(),
        ARCHIVE,
        packed(voices=np.array(["a voice"]), model=np.array(MODEL)),
    ],
    ids=["text", "empty", "truncated", "overwritten", "one array", "no encoder", "no numbers"],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cohort.npz"
    path.write_bytes(content)
    with pytest.raises(CohortError, match=r"cohort\.npz cannot be read"):
        read_cohort(path, MODEL)


@pytest.mark.parametrize(
    "voices", [vectors(40, seed=1), whole().voices[0]], ids=["narrower than a voiceprint", "one row"]
)
def test_rows_that_are_no_voiceprints_are_named(tmp_path: Path, voices: NDArray[np.float32]) -> None:
    path = tmp_path / "cohort.npz"
    path.write_bytes(packed(voices=voices, model=np.array(MODEL)))
    with pytest.raises(CohortError, match=r"cohort\.npz holds an array of shape .* rows of 192 are needed"):
        read_cohort(path, MODEL)


@pytest.mark.parametrize(
    "voices", [vectors(19, seed=1), 2 * vectors(40, seed=1)], ids=["too few", "not of length 1"]
)
def test_what_is_no_cohort_is_refused(voices: NDArray[np.float32]) -> None:
    with pytest.raises(CohortError):
        Cohort(voices, MODEL)


def test_the_shipped_cohort_fits_the_shipped_encoder_and_holds_each_voice_once() -> None:
    encoder = Manifest.default().entry("campplus")
    shipped = shipped_cohort(f"campplus@{encoder.sha256[:8]}")
    apart = 1.0 - shipped.voices @ shipped.voices.T + 2 * np.eye(len(shipped))
    assert len(shipped) >= 50
    assert apart.min() > 0.5
