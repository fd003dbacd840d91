"""The table of interviews that the package ships."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

import fraudmodel
from fraudmodel.fusion_rows import UNKNOWN, expert_of
from fraudmodel.interview_table import BONA_FIDE, InterviewTable, read_interviews, table_bytes
from fraudmodel.parameters import load_parameters
from fraudmodel.signals import SignalKind

FILE = Path(fraudmodel.__file__).parent / "tables" / "interviews.jsonl.gz"


@pytest.fixture(scope="module")
def table() -> InterviewTable:
    return read_interviews(FILE)


def test_it_is_written_as_it_is_read(table: InterviewTable) -> None:
    assert gzip.decompress(FILE.read_bytes()) == table_bytes(table.made, table.rows)
    assert len(table) == table.made["rows"]
    assert table.made["grade"] == "simulated"


def test_nobody_and_no_renderer_is_on_both_sides(table: InterviewTable) -> None:
    sides = {
        split: {person for row in table.rows if row.split == split for person in (row.subject, row.other)}
        for split in ("train", "test")
    }
    assert not sides["train"] & sides["test"]
    assert {(row.split, row.renderer) for row in table.rows} == {("train", "a"), ("test", "b")}
    assert set(table.people) <= set(table.made["people"])


def test_half_are_honest_and_frauds_are_of_the_models_families(table: InterviewTable) -> None:
    honest = sum(row.family == BONA_FIDE for row in table.rows)
    assert abs(2 * honest - len(table)) <= 4
    families = {component.family for component in load_parameters().fusion.components}
    assert {row.family for row in table.rows if row.fraud} <= families
    assert {row.species: row.family for row in table.rows}.items() <= table.made["scenarios"].items()
    assert table.made["counts"]["family"] == dict(Counter(row.family for row in table.rows))


def test_every_signal_stands_in_every_row(table: InterviewTable) -> None:
    for row in table.rows:
        assert {*row.measured, *row.absent} == set(table.kinds)
    assert SignalKind("face_pad") in table.kinds


def test_it_names_nobody_and_no_file() -> None:
    text = gzip.decompress(FILE.read_bytes()).decode().replace("kbit/s", "")
    for word in ("talking_", "img1", ".mp4", ".flac", "/", "librispeech"):
        assert word not in text, word


def test_the_card_tells_of_this_very_file(table: InterviewTable) -> None:
    card = FILE.with_name("README.md").read_text("utf-8")
    assert table.digest in card
    assert f"{len(table)} interviews" in card


def test_the_shipped_weights_are_learnt_from_the_shipped_table_and_say_what_they_began_from(
    table: InterviewTable,
) -> None:
    shipped = load_parameters().fusion
    assert shipped.fitted is not None
    assert (shipped.fitted.digest, shipped.fitted.interviews) == (table.digest, len(table))
    assert shipped.fitted.people == len(table.people)
    assert shipped.fitted.refits.shape == (200, len(shipped.learnable))
    assert {"cllr", "cllr_min", "cllr_in_force"} == set(shipped.fitted.measured)
    expert = expert_of(shipped)
    assert expert.fitted is None
    assert UNKNOWN not in {component.family for component in expert.components}
    assert sum(component.prior for component in expert.components) == pytest.approx(1.0)


def test_the_card_of_the_fusion_and_the_decision_give_the_figures_that_the_fusion_carries() -> None:
    fitted = load_parameters().fusion.fitted
    assert fitted is not None
    root = Path(fraudmodel.__file__).parent
    card = (root / "fitted" / "README.md").read_text("utf-8")
    decision = (root.parent / "docs" / "decisions" / "0021-fitting-the-fusion.md").read_text("utf-8")
    assert fitted.digest in card
    for each in fitted.measured.values():
        assert f"{each.value:.3f} [{each.low:.3f}, {each.high:.3f}]" in card
        assert f"{each.value:.3f}" in decision
