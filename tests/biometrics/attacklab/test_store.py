"""Renders on disk: whole or not there, the same from the same plan, and read as they were sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from biometrics.attacklab import store
from biometrics.attacklab.channel import decoded
from biometrics.attacklab.clip import Clip
from biometrics.attacklab.plan import Render
from biometrics.errors import EvaluationError
from interview.media.recording import read_packets
from tests.biometrics.attacklab.people import person

RENDER = Render(
    "bona_fide-a-test-00000", "bona_fide", "bona_fide", "a", "test", "anna", "anna", ("bert",), 42, 15.0, 0.6, 0.5,
    (160, 120),
)  # fmt: skip


@pytest.fixture(scope="module")
def clips() -> dict[str, Clip]:
    people = (person("anna", (120, 150, 200)), person("bert", (70, 90, 130)))
    return {each.source: each for each in people}


def test_a_render_is_read_as_it_was_made(tmp_path: Path, clips: dict[str, Clip]) -> None:
    path = store.make(RENDER, clips, tmp_path)
    (kept,) = store.stored(tmp_path)
    assert (kept.name, kept.path, kept.subject, kept.other) == (RENDER.name, path, "anna", "anna")
    assert kept.light == RENDER.light
    assert 250 <= kept.kbps <= 2500
    assert kept.fps == pytest.approx(15.0, rel=0.2)
    frames = list(kept.frames())
    assert len(frames) >= 6
    assert frames[0].keyframe
    assert frames[0].t == 0.0
    assert sum(frame.coded_bytes for frame in frames) == sum(len(each.data) for each in kept.packets())


def test_the_same_plan_gives_the_same_packets(tmp_path: Path, clips: dict[str, Clip]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        store.make(RENDER, clips, tmp_path / name)
    (one,), (two,) = (store.stored(tmp_path / name) for name in ("one", "two"))
    assert list(one.packets()) == list(two.packets())
    assert replace(one, path=two.path) == two


def test_the_service_reads_the_same_file(tmp_path: Path, clips: dict[str, Clip]) -> None:
    path = store.make(RENDER, clips, tmp_path)
    (kept,) = store.stored(tmp_path)
    theirs = list(read_packets(path))
    video = [(each.pts_ms, each.data) for each in theirs if each.kind == "video"]
    assert video == [(each.pts_ms, each.data) for each in kept.packets()]
    assert {each.codec for each in theirs} == {"vp8", "opus"}


def test_its_sound_is_heard_as_the_service_hears_it(tmp_path: Path, clips: dict[str, Clip]) -> None:
    """The people hum at 16000 / (20 * 2 pi) Hz: so does what arrives, from 0 s on and without gaps."""
    store.make(RENDER, clips, tmp_path)
    (kept,) = store.stored(tmp_path)
    chunks = list(kept.sound())
    assert {chunk.sample_rate for chunk in chunks} == {store.HEARD_HZ}
    ends = [0.0, *(chunk.end for chunk in chunks)]
    assert [chunk.t for chunk in chunks] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(kept.duration_s, abs=0.1)
    heard = np.concatenate([chunk.samples for chunk in chunks])[2000:6000]
    strongest = float(np.argmax(np.abs(np.fft.rfft(heard * np.hanning(4000))))) * store.HEARD_HZ / 4000
    assert strongest == pytest.approx(16000 / (40 * np.pi), abs=5)


def test_only_a_whole_render_of_this_lab_counts_as_done(tmp_path: Path, clips: dict[str, Clip]) -> None:
    assert not store.done(RENDER, tmp_path)
    described = store.make(RENDER, clips, tmp_path).with_suffix(".json")
    assert store.done(RENDER, tmp_path)
    assert not store.done(replace(RENDER, seed=43), tmp_path)
    kept = orjson.loads(described.read_bytes())
    described.write_bytes(orjson.dumps({**kept, "version": store.LAB_VERSION - 1}))
    assert not store.done(RENDER, tmp_path)
    assert not list(tmp_path.glob("*.part"))


def test_losses_are_kept_beside_the_packets(tmp_path: Path, clips: dict[str, Clip]) -> None:
    described = store.make(RENDER, clips, tmp_path).with_suffix(".json")
    (kept,) = store.stored(tmp_path)
    second = list(kept.packets())[1].pts_ms
    described.write_bytes(
        orjson.dumps({**orjson.loads(described.read_bytes()), "lost_ms": {str(second): 120}})
    )
    (lossy,) = store.stored(tmp_path)
    assert [round(frame.lost_s, 3) for frame in decoded(lossy.packets())][:3] == [0.0, 0.12, 0.0]


def test_damage_is_named(tmp_path: Path, clips: dict[str, Clip]) -> None:
    path = store.make(RENDER, clips, tmp_path)
    (kept,) = store.stored(tmp_path)
    path.write_bytes(b"no video")
    with pytest.raises(EvaluationError, match="delete it and render again"):
        list(kept.packets())
    with pytest.raises(EvaluationError, match="delete it and render again"):
        list(kept.sound())
    path.with_suffix(".json").write_bytes(b"{}")
    with pytest.raises(EvaluationError, match="describes no render of this lab"):
        list(store.stored(tmp_path))


def test_pictures_reach_the_file(tmp_path: Path, clips: dict[str, Clip]) -> None:
    store.make(RENDER, clips, tmp_path)
    (kept,) = store.stored(tmp_path)
    image = next(kept.frames()).image
    assert image.std() > 10
    assert np.ptp(image) > 80
