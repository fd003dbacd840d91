from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.document import Node, document_text
from fraudmodel.errors import ParametersError

TEXT = """{
  "name": "x",
  "rows": [
    {"a": 1},
    {"a": true,
     "b": [1,
           "two"]}
  ],
  "empty": "  "
}
"""


def refusal(act: Callable[[Node], object]) -> str:
    with pytest.raises(ParametersError) as refused:
        act(Node.parse(TEXT, "file.json"))
    return str(refused.value)


def test_a_mistake_is_named_with_file_line_and_field() -> None:
    assert (
        refusal(lambda n: n["rows"].items()[1]["a"].number())
        == "file.json, line 5: rows[1].a must be a number; it is True"
    )
    assert refusal(lambda n: n["rows"].items()[1]["b"].numbers()).startswith(
        "file.json, line 7: rows[1].b[1]"
    )
    assert refusal(lambda n: n["empty"].text()) == "file.json, line 9: empty must be a text that is not empty"


def test_missing_and_unknown_fields_are_refused() -> None:
    assert 'line 1: the document lacks the field "c"' in refusal(
        lambda n: n.fields("name", "c", optional=["rows", "empty"])
    )
    assert "line 3: rows is not a field that is known here" in refusal(
        lambda n: n.fields("name", optional=["empty"])
    )


def test_a_misspelt_field_is_named_with_its_line_and_what_is_missing_instead() -> None:
    assert refusal(lambda n: n.fields("name", "row", optional=["empty"])) == (
        "file.json, line 3: rows is not a field that is known here; missing beside it: row"
    )


def test_the_line_of_broken_json_is_named() -> None:
    with pytest.raises(ParametersError, match=r"broken\.json, line 2: not JSON"):
        Node.parse('{\n "a" 1}', "broken.json")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("\ufeff{}", "f, line 1: not JSON, it begins with a byte order mark"),
        ("[" * 200_000, "f, line 1: the document nests lists or objects too deeply"),
        ('{"a": 1,\n "b": 2,\n "a": 1}', "f, line 3: a is there a second time"),
        (
            '{"a": {"a": 1},\n "b": [0, {"c": 1,\n "d": 2, "c": [],\n "c": 3}]}',
            r"f, line 3: b\[1\]\.c is there a second",
        ),
        ('{"a": {"b": 1, "b": 2},\n "a": 3}', "f, line 2: a is there a second time"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, what: str) -> None:
    with pytest.raises(ParametersError, match=what):
        Node.parse(text, "f")


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_that_no_machine_holds_is_refused(digits: int) -> None:
    node = Node.parse(f'{{"z": {"1" * digits},\n "a": {"9" * digits}}}', "f")
    for read in (Node.number, Node.positive, Node.count):
        with pytest.raises(ParametersError, match=r"f, line 2: a must be a .*it is inf"):
            read(node["a"])


@pytest.mark.parametrize("value", ["\\u0000", "\\ud800", "\\u001b[31m"])
def test_a_text_that_cannot_be_kept_is_refused(value: str) -> None:
    with pytest.raises(ParametersError, match=r"f, line 1: a has a control character, or half a character"):
        Node.parse(f'{{"a": "x{value}"}}', "f")["a"].text()


def test_a_name_stands_on_one_line_and_is_not_longer_than_it_may_be() -> None:
    node = Node.parse('{"a": "x\\ny", "b": "长长长"}', "f")
    assert node["a"].text() == "x\ny"
    with pytest.raises(ParametersError, match="a must stand on one line"):
        node["a"].line()
    assert node["b"].line(3) == "长长长"
    with pytest.raises(ParametersError, match="b must be at most 2 characters; it has 3"):
        node["b"].line(2)


def test_a_field_without_a_name_or_with_signs_in_it_is_told_in_one_line() -> None:
    with pytest.raises(ParametersError, match=r'^f, line 1: "" is not a field'):
        Node.parse('{"": 1}', "f").fields()
    with pytest.raises(ParametersError, match=r'^f, line 1: "a\\nb" is not a field'):
        Node.parse('{"a\\nb": 1}', "f").fields()


def test_what_is_wrong_is_shown_shortly() -> None:
    with pytest.raises(ParametersError) as refused:
        Node.parse(json.dumps({"a": list(range(5000))}), "f")["a"].number()
    assert len(str(refused.value)) < 100


def test_where_a_file_stops_being_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(b'{\n "a": 1,\n "b": "\xe9"}')
    with pytest.raises(ParametersError, match=r"p\.json, line 3: not UTF-8 text, invalid continuation byte"):
        document_text(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (lambda n: n["name"].items(), "must be a list"),
        (lambda n: n["name"].fields("a"), "must be an object"),
        (lambda n: n["name"].choice("y", "z"), "must be one of y, z"),
        (lambda n: n["name"].flag(), "must be true or false"),
        (lambda n: n["name"].count(), "must be a whole number"),
        (lambda n: n["rows"].items()[0]["a"].number(2, 3), "must lie in 2..3"),
        (lambda n: Node(-1, "f", "-1").positive(), "must be above 0"),
        (lambda n: Node(1e-16, "f", "1e-16").positive(), "must lie in 1e-15..1e+15"),
        (lambda n: Node(1e16, "f", "1e16").number(), "must lie in -1e+15..1e+15"),
        (lambda n: Node(float("nan"), "f", "NaN").number(), "must be a number"),
    ],
)
def test_each_reading_says_what_it_needs(act: Callable[[Node], object], what: str) -> None:
    assert what in refusal(act)


KEYS = st.text(st.sampled_from('ab"\\\n{}[],: é'), max_size=4)
DOCUMENTS = st.recursive(
    st.integers() | st.text(max_size=4) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(DOCUMENTS, st.sampled_from([None, 0, 3]), st.data())
def test_the_line_found_is_where_the_value_stands(
    document: object, indent: int | None, data: st.DataObject
) -> None:
    marker = "the-marker"
    path: list[str | int] = []
    box: list[object] = [document]
    place: list[object] | dict[str, object] = box
    key: str | int = 0
    while isinstance(inner := place[key], list | dict) and inner and data.draw(st.booleans()):  # type: ignore[index]
        place = inner
        key = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        path.append(key)
    place[key] = marker  # type: ignore[index]
    text = json.dumps(box[0], indent=indent)
    line = text[: text.index(marker)].count("\n") + 1
    node = Node(None, "f", text, tuple(path))
    assert f"f, line {line}: " in str(node.error("is wrong"))
