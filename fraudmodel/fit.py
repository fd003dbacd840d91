"""From a labelled score table to one signal's parameters, with the figures on people that the fit never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import numpy as np

from fraudmodel.behaviour import Validation
from fraudmodel.calibration import Covariate, FloatArray, Isotonic, Logistic
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import effective_trials, equal_error_rate, supported_bounds, trial_worth
from fraudmodel.errors import FitError
from fraudmodel.intervals import Estimate
from fraudmodel.metrics import Mask, cllr, cllr_min, estimate, pav_llrs
from fraudmodel.pooling import Pooling
from fraudmodel.regression import fit_logistic
from fraudmodel.signal_parameters import Provenance, SignalParameters, signal_document
from fraudmodel.signals import SignalKind

REPLICATES = 200
LEAST_SUBJECTS = 4
LEAST_FOR_ISOTONIC = 500
_DIGITS = 7


def fit_signal(
    table: ScoreTable,
    kind: SignalKind,
    *,
    model: str,
    version: str,
    data: str,
    pooling: Pooling,
    covariates: Sequence[str] = (),
    log_covariates: Sequence[str] = (),
    grade: str = "measured",
    discount: float = 1.0,
    cap: float = inf,
    most_nats: float = inf,
    validation: Validation | None = None,
    seed: int = 0,
) -> SignalParameters:
    """Calibrate one signal: logistic with covariates, bounds from the data, bootstrap refits over subjects.

    ``model`` names the weights that made the scores; ``data`` what they were made on; ``covariates`` (those of
    ``log_covariates`` on a log scale) are columns of the table and of the live observations alike. ``most_nats`` holds the bounds, and with
    them the figures, within what is allowed whatever the data support; ``validation`` is what behaviour alone needs. Raises FitError
    where the table is too small, or its scores do not rise with attacks.
    """
    _check(table, [*covariates, *log_covariates])
    terms = tuple(_covariate(table, name, name in log_covariates) for name in (*covariates, *log_covariates))
    trials = [effective_trials(table, chosen) for chosen in (~table.attack, table.attack)]
    calibrator = _calibrate(table, terms, min(trials), seed)
    llrs = _llrs(calibrator, table)
    low, high = supported_bounds(llrs, table.attack, *trials)
    bounds = (max(low, -most_nats), min(high, most_nats))
    measured = _measure(table, terms, min(trials), bounds, seed)
    return SignalParameters(
        kind=kind,
        version=version,
        model=model,
        grade=grade,
        data=_provenance(table, data, trials),
        pooling=replace(pooling, reading_sd=_rounded(_within_sd(table))),
        calibrator=calibrator,
        bounds=(_rounded(bounds[0]), _rounded(bounds[1])),
        information=_rounded(min(max(1.0 - measured["cllr"].value, 0.0), 1.0)),
        discount=discount,
        cap=cap,
        measured=measured,
        validation=validation,
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """A signal's calibration without refits and figures: ``cautious`` as sessions have it, drawn in for as few independent trials as there are
    people, with its ``bounds`` (nats); ``shown`` the best guess, as if all trials were independent."""

    cautious: Logistic
    bounds: tuple[float, float]
    shown: Logistic


def fitted_lines(table: ScoreTable) -> Lines:
    """What a table says of a signal, for people held out. Raises FitError where it is too small, or its scores do not rise with attacks."""
    _check(table, ())
    trials = [effective_trials(table, chosen) for chosen in (~table.attack, table.attack)]
    fewest = float(min(table.attack.sum(), (~table.attack).sum()))
    cautious, shown = (_solve(table, (), _worths(table), strength) for strength in (min(trials), fewest))
    if min(each.coefficients[1] for each in (cautious, shown)) <= 0.0:
        raise FitError(f"{table.name}: scores do not rise with attacks: is their sign turned round?")
    return Lines(cautious, supported_bounds(_llrs(cautious, table), table.attack, *trials), shown)


def fit_isotonic(table: ScoreTable) -> Isotonic:
    """Calibrate by PAV, where a straight line would not do. Raises FitError below 500 trials of each class."""
    fewest = min(int(table.attack.sum()), int((~table.attack).sum()))
    if fewest < LEAST_FOR_ISOTONIC:
        raise FitError(
            f"{table.name}: isotonic calibration needs {LEAST_FOR_ISOTONIC} trials of each class, there are {fewest}"
        )
    llrs = pav_llrs(table.scores, table.attack, np.ones(len(table)))
    finite = llrs[np.isfinite(llrs)]
    if not len(finite):
        raise FitError(
            f"{table.name}: the classes do not overlap, so PAV says nothing: use the logistic calibration"
        )
    scores, first = np.unique(table.scores, return_index=True)
    knots = np.clip(llrs[first], finite.min(), finite.max())
    return Isotonic(tuple(scores.tolist()), tuple(knots.tolist()))


def write_signal(signal: SignalParameters, folder: Path) -> Path:
    """Write a signal's parameters to ``<kind>.json`` of a folder of parameters; gives the file."""
    path = folder / f"{signal.kind}.json"
    path.write_text(signal_document(signal), "utf-8")
    return path


def held_out_llrs(
    table: ScoreTable,
    terms: Sequence[Covariate],
    strength: float,
    seed: int = 0,
    fitted_on: Mask | None = None,
) -> FloatArray:
    """The LLR (nats, not bounded) of every trial, by a calibration that saw none of its people.

    ``fitted_on`` (N,) leaves only these trials to calibrate on: what one condition's calibration says about another.
    """
    llrs = np.full(len(table), np.nan)
    for held, _, test in held_out_calibrations(table, terms, strength, seed, fitted_on):
        llrs[test] = _llrs(held, table)[test]
    return llrs


def held_out_calibrations(
    table: ScoreTable,
    terms: Sequence[Covariate],
    strength: float,
    seed: int = 0,
    fitted_on: Mask | None = None,
) -> Iterator[tuple[Logistic, Mask, Mask]]:
    """Calibrations (not bounded) with the masks of the trials that each was fitted on and those that it may judge.

    Raises FitError where to hold some people out would leave a class empty.
    """
    worths = _worths(table)
    for others, test in table.blocks(seed=seed):
        training = others if fitted_on is None else others & fitted_on
        if not table.attack[training].any() or table.attack[training].all():
            raise FitError(f"{table.name}: too few subjects to hold some out: a class would be empty")
        yield _solve(table, terms, worths * training, strength), training, test


def _check(table: ScoreTable, covariates: Sequence[str]) -> None:
    if len(table.everybody) < LEAST_SUBJECTS:
        raise FitError(
            f"{table.name}: at least {LEAST_SUBJECTS} subjects are needed, there are {len(table.everybody)}"
        )
    for name in covariates:
        if name not in table.covariates:
            raise FitError(f"{table.name}: there is no column {name}")
        if np.ptp(table.covariates[name]) == 0.0:
            raise FitError(f"{table.name}: {name} is constant, so its effect cannot be fitted")


def _covariate(table: ScoreTable, name: str, log: bool) -> Covariate:
    values = table.covariates[name]
    if log and values.min() <= 0.0:
        raise FitError(f"{table.name}: {name} must be above 0 to be measured on a log scale")
    measured = np.log(values) if log else values
    return Covariate(
        name=name,
        centre=_rounded(measured.mean()),
        scale=_rounded(measured.std()),
        low=_rounded(values.min()),
        high=_rounded(values.max()),
        log=log,
    )


def _calibrate(table: ScoreTable, terms: Sequence[Covariate], strength: float, seed: int) -> Logistic:
    fitted = _solve(table, terms, _worths(table), strength)
    if fitted.coefficients[1] <= 0.0:
        raise FitError(f"{table.name}: scores do not rise with attacks: is their sign turned round?")
    return replace(fitted, replicates=np.array(list(_refits(table, terms, strength, seed))))


def _refits(
    table: ScoreTable, terms: Sequence[Covariate], strength: float, seed: int
) -> Iterator[tuple[float, ...]]:
    """Coefficients on people drawn again and again; draws from which nothing can be fitted are drawn anew."""
    rng, draw, worths, found = np.random.default_rng(seed), table.draw, _worths(table), 0
    for _ in range(10 * REPLICATES):
        weights = worths * draw(rng)
        if weights[table.attack].any() and weights[~table.attack].any():
            try:
                refit = _solve(table, terms, weights, strength).coefficients
            except FitError:
                continue
            yield refit[0], max(refit[1], 0.0), *refit[2:]
            found += 1
            if found == REPLICATES:
                return
    raise FitError(f"{table.name}: too few subjects for bootstrap refits: most draws lose a whole class")


def _solve(table: ScoreTable, terms: Sequence[Covariate], weights: FloatArray, strength: float) -> Logistic:
    """Fit with both classes weighed as ``strength`` independent trials, so that log-odds are LLRs."""
    centre, scale = _rounded(table.scores.mean()), float(table.scores.std())
    if scale == 0.0:
        raise FitError(f"{table.name}: all scores are the same")
    score = (table.scores - centre) / scale
    conditions = np.column_stack(
        [np.ones(len(table)), *(term.standardised_all(table.covariates[term.name]) for term in terms)]
    )
    # Intercept and slope alternate for each condition: the order of `Logistic.coefficients`.
    design = np.stack([conditions, conditions * score[:, None]], axis=-1).reshape(len(table), -1)
    used = weights > 0.0
    balanced = _balanced(table.attack[used], weights[used], strength)
    beta = fit_logistic(design[used], table.attack[used].astype(float), balanced)
    beta[1::2] /= scale
    return Logistic(centre, tuple(_rounded(value) for value in beta), tuple(terms))


def _worths(table: ScoreTable) -> FloatArray:
    worths = np.empty(len(table))
    for chosen in (table.attack, ~table.attack):
        worths[chosen] = trial_worth(table, chosen)
    return worths


def _balanced(attack: Mask, weights: FloatArray, strength: float) -> FloatArray:
    shares = np.where(attack, weights / weights[attack].sum(), weights / weights[~attack].sum())
    balanced: FloatArray = strength * shares
    return balanced


def _llrs(calibrator: Logistic, table: ScoreTable) -> FloatArray:
    return calibrator.llrs(table.scores, table.covariates)


def _measure(
    table: ScoreTable, terms: Sequence[Covariate], strength: float, bounds: tuple[float, float], seed: int
) -> dict[str, Estimate]:
    llrs = np.clip(held_out_llrs(table, terms, strength, seed), *bounds)
    figures = {
        "eer": equal_error_rate(table, seed=seed),
        "cllr": estimate(cllr, llrs, table.attack, table.draw, seed=seed),
        "cllr_min": estimate(cllr_min, llrs, table.attack, table.draw, seed=seed),
    }
    return {name: _rounded_estimate(figure) for name, figure in figures.items()}


def _within_sd(table: ScoreTable) -> float:
    """Spread of one person's bona fide scores: the pooled within-subject standard deviation."""
    scores, people = table.scores[~table.attack], np.array(table.subjects)[~table.attack]
    groups = [scores[people == person] for person in np.unique(people)]
    freedom = sum(len(group) - 1 for group in groups)
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    return float(np.sqrt(squares / freedom)) if freedom else float(scores.std())


def _provenance(table: ScoreTable, data: str, trials: Sequence[float]) -> Provenance:
    return Provenance(
        name=data,
        bona_fide=int((~table.attack).sum()),
        attack=int(table.attack.sum()),
        subjects=len(table.everybody),
        bona_fide_effective=_rounded(trials[0]),
        attack_effective=_rounded(trials[1]),
    )


def _rounded_estimate(figure: Estimate) -> Estimate:
    return Estimate(_rounded(figure.value), _rounded(figure.low), _rounded(figure.high), figure.n)


def _rounded(value: float) -> float:
    """Significant digits that survive a document, so that reading it back gives the very same parameters."""
    return float(f"{float(value):.{_DIGITS}g}")
