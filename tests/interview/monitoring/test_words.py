"""The words of the model-risk report: every key and every field in every language, and no other markup than the page's own."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import pytest

from fraudmodel.phrases import Words
from fraudmodel.policy import load_policy
from fraudmodel.policy_words import described
from interview.monitoring.model_risk.words import CATALOGUES, Catalogue, Language

ENGLISH = CATALOGUES[Language.EN]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SIMPLIFIED_ONLY = set("风险报计评数据设备阈区间实错误频监测")
TRADITIONAL_ONLY = set("風險報計評數據設備閾區間實錯誤頻監測")


def parts(catalogue: Catalogue) -> dict[str, Words]:
    return {"page": catalogue.page, "drift": catalogue.drift, "policy": catalogue.policy}


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.ZH_HANT])
def test_every_sentence_is_there_with_its_fields(language: Language) -> None:
    for name, words in parts(CATALOGUES[language]).items():
        english = parts(ENGLISH)[name]
        assert words.keys() == english.keys(), name
        for key, text in english.items():
            assert fields(words[key]) == fields(text), (name, key)


@pytest.mark.parametrize("language", list(Language))
def test_markup_is_code_and_nothing_else(language: Language) -> None:
    for key, text in CATALOGUES[language].page.items():
        tags = set(re.findall(r"<[^>]*>", text))
        assert tags <= {'<span class="code">', "</span>"}, key
        assert len(re.findall(r"<[^>]*>", text)) == len(re.findall("<", ENGLISH.page[key])), key


def test_each_language_is_written_in_its_own_signs() -> None:
    for name in ("page", "drift", "policy"):
        every = {language: "".join(parts(CATALOGUES[language])[name].values()) for language in Language}
        assert not CHINESE.search(every[Language.EN])
        assert not (SIMPLIFIED_ONLY - TRADITIONAL_ONLY) & set(every[Language.ZH_HANT])
        assert not (TRADITIONAL_ONLY - SIMPLIFIED_ONLY) & set(every[Language.ZH_HANS])


@pytest.mark.parametrize("language", [Language.ZH_HANS, Language.ZH_HANT])
def test_a_policy_is_described_in_the_language_asked_for(language: Language) -> None:
    shipped = load_policy()
    policy = replace(shipped, note="", costs=replace(shipped.costs, false_referral=300.0))
    told = described(policy, 0.005, CATALOGUES[language].policy)
    assert all(CHINESE.search(sentence) for sentence in told), told


def test_no_key_is_left_unused() -> None:
    """Words that nothing shows are words that nobody checks."""
    from importlib.resources import files

    template = (files("interview.monitoring.model_risk") / "report.html.j2").read_text("utf-8")
    code = "".join(
        (files("interview") / name).read_text("utf-8")
        for name in ("monitoring/model_risk/page.py", "monitoring/model_risk/content.py", "cli/monitor.py")
    )
    for key in ENGLISH.page:
        stem, _, last = key.rpartition(".")
        shown = (
            f'"{key}"' in template + code
            or (stem == "missing" and f'Missing("{last}"' in code)
            or (key.startswith("missing.slice.") and f'"{last}"' in code)
            or (stem in ("limits", "signing") and f'"{last}"' in template)
            or (key.startswith("assume.") and f'"{key.split(".")[1]}"' in template)
        )
        assert shown, key
