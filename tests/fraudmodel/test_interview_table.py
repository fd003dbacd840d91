"""Tables of interviews: what is written is read again; what is broken is told with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.errors import DatasetError
from fraudmodel.interview_table import (
    BONA_FIDE,
    InterviewRow,
    Measured,
    measured_of,
    parse_interviews,
    read_interviews,
    row_line,
    table_bytes,
)
from fraudmodel.pooling import Pool, Pooling
from fraudmodel.signals import Absent, Observation, Reason, SignalKind, Span

FACE, VOICE = SignalKind("face_match"), SignalKind("voice_match")
finite = st.floats(-1e6, 1e6)
measured = st.builds(
    Measured,
    finite,
    st.floats(0, 10),
    st.integers(1, 1000),
    st.dictionaries(st.text(max_size=8), finite, max_size=3),
    st.tuples(st.text(min_size=1, max_size=9)),
    st.none() | finite,
    st.integers(0, 60),
)
rows = st.builds(
    InterviewRow,
    name=st.text(min_size=1, max_size=12),
    subject=st.text(min_size=1, max_size=5),
    other=st.text(min_size=1, max_size=5),
    family=st.sampled_from([BONA_FIDE, "impostor"]),
    species=st.text(max_size=5),
    renderer=st.sampled_from("ab"),
    split=st.sampled_from(["train", "test"]),
    duration_s=st.floats(1, 99),
    conditions=st.dictionaries(st.text(max_size=5), finite | st.text(max_size=5), max_size=3),
    measured=st.dictionaries(st.just(FACE), measured),
    absent=st.dictionaries(
        st.just(VOICE), st.builds(Absent, st.sampled_from(list(Reason)), st.text(max_size=9))
    ),
)


@given(st.lists(rows, max_size=4, unique_by=lambda row: row.name))
def test_what_is_written_is_read_again(written: list[InterviewRow]) -> None:
    table = parse_interviews(table_bytes({"seed": 1}, written), "t")
    assert list(table.rows) == sorted(written, key=lambda row: row.name)
    assert (table.made, len(table)) == ({"seed": 1}, len(written))
    assert set(table.kinds) == {kind for row in written for kind in (*row.measured, *row.absent)}


@given(st.lists(rows, min_size=1, max_size=3, unique_by=lambda row: row.name), st.integers(1, 30))
def test_a_file_that_was_cut_loses_its_last_row_only(written: list[InterviewRow], cut: int) -> None:
    whole = table_bytes({}, written)
    cut = min(cut, len(row_line(written[-1])))
    names = [row.name for row in parse_interviews(whole[:-cut], "t").rows]
    assert names == sorted(row.name for row in written[:-1])


def test_a_table_may_be_compressed(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl.gz"
    file.write_bytes(gzip.compress(table_bytes({"seed": 2}, [])))
    assert read_interviews(file).made == {"seed": 2}
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(DatasetError, match="cannot be read: it is not a whole gzip file"):
        read_interviews(file)
    with pytest.raises(DatasetError, match="No such file"):
        read_interviews(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "t, line 1: it is not the first line"),
        (b'{"format": "another"}\n', "t, line 1: it is not the first line"),
        (table_bytes({}, []) + b'{"name": "x"}\n', "t, line 2: it is no row"),
        (table_bytes({}, []) + b"7\n", "t, line 2: it is no row"),
        (table_bytes({}, []) + b"{\n", "t, line 2: it is no row"),
    ],
)
def test_what_is_broken_is_told_with_its_line(data: bytes, what: str) -> None:
    with pytest.raises(DatasetError) as refused:
        parse_interviews(data, "t")
    assert str(refused.value).startswith(what)


def test_a_measurement_is_what_a_session_pooled() -> None:
    pool = Pool(Pooling("peak-hold"))
    for index in range(30):
        pool.add(
            Observation(
                FACE, Span(index, index + 1.0), index % 7, 0.5, "m", (), {"b": 1.0, "a": float(index)}
            )
        )
    pooled = pool.pooled()
    assert not isinstance(pooled, Absent)
    assert measured_of(pooled).pooled() == pooled
