from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from math import inf, log
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.calibration import Covariate, Isotonic, Logistic
from fraudmodel.errors import ParametersError
from fraudmodel.fit import write_signal
from fraudmodel.fusion_document import fusion_document
from fraudmodel.fusion_rows import UNKNOWN
from fraudmodel.intervals import Estimate
from fraudmodel.llr import bounded
from fraudmodel.parameters import load_parameters, parse_fusion, parse_parameters
from fraudmodel.policy import load_policy
from fraudmodel.pooling import Pooling
from fraudmodel.signal_parameters import (
    Provenance,
    SignalParameters,
    parse_signal,
    signal_document,
)
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import Weighing
from tests.fraudmodel.builders import FACE, identity, signal

Document = dict[str, object]
FUSION = """{
  "version": "7",
  "source": "by hand",
  "equivalent_cases": 12,
  "groups": [{"name": "identity", "kinds": ["face_match"], "correlation": 0.9}],
  "components": [
    {"family": "impostor", "name": "another person", "prior": 0.5, "weights": {"face_match": 1}},
    {"family": "injected", "name": "synthetic", "prior": 0.5, "weights": {}}
  ]
}"""
NUMBERS = st.floats(-1e6, 1e6)


@st.composite
def signals(draw: st.DrawFn) -> SignalParameters:
    """Any sound signal parameters with a logistic calibration."""
    covariates = tuple(
        Covariate(
            name,
            draw(NUMBERS),
            draw(st.floats(0.1, 9.0)),
            1.0,
            draw(st.floats(1.0, 99.0)),
            draw(st.booleans()),
        )
        for name in draw(st.lists(st.sampled_from(["snr_db", "net_speech_s", "yaw_deg"]), unique=True))
    )
    width = 2 + 2 * len(covariates)
    row = st.lists(st.floats(0.0, 1e6), min_size=width, max_size=width)
    rows = draw(st.lists(row, max_size=4))
    return SignalParameters(
        kind=SignalKind(draw(st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip))),
        version="1",
        model="m@12345678",
        grade=draw(st.sampled_from(["measured", "simulated"])),
        data=Provenance("data, 数据", draw(st.integers(0, 10**6)), 4, 3, draw(st.floats(0.1, 1e6)), 2.0),
        pooling=Pooling(
            draw(st.sampled_from(["mean", "peak-hold"])),
            0.1,
            draw(st.none() | st.floats(0.1, 1e4)),
            5.0,
            0.5,
            0.25,
        ),
        calibrator=Logistic(
            draw(NUMBERS), tuple(draw(row)), covariates, np.array(rows, dtype=np.float64).reshape(-1, width)
        ),
        bounds=(draw(st.floats(-9.0, 0.0)), draw(st.floats(0.0, 9.0))),
        information=draw(st.floats(0.0, 1.0)),
        discount=draw(st.floats(0.0, 1.0)),
        cap=draw(st.just(inf) | st.floats(0.1, 5.0)),
        measured={"eer": Estimate(0.1, 0.0, 0.2, 7)},
        windows=draw(st.floats(1.0, 1e4)),
    )


@given(signals())
def test_a_document_reads_back_to_the_very_same_parameters(original: SignalParameters) -> None:
    again = parse_signal(signal_document(original), "x.json")
    assert again == original
    assert isinstance(again.calibrator, Logistic)
    assert np.array_equal(again.calibrator.replicates, cast(Logistic, original.calibrator).replicates)


def test_an_isotonic_document_reads_back() -> None:
    original = signal(calibrator=Isotonic((0.0, 1.0, 2.0), (-1.0, -1.0, 3.5)))
    assert parse_signal(signal_document(original), "x.json") == original


def test_only_windows_beyond_those_of_the_calibration_cost_anything() -> None:
    six = replace(signal(), windows=6.0)
    assert six.looking(1) == six.looking(6) == 0.0
    assert six.looking(12) == pytest.approx(log(2.0))


def test_a_calibration_that_does_not_state_its_windows_had_one_as_before() -> None:
    assert "windows" not in signal_document(signal())
    before = parse_signal(signal_document(signal()), "x.json")
    assert before.looking(6) == pytest.approx(log(6.0))


def test_each_bootstrap_refit_stands_on_one_line() -> None:
    text = signal_document(signal(calibrator=identity(np.array([[0.5, 1.0], [-1e-7, 2.0]]))))
    assert "      [0.5, 1.0],\n      [-1e-07, 2.0]\n" in text


def test_the_tighter_of_bounds_and_cap_holds() -> None:
    assert signal(bounds=(-4.0, 1.0), cap=2.5).limits == (-2.5, 1.0)


def changed(change: Callable[[Document], object]) -> str:
    document = json.loads(signal_document(signal()))
    change(document)
    return json.dumps(document, indent=1)


def edit(path: str, value: object) -> Callable[[Document], object]:
    def change(document: Document) -> None:
        place: Document = document
        *outer, last = path.split(".")
        for step in outer:
            place = cast(Document, place[step])
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d.pop("model"), 'line 1: the document lacks the field "model"'),
        (edit("models", "x"), "models is not a field that is known here"),
        (edit("grade", "guessed"), "grade must be one of measured, simulated; it is 'guessed'"),
        (edit("bounds", [1.0, 2.0]), "bounds must be two numbers"),
        (edit("bounds", [-1.0, 2.0, 3.0]), "bounds must be two numbers"),
        (edit("bounds", [-1.0, 51.0]), "bounds must lie within 50 nats of 0"),
        (edit("pooling.reading_sd", 1e200), "pooling.reading_sd must lie in 0..1e+15"),
        (edit("version", "1\n2"), "version must stand on one line"),
        (edit("information", 1.5), "information must lie in 0..1; it is 1.5"),
        (edit("discount", -0.1), "discount must lie in 0..1"),
        (edit("cap", 0), "cap must be above 0"),
        (edit("data.bona_fide", 1.5), "data.bona_fide must be a whole number"),
        (edit("pooling.strategy", "sum"), "pooling.strategy must be one of mean, peak-hold"),
        (edit("pooling.half_life_s", 0), "pooling.half_life_s must be above 0"),
        (edit("pooling.autocorrelation", 1.0), "pooling.autocorrelation must lie in 0..0.999"),
        (edit("calibration.type", "neural"), "calibration.type must be one of logistic, isotonic"),
        (edit("calibration.coefficients", [0.0]), "calibration.coefficients must hold 2 numbers"),
        (edit("calibration.coefficients", [0.0, -1.0]), "calibration.coefficients has a slope below 0"),
        (edit("calibration.replicates", [[0, 1], [0]]), "calibration.replicates[1] must hold 2 numbers"),
        (
            edit("calibration", {"type": "isotonic", "scores": [1, 1], "llrs": [0, 0]}),
            "calibration cannot be used: an isotonic calibration needs increasing scores",
        ),
        (edit("measured", {"eer": {"value": 0.1}}), 'measured.eer lacks the field "low"'),
    ],
)
def test_a_wrong_field_is_refused_by_name(change: Callable[[Document], object], what: str) -> None:
    with pytest.raises(ParametersError) as refused:
        parse_signal(changed(change), "face_match.json")
    assert str(refused.value).startswith("face_match.json, line ")
    assert what in str(refused.value)


def test_the_line_of_a_wrong_field_is_named() -> None:
    text = changed(edit("pooling.trim", "a lot"))
    line = next(n for n, content in enumerate(text.splitlines(), 1) if '"trim"' in content)
    with pytest.raises(
        ParametersError, match=rf"face_match\.json, line {line}: pooling\.trim must be a number"
    ):
        parse_signal(text, "face_match.json")


def test_a_covariate_on_a_log_scale_must_be_positive() -> None:
    covariate = {"name": "s", "centre": 0, "scale": 1, "low": 0, "high": 2, "log": True}
    calibration = {
        "type": "logistic",
        "centre": 0,
        "coefficients": [0, 1, 0, 0],
        "covariates": [covariate],
        "replicates": [],
    }
    with pytest.raises(ParametersError, match=r"covariates\[0\]\.low must be above 0"):
        parse_signal(changed(edit("calibration", calibration)), "x.json")


def test_parameters_are_named_by_their_content() -> None:
    documents = {"fusion.json": FUSION, "face_match.json": signal_document(signal())}
    one, same = parse_parameters(documents), parse_parameters({**documents, "policy.json": "{}"})
    other = parse_parameters({**documents, "face_match.json": signal_document(signal(information=0.5))})
    assert one.version == same.version
    assert one.version.startswith("7+")
    assert one.version != other.version
    assert set(one.signals) == {FACE}


def test_parameters_without_fusion_are_refused() -> None:
    with pytest.raises(ParametersError, match=r"fusion\.json is missing"):
        parse_parameters({})


def test_a_signal_that_fusion_does_not_know_is_refused() -> None:
    documents = {"fusion.json": FUSION, "voice.json": signal_document(signal(SignalKind("voice_match")))}
    with pytest.raises(
        ParametersError,
        match=r"voice\.json, line 2: kind is voice_match, to which fusion\.json gives no group",
    ):
        parse_parameters(documents)


def test_two_calibrations_of_one_signal_are_refused() -> None:
    text = signal_document(signal())
    with pytest.raises(ParametersError, match=r"b\.json, line 2: kind is face_match, which another file"):
        parse_parameters({"fusion.json": FUSION, "a.json": text, "b.json": text})


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            '"prior": 0.5, "weights": {}',
            '"prior": 0.4, "weights": {}',
            r"fusion\.json, line 6: components must have priors that sum to 1; they sum to 0\.9",
        ),
        ('"equivalent_cases": 12', '"equivalent_cases": 0', "line 4: equivalent_cases must be above 0"),
        ('"correlation": 0.9', '"correlation": 2', r"line 5: groups\[0\]\.correlation must lie in 0\.\.1"),
        (
            '{"face_match": 1}',
            '{"face_match": -1}',
            r"line 7: components\[0\]\.weights\.face_match must lie in 0",
        ),
        (
            '{"face_match": 1}',
            '{"face": 1}',
            r"line 7: components\[0\]\.weights\.face is the weight of a signal that belongs to no group",
        ),
        (
            '["face_match"]',
            '["face_match", "face_match"]',
            r"line 5: groups\[0\]\.kinds\[1\] is face_match, which is in",
        ),
        (
            '["face_match"]',
            '["face_match", "a", "b", "c", "d", "e", "f", "g", "h"]',
            r"groups\[0\]\.kinds are 9 signals",
        ),
        ('"family": "injected"', '"family": "none"', r"line 8: components\[1\]\.family cannot be none"),
        ('"version": "7"', f'"version": "{"7" * 61}"', "line 2: version must be at most 60 characters"),
        ('"equivalent_cases": 12', '"equivalent_cases": 1e16', r"must lie in -1e\+15\.\.1e\+15"),
        (
            '"equivalent_cases": 12,',
            '"equivalent_cases": 12,\n  "equivalent_cases": 900,',
            "line 5: equivalent_cases is there a second time",
        ),
    ],
)
def test_a_wrong_fusion_is_refused(old: str, new: str, what: str) -> None:
    with pytest.raises(ParametersError, match=what):
        parse_fusion(FUSION.replace(old, new))


def test_weights_of_a_document_of_before_scale_and_may_exceed_1() -> None:
    scaled = FUSION.replace('{"face_match": 1}', '{"face_match": 2.5}')
    assert parse_fusion(scaled).weighing is Weighing.SCALED
    assert parse_fusion(fusion_document(parse_fusion(scaled))) == parse_fusion(scaled)
    with pytest.raises(ParametersError, match=r"weights\.face_match must lie in 0\.\.1; it is 2\.5"):
        parse_fusion(scaled.replace('"version"', '"weighing": "mixed", "version"'))


def test_parameters_load_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "fusion.json").write_text(FUSION)
    (tmp_path / "README.txt").write_text("not a parameter")
    assert write_signal(signal(), tmp_path) == tmp_path / "face_match.json"
    assert load_parameters(str(tmp_path)).signals[FACE] == signal()


def test_eleven_groups_cannot_be_explained() -> None:
    more = ", ".join(f'{{"name": "g{n}", "kinds": [], "correlation": 0}}' for n in range(10))
    with pytest.raises(ParametersError, match=r"fusion\.json, line 5: groups are 11, and at most 10"):
        parse_fusion(FUSION.replace('"correlation": 0.9}', f'"correlation": 0.9}}, {more}'))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "fusion.json").write_text(FUSION)
    (tmp_path / "face_match.json").mkdir()
    with pytest.raises(ParametersError, match=r"face_match\.json: cannot be read"):
        load_parameters(str(tmp_path))


def test_no_name_is_no_folder() -> None:
    with pytest.raises(ParametersError, match='there is no folder of parameters ""'):
        load_parameters("")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParametersError, match="there is no folder of parameters"):
        load_parameters(str(tmp_path / "nowhere"))


def test_the_shipped_parameters_and_policy_load() -> None:
    shipped = load_parameters()
    families = {component.family for component in shipped.fusion.components}
    assert families == {"presentation", "injected", "replay", "voice_attack", "impostor", UNKNOWN}
    assert shipped.fusion.weighing is Weighing.MIXED
    assert load_policy().step_up_at < load_policy().refer_at


def test_every_shipped_calibration_says_what_it_was_measured_on() -> None:
    for kind, calibrated in load_parameters().signals.items():
        assert {"eer", "cllr", "cllr_min"} <= set(calibrated.measured), kind
        assert min(calibrated.data.bona_fide, calibrated.data.attack, calibrated.data.subjects) > 0


def test_the_light_is_worth_what_the_readme_says() -> None:
    """A face that follows promptly, faces that no light reaches (their scores stay below 1.4), and a recorded answer."""
    light = load_parameters().signals[SignalKind("flash_challenge")]
    passed, drowned, recorded = (
        bounded(light.discount * light.calibrator.llr(score, {}), light.limits) for score in (-5.4, 1.4, 3.0)
    )
    assert passed == pytest.approx(-1.6, abs=0.1)
    assert drowned == pytest.approx(1.5, abs=0.05)
    assert drowned < recorded <= light.cap <= 2.5
