"""One short sentence in the console's three languages, as documents carry it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fraudmodel.document import Node

LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same words in simplified and traditional Chinese and in English."""

    zh_hans: str
    zh_hant: str
    en: str


def parse_sentence(node: Node) -> Sentence:
    """The three fields of an object that `Node.fields` has checked."""
    return Sentence(*(node[language].text() for language in LANGUAGES))
