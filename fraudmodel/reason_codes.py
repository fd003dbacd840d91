"""Reasons by stable codes: every signal that moved the probability, and every one that could not, as a sentence of a versioned taxonomy.

A code is given once and keeps its meaning; a sentence may be put better in a later version. What triggers a code: a signal and the
direction in which it moved the probability (more exactly, also the most probable family of fraud), or the reason why a signal is absent.
The most exact trigger holds, so each contribution and each absence has exactly one code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from re import fullmatch
from typing import Final, Literal

from fraudmodel.assessment import AbsentSignal, CodedReason, Contribution
from fraudmodel.document import Node
from fraudmodel.errors import ParametersError
from fraudmodel.llr import nats
from fraudmodel.sentences import LANGUAGES, Sentence, parse_sentence
from fraudmodel.signals import Reason, SignalKind

FILE: Final = "reason_codes.json"
DIRECTIONS: Final = ("towards", "against")
_CODE: Final = r"[RN]\d{3}"

Direction = Literal["towards", "against"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a code stands for: a ``direction``, of one signal or of any, given a family or not; or a ``reason`` for absence, of one or any."""

    kind: SignalKind | None = None
    direction: Direction | None = None
    family: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One version of the codes. Contributions below ``least`` nats in size have none, nor one of exactly 0."""

    version: str
    least: float
    codes: Mapping[Trigger, str]
    sentences: Mapping[str, Sentence]

    def code_of(self, contribution: Contribution, family: str) -> str:
        """The code of a signal that moved the probability, where ``family`` is the most probable one."""
        kind, direction = contribution.kind, _direction(contribution.contribution)
        return self._most_exact(
            Trigger(kind, direction, family), Trigger(kind, direction), Trigger(direction=direction)
        )

    def code_of_absent(self, absent: AbsentSignal) -> str:
        """The code of a signal that could not move it."""
        return self._most_exact(Trigger(absent.kind, reason=absent.reason), Trigger(reason=absent.reason))

    def coded(
        self, contributions: Iterable[Contribution], absent: Iterable[AbsentSignal], family: str
    ) -> tuple[CodedReason, ...]:
        """All reasons: what speaks for fraud, the strongest first; then what speaks against it; then what is absent, by its name."""
        moved = [
            CodedReason(self.code_of(each, family), each.kind, each.contribution)
            for each in contributions
            if each.contribution != 0.0 and abs(each.contribution) >= self.least
        ]
        moved.sort(key=lambda each: (each.contribution < 0.0, -abs(each.contribution), each.kind))
        missing = [CodedReason(self.code_of_absent(each), each.kind, 0.0) for each in absent]
        return (*moved, *sorted(missing, key=lambda each: each.kind))

    def _most_exact(self, *triggers: Trigger) -> str:
        return next(self.codes[trigger] for trigger in triggers if trigger in self.codes)


def load_taxonomy() -> Taxonomy:
    """The shipped taxonomy."""
    return parse_taxonomy((files("fraudmodel") / "taxonomy" / FILE).read_text("utf-8"))


def parse_taxonomy(text: str, source: str = FILE) -> Taxonomy:
    """Read a taxonomy. Raises ParametersError with the file, the line and the field."""
    root = Node.parse(text, source)
    root.fields("version", "least_decibans", "codes")
    codes: dict[Trigger, str] = {}
    sentences: dict[str, Sentence] = {}
    for node in root["codes"].items():
        node.fields("code", "trigger", *LANGUAGES)
        code, trigger = _code(node["code"]), _trigger(node["trigger"])
        if code in sentences:
            raise node["code"].error(f"is {code}, which another entry has already")
        if trigger in codes:
            raise node["trigger"].error(f"is what {codes[trigger]} stands for already")
        codes[trigger], sentences[code] = code, parse_sentence(node)
    _require_whole(codes, source)
    version = f"{root['version'].text()}+{sha256(text.encode()).hexdigest()[:8]}"
    return Taxonomy(version, nats(root["least_decibans"].number(0.0)), codes, sentences)


def _direction(contribution: float) -> Direction:
    return "towards" if contribution > 0.0 else "against"


def _code(node: Node) -> str:
    code = node.text()
    if not fullmatch(_CODE, code):
        raise node.error(
            f'must be R (measured) or N (not measured) and three digits, as "R101"; it is {code!r}'
        )
    return code


def _trigger(node: Node) -> Trigger:
    node.fields(optional=("kind", "direction", "family", "reason"))
    if ("direction" in node) == ("reason" in node):
        raise node.error("must have either a direction or a reason")
    kind = SignalKind(node["kind"].text()) if "kind" in node else None
    if "reason" in node:
        if "family" in node:
            raise node["family"].error("has no meaning for a signal that is absent")
        return Trigger(kind, reason=Reason(node["reason"].choice(*Reason)))
    direction: Direction = "towards" if node["direction"].choice(*DIRECTIONS) == "towards" else "against"
    if "family" in node and kind is None:
        raise node["family"].error("needs the signal's kind beside it")
    return Trigger(kind, direction, node["family"].text() if "family" in node else None)


def _require_whole(codes: Mapping[Trigger, str], source: str) -> None:
    """Whatever a signal does, and whyever it is absent, has a code, even where the signal is newer than the taxonomy."""
    needed = [
        *(Trigger(direction=direction) for direction in ("towards", "against")),
        *(Trigger(reason=reason) for reason in Reason),
    ]
    for trigger in needed:
        if trigger not in codes:
            what = trigger.direction or trigger.reason
            raise ParametersError(f"{source}: no code stands for {what} of any signal")
