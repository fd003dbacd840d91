from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

from biometrics.detector import ConsentPart
from interview.consent import PARTS, WORDED_SINCE, Consent


def test_an_applicant_can_agree_to_each_part_that_a_detector_may_need() -> None:
    everything = Consent(True, True, True, True, datetime(2026, 11, 24, tzinfo=UTC))
    assert everything.parts == {"recording", *get_args(ConsentPart)}


def test_a_yes_to_a_wording_that_did_not_name_what_is_done_today_is_no_yes_to_it() -> None:
    today = Consent(True, True, True, True, datetime(2026, 11, 24, tzinfo=UTC))
    older = replace(today, text_version="2026-11")
    assert older.parts == set(PARTS) - WORDED_SINCE.keys()
    assert replace(today, text_version=WORDED_SINCE["behaviour"]).parts == set(PARTS)


def test_the_same_answers_to_another_wording_are_not_the_same() -> None:
    today = Consent(True, True, True, False, datetime(2026, 11, 24, tzinfo=UTC))
    assert today.same_answers(replace(today, given_at=datetime(2026, 12, 1, tzinfo=UTC)))
    assert not today.same_answers(replace(today, text_version="2026-11"))
