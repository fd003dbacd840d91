"""What an interview is assessed by, word for word: the documents of its parameters and of its policy.

An interview keeps its rulebook. What is changed on disk afterwards, under the same path or another, changes nothing in it: live, after a
restart and in every re-run the same texts are read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps, loads

from fraudmodel.errors import ParametersError
from fraudmodel.parameters import Parameters, parse_parameters
from fraudmodel.policies import PolicyDocument
from fraudmodel.policy import Policy, parse_policy


@dataclass(frozen=True, slots=True)
class Document:
    """Files that belong together, by name, as one text: what is kept of them, and known by its digest."""

    body: str

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Document:
        """The same files give the same document, in whatever order they were found."""
        return cls(dumps(dict(sorted(texts.items())), ensure_ascii=False, separators=(",", ":")))

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return sha256(self.body.encode()).hexdigest()

    @property
    def texts(self) -> dict[str, str]:
        """The files by name."""
        return {str(name): str(text) for name, text in loads(self.body).items()}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The documents of the parameters and of one policy."""

    parameters: Document
    policy: Document

    @classmethod
    def of(cls, parameters: Mapping[str, str], policy: PolicyDocument) -> Rulebook:
        """Of texts that were read."""
        return cls(Document.of(parameters), Document.of({policy.source: policy.text}))

    def read(self) -> tuple[Parameters, Policy]:
        """What the documents say. Raises ParametersError where they say nothing that is understood here."""
        policies = list(self.policy.texts.items())
        if len(policies) != 1:
            raise ParametersError(f"a rulebook has one policy; this one has {len(policies)}")
        source, text = policies[0]
        return parse_parameters(self.parameters.texts), parse_policy(text, source)
