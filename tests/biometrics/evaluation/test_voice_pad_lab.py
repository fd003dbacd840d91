"""The lab's speech as sources: every generator, its group, and no voice without speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.attacklab.speech.generators import GENERATORS
from biometrics.errors import EvaluationError
from biometrics.evaluation.sasv_speech import makers
from biometrics.evaluation.voice_pad_lab import groups_of_makers, lab_sources
from tests.biometrics.attacklab.speech.voices import spoken


def test_every_maker_has_a_group_and_copies_of_a_kind_share_one() -> None:
    groups = groups_of_makers()
    assert set(makers()[0]) <= set(groups)
    assert groups["lpc_vocoder"] == groups["conversion_vocoder"] != groups["griffin_lim_mel"]
    assert groups["tts_converted"] == groups["conversion_nearest"]


@pytest.mark.slow
def test_every_generator_makes_something_of_every_speaker(tmp_path: Path) -> None:
    for number, name in enumerate("abcd"):
        (tmp_path / name).mkdir()
        for take in range(3):
            soundfile.write(
                tmp_path / name / f"{take}.wav", spoken(8.0, 3 * number + take, 110.0 + 30 * number), 16_000
            )
    told: list[str] = []
    found = {source.name: source for source in lab_sources(tmp_path, told.append)}
    assert {each.name for each in GENERATORS} <= set(found)
    for source in found.values():
        assert set(source.speakers) == set("abcd")
        assert source.learnt
        assert all(np.isfinite(samples).all() and np.std(samples) > 0 for samples in source.speakers.values())


def test_a_folder_of_too_few_speakers_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds 0 speakers"):
        next(lab_sources(tmp_path, print))
