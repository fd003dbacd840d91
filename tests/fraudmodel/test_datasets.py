from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.datasets import ScoreTable, joined, parse_table, read_table, table_text
from fraudmodel.errors import DatasetError
from tests.fraudmodel.builders import gaussian_table, pair_table

TEXT = """label,score,subject,other_subject,species,snr_db
bona_fide,0.1,ann,,,20
attack,0.8,ann,bob,impostor,15.5
"""


def test_a_table_is_read_by_column() -> None:
    table = parse_table(TEXT, "t.csv")
    assert table.name == "t.csv"
    assert table.scores.tolist() == [0.1, 0.8]
    assert table.attack.tolist() == [False, True]
    assert (table.subjects, table.others) == (("ann", "ann"), ("ann", "bob"))
    assert table.species == ("", "impostor")
    assert table.covariates["snr_db"].tolist() == [20.0, 15.5]
    assert table.everybody == ("ann", "bob")


@given(st.integers(0, 1000))
def test_a_table_reads_back_as_written(seed: int) -> None:
    original = pair_table(3, 2, seed=seed)
    again = parse_table(table_text(original), original.name)
    assert again.scores.tolist() == original.scores.tolist()
    assert (again.subjects, again.others, again.species) == (
        original.subjects,
        original.others,
        original.species,
    )


def test_names_with_commas_and_a_byte_order_mark_survive(tmp_path: Path) -> None:
    table = ScoreTable("x", np.zeros(2), np.array([True, False]), ("a,b", "王"), ("a,b", "王"), ("", ""))
    file = tmp_path / "x.csv"
    file.write_text("\ufeff" + table_text(table), "utf-8")
    assert read_table(file).subjects == ("a,b", "王")


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"label,score,subject\nattack,1,\xff\xfe\n")
    with pytest.raises(
        DatasetError, match=r"^the score table .*t\.csv cannot be read: it is not text in UTF-8$"
    ):
        read_table(file)
    with pytest.raises(DatasetError, match=r"none\.csv cannot be read: No such file"):
        read_table(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("label,score\n", "t.csv, line 1: the column subject is missing"),
        ("", "t.csv, line 1: the column label is missing"),
        ("label,score,subject,score\n", "t.csv, line 1: the column score is there twice"),
        (TEXT.replace("0.8", "high"), 't.csv, line 3: score must be a finite number, it is "high"'),
        (TEXT.replace("15.5", "nan"), "t.csv, line 3: snr_db must be a finite number"),
        (TEXT.replace("attack", "fraud"), "t.csv, line 3: label must be bona_fide or attack"),
        (TEXT.replace(",20", ""), "t.csv, line 2: it must have 6 columns"),
        (TEXT.replace(",20", ",20,1"), "t.csv, line 2: it must have 6 columns"),
        (TEXT.replace("attack", "bona_fide"), "t.csv: there is no attack trial"),
        (TEXT.replace("bona_fide", "attack"), "t.csv: there is no bona_fide trial"),
    ],
)
def test_a_wrong_table_is_refused_with_the_line(text: str, what: str) -> None:
    with pytest.raises(DatasetError) as refused:
        parse_table(text, "t.csv")
    assert str(refused.value).startswith(what)


def test_columns_of_unequal_length_and_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(DatasetError, match="one value a trial"):
        ScoreTable("x", np.zeros(3), np.array([True, False]), ("a", "b"), ("a", "b"), ("", ""))
    with pytest.raises(DatasetError, match="finite"):
        ScoreTable("x", np.array([0.0, np.inf]), np.array([True, False]), ("a", "b"), ("a", "b"), ("", ""))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        read_table(tmp_path / "nowhere.csv")


@given(st.integers(3, 12), st.integers(0, 99))
def test_every_pair_is_tested_once_by_a_training_that_knows_neither_person(blocks: int, seed: int) -> None:
    table = pair_table(7, 2)
    tested = np.zeros(len(table), dtype=int)
    for training, test in table.blocks(blocks, seed):
        tested += test
        known = {p for i in np.flatnonzero(training) for p in (table.subjects[i], table.others[i])}
        asked = {p for i in np.flatnonzero(test) for p in (table.subjects[i], table.others[i])}
        assert not known & asked
    assert tested.tolist() == [1] * len(table)


def test_a_bootstrap_keeps_a_persons_trials_together() -> None:
    table = gaussian_table(8, 3)
    weights = table.draw(np.random.default_rng(1))
    by_person = {person: set(weights[np.array(table.subjects) == person]) for person in table.everybody}
    assert all(len(drawn) == 1 for drawn in by_person.values())
    assert sum(drawn.copy().pop() for drawn in by_person.values()) == 8.0


def test_a_comparison_counts_as_often_as_its_two_people_were_drawn_together() -> None:
    table = pair_table(5, 2)
    weights = table.draw(np.random.default_rng(2))
    times = {s: w for s, o, w in zip(table.subjects, table.others, weights, strict=True) if s == o}
    for s, o, weight in zip(table.subjects, table.others, weights, strict=True):
        assert weight == (times[s] if s == o else times[s] * times[o])


def test_joined_tables_hold_every_trial_and_the_covariates_that_all_have() -> None:
    one = parse_table("label,score,subject,snr_db,age\nbona_fide,0.1,a,20,30\nattack,0.9,b,21,40\n", "one")
    two = parse_table("label,score,subject,snr_db\nbona_fide,0.2,c,10\nattack,0.8,d,11\n", "two")
    both = joined("both", [one, two])
    assert both.scores.tolist() == [0.1, 0.9, 0.2, 0.8]
    assert both.subjects == ("a", "b", "c", "d")
    assert {name: values.tolist() for name, values in both.covariates.items()} == {"snr_db": [20, 21, 10, 11]}
