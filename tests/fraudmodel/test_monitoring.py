"""Two windows of interviews: what changed is found where it is, what did not is left alone, what is too small is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.stats import fisher_exact

from fraudmodel.assessment import Band
from fraudmodel.drift_alerts import Alert, alerts
from fraudmodel.drift_words import ENGLISH
from fraudmodel.monitored import EVERY, Drift, InterviewSeen
from fraudmodel.monitoring import drift
from fraudmodel.outcome_calibration import Sees
from fraudmodel.signals import Reason
from fraudmodel.stability import stability
from tests.fraudmodel.watching import LAPTOP, PAD, PHONE, VOICE, interviews


def said(found: Drift) -> list[tuple[str, str, str]]:
    return [(each.what, each.signal, each.device) for each in alerts(found)]


def sentence(found: Drift, what: str) -> str:
    return next(each.sentence for each in alerts(found) if each.what == what)


def test_what_did_not_change_alarms_seldom() -> None:
    alarmed = [
        seed
        for seed in range(20)
        if alerts(drift(interviews(200, seed=seed), interviews(60, day=30, seed=seed)))
    ]
    assert len(alarmed) <= 5  # two kinds of alarm at 5 % each, and the reference's own error


def test_one_signal_that_moved_on_one_family_is_found_there() -> None:
    found = drift(interviews(400), interviews(150, day=30, moved=1.2, on=PHONE))
    signals = {(what, signal) for what, signal, _ in said(found)}
    assert {("statistic", PAD), ("chart", PAD)} <= signals
    assert ("chart", EVERY) in signals  # L moves with it: what genuine applicants feel
    assert not any(signal == VOICE and what in ("statistic", "chart") for what, signal in signals)
    by_group = {(each.kind, each.device): each for each in found.signals}
    assert by_group[PAD, PHONE].statistic_p < 1e-4 < by_group[PAD, LAPTOP].statistic_p
    assert "more attack-like" in sentence(found, "statistic")
    assert PHONE in sentence(found, "statistic")
    chart = by_group[PAD, PHONE].chart
    assert chart is not None
    assert chart.first is not None
    assert chart.first[0] in {each.name for each in interviews(150, day=30)[:12]}
    assert chart.first[0] in sentence(found, "chart") or PHONE in sentence(found, "chart")


def test_an_attack_that_is_not_seen_looks_more_genuine() -> None:
    found = drift(interviews(400), interviews(150, day=30, moved=-1.2))
    assert "more genuine" in sentence(found, "chart")
    assert "attacks have come that it does not see" in sentence(found, "chart")


def test_confirmed_fraud_is_not_charted() -> None:
    window = interviews(150, day=30)
    attacked = [replace(each, fraud=True) if number % 3 == 0 else each for number, each in enumerate(window)]
    charts = [
        each.chart
        for each in drift(interviews(200), attacked).signals
        if each.device == EVERY and each.kind == PAD
    ]
    assert charts[0] is not None
    assert charts[0].n == sum(each.fraud is not True for each in attacked)


def test_abstentions_are_counted_by_reason_and_told_from_chance() -> None:
    before, now = interviews(400), interviews(150, day=30, silent=0.4)
    found = drift(before, now)
    noisy = next(each for each in found.abstentions if each.device == EVERY)
    counted = [sum(each.signals[VOICE].reason is Reason.NOISY for each in window) for window in (before, now)]
    assert (noisy.kind, noisy.reason) == (VOICE, Reason.NOISY)
    assert (noisy.before.value, noisy.before.n) == (counted[0] / 400, 400)
    assert (noisy.now.value, noisy.now.n) == (counted[1] / 150, 150)
    plain = fisher_exact([[counted[0], 400 - counted[0]], [counted[1], 150 - counted[1]]]).pvalue
    assert plain <= noisy.p < 0.001
    assert "says nothing for the reason noisy more often" in sentence(found, "abstention")


def test_falling_quality_says_look_at_network_and_light() -> None:
    found = drift(interviews(300), interviews(100, day=30, worse=0.3))
    assert ("quality", PAD, "") in said(found)
    assert "is worse than in the reference" in sentence(found, "quality")


def test_other_weights_are_told_first() -> None:
    found = drift(interviews(100), interviews(100, day=30, models=("net@2",)))
    assert alerts(found)[0].what == "model"
    assert "net@2, which the reference does not know (it was net@1)" in alerts(found)[0].sentence


def test_llrs_that_are_too_sure_are_told_on_outcomes() -> None:
    found = drift(interviews(400, sure=2.5, labelled=True), interviews(200, day=30, sure=2.5, labelled=True))
    whole = next(each for each in found.calibrations if (each.kind, each.device) == (EVERY, EVERY))
    assert whole.found.slope.high < 1.0
    assert ("calibration", EVERY, "") in said(found)
    assert "surer than the outcomes bear out" in sentence(found, "calibration")
    held = drift(interviews(400, labelled=True), interviews(200, day=30, labelled=True))
    assert not any(what == "calibration" for what, _, _ in said(held))


def test_the_statistic_s_index_is_the_plain_one_of_both_samples() -> None:
    before, now = interviews(200), interviews(100, day=30)
    group = next(each for each in drift(before, now).signals if (each.kind, each.device) == (PAD, EVERY))
    values = [
        np.array([each.signals[PAD].statistic for each in window], dtype=np.float64)
        for window in (before, now)
    ]
    plain = stability(*values)
    assert plain is not None
    assert group.statistic == plain
    assert group.statistic_p >= plain.p


def test_too_few_are_gaps_not_reassurance() -> None:
    found = drift(interviews(100), interviews(10, day=30))
    gaps = [each.said() for each in found.gaps]
    assert all(each.statistic is None for each in found.signals)
    assert gaps[0] == "100 interviews then and 10 now; below 20 no change can be told of anything"
    assert not any("measured in" in gap for gap in gaps), (
        "one sentence for the whole, not one for each signal"
    )
    assert any("0 confirmed frauds and 0 bona fide" in gap for gap in gaps)
    assert alerts(found) == ()


def test_a_signal_that_few_interviews_measured_is_a_gap_of_its_own() -> None:
    before, now = interviews(100), interviews(40, day=30)
    silent = replace(now[0].signals[PAD], statistic=None)
    few = [replace(each, signals={**each.signals, PAD: silent}) for each in now[:30]] + now[30:]
    gaps = [each.said() for each in drift(before, few).gaps]
    assert f"{PAD}: measured in 100 interviews then and 10 now; below 20 no change can be told" in gaps


def test_a_rare_family_is_one_gap() -> None:
    before, now = interviews(200), interviews(100, day=30)
    rare = [replace(each, device="Linux, Firefox") if number < 8 else each for number, each in enumerate(now)]
    found = drift(before, rare)
    assert [gap.said() for gap in found.gaps if "Linux" in gap.said()] == [
        "Linux, Firefox: 0 interviews then and 8 now; below 20 no change can be told of any signal"
    ]
    assert "Linux, Firefox" not in {each.device for each in found.signals}


def test_other_parameters_are_told() -> None:
    now = [replace(each, calibration="new+1") for each in interviews(60, day=30)]
    found = drift([replace(each, calibration="old+1") for each in interviews(60)], now)
    assert found.gaps[0].said().startswith("parameters: assessed by new+1 now and by old+1 then;")
    assert not any("parameters" in gap.said() for gap in drift(now, now).gaps)


def test_the_order_in_which_interviews_are_handed_over_does_not_matter() -> None:
    before, now = interviews(120), interviews(60, day=30, moved=1.0)
    one, other = drift(before, now), drift(before[::-1], now[::-1])
    assert alerts(one) == alerts(other)
    assert [each.statistic for each in one.signals] == [each.statistic for each in other.signals]


def test_an_alert_of_all_devices_names_the_families_once() -> None:
    found = drift(interviews(400), interviews(200, day=30, moved=1.5))
    told = [each for each in alerts(found) if each.what == "statistic" and each.signal == PAD]
    assert [each.device for each in told] == [""]
    assert told[0].sentence.endswith(f"By themselves show it: {PHONE}; {LAPTOP}.")
    assert isinstance(told[0], Alert)


def test_a_signal_is_not_blamed_for_frauds_that_it_is_not_meant_to_see() -> None:
    """Confirmed voice attacks with a genuine face: the face's LLR is right to see nothing."""

    def blind(count: int, day: int, family: str) -> list[InterviewSeen]:
        genuine = interviews(count, day=day, seed=7)
        return [
            replace(
                each,
                fraud=number % 4 == 0,
                family=family if number % 4 == 0 else "",
                signals={PAD: each.signals[PAD]},
            )
            for number, each in enumerate(genuine)
        ]

    sees = {PAD: frozenset({"presentation"}), VOICE: frozenset({"voice_attack"})}

    def calibrated(family: str, sees: Sees | None) -> set[str]:
        found = drift(blind(200, 0, family), blind(100, 30, family), sees=sees)
        return {each.kind for each in found.calibrations}

    assert PAD in calibrated("voice_attack", None)
    assert PAD not in calibrated("voice_attack", sees)
    assert PAD in calibrated("presentation", sees)
    nameless = drift(blind(200, 0, ""), blind(100, 30, ""), sees=sees)
    assert PAD not in {each.kind for each in nameless.calibrations}
    assert EVERY in {each.kind for each in nameless.calibrations}
    assert any("75 confirmed frauds name no family" in each.said() for each in nameless.gaps)


def banded(window: Sequence[InterviewSeen], referred: float) -> list[InterviewSeen]:
    """So many of them referred, all others proceed."""
    return [
        replace(each, band=Band.REFER if number % 20 < 20 * referred else Band.PROCEED)
        for number, each in enumerate(window)
    ]


def test_more_referrals_of_whom_nobody_confirmed_as_fraud_are_told() -> None:
    before, now = banded(interviews(400), 0.1), banded(interviews(200, day=30), 0.4)
    found = drift(before, now)
    refer = next(each for each in found.bands if (each.band, each.device) == (Band.REFER, EVERY))
    assert (refer.before.value, refer.now.value, refer.now.n) == (0.1, 0.4, 200)
    assert ("band", EVERY, EVERY) in said(found)
    told = " ".join(each.sentence for each in alerts(found) if each.what == "band")
    assert (
        "Policy proposes refer for more interviews that nobody confirmed as fraud than in the reference"
        in told
    )
    assert "40 % [33, 47] of 200 against 10 % [7, 13] of 400" in told
    assert not any(what == "band" for what, _, _ in said(drift(before, banded(interviews(200, day=30), 0.1))))
    confirmed = [replace(each, fraud=each.band is Band.REFER) for each in now]
    assert not any(each.band is Band.REFER and each.now.value for each in drift(before, confirmed).bands)


def test_another_policy_is_told() -> None:
    now = [replace(each, policy="p2") for each in interviews(60, day=30)]
    gaps = [each.said() for each in drift([replace(e, policy="p1") for e in interviews(60)], now).gaps]
    assert gaps[0].startswith("policy: proposed by p2 now and by p1 then;")


def test_every_sentence_of_another_language_has_the_english_fields() -> None:
    found = drift(interviews(400), interviews(150, day=30, moved=1.2))
    marked = {key: f"<{text}>" for key, text in ENGLISH.items()}
    assert all(each.sentence.startswith("<") for each in alerts(found, marked))
    assert [each.about for each in alerts(found, marked)] == [each.about for each in alerts(found)]
