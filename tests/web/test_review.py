"""What is left of an interview: numbers, recordings, audit log, re-run and report."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import orjson
import pytest

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import Alternative, Band
from fraudmodel.confirmed import parse_confirmed
from fraudmodel.signals import Reason
from interview.analysis.codec import assessment_from_json, assessment_to_json
from interview.outcomes import import_outcomes
from tests.interview.world import abstention, assessment, observation
from tests.web.conftest import Site


def test_assessments_and_readings_are_what_was_measured(site: Site) -> None:
    session = site.world.live(site.officer)
    site.world.record(session.id, [observation(), assessment(0.5), assessment(0.9), abstention()])
    browser = site.as_(site.compliance)
    (shown,) = browser.get(f"/api/sessions/{session.id}/assessments").json()
    assert shown == {
        "seq": 2,
        "t": 0.9,
        "probability": 0.0123456789,
        "interval": [0.0123456789 / 2, 0.0123456789 * 2],
        "prior": 0.005,
        "log_odds": -4.2,
        "contributions": [
            {
                "kind": "face_match",
                "contribution": 1.1,
                "llr": 1.2,
                "bounds": [-4.0, 5.5],
                "statistic": 0.6,
                "observations": 3,
                "grade": "measured",
                "evidence": [{"media": "video", "start": 0.0, "end": 0.9, "box": None}],
            }
        ],
        "absent": [
            {
                "kind": "voice_match",
                "reason": "no_speech",
                "detail": "silence",
                "statistic": None,
                "observations": 0,
            },
            {
                "kind": "face_pad",
                "reason": "not_calibrated",
                "detail": "",
                "statistic": -0.25,
                "observations": 12,
            },
        ],
        "coverage": 0.4,
        "band": "proceed",
        "family": "impostor",
        "calibration": "2026.11",
        "policy": "default",
        "voice": None,
        "without_behaviour": None,
        "families": [
            {"family": "impostor", "share": 2 / 3},
            {"family": "injected", "share": 1 / 3},
        ],
        "sequential": {
            "crossed": "up",
            "at": 0.9,
            "checked_at": None,
            "upper": log(90.0),
            "lower": -log(9.9),
            "alpha": 0.01,
            "beta": 0.1,
            "lowest": None,
            "highest": None,
        },
        "codes": [
            {"code": "R101", "kind": "face_match", "contribution": 1.1},
            {"code": "N303", "kind": "voice_match", "contribution": 0.0},
        ],
        "next_check": {
            "check": "speak",
            "starts": None,
            "seconds": 15.0,
            "gain": 0.35,
            "kinds": ["voice_match"],
        },
        "taxonomy": "2026.12+01234567",
        "checks": "2026.12+89abcdef",
        "proposal": {
            "band": "proceed",
            "grounds": [
                {
                    "kind": "probability",
                    "band": "proceed",
                    "value": 0.0123456789,
                    "threshold": 0.02,
                    "signals": [],
                }
            ],
            "asks": [],
            "products": ["working-capital"],
            "approved_by": "",
            "approved_on": "",
        },
    }
    assert browser.get(f"/api/sessions/{session.id}/readings").json() == [
        {
            "seq": 0,
            "kind": "face_match",
            "type": "observation",
            "start": 1.0,
            "end": 2.0,
            "score": 0.1 + 0.2,
            "quality": 0.75,
            "model": "dlib_resnet@0123abcd",
            "reason": None,
            "detail": None,
            "covariates": {"yaw": 1e-07},
            "evidence": [
                {"media": "video", "start": 1.0, "end": 1.5, "box": [0.1, 0.2, 0.3, 1 / 3]},
                {"media": "audio", "start": 0.0, "end": 1.0, "box": None},
            ],
        },
        {
            "seq": 3,
            "kind": "voice_match",
            "type": "abstention",
            "start": 2.0,
            "end": 3.0,
            "score": None,
            "quality": None,
            "model": None,
            "reason": "no_speech",
            "detail": "还没有说话",
            "covariates": {},
            "evidence": [],
        },
    ]


def test_the_console_is_shown_what_analyze_prints_and_the_report_is_made_of(site: Site) -> None:
    """One assessment, one code: the wire has the fields of the JSON of ``candor analyze``, and its place among the outputs."""
    session = site.world.live(site.officer)
    site.world.record(session.id, [assessment(0.9)])
    (shown,) = site.as_(site.officer).get(f"/api/sessions/{session.id}/assessments").json()
    stored = site.world.repository.outputs.latest(session.id)
    assert stored is not None
    assert stored.assessment == assessment(0.9)
    assert shown == {"seq": 0, **orjson.loads(orjson.dumps(assessment_to_json(stored.assessment)))}


def test_assessments_from_before_there_was_an_explanation_are_still_shown(site: Site) -> None:
    later = ("families", "sequential", "codes", "next_check", "taxonomy", "checks")
    stored = {name: value for name, value in assessment_to_json(assessment(0.9)).items() if name not in later}
    session = site.world.live(site.officer)
    site.world.record(session.id, [assessment_from_json(stored)])
    (shown,) = site.as_(site.officer).get(f"/api/sessions/{session.id}/assessments").json()
    assert [shown[name] for name in later] == [[], None, [], None, "", ""]
    assert site.as_(site.officer).get(f"/api/sessions/{session.id}").status_code == 200


@pytest.mark.parametrize(("side", "path"), [("applicant", "recording"), ("officer", "officer-recording")])
def test_recording_takes_ranges(site: Site, tmp_path: Path, side: str, path: str) -> None:
    session = site.world.sealed(site.officer)
    browser = site.as_(site.officer)
    missing = browser.get(f"/api/sessions/{session.id}/{path}")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    site.calls.recordings[side] = tmp_path / "recording.webm"
    site.calls.recordings[side].write_bytes(bytes(range(100)))
    whole = browser.get(f"/api/sessions/{session.id}/{path}")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/webm")
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "private, no-store"
    part = browser.get(f"/api/sessions/{session.id}/{path}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/100"
    beyond = browser.get(f"/api/sessions/{session.id}/{path}", headers={"Range": "bytes=500-"})
    assert beyond.status_code == 416
    viewed = [
        entry
        for entry in site.world.repository.audit.of_session(session.id)
        if entry.action == "recording.viewed"
    ]
    assert [(entry.actor, dict(entry.detail)) for entry in viewed] == [(site.officer.id, {"side": side})]


def test_detail_says_what_is_recorded_and_may_be_rerun(site: Site, tmp_path: Path) -> None:
    session = site.world.sealed(site.officer)
    browser = site.as_(site.compliance)
    before = browser.get(f"/api/sessions/{session.id}").json()
    assert (before["has_recording"], before["has_officer_recording"], before["allowed"]) == (
        False,
        False,
        ["revoke_face", "revoke_voice"],
    )
    site.calls.recordings["applicant"] = tmp_path / "recording.webm"
    after = browser.get(f"/api/sessions/{session.id}").json()
    assert (after["has_recording"], after["has_officer_recording"], after["allowed"]) == (
        True,
        False,
        ["rerun", "revoke_face", "revoke_voice"],
    )


def test_rerun_is_compared_and_audited(site: Site) -> None:
    session = site.world.sealed(site.officer)
    answer = site.as_(site.compliance).post(f"/api/sessions/{session.id}/rerun")
    assert answer.json() == {
        "largest_difference": 0.0,
        "where": "",
        "observations": 12,
        "assessments": 34,
        "equal": True,
        "duration_s": 20.5,
    }
    entry = site.world.repository.audit.of_session(session.id)[-1]
    assert (entry.actor, entry.action) == (site.compliance.id, "session.rerun")
    assert dict(entry.detail) == {"equal": True, "largest_difference": 0.0}


def test_audit_log_names_people(site: Site) -> None:
    session = site.world.sealed(site.officer)
    log = site.as_(site.compliance).get(f"/api/sessions/{session.id}/audit").json()
    assert [(entry["actor"], entry["action"]) for entry in log] == [
        ("Li", "session.created"),
        ("applicant", "consent.given"),
        ("Li", "officer.joined"),
        ("applicant", "applicant.joined"),
        ("Li", "session.sealed"),
    ]
    assert log[1]["detail"] == {"recording": True, "face": True, "voice": True, "behaviour": False}


def test_movement_is_shown_again_and_audited(site: Site) -> None:
    session = site.world.sealed(site.officer)
    site.calls.movements = {3}
    answer = site.as_(site.compliance).get(f"/api/sessions/{session.id}/movements/3/replay")
    assert answer.json() == {
        "seq": 3,
        "times": [1.0, 1.04, 1.08, 1.12],
        "onset": 1,
        "apex": 2,
        "offset": 3,
        "factor": 6.0,
        "columns": 8,
        "tile_px": 256,
        "image": "data:image/jpeg;base64,/9hqcGVn",
    }
    assert answer.headers["cache-control"] == "private, no-store"
    entry = site.world.repository.audit.of_session(session.id)[-1]
    assert (entry.actor, entry.action, dict(entry.detail)) == (
        site.compliance.id,
        "movement.viewed",
        {"t": 1.04},
    )


def test_movement_that_cannot_be_shown_is_said_and_not_noted(site: Site) -> None:
    session = site.world.sealed(site.officer)
    path = f"/api/sessions/{session.id}/movements/4/replay"
    answer = site.as_(site.officer).get(path)
    assert (answer.status_code, answer.json()["message_zh"]) == (404, "该读数不是面部动作。")
    assert site.as_(site.colleague).get(path).status_code == 404
    assert site.as_(site.officer).get(path.replace("/4/", f"/{2**63}/")).status_code == 422
    log = site.world.repository.audit.of_session(session.id)
    assert not [entry for entry in log if entry.action == "movement.viewed"]


def test_report_is_a_page_that_runs_nothing(site: Site) -> None:
    session = site.world.sealed(site.officer)
    browser = site.as_(site.officer)
    answer = browser.get(f"/api/sessions/{session.id}/report.html")
    assert "zh-Hans" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    assert "<title>en" in browser.get(f"/api/sessions/{session.id}/report.html", language="en").text


def test_the_seconds_of_usable_speech_are_the_last_that_were_counted(site: Site) -> None:
    session = site.world.live(site.officer)
    browser = site.as_(site.compliance)
    assert browser.get(f"/api/sessions/{session.id}/speech").json() is None
    first = SpeechHeard(1.0, 0.512, 0.0, 0.512, reason=Reason.NOT_ENOUGH_SPEECH)
    last = SpeechHeard(9.0, 6.4, 5.12, 0.1, 22.5, 0.0, 6100.0, None)
    site.world.record(session.id, [first, assessment(1.0), last, assessment(9.0)])
    assert browser.get(f"/api/sessions/{session.id}/speech").json() == {
        "t": 9.0,
        "net_speech_s": 6.4,
        "usable_s": 5.12,
        "waiting_s": 0.1,
        "snr_db": 22.5,
        "clipped": 0.0,
        "rolloff_hz": 6100.0,
        "reason": None,
        "verify_s": 3.0,
        "enrol_s": 8.0,
    }
    assert list(site.world.repository.outputs.all(session.id)) == [
        first,
        assessment(1.0),
        last,
        assessment(9.0),
    ]


def test_a_page_that_was_away_gets_only_the_assessments_that_it_missed(site: Site) -> None:
    session, browser = site.world.live(site.officer), site.as_(site.officer)
    site.world.record(session.id, [assessment(t) for t in (0.5, 1.5, 2.5)])
    address = f"/api/sessions/{session.id}/assessments"
    assert [one["t"] for one in browser.get(address, after=0).json()] == [1.5, 2.5]
    assert browser.get(address, after=2).json() == []
    assert browser.get(address, after="late").status_code == 422


def test_what_would_stand_without_behaviour_is_shown_beside_it(site: Site) -> None:
    session, browser = site.world.live(site.officer), site.as_(site.compliance)
    told = Alternative(0.008, (0.004, 0.02), -4.82, Band.PROCEED, Band.STEP_UP)
    plain = assessment(0.5)
    site.world.record(session.id, [plain, replace(assessment(1.5), without_behaviour=told)])
    first, second = browser.get(f"/api/sessions/{session.id}/assessments").json()
    assert first["without_behaviour"] is None
    assert second["without_behaviour"] == {
        "probability": 0.008,
        "interval": [0.004, 0.02],
        "log_odds": -4.82,
        "band": "proceed",
        "band_with": "step_up",
    }


def test_what_was_confirmed_afterwards_is_for_those_who_review(site: Site) -> None:
    session = site.world.sealed(site.officer)
    address = f"/api/sessions/{session.id}/outcome"
    reviewer = site.as_(site.compliance)
    assert reviewer.get(address).json() is None
    today = site.world.clock.at.date()
    for outcome, source in (("bona_fide", "repaid"), ("fraud", "court")):
        text = f"interview,outcome,confirmed_on,by,source\n{session.id},{outcome},{today},Risk,{source}\n"
        lines = parse_confirmed(text, "out.csv", today)
        import_outcomes(site.world.repository, lines, site.compliance, site.world.clock.at)
    shown = {
        "outcome": "fraud",
        "family": "",
        "confirmed_on": str(today),
        "by": "Risk",
        "source": "court",
        "corrected": 1,
    }
    assert reviewer.get(address).json() == shown
    assert site.as_(site.admin).get(address).json() == shown
    assert site.as_(site.officer).get(address).status_code == 403
    assert reviewer.get("/api/sessions/nowhere/outcome").status_code == 404
