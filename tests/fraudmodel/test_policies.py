from __future__ import annotations

import json
from pathlib import Path

import pytest

from fraudmodel.errors import ParametersError
from fraudmodel.parameters import load_parameters
from fraudmodel.policies import PolicyDocument, example_policies, load_policies, policies_of
from fraudmodel.policy import load_policy
from fraudmodel.policy_words import described, unmeasurable
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
        "Required: face_match, measured.",
        "Required: one of flash_challenge or pose_challenge, passed (evidence against fraud).",
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


def test_a_check_that_nobody_could_meet_is_told() -> None:
    policy = PolicyDocument.of("p.json", json.dumps(OLD | {"required": ["telepathy", "face_match"]})).policy
    (warning,) = unmeasurable(policy, load_parameters())
    assert "requires telepathy, measured" in warning
