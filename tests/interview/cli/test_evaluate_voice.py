"""`candor evaluate voice`: conditions, encoders, and the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from biometrics.errors import CohortError, EvaluationError
from biometrics.evaluation.voice_norms import NormRow
from biometrics.evaluation.voice_pairs import Condition
from biometrics.voice.cohort import Cohort, write_cohort
from fraudmodel.intervals import Estimate
from interview.cli.evaluate_voice import (
    CHANNELS_KBPS,
    DURATIONS_S,
    HARD,
    compare_normalisations,
    conditions,
    measure,
    print_normalisations,
    write_page,
)
from models.errors import ModelNotInstalled
from tests.biometrics.evaluation.test_voice_pairs import BANDS, RATE, strange_voices, utterance
from tests.biometrics.voice.fakes import FakeHub
from tests.interview.cli.test_evaluate import run

SHORT = Condition(3.0, None)
TOO_LONG = Condition(60.0, None)


def silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speakers")
    for name in BANDS:
        (folder / name).mkdir()
        for number in range(3):
            soundfile.write(folder / name / f"{number}.flac", utterance(name, number), RATE)
    return folder


def test_every_duration_goes_through_every_channel() -> None:
    quiet = [one for one in conditions() if one not in HARD]
    assert {(one.speech_s, one.opus_kbps) for one in quiet} == {
        (duration_s, kbps) for duration_s in DURATIONS_S for kbps in CHANNELS_KBPS
    }
    assert len(conditions()) == len(set(conditions())) == len(quiet) + len(HARD)


def test_what_the_data_do_not_support_is_said_and_the_rest_measured(corpus: Path, tmp_path: Path) -> None:
    rows, gaps = measure(corpus, FakeHub(), "campplus", [SHORT, TOO_LONG], silent)
    assert [row.condition for row in rows] == [str(SHORT)]
    (gap,) = gaps
    assert str(TOO_LONG) in gap
    page = tmp_path / "page.html"
    write_page(page, rows, "speakers", "candor evaluate voice --data <b>")
    html = page.read_text("utf-8")
    assert html.count("<tr><td>") == html.count("<polyline") == 1
    assert "&lt;b&gt;" in html
    assert "http" not in html
    with pytest.raises(EvaluationError, match="60 s"):
        measure(corpus, FakeHub(), "campplus", [TOO_LONG], silent)


def test_fewer_speakers_are_the_first_ones(corpus: Path) -> None:
    rows, _ = measure(corpus, FakeHub(), "campplus", [SHORT], silent, speakers=4)
    assert rows[0].subjects == 4
    with pytest.raises(EvaluationError, match="too few subjects"):
        measure(corpus, FakeHub(), "campplus", [SHORT], silent, speakers=3)


def test_the_second_encoder_says_how_it_is_installed(corpus: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="ecapa"):
        measure(corpus, FakeHub(), "ecapa", [SHORT], silent)


@pytest.mark.models
@pytest.mark.shared
def test_it_works_on_real_voices(shared: Path, tmp_path: Path) -> None:
    page = tmp_path / "voice.html"
    folder = shared / "data" / "speech" / "librispeech_test_other"
    result = run("evaluate", "voice", "--data", str(folder), "--quick", "--html", str(page), "--json")
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)["conditions"]
    assert (row["condition"], row["subjects"]) == ("3 s, Opus 24 kbit/s", 4)
    assert row["eer"]["value"] <= 0.02
    assert row["min_dcf"]["low"] <= row["min_dcf"]["value"] <= row["min_dcf"]["high"]
    assert "DET curves" in page.read_text("utf-8")


def test_a_cohort_of_another_encoder_is_refused_before_anything_is_heard(
    corpus: Path, tmp_path: Path
) -> None:
    file = tmp_path / "other.npz"
    write_cohort(Cohort(strange_voices().voices, "ecapa@12345678"), file)
    with pytest.raises(CohortError, match="made with ecapa@12345678"):
        compare_normalisations(corpus, FakeHub(), file, silent)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--normalisations", "--encoder", "ecapa"), "leave out --encoder"),
        (("--normalisations", "--opus-kbps", "24"), "leave out --opus-kbps"),
        (("--normalisations", "--html", "page.html"), "leave out --html"),
        (
            ("--normalisations", "--encoder", "ecapa", "--opus-kbps", "24"),
            "leave out --encoder and --opus-kbps",
        ),
        (("--cohort", "cohort.npz"), "give both, or neither"),
    ],
)
def test_options_that_would_be_left_aside_are_refused(
    tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    result = run("evaluate", "voice", "--data", str(tmp_path / "missing"), *options)
    assert isinstance(result.exception, EvaluationError)
    assert sentence in str(result.exception)


@pytest.mark.parametrize("as_json", [True, False])
def test_normalisations_are_printed(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    figure = Estimate(0.25, 0.125, 0.5, 30)
    row = NormRow("S", "3 s, Opus 24 kbit/s", 10, 20, 5.0, *[figure] * 7)
    print_normalisations([row], "speakers", as_json=as_json)
    said = capsys.readouterr().out
    if not as_json:
        assert "25.00 [12.50, 50.00]" in said
        assert "FMR of 1 %" in said
        return
    (read,) = json.loads(said)["normalisations"]
    assert read["fmr_moved"] == {"value": 0.25, "low": 0.125, "high": 0.5, "n": 30}
    assert (read["normalisation"], read["mated"], read["non_mated"]) == ("S", 10, 20)
