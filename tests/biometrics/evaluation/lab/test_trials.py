"""Trials survive their file, also one that was being written when the power went."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.evaluation.lab.trials import Conditions, LabTrial, dump, load, read_trials
from fraudmodel.errors import DatasetError
from tests.biometrics.evaluation.lab.trials import lab

_TEXT = st.text(max_size=12)
_NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        LabTrial,
        *[_TEXT] * 7,
        st.builds(Conditions, st.integers(0, 9999), _NUMBER, _NUMBER, st.none() | _NUMBER),
        st.dictionaries(_TEXT, _NUMBER, max_size=3),
        st.dictionaries(_TEXT, _TEXT, max_size=3),
    )
)
def test_a_line_is_read_as_it_was_written(trial: LabTrial) -> None:
    assert load(dump(trial)) == trial


def test_the_last_score_of_a_render_counts_and_a_torn_line_does_not(tmp_path: Path) -> None:
    first, second = lab(0, 4)[0], lab(1, 4)[0]
    file = tmp_path / "scores.jsonl"
    file.write_bytes(dump(first) + dump(second) + dump(lab(0, 4)[1])[:-9])
    assert read_trials(file) == [second]
    assert read_trials(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize("line", [b"7", b"{}", b'{"render": 1'])
def test_another_file_is_refused(line: bytes) -> None:
    with pytest.raises(DatasetError, match="no line of lab scores"):
        load(line)
