"""The journal's law: every entry is read back as it was written, and a bad line is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.media.journal import Entry, JournalError, Level, Restarted, Skipped, Told, Took, decode, encode

_MS = st.integers(0, 10**9)
_KIND = st.sampled_from(["video", "audio", "far"])
_VALUE = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text()  # fmt: skip
_VALUES = st.dictionaries(st.text(), _VALUE | st.lists(_VALUE, max_size=3), max_size=4)
_ENTRY = st.one_of(
    st.builds(Took, _KIND, _MS, _MS),
    st.builds(Skipped, _KIND, _MS, _MS),
    st.builds(Level, st.integers(0, 3)),
    st.builds(Told, st.sampled_from(["page", "transport", "past", "flash", "pose", "digits"]), _MS, _VALUES),
    st.builds(Restarted),
)


@given(_ENTRY)
def test_what_was_written_is_read(entry: Entry) -> None:
    line = encode(entry)
    assert line.count(b"\n") == 1
    assert decode(line) == entry


def test_a_fact_lies_on_the_media_clock_in_seconds() -> None:
    fact = Told("flash", 1500, {"k": 3}).fact
    assert (fact.t, fact.topic, fact.values) == (1.5, "flash", {"k": 3})


@pytest.mark.parametrize(
    "line", [b"{}", b"not json", b'["told", "weather", 5, {}]', b'["told", "page", 5, 7]']
)
def test_a_bad_line_is_named(line: bytes) -> None:
    with pytest.raises(JournalError, match="line 7"):
        decode(line, 7)
