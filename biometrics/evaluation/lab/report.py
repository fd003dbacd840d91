"""Everything that one evaluation of the lab found, as one object: printed as JSON, shown as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from biometrics.evaluation.lab.combination import Fused, fuse
from biometrics.evaluation.lab.figures import (
    Abstentions,
    Protocol,
    Rate,
    SpeciesFigures,
    abstentions,
    alone,
    leave_one_species_out,
    measure,
)
from biometrics.evaluation.lab.trials import LabTrial
from fraudmodel.errors import DatasetError
from fraudmodel.fusion import Fusion
from fraudmodel.intervals import Estimate
from fraudmodel.signals import SignalKind
from fraudmodel.touched import families_seen

FLASH = "flash_challenge"
ACTIVE = (FLASH, "pose_challenge")
"""Signals that need the applicant to do something: their attacks are told apart from the passive ones."""

STRANGERS = frozenset({"face_continuity"})
"""Signals whose weights others trained, on none of the lab's people: the people whom our own weights were fitted on teach them too."""

REFLECTING = frozenset({"print_flash", "cut_out_flash", "mesh_mask_flash"})
"""Species that take a challenge's light as skin does: the challenge is not meant to see them, and clears none of them."""

RELIT = "relight"
"""Faces that software relights follow the light too. How common that is, is an assumption of the detector (`flash/evidence.py`), and no
count of renders: were they to calibrate it, rendering more of them would make a passed challenge worth less."""

FAINT = "bona_fide_flash_faint"
"""Honest faces that the challenge's light hardly reaches; everything else of `LIT` takes that of a laptop, or of a dim room."""

DROWNED = "bona_fide_flash_drowned"
"""Honest faces by a window. They belong to no protocol, for nothing can be asked of them, and to the challenge's calibration: or its
silence about them would count as fraud."""

LIT = REFLECTING | {
    "bona_fide_flash",
    FAINT,
    DROWNED,
    RELIT,
    "challenge_replay",
    "unlit_injection",
    "lcd_replay_flash",
    "phone_replay_flash",
}
"""Species that stand in a challenge's light: they are judged among themselves."""

MIXED = "voice_mixed"
VOICED = frozenset(
    {"bona_fide_voice", "voice_replay", "voice_tts", "voice_vocoder", "voice_conversion", MIXED}
)
"""Species of the voice, and the honest people whom they are compared with: judged among themselves, by what is heard."""

OTHER_WORDS = frozenset({"voice_tts", "voice_conversion"})
"""Species whose words are not those of the mouth that is seen; a copy and a replay are said by it."""

SYNC = "av_sync"
"""Compares the mouth with the sound: not asked where speech was dubbed onto whatever picture there was, for nobody is in step there."""

HEARD: Mapping[str, frozenset[str]] = {
    "voice_pad": VOICED - {MIXED},
    "second_voice": frozenset({MIXED}),
    SYNC: OTHER_WORDS,
}
"""Signals of the voice, and the species that each is meant to tell from honest people. A second person in the room is no machine."""

UNSEEN, IN_SPECIES, SEEN_PEOPLE = "unseen", "in_species", "renderer_disjoint"
CHALLENGE, CHALLENGE_FAINT = "challenge", "challenge_faint"
VOICE = "voice"
CHALLENGED = (CHALLENGE, CHALLENGE_FAINT)
REPORTED_ALONE = (UNSEEN, *CHALLENGED, VOICE)
"""Protocols whose signals are also reported one by one."""
PROTOCOLS: Mapping[str, Callable[[LabTrial], bool]] = {
    # Both bona fide cameras belong to every protocol: an unseen device must not raise alarms either.
    UNSEEN: lambda trial: _passive(trial, "test") and (not trial.attack or trial.renderer != "a"),
    IN_SPECIES: lambda trial: _passive(trial, "test") and (not trial.attack or trial.renderer == "a"),
    SEEN_PEOPLE: lambda trial: _passive(trial, "train") and (not trial.attack or trial.renderer != "a"),
    VOICE: lambda trial: _voiced(trial) and (not trial.attack or trial.renderer != "a"),
    CHALLENGE: lambda trial: _lit(trial) and trial.species not in (FAINT, DROWNED),
    # The same attacks against faces that answer as weakly as glass does.
    CHALLENGE_FAINT: lambda trial: _lit(trial) and (trial.attack or trial.species == FAINT),
}
"""Who is in which protocol. Every one calibrates on other people than it judges."""

LOOPS = "injection_frames"
"""Not asked while a challenge runs: that takes longer than the lab's takes, which are played there and back, so honest renders
come round as loops do."""

Touched = Callable[[str, LabTrial], bool]


@dataclass(frozen=True, slots=True)
class LabReport:
    """``protocols`` by name, those that the renders allow; ``gaps`` what they do not allow, in sentences;
    ``alone`` by protocol, signal and species, what each signal does by itself.

    ``models`` names what measured; ``renders`` counts all of them.
    """

    renders: int
    models: tuple[str, ...]
    protocols: Mapping[str, Protocol]
    left_out: Mapping[str, Rate]
    alone: Mapping[str, Mapping[str, Mapping[str, Rate]]]
    abstentions: tuple[Abstentions, ...]
    gaps: tuple[str, ...]


def _lit(trial: LabTrial) -> bool:
    return trial.split == "test" and trial.species in LIT


def _passive(trial: LabTrial, split: str) -> bool:
    return trial.split == split and trial.species not in LIT | VOICED


def _voiced(trial: LabTrial) -> bool:
    return trial.split == "test" and trial.species in VOICED


def part_of(name: str, trials: Iterable[LabTrial]) -> list[LabTrial]:
    """A protocol's trials, with what it may ask of them."""
    chosen = [trial for trial in trials if PROTOCOLS[name](trial)]
    if name == VOICE:
        return [_heard(trial) for trial in chosen]
    return [_unlooped(trial) for trial in chosen] if name in CHALLENGED else chosen


def fused(name: str, trials: Sequence[LabTrial], fusion: Fusion, touched: Touched) -> Fused:
    """A protocol's trials, judged. Raises DatasetError where they lack a class."""
    teach = partial(calibrating, trials=trials) if name in (UNSEEN, *CHALLENGED, VOICE) else None
    return fuse(part_of(name, trials), fusion, touched, teach)


def calibrating(kind: str, trials: Sequence[LabTrial]) -> list[LabTrial]:
    """What calibrates a signal in the lab: what `teaches` it, of the renderers that are judged."""
    return [
        trial
        for trial in trials
        if teaches(kind, trial) and (kind in ACTIVE or not trial.attack or trial.renderer != "a")
    ]


def teaches(kind: str, trial: LabTrial) -> bool:
    """Whether a signal may be calibrated on a trial: of people whom its weights never saw, and in a challenge's light if it needs
    one, else without. The product has one calibration for each signal, whether a challenge runs or not."""
    stranger = trial.split == "test" or kind in STRANGERS
    relit = kind == FLASH and trial.species == RELIT
    return stranger and _where(trial) == _asked(kind) and not relit and not _out_of_step(kind, trial)


def _out_of_step(kind: str, trial: LabTrial) -> bool:
    return kind == SYNC and trial.dubbed


def _where(trial: LabTrial) -> str:
    return "lit" if trial.species in LIT else "voiced" if trial.species in VOICED else "plain"


def _asked(kind: str) -> str:
    """Where a signal is calibrated."""
    return "lit" if kind in ACTIVE else "voiced" if kind in HEARD else "plain"


def _unlooped(trial: LabTrial) -> LabTrial:
    return replace(trial, scores={kind: score for kind, score in trial.scores.items() if kind != LOOPS})


def _heard(trial: LabTrial) -> LabTrial:
    """By what is heard alone: the pictures are an honest person's in every species of the voice, and where they are borrowed nobody
    knows whether a face signal was taught by whom they show."""

    def asked(signals: Mapping[str, Any]) -> dict[str, Any]:
        return {kind: one for kind, one in signals.items() if kind in HEARD and not _out_of_step(kind, trial)}

    return replace(trial, scores=asked(trial.scores), reasons=asked(trial.reasons))


def touched_by(fusion: Fusion) -> Touched:
    """Which attacks a signal is meant to see: those of the families that the fusion weighs it most in; of the voice, those of `HEARD`.

    Where it counts less it is no more than a hint; attacks that it hardly sees would flatten its calibration for all others.
    """
    families = _families(fusion)

    def touched(kind: str, trial: LabTrial) -> bool:
        if kind in HEARD or trial.species in VOICED:
            return trial.species in HEARD.get(kind, ()) and not _out_of_step(kind, trial)
        reflects = kind == FLASH and trial.species in REFLECTING
        return not reflects and trial.family in families.get(SignalKind(kind), set())

    return touched


def _families(fusion: Fusion) -> Mapping[str, set[str]]:
    families = {str(kind): set(seen) for kind, seen in families_seen(fusion).items()}
    for active in ACTIVE:
        families.setdefault(active, set()).add("challenge")
    return families


def report_on(trials: Sequence[LabTrial], fusion: Fusion, models: Iterable[str]) -> LabReport:
    """Every figure that these trials support. Raises DatasetError where there is no bona fide render or no attack."""
    touched = touched_by(fusion)
    protocols: dict[str, Protocol] = {}
    gaps: list[str] = []
    for name in PROTOCOLS:
        try:
            protocols[name] = measure(name, fused(name, trials, fusion, touched), SLICES)
        except DatasetError as error:
            why = str(error).removeprefix(f"{name}: ")
            gaps.append(f"{name}: not measured, because {why}.")
    unseen = part_of(UNSEEN, trials)
    return LabReport(
        renders=len(trials),
        models=tuple(sorted(models)),
        protocols=protocols,
        left_out=leave_one_species_out(unseen, fusion, touched) if UNSEEN in protocols else {},
        alone={name: alone(part_of(name, trials), touched) for name in REPORTED_ALONE if name in protocols},
        abstentions=abstentions(trials),
        gaps=(*gaps, *_thin(protocols)),
    )


def bitrate_band(trial: LabTrial) -> str:
    """The WebRTC bitrate of a render, in bands."""
    kbps = trial.conditions.kbps
    edges = ((350, "to 350 kbit/s"), (700, "350-700 kbit/s"), (1200, "700-1200 kbit/s"))
    return next((name for edge, name in edges if kbps <= edge), "above 1200 kbit/s")


BYPASSED = frozenset({"injected_still", "reenactment"})
"""Species without any picture of the scene's camera, whatever its light."""


def light_band(trial: LabTrial) -> str:
    """The light of a render, relative to a well lit room."""
    if trial.species in BYPASSED:
        return "no camera"
    light = trial.conditions.light
    return "dark" if light < 0.35 else "dim" if light < 0.7 else "bright"


def skin_band(trial: LabTrial) -> str:
    """Skin tone by individual typology angle (Chardon 1991), as far as the rendered light lets it be measured."""
    ita = trial.conditions.ita
    if ita is None:
        return "not measured"
    edges = ((-30, "dark"), (10, "brown"), (28, "tan"), (41, "intermediate"), (55, "light"))
    return next((name for edge, name in edges if ita <= edge), "very light")


SLICES: Mapping[str, Callable[[LabTrial], str]] = {
    "bitrate": bitrate_band,
    "light": light_band,
    "skin tone (ITA)": skin_band,
}


def metrics_of(report: LabReport) -> dict[str, Any]:
    """The report as plain JSON. There is no rate over all species in it, and there never will be."""
    return {
        "renders": report.renders,
        "models": list(report.models),
        "worst_species": _worst(report),
        "protocols": {name: _protocol(one) for name, one in report.protocols.items()},
        "sim_apcer_leave_one_species_out_at_bpcer_5": {
            name: _rate(one) for name, one in report.left_out.items()
        },
        "sim_apcer_of_each_signal_alone_at_bpcer_5": {
            name: {
                kind: {species: _rate(one) for species, one in rates.items()}
                for kind, rates in signals.items()
            }
            for name, signals in report.alone.items()
        },
        "abstention": {one.kind: _abstention(one) for one in report.abstentions},
        "gaps": list(report.gaps),
    }


def _worst(report: LabReport) -> dict[str, Any] | None:
    protocol = report.protocols.get(UNSEEN)
    if protocol is None or not protocol.species:
        return None
    worst = protocol.worst({"presentation"}) or protocol.species[0]
    return {"protocol": UNSEEN, **_species(worst)}


def _protocol(one: Protocol) -> dict[str, Any]:
    return {
        "bona_fide": one.bona_fide,
        "subjects": one.subjects,
        "signals": list(one.signals),
        "cllr": _estimate(one.cllr),
        "cllr_min": _estimate(one.cllr_min),
        "species": [_species(each) for each in one.species],
        "slices": [
            {
                "slice": each.name,
                "value": each.value,
                "bpcer": _rate(each.bpcer),
                "worst_species": each.worst_species,
                "sim_apcer_worst": _rate(each.worst_apcer) if each.worst_apcer else None,
            }
            for each in one.slices
        ],
    }


def _species(one: SpeciesFigures) -> dict[str, Any]:
    return {
        "species": one.species,
        "family": one.family,
        "renderers": list(one.renderers),
        "subjects": one.subjects,
        **{f"sim_apcer_at_bpcer_{round(100 * share)}": _rate(value) for share, value in one.apcer.items()},
    }


def _rate(one: Rate) -> dict[str, float]:
    return {
        **_estimate(one.estimate),
        "effective": one.effective,
        "people_low": one.people_low,
        "people_high": one.people_high,
    }


def _estimate(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high, "n": one.n}


def _abstention(one: Abstentions) -> dict[str, Any]:
    return {
        "bona_fide": _estimate(one.bona_fide),
        "attack": _estimate(one.attack) if one.attack else None,
        "reasons": dict(one.reasons),
    }


def _thin(protocols: Mapping[str, Protocol]) -> Iterable[str]:
    """What the renders are too few for, in sentences."""
    for name, protocol in protocols.items():
        counts = [each.apcer[max(each.apcer)].estimate.n for each in protocol.species if each.apcer]
        if protocol.bona_fide < 600 or min(counts, default=0) < 300:
            species = f"at least {min(counts)} of each species" if counts else "too few for any threshold"
            yield (
                f"{name}: {protocol.bona_fide} bona fide renders, {species}; "
                "600 and 300 are needed to bound a Sim-APCER without an error at 1 %."
            )
        if protocol.subjects < 30:
            people = "1 person" if protocol.subjects == 1 else f"{protocol.subjects} people"
            yield f"{name}: {people}. No claim about other people, or groups of people, can rest on them."
