"""How ``candor evaluate enrolment`` shows what it measured."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import typer

from biometrics.evaluation.enrolment_trials import EnrolmentFigures
from biometrics.voice.enrolment import ONE_VOICE
from fraudmodel.intervals import Estimate

_LIMITS = tuple(round(0.50 + 0.04 * step, 2) for step in range(10))


def print_enrolment(figures: EnrolmentFigures, *, as_json: bool) -> None:
    """One JSON object, or sentences for people."""
    if as_json:
        typer.echo(json.dumps(_json(figures), indent=2))
        return
    typer.echo(
        f"{figures.speakers} speakers, {len(figures.alone)} sittings with three utterances or more ({figures.short} with fewer), "
        f"{figures.utterances} utterances. Limit {ONE_VOICE}; 95 % intervals."
    )
    typer.echo(f"Refused though alone: {_percent(figures.refused)}; widest {figures.alone.max():.3f}")
    typer.echo(
        f"Noticed with one utterance of another: {_percent(figures.noticed)}; least {figures.mixed.min():.3f}"
    )
    for row in figures.at(_LIMITS):
        typer.echo(
            f"  at {row['limit']:.2f}: refused {100 * row['refused']:.1f} %, noticed {100 * row['noticed']:.1f} %"
        )


def _json(figures: EnrolmentFigures) -> dict[str, object]:
    return {
        "limit": ONE_VOICE,
        "speakers": figures.speakers,
        "sittings": len(figures.alone),
        "too_few_utterances": figures.short,
        "utterances": figures.utterances,
        "refused_alone": asdict(figures.refused),
        "noticed_mixed": asdict(figures.noticed),
        "alone_percentiles_50_95_100": np.percentile(figures.alone, (50, 95, 100)).tolist(),
        "mixed_percentiles_0_5_50": np.percentile(figures.mixed, (0, 5, 50)).tolist(),
        "pair_percentiles_50_95_99_100": np.percentile(figures.pairs, (50, 95, 99, 100)).tolist(),
        "pairs": len(figures.pairs),
        "limits": figures.at(_LIMITS),
    }


def _percent(figure: Estimate) -> str:
    return f"{100 * figure.value:.1f} % [{100 * figure.low:.1f}, {100 * figure.high:.1f}], N = {figure.n}"
