"""Whose side of an interview a recording shows. The applicant's is analysed; the officer's never is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from interview.errors import MediaError

Side = Literal["applicant", "officer"]
TAG: Final = "CANDOR_SIDE"
"""The tag of our recordings that says it."""
WRITER: Final = "candor"
"""How our files name their writer; their times are a session's, and are never shifted."""
_UNTAGGED: Final = re.compile(r"officer(-\d{3,})?\.webm")
"""What the officer's recordings are called in the store, where those from before there was a tag lie."""


def side_of(metadata: Mapping[str, str], path: Path) -> Side | None:
    """The side that a file's own metadata name, or the store's name for it does; None for a recording that is not of an interview.

    A link is followed: what counts is what the file is called where it lies.
    """
    match metadata.get(TAG):
        case "applicant":
            return "applicant"
        case "officer":
            return "officer"
    ours = metadata.get("encoder") == WRITER
    return "officer" if ours and _UNTAGGED.fullmatch(path.resolve().name) else None


def refuse_officer(side: Side | None) -> None:
    """Raises MediaError for the officer's side."""
    if side == "officer":
        raise MediaError("This is the officer's side of an interview: the officer is never analysed.")
