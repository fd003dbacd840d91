"""The BlazeFace short-range detector (Bazarevsky et al., 2019, arXiv:1907.05047) from the mediapipe package.

Same network and weights; only the file is laid out again, with weights on 16-byte boundaries, which current LiteRt asks
for and otherwise copies them with a warning for each session.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.build.tflite import TfliteModel


def build(parts: Mapping[str, bytes]) -> bytes:
    """Turn ``detector`` (TFLite) into the same model with aligned weights."""
    return TfliteModel(parts["detector"]).to_bytes()
