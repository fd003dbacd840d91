"""The clerk's process: jobs that give, raise, die and never end, with parts that need no models."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import pytest

from interview.analysis.senses import Parts
from interview.errors import MediaError, ServiceError
from interview.live.clerk import Clerk
from models.errors import ModelNotInstalled
from tests.interview.analysis.fakes import parts


@dataclass(frozen=True, slots=True)
class Name:
    """Gives the process it runs in and a number of its parts."""

    def __call__(self, parts: Parts, /) -> tuple[int, int]:
        return os.getpid(), len(parts.detectors)


@dataclass(frozen=True, slots=True)
class Raise:
    error: Exception

    def __call__(self, parts: Parts, /) -> None:
        raise self.error


@dataclass(frozen=True, slots=True)
class GiveWhatCannotTravel:
    def __call__(self, parts: Parts, /) -> threading.Lock:
        return threading.Lock()


class Awkward(Exception):
    """Cannot be made again out of its arguments."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


@dataclass(frozen=True, slots=True)
class RaiseAwkwardly:
    def __call__(self, parts: Parts, /) -> None:
        raise Awkward("this", "that")


@dataclass(frozen=True, slots=True)
class Die:
    def __call__(self, parts: Parts, /) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Wait:
    """Says that it has begun, then never ends."""

    begun: Connection[Any, Any]

    def __call__(self, parts: Parts, /) -> None:
        self.begun.send(None)
        threading.Event().wait()


def no_parts() -> Parts:
    raise ModelNotInstalled("campplus is not installed: run `candor models build`")


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    made = Clerk(get_context("forkserver"), parts)
    yield made
    made.close()


def test_one_process_does_every_job(clerk: Clerk) -> None:
    first, again = clerk.do(Name()), clerk.do(Name())
    assert first == again
    assert first[0] != os.getpid()
    assert first[1] == 2


def test_job_that_raises_is_heard_and_ends_nothing(clerk: Clerk) -> None:
    process, _ = clerk.do(Name())
    with pytest.raises(MediaError, match=r"^a\.webm is damaged$"):
        clerk.do(Raise(MediaError("a.webm is damaged")))
    with pytest.raises(RuntimeError, match="Awkward: this and that"):
        clerk.do(RaiseAwkwardly())
    with pytest.raises((TypeError, RuntimeError), match="pickle"):
        clerk.do(GiveWhatCannotTravel())
    assert clerk.do(Name())[0] == process


def test_job_that_dies_is_a_sentence_and_the_next_one_gets_a_new_process(clerk: Clerk) -> None:
    process, _ = clerk.do(Name())
    with pytest.raises(ServiceError, match="died, perhaps for want of memory: try again"):
        clerk.do(Die())
    assert clerk.do(Name())[0] != process


def test_parts_that_cannot_be_made_say_why_every_time() -> None:
    clerk = Clerk(get_context("forkserver"), no_parts)
    for _ in range(2):
        with pytest.raises(ModelNotInstalled, match="candor models build"):
            clerk.do(Name())
    clerk.close()


def test_closing_does_not_wait_for_a_job(clerk: Clerk) -> None:
    here, there = get_context("forkserver").Pipe()
    refused: list[ServiceError] = []

    def work() -> None:
        try:
            clerk.do(Wait(there))
        except ServiceError as error:
            refused.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    here.recv()
    clerk.close()
    thread.join()
    assert [str(error) for error in refused] == ["the service is stopping"]
    with pytest.raises(ServiceError, match="stopping"):
        clerk.do(Name())
    clerk.close()
    here.close()
    there.close()


def test_clerk_without_a_job_has_no_process() -> None:
    Clerk(get_context("forkserver"), no_parts).close()
