"""Reads JSON documents so that a mistake is answered with the file, the line and the field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json import JSONDecodeError, JSONDecoder, loads
from math import isfinite

from fraudmodel.errors import ParametersError

Step = str | int


class Node:
    """One value of a document, with its place. Every reading method raises ParametersError where it does not fit."""

    __slots__ = ("_path", "_source", "_text", "_value")

    def __init__(self, value: object, source: str, text: str, path: tuple[Step, ...] = ()) -> None:
        self._value, self._source, self._text, self._path = value, source, text, path

    @classmethod
    def parse(cls, text: str, source: str) -> Node:
        """Read a whole document; ``source`` is the name that people know it by."""
        try:
            return cls(loads(text), source, text)
        except JSONDecodeError as error:
            raise ParametersError(f"{source}, line {error.lineno}: not JSON, {error.msg}") from None

    def error(self, what: str) -> ParametersError:
        """An error that says where: ``what`` completes the sentence that starts with the field's name."""
        line = _line(self._text, self._path)
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self._path)
        return ParametersError(f"{self._source}, line {line}: {field.lstrip('.') or 'the document'} {what}")

    def fields(self, *required: str, optional: Sequence[str] = ()) -> None:
        """Check that this is an object with these fields and no others."""
        value = self._object()
        for name in required:
            if name not in value:
                raise self.error(f'lacks the field "{name}"')
        for name in value:
            if name not in required and name not in optional:
                raise self._step(name).error("is not a field that is known here")

    def __getitem__(self, name: str) -> Node:
        """A field that `fields` has checked."""
        return self._step(name)

    def __contains__(self, name: str) -> bool:
        return name in self._object()

    def is_object(self) -> bool:
        """Whether this is an object: for documents that may be one thing or another."""
        return isinstance(self._value, dict)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The fields of an object whose names are data."""
        return ((name, self._step(name)) for name in self._object())

    def items(self) -> list[Node]:
        """The elements of a list."""
        if not isinstance(self._value, list):
            raise self.error("must be a list")
        return [Node(v, self._source, self._text, (*self._path, i)) for i, v in enumerate(self._value)]

    def text(self) -> str:
        """A string that is not empty."""
        if not isinstance(self._value, str) or not self._value.strip():
            raise self.error("must be a text that is not empty")
        return self._value

    def choice(self, *allowed: str) -> str:
        """One of these words."""
        if self._value not in allowed:
            raise self.error(f"must be one of {', '.join(allowed)}; it is {self._value!r}")
        return str(self._value)

    def number(self, low: float = -1e308, high: float = 1e308) -> float:
        """A finite number with low <= number <= high."""
        value = self._value
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise self.error(f"must be a number; it is {value!r}")
        if not low <= value <= high:
            raise self.error(f"must lie in {low:g}..{high:g}; it is {value!r}")
        return float(value)

    def positive(self) -> float:
        """A finite number above 0."""
        value = self.number()
        if value <= 0.0:
            raise self.error(f"must be above 0; it is {value:g}")
        return value

    def count(self) -> int:
        """A whole number, 0 or more."""
        value = self._value
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(f"must be a whole number, 0 or more; it is {value!r}")
        return value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self._value, bool):
            raise self.error(f"must be true or false; it is {self._value!r}")
        return self._value

    def numbers(self) -> tuple[float, ...]:
        """A list of finite numbers."""
        return tuple(item.number() for item in self.items())

    def _object(self) -> dict[str, object]:
        if not isinstance(self._value, dict):
            raise self.error("must be an object")
        return self._value

    def _step(self, name: str) -> Node:
        return Node(self._object()[name], self._source, self._text, (*self._path, name))


def _line(text: str, path: Sequence[Step]) -> int:
    position = _skip(text, 0)
    for step in path:
        position = _descend(text, position, step)
    return text.count("\n", 0, position) + 1


def _descend(text: str, position: int, step: Step) -> int:
    """From the start of an object or list to the start of one of its values. The text is known to be JSON."""
    decoder, index = JSONDecoder(), 0
    position = _skip(text, position + 1)
    while True:
        key: object = index
        if isinstance(step, str):
            key, position = decoder.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        if key == step:
            return position
        _, position = decoder.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        index += 1


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
