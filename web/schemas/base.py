"""What every message on the wire is built of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language = Literal["zh-Hans", "zh-Hant", "en"]
Action = Literal[
    "join_link", "offer", "end", "decide", "rerun", "replace_voice", "revoke_face", "revoke_voice"
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Sdp = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
UnitInterval = Annotated[float, Field(ge=0.0, le=1.0)]


class Wire(BaseModel):
    """Base: unknown fields in a request are an error, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Wire):
    """The body of every error. ``field`` names the request's field where one is to blame."""

    code: str
    message: str
    message_zh: str
    field: str | None
