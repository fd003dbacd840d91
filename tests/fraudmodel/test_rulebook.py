from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.errors import ParametersError
from fraudmodel.parameters import load_parameters, parameters_texts
from fraudmodel.policies import load_policies
from fraudmodel.policy import load_policy
from fraudmodel.rulebook import Document, Rulebook

TEXTS = st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=5)


@given(TEXTS, st.randoms())
def test_the_same_files_are_the_same_document_in_any_order(texts: dict[str, str], chance: object) -> None:
    shuffled = list(texts.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Document.of(dict(shuffled)) == Document.of(texts)
    assert Document.of(texts).texts == texts


@given(TEXTS, TEXTS)
def test_another_text_has_another_digest(a: dict[str, str], b: dict[str, str]) -> None:
    assert (Document.of(a).digest == Document.of(b).digest) is (a == b)


def test_it_reads_to_what_was_written() -> None:
    book = Rulebook.of(parameters_texts(), load_policies().of("equipment"))
    parameters, policy = book.read()
    assert policy == load_policy()
    assert parameters.version == load_parameters().version
    assert parameters.signals.keys() == load_parameters().signals.keys()


def test_one_policy_is_needed() -> None:
    book = Rulebook.of(parameters_texts(), load_policies().of("equipment"))
    with pytest.raises(ParametersError, match="a rulebook has one policy; this one has 0"):
        replace(book, policy=Document.of({})).read()
