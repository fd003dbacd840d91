"""What a drift report says, in English: one template a sentence. Other languages bring the same keys and fields."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from fraudmodel.phrases import Words

ENGLISH: Final[Words] = MappingProxyType(
    {
        "whole": "the assessment's L",
        "whole.first": "The assessment's L",
        "on": "{what} on {device}",
        "list": ", ",
        "and": " and ",
        "figure": "{value} [{low}, {high}]",
        "share": "{value} % [{low}, {high}] of {n}",
        "model": "{signal} is measured by {new}, which the reference does not know (it was {before}): run the canary recordings, and begin the "
        "reference anew with this model.",
        "psi": "PSI {psi}, {chance} by chance alone, p {p} after all that was looked at; {reference} and {recent} people",
        "statistic.attack": "{where} reads more attack-like (by {by} standard deviations) than in the reference ({psi}): look at recordings of both "
        "windows and at what changed in between (devices, page, models, who applies) before its LLR is trusted further.",
        "statistic.genuine": "{where} reads more genuine (by {by} standard deviations) than in the reference ({psi}): look at recordings of both "
        "windows and at what changed in between (devices, page, models, who applies) before its LLR is trusted further.",
        "statistic.other": "{where} reads otherwise, not higher or lower, than in the reference ({psi}): look at recordings of both windows and at "
        "what changed in between (devices, page, models, who applies) before its LLR is trusted further.",
        "quality.worse": "{where}: the quality of what it measures is worse than in the reference ({psi}): look at network, light and cameras of "
        "these interviews.",
        "quality.better": "{where}: the quality of what it measures is better than in the reference ({psi}): look at network, light and cameras of "
        "these interviews.",
        "chart.attack": "{where} has read more attack-like since about {day} (interview {name}), by {by} standard deviations over {n} interviews that "
        "nobody confirmed as fraud: look first at these interviews' devices and light, then at whether they are attacks.",
        "chart.genuine": "{where} has read more genuine since about {day} (interview {name}), by {by} standard deviations over {n} interviews that "
        "nobody confirmed as fraud: look whether a device or model changed, and whether attacks have come that it does not see.",
        "abstention.more": "{where} says nothing for the reason {reason} more often than in the reference: {now} against {before}; look at what these "
        "interviews share.",
        "abstention.less": "{where} says nothing for the reason {reason} less often than in the reference: {now} against {before}; look at what these "
        "interviews share.",
        "band.more": "Policy proposes {band} for more interviews that nobody confirmed as fraud{on_device} than in the reference: {now} against {before}; "
        "look at what else is told here, then at policy and prevalence.",
        "band.less": "Policy proposes {band} for fewer interviews that nobody confirmed as fraud{on_device} than in the reference: {now} against {before}; "
        "look at what else is told here, then at policy and prevalence.",
        "on_device": " on {device}",
        "calibration": "On {fraud} confirmed frauds and {bona_fide} bona fide interviews{on_device}, {what} has slope {slope} and intercept {intercept} "
        "nats: {verdict}; fit it again on these outcomes, and compare before anything is adopted.",
        "calibration.signal": "the LLR of {signal}",
        "verdict.surer": "it is surer than the outcomes bear out",
        "verdict.shy": "it could be surer than it is",
        "verdict.low": "it is too low throughout",
        "verdict.high": "it is too high throughout",
        "families": " By themselves show it: {families}.",
        "gap.parameters": "parameters: assessed by {now} now and by {before} then; statistics can be compared where pooling stayed the same, slopes are of "
        "both together",
        "gap.policy": "policy: proposed by {now} now and by {before} then; what is proposed more often can be the policy's doing",
        "gap.small": "{before} interviews then and {now} now; below {least} no change can be told of anything",
        "gap.rare": "{device}: {before} interviews then and {now} now; below {least} no change can be told of any signal",
        "gap.few": "{where}: measured in {before} interviews then and {now} now; below {least} no change can be told",
        "gap.uncharted": "{where}: {before} reference interviews; a control chart needs {least}",
        "gap.unlabelled": "calibration: {fraud} confirmed frauds and {bona_fide} bona fide interviews; {least} of each are needed for a slope",
        "gap.unnamed": "calibration: {count} confirmed frauds name no family that the parameters know; they count for L, and for no single signal",
    }
)
