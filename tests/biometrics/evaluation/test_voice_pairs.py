from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from biometrics.detector import DetectorContext
from biometrics.detectors.voice_match import VoiceMatch, build
from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import calibrate_voice
from biometrics.evaluation.figures import figures
from biometrics.evaluation.trials import Trial
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from biometrics.media import AudioChunk
from biometrics.voice.cohort import Cohort
from biometrics.voice.embed import unit
from biometrics.voice.enrolment import enrol_voice
from biometrics.voice.perception import SpeechPerception
from fraudmodel.signal_parameters import parse_signal, signal_document
from fraudmodel.signals import Observation
from tests.biometrics.voice.fakes import FakeHub, hush, voice

RATE = 16_000
AS_RECORDED = Condition(3.0, None)
BANDS = {"ada": (200, 900), "ben": (900, 1800), "cy": (1800, 3200), "di": (3200, 5000), "eve": (5000, 7500)}


def silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""


def utterance(name: str, number: int, seconds: float = 14.0) -> NDArray[np.float32]:
    """In three parts, with pauses."""
    said = voice(seconds, *BANDS[name], seed=number)
    for k in (1, 2):
        first = len(said) * k // 3
        said[first : first + round(0.4 * RATE)] = hush(0.4, number)
    return np.concatenate([hush(0.6), said, hush(0.4)])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name in BANDS:
        (folder / "speakers" / name).mkdir(parents=True)
        for number in range(3):
            soundfile.write(folder / "speakers" / name / f"{number}.flac", utterance(name, number), RATE)
    return folder


@pytest.fixture(scope="module")
def trials(corpus: Path) -> VoiceTrials:
    return VoiceTrials(read_sittings(corpus), FakeHub(), silent)


def test_files_are_dealt_into_three_sittings_a_speaker(corpus: Path) -> None:
    sittings = read_sittings(corpus)
    assert [sitting.name for sitting in sittings] == [
        f"{name}/{number}" for name in BANDS for number in range(3)
    ]
    assert all(len(sitting.samples) == 15 * RATE for sitting in sittings)


def test_nobody_is_tried_against_their_own_sitting(trials: VoiceTrials) -> None:
    experiment = trials.experiment(AS_RECORDED)
    assert experiment.trials
    assert all(not t.probe.startswith(f"{t.reference}@") for t in experiment.trials)
    mated = {(t.reference, t.probe.partition("@")[0]) for t in experiment.trials if t.mated}
    assert mated == {(f"{n}/{a}", f"{n}/{b}") for n in BANDS for a in range(3) for b in range(3) if a != b}


def test_the_synthetic_voices_are_told_apart(trials: VoiceTrials) -> None:
    result = figures(trials.experiment(AS_RECORDED), "synthetic")
    assert result.eer.value < 0.02
    assert result.subjects == 5
    assert result.fte.value == 0.0


def test_a_trial_scores_what_the_live_detector_reads(trials: VoiceTrials) -> None:
    experiment = trials.experiment(AS_RECORDED)
    samples = utterance("ben", 1)
    hub = FakeHub()
    reference = enrol_voice(soundfile_round(utterance("ada", 0)), RATE, hub)
    detector = build(DetectorContext({"campplus": hub.encoder}, {"voice": reference}))
    assert isinstance(detector, VoiceMatch)
    views = SpeechPerception(hub).feed(AudioChunk(0.0, soundfile_round(samples), RATE))
    read = [r for view in views for r in detector.observe(view) if isinstance(r, Observation)]
    tried = [t for t in experiment.trials if t.reference == "ada/0" and t.probe.startswith("ben/1@")]
    assert len(tried) >= 2
    assert [t.statistic for t in tried] == pytest.approx([o.score for o in read[::2]][: len(tried)])
    assert tried[0].covariates["snr_db"] == read[0].covariates["snr_db"]


def soundfile_round(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """What 16 bits leave of samples."""
    return np.asarray(np.rint(samples * 32_768) / 32_768, dtype=np.float32)


@pytest.mark.parametrize(("speech_s", "windows"), [(2.0, 1), (3.0, 1), (5.0, 2), (10.0, 5)])
def test_longer_probes_pool_the_windows_that_fit(trials: VoiceTrials, speech_s: float, windows: int) -> None:
    condition = Condition(speech_s, None)
    assert condition.windows == windows
    if speech_s <= 5.0:
        assert {t.observations for t in trials.experiment(condition).trials} == {windows}


def test_probes_of_one_call_share_no_speech(trials: VoiceTrials) -> None:
    starts: dict[str, list[float]] = {}
    for t in trials.experiment(AS_RECORDED).trials:
        if t.reference == "ada/0":
            sitting, _, start = t.probe.partition("@")
            starts.setdefault(sitting, []).append(float(start))
    assert all(min(np.diff(times)) >= 3.0 for times in starts.values() if len(times) > 1)


def test_successive_windows_are_alike(trials: VoiceTrials) -> None:
    assert 0.0 <= trials.autocorrelation(AS_RECORDED) < 1.0


def test_speech_that_cannot_be_enrolled_is_counted(corpus: Path) -> None:
    sittings = read_sittings(corpus)
    short = [type(s)(s.subject, s.name, s.samples[: 6 * RATE]) if s.name == "eve/2" else s for s in sittings]
    experiment = VoiceTrials(short, FakeHub(), silent).experiment(AS_RECORDED)
    assert (experiment.references, experiment.failed_enrolments) == (15, 1)
    assert "eve/2" not in {t.reference for t in experiment.trials}


def strange_voices() -> Cohort:
    rows = np.abs(np.random.default_rng(8).standard_normal((30, 80))).astype(np.float32)
    return Cohort(np.stack([unit(row) for row in rows]), "campplus@aaaaaaaa")


def test_strangers_are_tried_against_every_call_once_and_never_mated(trials: VoiceTrials) -> None:
    found = trials.strangers(AS_RECORDED, strange_voices())
    assert len(found.trials) == 30 * 15
    assert not any(trial.mated for trial in found.trials)
    assert len({(t.reference, t.probe.partition("@")[0]) for t in found.trials}) == len(found.trials)
    first = found.trials[0]
    assert 0.0 <= first.statistic <= 2.0
    assert first.covariates["snr_db"] > 0.0


@dataclass(frozen=True, slots=True)
class CountsItsName(Cohort):
    """``asked`` how often its name, a hash of all its voices, was asked for."""

    asked: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        self.asked.append("id")
        return "cohort@12345678"


def test_a_cohort_is_named_once_for_all_its_trials(trials: VoiceTrials) -> None:
    cohort = CountsItsName(strange_voices().voices, "campplus@aaaaaaaa")
    found = trials.strangers(AS_RECORDED, cohort)
    assert {trial.reference for trial in found.trials} == {f"cohort@12345678/{n}" for n in range(30)}
    assert len(cohort.asked) == 1


def test_calibration_survives_its_document(corpus: Path) -> None:
    said: list[str] = []
    fitted = calibrate_voice(
        corpus,
        FakeHub(),
        "synthetic",
        "7",
        lambda done, total, what: said.append(what),
        lambda model: strange_voices(),
        [Condition(3.0, None), Condition(5.0, None)],
    )
    signal = fitted.parameters
    assert signal.kind == "voice_match"
    assert signal.model == "campplus@aaaaaaaa"
    cohort = strange_voices()
    assert signal.data.name == (
        f"synthetic: 3 s, as recorded; 5 s, as recorded, non-mated also against 30 voices of {cohort.id}"
    )
    assert signal.data.subjects == 5 + 30
    assert signal.limits[0] < 0 < signal.limits[1]
    mated = [s for s, attack in zip(fitted.table.scores, fitted.table.attack, strict=True) if not attack]
    others = [s for s, attack in zip(fitted.table.scores, fitted.table.attack, strict=True) if attack]
    assert signal.calibrator.llr(float(np.median(mated)), {}) < 0
    assert signal.calibrator.llr(float(np.median(others)), {}) > 0
    assert parse_signal(signal_document(signal), "voice_match.json") == signal
    assert "enrolling" in said


def _no_folder(folder: Path) -> Path:
    return folder / "missing"


def _one_speaker(folder: Path) -> Path:
    (folder / "ada").mkdir()
    for number in range(3):
        soundfile.write(folder / "ada" / f"{number}.wav", hush(0.1), RATE)
    return folder


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_no_folder, "is not a folder"),
        (_one_speaker, "holds 1 speakers"),
        (lambda folder: folder, "holds 0 speakers"),
    ],
    ids=["missing", "one speaker", "empty"],
)
def test_a_folder_that_cannot_be_used_is_one_sentence(
    make: Callable[[Path], Path], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError, match=sentence):
        read_sittings(make(tmp_path))


def test_a_trial_knows_whether_it_is_mated() -> None:
    assert Trial("a", "a", "a/0", "a/1", 0.1, 1, {}).mated
    assert not Trial("a", "b", "a/0", "b/1", 0.1, 1, {}).mated
