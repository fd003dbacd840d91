"""Joint figures of made-up trials whose answers are known."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.sasv_figures import ALONE, JOINT, SUM, SasvFigures, held_out, sasv_figures
from biometrics.evaluation.sasv_trials import Joint
from fraudmodel.sasv import Trial
from interview.cli.evaluate_sasv import print_sasv

PEOPLE = tuple("abcdefgh")


def trials(asv: float = 4.0, cm: float = 4.0, seed: int = 0, count: int = 6) -> list[Joint]:
    """Targets about (0, 0), impostors ``asv`` away in distance, spoofs ``cm`` away in log-odds and nowhere in distance; a window each."""
    rng = np.random.default_rng(seed)
    found: list[Joint] = []

    def window() -> str:
        return str(len(found))

    for subject in PEOPLE:
        for _ in range(count):
            found.append(Joint(Trial.TARGET, subject, subject, "", rng.normal(), rng.normal(), window()))
            for name, share in (("strong", 1.0), ("weak", 0.5)):
                machine = rng.normal(), rng.normal(share * cm)
                found.append(Joint(Trial.SPOOF, subject, subject, name, *machine, window()))
        for other in PEOPLE:
            if other != subject:
                found.append(
                    Joint(Trial.IMPOSTOR, subject, other, "", rng.normal(asv), rng.normal(), window())
                )
    return found


@pytest.fixture(scope="module")
def measured() -> SasvFigures:
    return sasv_figures(trials(6.0, 8.0))


def test_verification_alone_keeps_impostors_out_and_guesses_at_spoofs(measured: SasvFigures) -> None:
    alone = next(one for one in measured.systems if one.name == ALONE)
    assert alone.sv_eer.value < 0.02
    assert alone.spf_eer.value == pytest.approx(0.5, abs=0.12)


def test_the_joint_llr_keeps_both_out(measured: SasvFigures) -> None:
    by_name = {one.name: one for one in measured.systems}
    assert set(by_name) == {ALONE, SUM, JOINT}
    joint = by_name[JOINT]
    assert joint.sasv_eer.value < 0.06
    assert joint.spf_eer.value < 0.06
    assert joint.min_a_dcf.value < 0.5 * by_name[ALONE].min_a_dcf.value
    assert joint.sasv_eer.value <= by_name[SUM].sasv_eer.value + 0.02


def test_the_worst_generator_comes_first_and_each_has_its_number(measured: SasvFigures) -> None:
    assert list(measured.countermeasure_generators) == ["weak", "strong"]
    assert all(rate.n == 2 * 48 for rate in measured.countermeasure_generators.values())
    assert (measured.speakers, measured.targets, measured.impostors, measured.spoofs) == (8, 48, 56, 96)
    assert 1 < measured.independent <= 48
    assert all(
        rate.low <= rate.value <= rate.high for one in measured.systems for rate in one.generators.values()
    )


def test_a_window_counts_once_for_the_countermeasure_whatever_references_it_is_tried_against(
    measured: SasvFigures,
) -> None:
    """Every window against a second reference, those of one speaker against a third and by a stranger's: nothing new was heard."""
    found = trials(6.0, 8.0)
    again = [replace(each, impostor=each.impostor + 0.1) for each in found]
    further = [each for each in found if each.subject == "a" and each.kind != Trial.IMPOSTOR]
    strangers = [
        replace(each, kind=Trial.IMPOSTOR, subject="b") for each in found if each.kind == Trial.TARGET
    ]
    more = sasv_figures([*strangers, *found, *again, *further])
    assert more.countermeasure_eer == measured.countermeasure_eer
    assert more.countermeasure_generators == measured.countermeasure_generators
    assert more.targets == 2 * 48 + 6
    assert more.systems[0].generators["weak"].n == 2 * 96 + 2 * 6


def test_llrs_are_those_of_calibrations_without_the_trials_people() -> None:
    """One speaker's targets are absurd: their own LLRs do not know it, everybody else's change."""
    before = trials(6.0, 8.0)
    after = [
        replace(each, impostor=each.impostor + 9.0)
        if each.kind == Trial.TARGET and each.subject == "a"
        else each
        for each in before
    ]

    def llrs(of: list[Joint]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        kinds = np.array([each.kind for each in of])
        pairs = [(each.subject, each.other) for each in of]
        scores = np.array([each.impostor for each in before])
        shown = np.array([each.impostor for each in of])
        fitted = held_out(of, shown, kinds == Trial.IMPOSTOR, kinds != Trial.SPOOF, pairs)
        return np.where(shown == scores, fitted, 0.0)

    own = np.array([{each.subject, each.other} == {"a"} and each.kind == Trial.SPOOF for each in before])
    others = np.array([each.kind == Trial.SPOOF and each.subject == "b" for each in before])
    one, two = llrs(before), llrs(after)
    # How strongly calibrations are held back still depends on how many independent trials all are worth.
    change = np.abs(two - one) / np.abs(one)
    assert change[own].max() < 0.2
    assert change[others].min() > 0.3


def test_a_missing_class_is_said() -> None:
    with pytest.raises(EvaluationError, match="there is no spoof trial"):
        sasv_figures([each for each in trials() if each.kind != Trial.SPOOF])


def test_people_and_programs_get_the_figures(
    measured: SasvFigures, capsys: pytest.CaptureFixture[str]
) -> None:
    print_sasv(measured, "clicks@12345678", "corpus", ["no program speaks here"], as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    for part in (
        "8 speakers, 48 target, 56 impostor and 96 spoof",
        "joint LLR",
        "weak 96",
        "Not measured: no program speaks here",
    ):
        assert part in shown
    print_sasv(measured, "clicks@12345678", "corpus", [], as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["countermeasure"] == "clicks@12345678"
    assert [one["name"] for one in told["systems"]] == [ALONE, SUM, JOINT]
    assert told["systems"][2]["generators"]["weak"]["n"] == 96
