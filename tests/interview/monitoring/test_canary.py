"""Canaries: kept whole, run again through the whole analysis, and told what changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from biometrics.detector import DetectorSpec
from fraudmodel.rescoring import shift
from fraudmodel.signals import SignalKind
from interview.analysis.protocol import AnalysisSpec
from interview.errors import MediaError, SessionError
from interview.jurisdiction import jurisdiction
from interview.media.journal import encode, took
from interview.media.recording import read_packets
from interview.monitoring.canary import (
    FILE,
    Canary,
    Expected,
    Material,
    homes,
    read_canary,
    require_free,
    write_canary,
)
from interview.monitoring.canary_run import Configured, Outcome, analysed, changes, run_canary, signals_moved
from interview.monitoring.canary_sources import of_file, of_interview
from tests.interview.analysis.fakes import (
    BRIGHTNESS,
    SPEC,
    FakeHub,
    brightness_spec,
    loudness_spec,
    parts,
)
from tests.interview.analysis.files import recording
from tests.interview.world import START, open_world, template

CONFIGURED = Configured("default", "default", 0.005)


def kept(folder: Path, name: str = "one", *, journal: bool = False) -> Path:
    path = recording(folder / f"{name}.mkv", 2.0)
    lines = b"".join(encode(took(packet)) for packet in read_packets(path)) if journal else None
    spec = AnalysisSpec(
        "s1", {"face": template()}, SPEC.consents, channels_off=frozenset({"behaviour"}), jurisdiction="eu"
    )
    material = Material(path, spec, None, lines)
    expected = analysed(material, parts(), CONFIGURED)
    return write_canary(Canary(name, material, expected, START, "0.1.0"), folder / "canaries")


def test_what_is_kept_reads_back(tmp_path: Path) -> None:
    home = kept(tmp_path, journal=True)
    found = read_canary(home)
    spec = found.material.spec
    assert (found.name, found.recorded_at, found.version) == ("one", START, "0.1.0")
    assert (spec.consents, spec.channels_off, spec.jurisdiction) == (
        SPEC.consents,
        frozenset({"behaviour"}),
        "eu",
    )
    assert np.array_equal(spec.references["face"].vector, template().vector)
    assert spec.references["face"].covariates == template().covariates
    assert found.material.journal is not None
    assert found.expected.models[BRIGHTNESS]
    assert homes(tmp_path / "canaries") == [home]
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("journal", [False, True], ids=["a recording", "an interview"])
def test_the_same_installation_gives_the_same(tmp_path: Path, journal: bool) -> None:
    outcome = run_canary(kept(tmp_path, journal=journal), parts(), CONFIGURED)
    assert (outcome.moved, outcome.changes, outcome.failed) == (0.0, (), "")
    assert outcome.within(1e-9)


def test_a_detector_that_fell_silent_fails_though_l_hardly_moved(tmp_path: Path) -> None:
    home = kept(tmp_path)
    specs: list[DetectorSpec[Any]] = [brightness_spec(("net",)), loudness_spec()]
    outcome = run_canary(home, parts(specs, FakeHub(missing=frozenset({"net"}))), CONFIGURED)
    assert outcome.moved < 0.5
    assert outcome.beyond(0.5) == (BRIGHTNESS,)
    assert not outcome.within(0.5)
    assert outcome.changes[0].startswith("brightness: absent (model_not_installed); it was LLR ")


def test_an_altered_recording_is_refused_and_others_go_on(tmp_path: Path) -> None:
    home = kept(tmp_path)
    with (home / "recording.mkv").open("ab") as file:
        file.write(b"x")
    outcome = run_canary(home, parts(), CONFIGURED)
    assert "is not the file that was recorded" in outcome.failed
    assert not outcome.within(100.0)
    assert (outcome.expected, outcome.now) == (None, None)


def test_an_analysis_that_breaks_down_is_an_outcome(tmp_path: Path) -> None:
    home = kept(tmp_path)

    def broken(*_: object) -> object:
        raise RuntimeError("no such parameters")

    outcome = run_canary(home, replace(parts(), assessor=broken), CONFIGURED)  # type: ignore[arg-type]
    assert "no such parameters" in outcome.failed
    assert outcome.expected is not None


def test_what_changed_is_told_weights_first(tmp_path: Path) -> None:
    before = read_canary(kept(tmp_path)).expected
    contribution = before.assessment.contributions[0]
    louder = replace(contribution, llr=contribution.llr + 0.7, contribution=contribution.contribution + 0.7)
    assessment = replace(
        before.assessment,
        contributions=(louder, *before.assessment.contributions[1:]),
        log_odds=before.assessment.log_odds + 0.7,
        calibration="new+1",
    )
    now = Expected(
        assessment, {**before.models, contribution.kind: ("net@2",)}, ("brightness, out of memory",)
    )
    told = list(changes(before, now))
    assert told[0].startswith(f"{contribution.kind} is measured by net@2; it was ")
    assert told[1].startswith("parameters new+1; it was ")
    assert told[2] == "a detector fails: brightness, out of memory"
    assert told[3].startswith(f"{contribution.kind}: LLR ")
    assert shift(now.assessment) - shift(before.assessment) == pytest.approx(0.7)
    assert signals_moved(before.assessment, assessment)[contribution.kind] == pytest.approx(0.7)


def test_one_signal_s_loss_is_not_hidden_by_another_s_gain() -> None:
    quiet = Outcome("x", 0.1, 0.1, (), {SignalKind("face_pad"): float("inf")})
    opposed = Outcome("x", 0.1, 0.1, (), {SignalKind("a"): 0.8, SignalKind("b"): 0.8})
    assert not quiet.within(0.5)
    assert not opposed.within(0.5)
    assert Outcome("x", 0.1, 0.55, (), {SignalKind("a"): 0.45}).within(0.5)
    assert not Outcome("x", 0.1, 0.6, (), {}).within(0.5)


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    kept(tmp_path)
    with pytest.raises(SessionError, match="There is a canary one"):
        require_free(tmp_path / "canaries", "one")


def test_a_folder_without_any_says_how_to_record(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="candor canary record"):
        homes(tmp_path)


def test_a_damaged_canary_is_one_sentence(tmp_path: Path) -> None:
    home = kept(tmp_path)
    (home / FILE).write_text("{}")
    with pytest.raises(SessionError, match=r"cannot be read \('format'\)") as refused:
        read_canary(home)
    assert "\n" not in str(refused.value)


def test_an_interview_of_the_service_becomes_one(tmp_path: Path) -> None:
    world = open_world(tmp_path)
    officer = world.person()
    session, running = world.live(officer), world.live(officer)
    path = recording(tmp_path / "call.mkv", 2.0)
    journal = b"".join(encode(took(packet)) for packet in read_packets(path))
    world.repository.outputs.append(session.id, [], world.clock.now(), journal)
    world.sessions.seal(session.id, officer.id)
    with pytest.raises(SessionError, match="has no recording of the applicant"):
        of_interview(session.id, world.repository, tmp_path)
    folder = tmp_path / "sessions" / session.id
    folder.mkdir(parents=True)
    path.rename(folder / "applicant.webm")
    with pytest.raises(SessionError, match="has not ended"):
        of_interview(running.id, world.repository, tmp_path)
    with pytest.raises(SessionError, match="neither a file nor an interview nowhere"):
        of_interview("nowhere", world.repository, tmp_path)
    material = of_interview(session.id, world.repository, tmp_path)
    world.repository.close()
    expected = analysed(material, parts(), CONFIGURED)
    home = write_canary(Canary(session.id, material, expected, START, "0.1.0"), tmp_path / "canaries")
    assert set(read_canary(home).material.spec.references) == {"face", "voice"}
    assert run_canary(home, parts(), CONFIGURED).within(1e-9)


def test_a_recording_is_kept_with_what_is_off_where_it_was_made(tmp_path: Path) -> None:
    where = jurisdiction("eu")
    call = recording(tmp_path / "call.mkv", 1.0)
    material = of_file(call, parts(), {"face": template()}, where)
    assert (material.spec.jurisdiction, material.journal) == ("eu", None)
    assert material.spec.channels_off == where.channels_off
    with pytest.raises(MediaError):
        of_file(tmp_path / "none.mkv", parts(), {}, where)
