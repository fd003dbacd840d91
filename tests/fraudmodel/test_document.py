from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.document import Node
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
    assert 'line 1: the document lacks the field "c"' in refusal(lambda n: n.fields("name", "c"))
    assert "line 3: rows is not a field that is known here" in refusal(
        lambda n: n.fields("name", optional=["empty"])
    )


def test_the_line_of_broken_json_is_named() -> None:
    with pytest.raises(ParametersError, match=r"broken\.json, line 2: not JSON"):
        Node.parse('{\n "a" 1}', "broken.json")


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
