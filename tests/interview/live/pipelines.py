"""An analysis in this very process that runs the real pipeline, with detectors that need no models."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Observation, Reading, SignalKind, Span
from interview.analysis.feeding import FeedStatus, Listener
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec, Resume
from interview.analysis.senses import Parts
from interview.media.journal import Told, took
from interview.media.packets import Packet
from tests.interview.analysis import fakes

FLASH = SignalKind("flash_challenge")


class ChipCounter:
    """Scores a challenge, once it has ended, by everything that it was told: each number of the facts, and the frames meanwhile."""

    def __init__(self) -> None:
        self._start = 0.0
        self._sum = 0.0
        self._frames = 0

    def observe(self, view: FaceView) -> Iterable[Reading]:
        self._frames += 1
        return []

    def learn(self, fact: Fact) -> Iterable[Reading]:
        match fact.values["event"]:
            case "begin":
                self._start, self._sum, self._frames = fact.t, float(len(fact.values["seed"])), 0
            case "show":
                self._sum += float(fact.values["k"]) * float(fact.values["shown_s"])
            case "end":
                seen = {"frames": float(self._frames)}
                yield Observation(
                    FLASH, Span(self._start, fact.t), self._sum, 1.0, "count@0", covariates=seen
                )

    def finish(self) -> Iterable[Reading]:
        return []


class PageWords:
    """Scores every report of the page by how many of its values are true."""

    KIND = SignalKind("page_words")

    def observe(self, fact: Fact) -> Iterable[Reading]:
        count = float(sum(value is True for value in fact.values.values()))
        return [Observation(self.KIND, Span(fact.t, fact.t), count, 1.0, "count@0")]

    def finish(self) -> Iterable[Reading]:
        return []


class QuestionWords(PageWords):
    """Scores every mark of a question by the question's number."""

    KIND = SignalKind("question_words")

    def observe(self, fact: Fact) -> Iterable[Reading]:
        return [Observation(self.KIND, Span(fact.t, fact.t), float(fact.values["number"]), 1.0, "count@0")]


def _questions(context: DetectorContext) -> QuestionWords:
    return QuestionWords()


def _chips(context: DetectorContext) -> ChipCounter:
    return ChipCounter()


def _words(context: DetectorContext) -> PageWords:
    return PageWords()


def parts() -> Parts:
    """Detectors of frames, of sound, of sound with the officer's beside it, and of facts."""
    return fakes.parts(
        [
            fakes.brightness_spec(),
            fakes.loudness_spec(),
            fakes.echo_spec(),
            DetectorSpec(FLASH, FaceView, (), "face", 0.0, _chips, topics=("flash",)),
            DetectorSpec(PageWords.KIND, Fact, (), None, 0.0, _words, topics=("page",)),
            DetectorSpec(QuestionWords.KIND, Fact, (), None, 0.0, _questions, topics=("question",)),
        ]
    )


@dataclass
class PipelineFeed:
    """Feeds a pipeline and acknowledges at once."""

    spec: AnalysisSpec
    listener: Listener
    pipeline: Pipeline = field(init=False)
    done: Future[None] = field(default_factory=Future)
    count: int = 0

    def __post_init__(self) -> None:
        self.pipeline = Pipeline(self.spec, parts())

    def put(self, packet: Packet) -> None:
        if not self.done.done():
            self.listener.on_journal(took(packet))
            self.count += 1
            self.listener.on_output(self.pipeline.feed(packet), self.count)

    def tell(self, told: Told) -> None:
        if not self.done.done():
            self.listener.on_journal(told)
            self.count += 1
            self.listener.on_output(self.pipeline.feed(told), self.count)

    def finish(self) -> Future[None]:
        if not self.done.done():
            self.listener.on_output(self.pipeline.finish(), self.count)
            self.close()
        return self.done

    def close(self) -> None:
        if not self.done.done():
            self.pipeline.close()
            self.done.set_result(None)

    def status(self) -> FeedStatus:
        return FeedStatus("running", 0, 0.0)


@dataclass
class PipelineSupervisor:
    """Opens such feeds; always has room."""

    feeds: list[PipelineFeed] = field(default_factory=list)

    def open(self, spec: AnalysisSpec, listener: Listener, resume: Resume | None = None) -> PipelineFeed:
        self.feeds.append(PipelineFeed(spec, listener))
        return self.feeds[-1]

    def worker_pids(self) -> list[int]:
        return [1]

    def close(self) -> None:
        """There is no process."""
