from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fraudmodel.errors import ParametersError
from fraudmodel.parameters import load_parameters
from fraudmodel.policies import PolicyDocument, example_policies, load_policies, policies_of
from fraudmodel.policy import load_policy
from fraudmodel.policy_words import described, unmeasurable
from fraudmodel.signals import SignalKind
from tests.fraudmodel.builders import parameters
from tests.fraudmodel.test_policy import NEW, OLD


def written(folder: Path, name: str, **change: object) -> Path:
    file = folder / name
    file.write_text(json.dumps({k: v for k, v in (OLD | change).items() if v is not None}, indent=1))
    return file


def test_the_shipped_policy_is_every_products() -> None:
    policies = load_policies()
    assert policies.of("equipment").policy == load_policy()
    assert [each.source for each in policies.documents] == ["policy.json"]


def test_one_file_is_every_products_whatever_it_says_it_is_for(tmp_path: Path) -> None:
    policies = load_policies(str(written(tmp_path, "ours.json")))
    assert policies.of("trade") is policies.of("equipment")
    policies.require(["trade", "working-capital"])


def test_a_folder_has_a_file_for_each_product_and_one_for_all_others(tmp_path: Path) -> None:
    written(tmp_path, "equipment.json")
    written(tmp_path, "trade.json", product=None, products=["trade", "export"], version="4")
    written(tmp_path, "default.json", product="default", version="5")
    policies = load_policies(str(tmp_path))
    assert policies.of("equipment").policy.version.startswith("3+")
    assert policies.of("export") is policies.of("trade")
    assert policies.of("anything").source == "default.json"
    assert {each.source for each in policies.documents} == {"default.json", "equipment.json", "trade.json"}


def test_without_a_default_a_product_without_a_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "equipment.json")
    policies = load_policies(str(tmp_path))
    with pytest.raises(
        ParametersError, match=r'no policy for the product "trade".*add trade\.json, or default\.json'
    ):
        policies.require(["equipment", "trade"])


def test_a_file_whose_name_misleads_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "trade.json")
    with pytest.raises(
        ParametersError, match=r"trade\.json: it is for equipment, and the file's name says trade"
    ):
        load_policies(str(tmp_path))


def test_two_files_for_one_product_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "equipment.json")
    written(tmp_path, "trade.json", product=None, products=["trade", "equipment"])
    with pytest.raises(ParametersError, match=r"trade\.json: equipment\.json is for equipment already"):
        load_policies(str(tmp_path))


def test_a_mistake_in_any_file_is_found_with_its_line(tmp_path: Path) -> None:
    written(tmp_path, "equipment.json")
    written(tmp_path, "trade.json", product="trade", minimum_coverage=2)
    with pytest.raises(ParametersError, match=r"trade\.json, line \d+: minimum_coverage must lie in 0\.\.1"):
        load_policies(str(tmp_path))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParametersError, match="no policy"):
        load_policies(str(tmp_path))


def test_the_examples_are_a_folder_that_works_and_say_that_they_are_examples() -> None:
    documents = [PolicyDocument.of(name, text) for name, text in example_policies()]
    policies = policies_of(documents)
    policies.require(["working-capital", "equipment", "trade"])
    assert policies.of("trade").policy.thresholds != policies.of("equipment").policy.thresholds
    for document in documents:
        assert document.policy.note.startswith("An example")
        assert document.policy.approved_by == ""
        assert unmeasurable(document.policy, load_parameters()) == []


def test_a_policy_is_told_in_words() -> None:
    text = json.dumps(NEW)
    told = "\n".join(described(PolicyDocument.of("equipment.json", text).policy, 0.005))
    for part in (
        "equipment, trade: version 3+",
        "Head of credit risk answers for it since 2026-11-20.",
        "Check further from 0.2 %, refer from 5 % (set by hand).",
        "The costs alone would say 0.4 % and 1.88 %.",
        "Starting from 0.5 %, to proceed the evidence must stay below -4.0 dB; from +10.2 dB on it is a referral.",
        "everybody begins with a further check",
        "Required: face_match, measured; otherwise check further, unless an absence below says else.",
        "Required: one of flash_challenge or pose_challenge, passed (evidence against fraud); otherwise check further, unless an absence below says else.",
        "Absent: voice_match for the reason no_consent: one may proceed without.",
        "Absent: any signal for the reason detector_failed: refer.",
        "in order: flash_challenge, pose_challenge.",
        "A person decides.",
    ):
        assert part in told


def test_where_fraud_is_frequent_it_says_that_everybody_is_referred() -> None:
    told = "\n".join(described(load_policy(), 0.05))
    assert "everybody begins as a referral" in told
    assert "Nobody is named who answers for it." in told


def test_what_a_referral_wrongs_is_told_where_it_has_a_price() -> None:
    costs = OLD["costs"] | {"false_referral": 300}  # type: ignore[operator]
    policy = PolicyDocument.of("p.json", json.dumps(OLD | {"costs": costs})).policy
    assert "That somebody who is no fraud is referred costs 300 more." in described(policy, 0.005)
    assert "no fraud" not in "\n".join(described(load_policy(), 0.005))


def test_a_check_that_nobody_could_meet_is_told() -> None:
    policy = PolicyDocument.of("p.json", json.dumps(OLD | {"required": ["telepathy", "face_match"]})).policy
    (warning,) = unmeasurable(policy, load_parameters())
    assert "requires telepathy, measured" in warning


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"required": ["face_mach"]}, r"required\[0\] names face_mach"),
        ({"required": [{"one_of": ["face_match", "pose"]}]}, r"required\[0\]\.one_of\[1\] names pose"),
        (
            {"absence": [{"reason": "noisy", "means": "refer"}, {"signal": "voice_mach", "means": "refer"}]},
            r"absence\[1\]\.signal names voice_mach",
        ),
        ({"step_up": ["flash_challenge", "flash"]}, r"step_up\[1\] names flash"),
    ],
)
def test_a_misspelt_signal_is_refused_because_its_rule_would_never_hold(
    tmp_path: Path, change: dict[str, object], what: str
) -> None:
    written(tmp_path, "equipment.json")
    load_policies(str(tmp_path)).require_signals(load_parameters())
    written(tmp_path, "trade.json", product="trade", **change)
    with pytest.raises(
        ParametersError, match=rf"^trade\.json, line \d+: {what}, which is in no group of fusion\.json"
    ):
        load_policies(str(tmp_path)).require_signals(load_parameters())


def test_a_signal_of_the_bank_s_own_parameters_is_known(tmp_path: Path) -> None:
    own = parameters()
    group = replace(own.fusion.groups[0], kinds=(*own.fusion.groups[0].kinds, SignalKind("gait")))
    bank = replace(own, fusion=replace(own.fusion, groups=(group, *own.fusion.groups[1:])))
    policies = load_policies(str(written(tmp_path, "p.json", required=["gait", "flash_challenge"])))
    policies.require_signals(bank)
    with pytest.raises(ParametersError, match="names gait"):
        policies.require_signals(own)


def test_a_policy_for_a_product_that_there_is_not_is_told(tmp_path: Path) -> None:
    """With a policy for all others its product would be judged by that, and nobody would know."""
    written(tmp_path, "default.json", product="default")
    written(tmp_path, "equipmnt.json", product="equipmnt")
    written(tmp_path, "trade.json", product=None, products=["trade", "export"])
    policies = load_policies(str(tmp_path))
    policies.require(["equipment", "trade"])
    assert policies.idle(["equipment", "trade"]) == [
        "equipmnt.json: it is for equipmnt, and there is no such product"
    ]
    assert load_policies().idle(["equipment"]) == []
