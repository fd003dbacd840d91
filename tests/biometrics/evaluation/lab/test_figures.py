"""Figures on trials whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.evaluation.lab.combination import fuse
from biometrics.evaluation.lab.figures import abstentions, alone, leave_one_species_out, measure
from biometrics.evaluation.lab.report import SLICES, metrics_of, report_on, touched_by
from fraudmodel.errors import DatasetError
from fraudmodel.parameters import load_parameters
from tests.biometrics.evaluation.lab.trials import batch, lab

FUSION = load_parameters().fusion
TOUCHED = touched_by(FUSION)


def test_the_worst_species_comes_first_with_its_rate() -> None:
    found = measure("unseen", fuse(lab(), FUSION, TOUCHED), SLICES)
    assert [one.species for one in found.species] == ["hard", "easy"]
    assert found.species[0].apcer[0.05].estimate.value == pytest.approx(0.5, abs=0.06)
    assert found.species[1].apcer[0.05].estimate.value == pytest.approx(0.0, abs=0.02)
    assert found.bona_fide == 120
    assert found.subjects == 4


def test_a_stricter_bpcer_never_catches_more() -> None:
    for one in measure("unseen", fuse(lab(), FUSION, TOUCHED), SLICES).species:
        rates = [one.apcer[share].estimate.value for share in sorted(one.apcer)]
        assert rates == sorted(rates, reverse=True)


def test_few_people_make_a_wider_interval_than_many_renders() -> None:
    worst = measure("unseen", fuse(lab(), FUSION, TOUCHED), SLICES).species[0].apcer[0.05]
    assert worst.people_high - worst.people_low >= worst.estimate.high - worst.estimate.low
    assert worst.effective <= worst.estimate.n


def test_calibration_never_saw_the_person_it_judges() -> None:
    """Where one person's bona fide scores lie like attacks, no calibration learnt that from themselves."""
    trials = lab()
    odd = [replace(t, scores={"face_pad": 3.0}) if t.subject == "ann" and not t.attack else t for t in trials]
    fused = fuse(odd, FUSION, TOUCHED)
    of_ann = fused.where(lambda t: t.subject == "ann" and not t.attack)
    assert (of_ann > 0.0).all()


def test_a_few_trials_are_judged_by_what_many_taught() -> None:
    """Eight renders calibrate nothing by themselves; by the many, 3 speaks for an attack and -2 against one."""
    few = [
        *batch("bona_fide", "bona_fide", np.full(4, -2.0)),
        *batch("easy", "presentation", np.full(4, 3.0)),
    ]
    fused = fuse(few, FUSION, TOUCHED, lambda _kind: lab())
    assert (fused.where(lambda t: not t.attack) < 0.0).all()
    assert (fused.where(lambda t: t.attack) > 0.0).all()
    whole = fuse(lab(), FUSION, TOUCHED)
    again = fuse(whole.trials, FUSION, TOUCHED, lambda _kind: whole.trials)
    assert again.total == pytest.approx(whole.total)


def test_an_abstention_moves_a_score_by_exactly_nothing() -> None:
    trials = [
        *lab(),
        *[replace(t, scores={}, reasons={"face_pad": "blurred"}, render=t.render + "x") for t in lab()],
    ]
    fused = fuse(trials, FUSION, TOUCHED)
    assert (fused.where(lambda t: not t.scores) == 0.0).all()


def test_a_signal_says_nothing_about_attacks_it_is_not_meant_to_see() -> None:
    loops = batch("loop", "replay", np.full(40, -2.0))
    assert not any(TOUCHED("face_pad", one) for one in loops)
    with_loops, without = fuse([*lab(), *loops], FUSION, TOUCHED), fuse(lab(), FUSION, TOUCHED)
    assert with_loops.where(lambda t: t.species == "easy") == pytest.approx(
        without.where(lambda t: t.species == "easy")
    )


@pytest.mark.parametrize(("reason", "found"), [("not_yet", 0.0), ("ambient_light", 1.0)])
def test_what_could_not_be_measured_is_not_what_nobody_asked(reason: str, found: float) -> None:
    """Honest faces pass at -6. A species on which the signal gives up did not pass; one that is too short for it was never asked."""
    bona_fide = batch("bona_fide", "bona_fide", np.full(40, -6.0))
    attacks = batch("easy", "presentation", np.full(40, 3.0))
    silent = [
        replace(t, scores={}, reasons={"face_pad": reason})
        for t in batch("mute", "presentation", np.zeros(40))
    ]
    measured = measure("unseen", fuse([*bona_fide, *attacks, *silent], FUSION, TOUCHED), SLICES)
    (mute,) = (one for one in measured.species if one.species == "mute")
    assert mute.apcer[0.05].estimate.value == 1.0 - found


def test_a_signal_alone_misses_what_it_abstains_on() -> None:
    silent = [
        replace(t, scores={}, reasons={"face_pad": "blurred"})
        for t in batch("mute", "presentation", np.zeros(40))
    ]
    found = alone([*lab(), *silent], TOUCHED)["face_pad"]
    assert list(found) == ["mute", "hard", "easy"]
    assert found["mute"].estimate.value == 1.0
    assert found["hard"].estimate.value == pytest.approx(0.5, abs=0.06)
    assert found["easy"].estimate.value == pytest.approx(0.0, abs=0.02)


def test_honest_people_on_whom_a_signal_abstains_raise_no_alarm() -> None:
    """Half of them silent: the threshold may be as low as one in ten of the others allows."""
    bona_fide = [
        replace(t, scores={} if i % 2 else t.scores)
        for i, t in enumerate(batch("bona_fide", "bona_fide", np.linspace(0, 1, 200)))
    ]
    attacks = batch("faint", "presentation", np.full(40, 0.93))
    assert alone([*bona_fide, *attacks], TOUCHED)["face_pad"]["faint"].estimate.value == 0.0
    assert alone([*bona_fide[::2], *attacks], TOUCHED)["face_pad"]["faint"].estimate.value == 1.0


def test_a_signal_alone_is_asked_about_its_own_species_only() -> None:
    loops = batch("loop", "replay", np.full(40, 9.0))
    assert "loop" not in alone([*lab(), *loops], TOUCHED)["face_pad"]


def test_leaving_a_species_out_still_measures_it() -> None:
    left = leave_one_species_out(lab(), FUSION, TOUCHED)
    assert list(left) == ["hard", "easy"]
    assert left["easy"].estimate.n == 120


def test_abstention_rates_are_by_class_with_their_reasons() -> None:
    trials = [
        replace(t, scores={}, reasons={"face_pad": "no_face"}) if i < 30 else t for i, t in enumerate(lab())
    ]
    (one,) = abstentions(trials)
    assert one.bona_fide.value == 0.25
    assert one.attack is not None
    assert one.attack.value == 0.0
    assert one.reasons == {"no_face": 30}


def test_without_bona_fide_nothing_is_claimed() -> None:
    with pytest.raises(DatasetError, match="bona fide"):
        report_on([t for t in lab() if t.attack], FUSION, ["m@1"])


def test_the_report_never_pools_species() -> None:
    metrics = metrics_of(report_on(lab(), FUSION, ["m@1"]))
    assert metrics["worst_species"]["species"] == "hard"
    assert {"apcer", "sim_apcer", "acer"}.isdisjoint(metrics["protocols"]["unseen"])
    assert [one["species"] for one in metrics["protocols"]["unseen"]["species"]] == ["hard", "easy"]
    assert any("600" in gap for gap in metrics["gaps"])


def test_a_slice_by_light_leaves_out_what_no_camera_saw() -> None:
    still = batch("injected_still", "injected", np.full(40, 3.0))
    found = measure("unseen", fuse([*lab(), *still], FUSION, TOUCHED), SLICES)
    by_light = [one for one in found.slices if one.name == "light"]
    assert [(one.value, one.worst_species) for one in by_light] == [("bright", "hard")]


def test_honest_renders_gain_nothing_by_signals_that_an_attack_is_too_short_for() -> None:
    """Everybody honest lasts long enough for a second signal that clears them; the attack differs in nothing else."""
    rng = np.random.default_rng(5)
    honest, same = (rng.normal(-2, 1, 200) for _ in range(2))
    loops = batch("looped_video", "replay", rng.normal(6, 1, 80), kind="injection_frames")
    long = [
        replace(t, scores={**t.scores, "injection_frames": float(rng.normal(-3, 0.1))})
        for t in batch("bona_fide", "bona_fide", honest)
    ]
    easy = batch("easy", "presentation", rng.normal(4, 1, 80))
    trials = [*long, *loops, *easy, *batch("alike", "presentation", same)]
    fused = fuse(trials, FUSION, TOUCHED)
    pooled = fused.where(lambda t: t.species == "alike") > np.quantile(
        fused.where(lambda t: not t.attack), 0.95
    )
    found = {one.species: one for one in measure("unseen", fused, {}).species}
    assert pooled.mean() > 0.3
    assert found["alike"].apcer[0.05].estimate.value == pytest.approx(0.95, abs=0.05)
