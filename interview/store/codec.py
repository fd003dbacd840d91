"""JSON text and template bytes. Numbers survive to the bit: a double is written with all the digits that it needs."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from biometrics.template import Template


def dumps(value: object) -> str:
    """Compact JSON text."""
    return orjson.dumps(value).decode()


def loads(text: str) -> Any:  # noqa: ANN401 - JSON
    """What the JSON text holds."""
    return orjson.loads(text)


def template_to_bytes(template: Template) -> bytes:
    """The template's vector, little-endian float32."""
    return template.vector.astype("<f4").tobytes()


def vector_from_bytes(data: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """The inverse of `template_to_bytes`: (d,) float32."""
    return np.frombuffer(data, dtype="<f4").astype(np.float32)
