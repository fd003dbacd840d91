"""Templates: the shipped ones are complete, a bank's own take their place, and a mistake is answered with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from fraudmodel.errors import ParametersError
from interview.bootstrap import build
from interview.errors import ServiceError
from interview.questions.records import LANGUAGES
from interview.questions.templates import SHIPPED, load_templates, parse_set, write_set
from interview.settings import Settings
from tests.interview.questions.fakes import a_set

ENOUGH_S = 90.0
"""What a comparison needs of neutral answers; with five of them."""


def document(**changes: object) -> dict[str, Any]:
    question = {"id": "q1", "role": "baseline", "expected_s": 15, "text": dict.fromkeys(LANGUAGES, "Name?")}
    whole: dict[str, Any] = {
        "version": "1",
        "product": "trade",
        "name": dict.fromkeys(LANGUAGES, "Own"),
        "questions": [question],
    }
    return whole | changes


def put(folder: Path, name: str, content: object) -> None:
    (folder / name).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))


@pytest.mark.parametrize("product", [*(each.id for each in Settings().products), "general"])
def test_shipped_templates_can_carry_a_comparison(product: str) -> None:
    questions = load_templates().sets[product].questions
    neutral = [each for each in questions if each.role == "baseline"]
    probes = [each for each in questions if each.role == "probe"]
    assert min(len(neutral), len(probes)) >= 6
    assert sum(each.expected_s for each in neutral) > ENOUGH_S
    assert all(set(each.text) == set(LANGUAGES) for each in questions)
    assert all(len({each.text[language] for each in questions}) == len(questions) for language in LANGUAGES)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_neutral_questions_are_spread_over_the_interview(path: Path) -> None:
    """All at the beginning would confound the questions with time: an applicant grows used to the call, or tired."""
    roles = [each.role for each in load_templates().sets[path.stem].questions]
    third = len(roles) // 3
    for part in (roles[:third], roles[third:-third], roles[-third:]):
        assert {"baseline", "probe"} <= set(part)


def test_a_product_without_a_template_has_the_general_one() -> None:
    templates = load_templates()
    found = templates.of("a-new-product")
    assert found is templates.sets["general"]
    assert load_templates().of("trade") == templates.sets["trade"]


def test_own_folder_takes_the_place_of_the_files_that_it_has(tmp_path: Path) -> None:
    put(tmp_path, "trade.json", document())
    put(tmp_path, "car.json", document(product="car"))
    templates = load_templates(tmp_path)
    assert templates.sets["trade"].version == "1"
    assert templates.sets["car"].product == "car"
    assert templates.sets["equipment"] == load_templates().sets["equipment"]


def test_folder_without_a_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"CANDOR_TEMPLATES: there is no template \(PRODUCT\.json\) in"):
        load_templates(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"questions": []}, r"trade.json, line \d+: questions must hold at least one question"),
        ({"version": ""}, r"line 2: version must be a text that is not empty"),
        ({"more": 1}, r"more is not a field that is known here"),
        ({"name": {"en": "Own"}}, r'name lacks the field "zh-Hans"'),
        ({"product": "car"}, r"trade.json: product is 'car', and the file's name says 'trade'"),
        ({"product": "a b"}, r"product must be letters, digits"),
    ],
)
def test_a_mistake_is_answered_with_its_place(tmp_path: Path, changes: dict[str, object], told: str) -> None:
    put(tmp_path, "trade.json", document(**changes))
    with pytest.raises(ParametersError, match=told) as refused:
        load_templates(tmp_path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("role", "neutral", r"questions\[1\].role must be one of baseline, probe; it is 'neutral'"),
        ("id", "q1", r"questions\[1\].id names q1 a second time"),
        ("id", "q 2", r"questions\[1\].id must be letters"),
        ("expected_s", 0, r"questions\[1\].expected_s must be above 0"),
        ("expected_s", 601, r"questions\[1\].expected_s must be at most 600 s; it is 601"),
        ("text", {"en": "?"}, r'questions\[1\].text lacks the field "zh-Hans"'),
    ],
)
def test_a_mistake_in_a_question_is_answered_with_its_place(
    tmp_path: Path, field: str, value: object, told: str
) -> None:
    [first] = document()["questions"]
    put(tmp_path, "trade.json", document(questions=[first, first | {"id": "q2"} | {field: value}]))
    with pytest.raises(ParametersError, match=rf"trade.json, line \d+: {told}"):
        load_templates(tmp_path)


@pytest.mark.parametrize(
    ("content", "told"), [(b"{", "line 1: not JSON"), (b"\xff\xfe{", "not UTF-8 text")], ids=["cut", "utf-16"]
)
def test_what_is_no_document_is_one_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "trade.json").write_bytes(content)
    with pytest.raises(ParametersError, match=f"trade.json.*{told}"):
        load_templates(tmp_path)


def test_what_an_interview_keeps_comes_back_whole() -> None:
    for each in (*load_templates().sets.values(), a_set("baseline", "probe")):
        assert parse_set(write_set(each), "kept") == each


def test_a_service_does_not_start_with_a_template_that_cannot_be_read(tmp_path: Path) -> None:
    """It says why, instead of holding interviews with other questions than the bank's."""
    put(tmp_path, "trade.json", document(questions=[]))
    settings = Settings(data_dir=tmp_path / "var", templates=tmp_path)
    with pytest.raises(ParametersError, match=r"trade\.json, line \d+: questions must hold"):
        build(settings, tmp_path)
