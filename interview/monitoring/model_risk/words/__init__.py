"""All words of the model-risk report and of `candor monitor`, by language: the page's own, and those of the drift and the policy that it quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from fraudmodel import drift_words, policy_words
from fraudmodel.phrases import Words
from interview.monitoring.model_risk.words import en, zh_hans, zh_hans_model, zh_hant, zh_hant_model


class Language(StrEnum):
    """As HTML names it."""

    EN = "en"
    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language."""

    page: Words
    drift: Words
    policy: Words


CATALOGUES: Final[Mapping[Language, Catalogue]] = MappingProxyType(
    {
        Language.EN: Catalogue(en.PAGE, drift_words.ENGLISH, policy_words.ENGLISH),
        Language.ZH_HANS: Catalogue(zh_hans.PAGE, zh_hans_model.DRIFT, zh_hans_model.POLICY),
        Language.ZH_HANT: Catalogue(zh_hant.PAGE, zh_hant_model.DRIFT, zh_hant_model.POLICY),
    }
)
