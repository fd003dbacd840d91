"""Were only this session's digits read aloud, as they appeared?

Score: LLR (nats) of speech that no person reads from the screen against speech that one does; greater means more
attack-like. About -6 is digits that are understood, all in place and as irregular as people; above 0 is speech as regular as a
machine's, or sooner than anybody speaks. A language that is not understood moves it by nothing but its repeated digits. Whose
voice it is does not enter it: `voice_match` says that. Where the mouth is in sight and still on most of the digits, what is heard is not
said by it: the digits then earn nothing. A mouth that cannot be seen changes nothing. One observation for each challenge, soon after
its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from biometrics.challenges.displays import UNDONE
from biometrics.challenges.page import HiddenPage
from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.digits.bursts import Burst, bursts
from biometrics.digits.content import Fit, Recogniser, Said, fit, say
from biometrics.digits.evidence import followed, log_ratio
from biometrics.digits.mouth import MouthMemory, MouthMoved
from biometrics.digits.recogniser import LANGUAGES, NAME, DigitRecogniser
from biometrics.digits.run import LEAST_DIGITS, DigitsRun, Prompt
from biometrics.digits.sound import Sound, SoundMemory
from biometrics.digits.timing import EARLY_S, FASTEST_S, Answers, answers
from biometrics.digits.voice import EarlierVoice
from biometrics.views import Fact, SpeechView
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.quality import SpeechGate, SpeechQuality, grade, measure, refuse
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("digits_challenge")
GATE: Final = SpeechGate(net_speech_s=0.8, snr_db=8.0)
LOST: Final = 0.05
ONE_VOICE: Final = 0.6
"""Further from the voice before, it is another one. Recorded prompts and digits of four people, through Opus: the same person
was further in 0 of 30, another one nearer in 5 of 108."""
_BEFORE_S: Final = 1.0
_AFTER_S: Final = 1.0
"""The last digit is still being said when its time is over."""
LEAST_ANSWERS: Final = 4


@dataclass(frozen=True, slots=True)
class _Heard:
    """One challenge's sound, with what was made of it."""

    sound: Sound
    quality: SpeechQuality
    prompts: Sequence[Prompt]
    bursts: Sequence[Burst]
    timed: bool


class DigitsChallenge:
    """Remembers one session's sound, and judges it when a challenge is over."""

    def __init__(self, encoder: VoiceEncoder, recogniser: Recogniser | None = None) -> None:
        self._sound = SoundMemory()
        self._mouth = MouthMemory()
        self._earlier = EarlierVoice(encoder)
        self._recogniser = recogniser
        self._page = HiddenPage()
        self._run: DigitsRun | None = None
        self._done: set[str] = set()
        self._now: float | None = None

    def observe(self, view: SpeechView, /) -> Iterable[Reading]:
        """Remember a hop; give the challenge's reading once the last digit had time to be said."""
        first = self._now is None
        self._now = view.t
        self._sound.push(view)
        if self._run is None:
            self._earlier.push(view)
        readings: list[Reading] = (
            [Abstention(KIND, Span(view.t, view.t), Reason.NOT_CHALLENGED)] if first else []
        )
        return [*readings, *self._conclude_if_over()]

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Hear of the challenge, of the mouth, or that the page was hidden."""
        if fact.topic == "mouth":
            self._mouth.learn(fact)
            return []
        if fact.topic == "page":
            self._page.learn(fact)
            return []
        event = fact.values.get("event")
        if event == "begin":
            before = self._abandon(fact.t)
            self._run = DigitsRun.begun(fact)
            return before
        if event == "show" and self._run is not None:
            self._run.displays.show(fact)
        return self._end(fact) if event == "end" else []

    def finish(self) -> Iterable[Reading]:
        """Judge a challenge that the end of media cut short. Idempotent."""
        return self._abandon(self._now or 0.0)

    def _abandon(self, t: float) -> list[Reading]:
        if self._run is None:
            return []
        if self._run.ended_s is None:
            self._run.ended_s = t
        return [self._conclude(self._run, self._run.ended_s)]

    def _end(self, fact: Fact) -> list[Reading]:
        challenge, how = str(fact.values.get("challenge", "")), str(fact.values.get("how", ""))
        if challenge in self._done:
            return []
        run = self._run if self._run is not None and self._run.challenge == challenge else None
        if how in UNDONE:
            self._done.add(challenge)
            self._run = None if run else self._run
            return [self._abstain(UNDONE[how], str(fact.values.get("detail") or how), fact.t)]
        if run is None:
            self._done.add(challenge)
            return [self._abstain(Reason.CHALLENGE_UNSEEN, "the analysis began in the middle of it", fact.t)]
        run.ended_s = fact.t
        return self._conclude_if_over()

    def _conclude_if_over(self) -> list[Reading]:
        run, now = self._run, self._now
        if run is None or run.ended_s is None or now is None or now < run.ended_s + _AFTER_S:
            return []
        return [self._conclude(run, run.ended_s)]

    def _conclude(self, run: DigitsRun, ended_s: float) -> Reading:
        self._done.add(run.challenge)
        self._run = None
        shown = run.prompts(ended_s)
        prompts = run.prompts(ended_s, self._page.parts(ended_s))
        if len(prompts) < LEAST_DIGITS:
            hidden = "the page was hidden; " if len(shown) >= LEAST_DIGITS else ""
            return self._abstain(
                Reason.CHALLENGE_UNSEEN, f"{hidden}{len(prompts)} digits could be seen", ended_s
            )
        heard = self._listen(prompts, ended_s, run.displays.timed)
        return heard if isinstance(heard, Abstention) else self._judge(heard)

    def _listen(self, prompts: Sequence[Prompt], ended_s: float, timed: bool) -> _Heard | Abstention:
        """The challenge's speech, or why it cannot be judged."""
        end = min(self._now or ended_s, ended_s + _AFTER_S)
        first_s = prompts[0].shown_s
        start = min(self._sound.since(max(first_s - _BEFORE_S, 0.0)), first_s)
        sound = self._sound.during(Span(start, end)) if start < end else None
        if sound is None:
            return self._abstain(Reason.NO_AUDIO, "", ended_s)
        if sound.lost > LOST:
            return self._abstain(Reason.MEDIA_LOST, f"{100 * sound.lost:.0f} % of the sound is missing")
        spoken = sound.spoken
        if not len(spoken):
            return self._abstain(Reason.NO_SPEECH, "nothing was said", ended_s)
        quality = measure(spoken, sound.noise_power)
        reason = refuse(quality, GATE)
        found = bursts(sound)
        given = answers(found, prompts)
        if reason is not None:
            return self._abstain(reason, f"{quality.net_speech_s:.1f} s of speech, {quality.snr_db:.0f} dB")
        if len(given.latencies_s) < LEAST_ANSWERS:
            detail = f"{len(given.latencies_s)} of {len(prompts)} digits were followed by speech"
            return self._abstain(Reason.NOT_ENOUGH_SPEECH, detail)
        return _Heard(sound, quality, prompts, found, timed)

    def _judge(self, heard: _Heard) -> Observation:
        if self._recogniser is None:
            self._recogniser = DigitRecogniser()
        said = say(heard.sound, heard.bursts, self._recogniser)
        given = answers(heard.bursts, heard.prompts)
        read = fit(said, given, heard.prompts)
        early = _early(heard, said, read)
        if early is not None:
            given, read = early
        # Nobody is too fast or too regular for a digit whose time is only that of its report.
        cv = given.cv if heard.timed else None
        mouth = self._mouth.moved([heard.bursts[k] for k in given.which if k is not None])
        p_value = 1.0 if mouth.still else read.p_value
        score = log_ratio(p_value, cv, too_fast=early is not None)
        first, last = heard.prompts[0].shown_s, heard.prompts[-1].shown_s
        end = max(self._now or 0.0, first)
        return Observation(
            KIND,
            Span(first, end),
            score=score,
            quality=min(grade(heard.quality), len(heard.prompts) / 8.0),
            model=NAME,
            evidence=(EvidenceRef("audio", Span(first, max(min(last + _AFTER_S, end), first))),),
            covariates={
                **_figures(heard, given, read),
                "too_fast": float(early is not None),
                "followed": float(
                    followed(p_value, len(given.latencies_s), len(heard.prompts), early is not None)
                ),
                **({} if cv is None else {"latency_cv": cv}),
                **_seen(mouth),
                **self._voice(heard.sound),
            },
        )

    def _voice(self, sound: Sound) -> dict[str, float]:
        apart = self._earlier.distance(sound)
        return {} if apart is None else {"voice_distance": apart, "same_voice": float(apart <= ONE_VOICE)}

    def _abstain(self, reason: Reason, detail: str, t: float | None = None) -> Abstention:
        end = self._now if self._now is not None else (t or 0.0)
        return Abstention(KIND, Span(end, end), reason, detail)


def _early(heard: _Heard, said: Said, read: Fit) -> tuple[Answers, Fit] | None:
    """The digits as said before anybody could have read them, where those fit better."""
    if not heard.timed:
        return None
    given = answers(heard.bursts, heard.prompts, EARLY_S)
    sooner = fit(said, given, heard.prompts)
    is_early = given.latency_s < FASTEST_S and sooner.known and sooner.p_value < read.p_value
    return (given, sooner) if is_early else None


def _seen(mouth: MouthMoved) -> dict[str, float]:
    """Nothing where too little of the mouth was in sight to tell."""
    if not mouth.told:
        return {}
    return {
        "mouth_seen": float(mouth.seen),
        "mouth_moved": float(mouth.moved),
        "mouth_still": float(mouth.still),
    }


def _figures(heard: _Heard, given: Answers, read: Fit) -> dict[str, float]:
    """What the officer is shown. ``said_k`` is the digit heard after the k-th, where the language is understood."""
    figures = {
        "digits": float(len(heard.prompts)),
        "answered": float(len(given.latencies_s)),
        "missing": float(given.missing),
        "extra": float(given.extra),
        "hits": float(read.hits),
        "p_value": read.p_value,
        "p_heard": read.order.heard,
        "p_alike": read.order.alike,
        "content_known": float(read.known),
        "language": float(LANGUAGES.index(read.language)),
        "timed": float(heard.timed),
        "latency_s": given.latency_s,
        "latency_sd_s": given.latency_sd_s,
        "net_speech_s": heard.quality.net_speech_s,
        "snr_db": heard.quality.snr_db,
    }
    # A digit as heard is a number: of a language that is not understood it would be a wrong one.
    if read.known:
        figures |= {f"said_{k}": float(digit) for k, digit in enumerate(read.said) if digit is not None}
    return figures


def build(context: DetectorContext) -> DigitsChallenge:
    """It needs no reference: the voice is compared with what was said before."""
    return DigitsChallenge(VoiceEncoder(context.models["campplus"]))


DETECTOR = DetectorSpec(
    kind=KIND,
    view=SpeechView,
    models=("campplus",),
    consent="voice",
    latency_s=3.0,
    build=build,
    topics=("digits", "page", "mouth"),
)
