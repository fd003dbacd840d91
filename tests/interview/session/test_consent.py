from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

from biometrics.detector import ConsentPart
from interview.consent import Consent


def test_an_applicant_can_agree_to_each_part_that_a_detector_may_need() -> None:
    everything = Consent(True, True, True, True, datetime(2026, 11, 24, tzinfo=UTC))
    assert everything.parts == {"recording", *get_args(ConsentPart)}
