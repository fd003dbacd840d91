"""Confirmed outcomes as CSV: read whole or refused with the place, written as they are read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.confirmed import Confirmed, confirmed_text, parse_confirmed, read_confirmed
from fraudmodel.errors import DatasetError

TODAY = date(2026, 11, 29)
HEADER = "interview,outcome,family,confirmed_on,by,source"
WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip()) and text.isprintable()
)


def parse(*rows: str, header: str = HEADER) -> list[Confirmed]:
    return [line.confirmed for line in parse_confirmed("\n".join([header, *rows]), "out.csv", TODAY)]


def test_a_row_is_an_outcome() -> None:
    found = parse("i1,fraud,impostor,2026-11-28, Risk ,case 7", "i2,bona_fide,,2026-11-01,Risk,repaid")
    assert found == [
        Confirmed("i1", True, "impostor", date(2026, 11, 28), "Risk", "case 7"),
        Confirmed("i2", False, "", date(2026, 11, 1), "Risk", "repaid"),
    ]
    assert [each.outcome for each in found] == ["fraud", "bona_fide"]


def test_the_family_can_be_left_out() -> None:
    header = "interview,outcome,confirmed_on,by,source"
    assert parse("i1,fraud,2026-11-28,Risk,case 7", header=header)[0].family == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("i1,approved,,2026-11-28,R,s", 'line 3: outcome must be fraud or bona_fide, it is "approved"'),
        (",fraud,,2026-11-28,R,s", "line 3: interview is empty"),
        ("i1,fraud,,28.11.2026,R,s", "line 3: confirmed_on must be a day"),
        ("i1,fraud,,2026-11-30,R,s", "line 3: confirmed_on is 2026-11-30, and that day has not come yet"),
        ("i1,fraud,,2026-11-28, ,s", "line 3: by is empty"),
        ("i1,fraud,,2026-11-28,R,", "line 3: source is empty"),
        ("i1,bona_fide,impostor,2026-11-28,R,s", 'line 3: family is "impostor", and a bona fide interview has none'),
        ("i1,fraud,Impostor!,2026-11-28,R,s", "line 3: family must be a word"),
        (f"{'i' * 33},fraud,,2026-11-28,R,s", "line 3: interview has 33 characters"),
        ("i1,fraud,,2026-11-28,R,a\x07b", "line 3: source has a sign that cannot be printed"),
        ("i0,fraud,,2026-11-28,R,s", "line 3: interview i0 stands in line 2 already"),
        ("i1,fraud", "line 3: it must have 6 columns"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_where_it_stands(row: str, said: str) -> None:
    with pytest.raises(DatasetError, match=r"^out\.csv, line 3") as refused:
        parse("i0,fraud,,2026-11-28,R,s", row)
    assert said in str(refused.value)


def test_a_file_without_a_row_holds_no_outcome(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(HEADER + "\n")
    with pytest.raises(DatasetError, match="it holds no outcome"):
        read_confirmed(path, TODAY)


def test_a_column_that_is_not_known_is_refused() -> None:
    with pytest.raises(DatasetError, match="line 1: iban is not a column"):
        parse(header=HEADER + ",iban")


@given(
    st.lists(
        st.builds(
            Confirmed,
            interview=st.from_regex(r"[a-f0-9]{16}", fullmatch=True),
            fraud=st.just(True),
            family=st.sampled_from(["", "impostor", "voice_attack"]),
            on=st.integers(0, 3000).map(lambda days: TODAY - timedelta(days=days)),
            by=WORDS.map(str.strip),
            source=WORDS.map(str.strip),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda each: each.interview,
    )
)
def test_what_is_written_reads_back(outcomes: list[Confirmed]) -> None:
    text = confirmed_text(outcomes)
    assert [line.confirmed for line in parse_confirmed(text, "x", TODAY)] == outcomes


def test_what_is_no_csv_is_one_sentence_with_its_line() -> None:
    with pytest.raises(DatasetError, match=r"out\.csv, line 2: it is no row of CSV \(field larger than"):
        parse("i1,fraud,impostor,2026-11-28,Risk," + "x" * 200_000)
