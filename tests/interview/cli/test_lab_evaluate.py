"""`candor lab evaluate` from the outside, and what becomes of an evaluation that was broken off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from biometrics.attacklab.catalogue import all_species
from biometrics.attacklab.species import SPEECH
from biometrics.attacklab.store import Stored, stored
from biometrics.catalogue import detector_specs
from biometrics.errors import BiometricsError
from biometrics.evaluation.lab.scoring import LabScorer, Scores
from biometrics.evaluation.lab.scoring_pool import moments, score_all
from biometrics.evaluation.lab.trials import dump, mend, read_trials
from fraudmodel.behaviour import BEHAVIOUR
from interview.cli.evaluate import local_hub
from interview.cli.lab import app
from interview.cli.lab_evaluate import QUICK_COUNT, pulse_curves
from tests.biometrics.evaluation.lab.trials import lab as made_up

SEEN_S = 0.7
"""How much of a render the property looks at."""


def lab(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def test_without_renders_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text("{}")
    for folder in (tmp_path, tmp_path / "missing", tmp_path / "metrics.json"):
        result = lab("evaluate", "--renders", str(folder))
        assert isinstance(result.exception, BiometricsError)
        assert f"run `candor lab render --out {folder}` first, or use --quick" in str(result.exception)


def test_a_folder_without_media_is_one_sentence(tmp_path: Path) -> None:
    result = lab("evaluate", "--quick", "--renders", str(tmp_path), "--data", str(tmp_path / "missing"))
    assert isinstance(result.exception, BiometricsError)
    assert "neither a clips/*.mp4 nor a faces/*.jpg" in str(result.exception)


def test_a_description_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "print-a-test-00000.webm").write_bytes(b"")
    (tmp_path / "print-a-test-00000.json").write_bytes(b'{"name": "print-a-te')
    result = lab("evaluate", "--renders", str(tmp_path))
    assert isinstance(result.exception, BiometricsError)
    assert "print-a-test-00000.json describes no render of this lab" in str(result.exception)


@given(st.integers(0, 10**6))
def test_a_file_of_scores_that_was_cut_anywhere_takes_the_rest(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    trials = made_up(0, 4)[:5]
    whole = b"".join(map(dump, trials))
    file = tmp_path_factory.mktemp("cut") / "scores.jsonl"
    file.write_bytes(whole[: cut % (len(whole) + 1)])
    kept = {trial.render for trial in read_trials(file)}
    mend(file)
    with file.open("ab") as scores:
        scores.writelines(dump(trial) for trial in trials if trial.render not in kept)
    assert sorted(read_trials(file), key=lambda one: one.render) == sorted(trials, key=lambda one: one.render)
    assert len(file.read_bytes().splitlines()) == len(trials)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The quick evaluation's folder, and what it printed."""

    folder: Path
    metrics: dict[str, object]

    @property
    def renders(self) -> list[Stored]:
        return list(stored(self.folder))

    @property
    def scores(self) -> Path:
        (file,) = self.folder.glob("scores-*.jsonl")
        return file


def quick(folder: Path) -> dict[str, object]:
    result = lab("evaluate", "--quick", "--renders", str(folder), "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """Everything that one portrait allows, rendered and measured."""
    folder = tmp_path_factory.mktemp("lab")
    return Evaluated(folder, quick(folder))


@pytest.mark.models
def test_quick_measures_every_species_that_one_person_allows(evaluated: Evaluated) -> None:
    possible = [each for each in all_species() if each.needs <= {SPEECH}]  # the portrait reads aloud
    counts = {each.name: sum(each.lacks(name) is None for name in each.renderers) for each in possible}
    alone = {name: count for name, count in counts.items() if count}
    renders = evaluated.renders
    assert {each.species for each in renders} == set(alone)
    assert len(renders) == QUICK_COUNT * sum(alone.values()) == evaluated.metrics["renders"]
    trials = read_trials(evaluated.scores)
    assert {trial.render for trial in trials} == {each.name for each in renders}
    kinds = {str(spec.kind) for spec in detector_specs() if spec.kind not in BEHAVIOUR}
    assert all({*trial.scores, *trial.reasons} == kinds for trial in trials)
    assert all(trial.reasons["face_match"] == "no_reference" for trial in trials)


@pytest.mark.models
def test_quick_leaves_a_page_and_the_figures_that_it_prints(evaluated: Evaluated) -> None:
    page = (evaluated.folder / "report.html").read_text("utf-8")
    assert "Sim-APCER" in page
    assert json.loads((evaluated.folder / "metrics.json").read_text("utf-8")) == evaluated.metrics
    assert any(": 1 person. No claim" in gap for gap in evaluated.metrics["gaps"])  # type: ignore[attr-defined]


@pytest.mark.models
def test_an_evaluation_that_was_broken_off_goes_on(evaluated: Evaluated) -> None:
    """A render that was not described yet is made again, a score that was half written is scored again; nothing else."""
    lost = evaluated.renders[0]
    described = lost.path.with_suffix(".json").read_bytes()
    lost.path.with_suffix(".json").unlink()
    lines = evaluated.scores.read_bytes().splitlines(keepends=True)
    marked = [
        orjson.dumps(orjson.loads(line), option=orjson.OPT_INDENT_2).replace(b"\n", b" ") for line in lines
    ]
    evaluated.scores.write_bytes(b"\n".join(marked)[:-40])
    assert quick(evaluated.folder) == evaluated.metrics
    assert lost.path.with_suffix(".json").read_bytes() == described
    again = evaluated.scores.read_bytes().splitlines()
    assert again[:-1] == marked[:-1]
    assert orjson.loads(again[-1]) == orjson.loads(lines[-1])


@pytest.mark.models
def test_renders_of_another_seed_are_not_taken_for_those_that_were_scored(evaluated: Evaluated) -> None:
    first, *rest = evaluated.renders[:3]
    other = replace(first, light=first.light / 2)
    before = evaluated.scores.read_bytes()
    trials = score_all([other, *rest], evaluated.scores, local_hub, 1)
    assert trials[0].conditions.light == other.light
    assert len(evaluated.scores.read_bytes().splitlines()) == len(before.splitlines()) + 1
    evaluated.scores.write_bytes(before)


@pytest.fixture(scope="module")
def scorer() -> Iterator[LabScorer]:
    with local_hub() as hub:
        yield LabScorer(hub, detector_specs())


@pytest.fixture(scope="module")
def alone(evaluated: Evaluated, scorer: LabScorer) -> dict[str, Scores]:
    """Each of some renders scored by itself, up to a moment."""
    return {each.name: _score(scorer, each) for each in evaluated.renders[::9]}


def _score(scorer: LabScorer, render: Stored) -> Scores:
    return scorer.score(takewhile(lambda moment: moment.t < SEEN_S, moments(render)))


@pytest.mark.models
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_score_depends_on_its_render_only(
    evaluated: Evaluated, scorer: LabScorer, alone: dict[str, Scores], data: st.DataObject
) -> None:
    """Scored again, and after whichever others, every render scores the same to the last bit."""
    renders = {each.name: each for each in evaluated.renders}
    for name in data.draw(st.lists(st.sampled_from(sorted(alone)), min_size=2, max_size=4)):
        assert _score(scorer, renders[name]) == alone[name]


def test_the_pulse_of_another_measurement_becomes_a_chart_for_each_amplitude(tmp_path: Path) -> None:
    rows = [
        {"green_amplitude": green, "target_kbps": kbps, "snr_db": None if green == 0 else {"value": value}}
        for green in (0.01, 0.003, 0.0)
        for kbps, value in ((None, 10.0), (2500, 6.0), (250, -1.5))
    ]
    file = tmp_path / "rppg.json"
    file.write_text(json.dumps({"signal": "rppg", "rows": rows}))
    (strong, chart), (weak, _) = pulse_curves(file)
    assert "1 %" in strong
    assert "0.3 %" in weak
    assert ">6.0<" in chart
    assert ">-1.5<" in chart
    assert ">10.0<" not in chart


@pytest.mark.parametrize("text", ["", "{}", '{"rows": [{}]}', "[1]"])
def test_what_is_no_measurement_of_the_pulse_is_refused_before_anything_is_rendered(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "rppg.json"
    file.write_text(text)
    result = lab("evaluate", "--quick", "--renders", str(tmp_path / "new"), "--pulse", str(file))
    assert isinstance(result.exception, BiometricsError)
    assert "no output of `candor evaluate rppg --json`" in str(result.exception)
    assert not (tmp_path / "new").exists()
