"""What an officer can ask for so that a signal becomes measurable, what it costs in seconds, and which absences it mends.

A versioned document, because the seconds are a bank's own: they are how long the applicant is kept. Behaviour is never asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final, Literal

from fraudmodel.assessment import AbsentSignal
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.document import Node
from fraudmodel.llr import nats
from fraudmodel.sentences import LANGUAGES, Sentence, parse_sentence
from fraudmodel.signals import Reason, SignalKind

FILE: Final = "checks.json"

Starts = Literal["flash", "pose", "digits"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to ask for. ``seconds`` of friction; ``starts`` the challenge that it is, None for a request in words."""

    name: str
    seconds: float
    starts: Starts | None
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Checks:
    """One version of the checks. ``mends`` says which of them lets a signal measure that is absent for a reason, of that signal or of any.
    ``challenges`` are the signals that measure challenges: for them only their own checks count, since nothing else makes them measure.

    An absence that no check mends (no consent, a model that is not installed, a challenge that was declined) cannot be helped now. A check
    that is expected to change L by less than ``least`` nats is not proposed.
    """

    version: str
    least: float
    checks: Mapping[str, Check]
    mends: Mapping[tuple[SignalKind | None, Reason], str]
    challenges: frozenset[SignalKind]

    def possible(self, absent: Iterable[AbsentSignal]) -> dict[str, tuple[SignalKind, ...]]:
        """The checks that would let signals measure which are absent now, with those signals."""
        found: dict[str, list[SignalKind]] = {}
        for each in absent:
            name = self.mends.get((each.kind, each.reason))
            if name is None and each.kind not in self.challenges:
                name = self.mends.get((None, each.reason))
            if name is not None and each.kind not in BEHAVIOUR:
                found.setdefault(name, []).append(each.kind)
        return {name: tuple(kinds) for name, kinds in sorted(found.items())}


def load_checks() -> Checks:
    """The shipped checks."""
    return parse_checks((files("fraudmodel") / "taxonomy" / FILE).read_text("utf-8"))


def parse_checks(text: str, source: str = FILE) -> Checks:
    """Read the checks. Raises ParametersError with the file, the line and the field."""
    root = Node.parse(text, source)
    root.fields("version", "source", "least_decibans", "checks")
    root["source"].text()
    checks: dict[str, Check] = {}
    mends: dict[tuple[SignalKind | None, Reason], str] = {}
    for node in root["checks"].items():
        node.fields("id", "seconds", "mends", *LANGUAGES, optional=("starts", "signals"))
        check = _check(node)
        if check.name in checks:
            raise node["id"].error(f"is {check.name}, which another check is called already")
        checks[check.name] = check
        for reason in node["mends"].items():
            for kind in _kinds(node):
                key = (kind, Reason(reason.choice(*Reason)))
                if key in mends:
                    raise reason.error(f"of {kind or 'any signal'} is what {mends[key]} mends already")
                mends[key] = check.name
    version = f"{root['version'].text()}+{sha256(text.encode()).hexdigest()[:8]}"
    challenges = (
        kind for (kind, _), name in mends.items() if kind is not None and checks[name].starts is not None
    )
    return Checks(version, nats(root["least_decibans"].number(0.0)), checks, mends, frozenset(challenges))


def _check(node: Node) -> Check:
    starts: Starts | None = None
    if "starts" in node:
        if "signals" not in node:
            raise node["starts"].error("needs the signals beside it that measure this challenge")
        word = node["starts"].choice("flash", "pose", "digits")
        starts = "flash" if word == "flash" else "pose" if word == "pose" else "digits"
    return Check(node["id"].text(), node["seconds"].positive(), starts, parse_sentence(node))


def _kinds(node: Node) -> list[SignalKind | None]:
    if "signals" not in node:
        return [None]
    for kind in node["signals"].items():
        if SignalKind(kind.text()) in BEHAVIOUR:
            raise kind.error(f"cannot be {kind.text()}: behaviour is never asked for")
    return [SignalKind(kind.text()) for kind in node["signals"].items()]
