"""Sentences with places for figures, so that every language says the same from the same keys and fields."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]
"""Templates of `str.format` by key."""


def say(words: Words, key: str, fields: Mapping[str, object]) -> str:
    """One sentence of them."""
    return words[key].format_map(fields)
