"""What a consent is stored with names the wording that the applicant read: another wording has another version."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

import web
from interview.consent import TEXT_VERSION

MESSAGES = Path(web.__file__).parent / "console" / "src" / "messages"
SENTENCE: Final = re.compile(r'"(consent\.\w+)":\s+"((?:[^"\\]|\\.)*)"')
WORDING: Final = {"2026-11-29": "1cef4040095f9f7d"}
"""SHA-256, its beginning, of every sentence of the consent in the three languages, by version."""


def test_another_wording_of_the_consent_has_another_version() -> None:
    texts = [(MESSAGES / one / "applicant.ts").read_text("utf-8") for one in ("en", "zh-Hans", "zh-Hant")]
    sentences = [found for text in texts for found in SENTENCE.findall(text)]
    assert len(sentences) == sum(text.count('"consent.') for text in texts)
    digest = hashlib.sha256(repr(sentences).encode()).hexdigest()[:16]
    assert WORDING.get(TEXT_VERSION) == digest, "raise TEXT_VERSION in interview/consent.py, and name it here"
