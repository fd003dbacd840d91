"""Reads JSON documents so that a mistake is answered with the file, the line and the field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from json import JSONDecodeError, JSONDecoder, dumps
from math import isfinite
from pathlib import Path
from reprlib import Repr
from typing import Final
from unicodedata import category

from fraudmodel.errors import ParametersError

Step = str | int
LARGEST: Final = 1e15
"""No number in a document is greater in size, and none that has to be above 0 smaller than its inverse: arithmetic stays finite."""
_MOST_DIGITS = 300
_SHOWN = Repr()
_SHOWN.maxstring = _SHOWN.maxother = _SHOWN.maxlong = 60
_BREAKS = "\n\r\t"


class _Repeating(dict[str, object]):
    """An object that has a field twice: ``again`` is its name."""

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.again = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)


def document_text(file: Path | Traversable) -> str:
    """What a file says. Raises ParametersError where it cannot be read, or is not UTF-8."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ParametersError(f"{file.name}, line {line}: not UTF-8 text, {error.reason}") from None
    except OSError as error:
        raise ParametersError(f"{file.name}: cannot be read, {error.strerror or error}") from None


class Node:
    """One value of a document, with its place. Every reading method raises ParametersError where it does not fit."""

    __slots__ = ("_path", "_source", "_text", "_value")

    def __init__(self, value: object, source: str, text: str, path: tuple[Step, ...] = ()) -> None:
        self._value, self._source, self._text, self._path = value, source, text, path

    @classmethod
    def parse(cls, text: str, source: str) -> Node:
        """Read a whole document; ``source`` is the name that people know it by. A field that an object has twice is refused."""
        if text.startswith("\ufeff"):
            raise ParametersError(
                f"{source}, line 1: not JSON, it begins with a byte order mark: save it as UTF-8 without one"
            )
        try:
            value = _DECODER.decode(text)
            twice = _repeated(value)
        except JSONDecodeError as error:
            raise ParametersError(f"{source}, line {error.lineno}: not JSON, {error.msg}") from None
        except RecursionError:
            raise ParametersError(
                f"{source}, line 1: the document nests lists or objects too deeply to be read"
            ) from None
        if twice is not None:
            raise cls(None, source, text, twice)._error_at(
                _line(text, twice, again=True), "is there a second time"
            )
        return cls(value, source, text)

    def error(self, what: str) -> ParametersError:
        """An error that says where: ``what`` completes the sentence that starts with the field's name."""
        return self._error_at(_line(self._text, self._path), what)

    def _error_at(self, line: int, what: str) -> ParametersError:
        field = "".join(f"[{s}]" if isinstance(s, int) else f".{_name(s)}" for s in self._path)
        return ParametersError(
            f"{self._source}, line {line}: {field.removeprefix('.') or 'the document'} {what}"
        )

    def fields(self, *required: str, optional: Sequence[str] = ()) -> None:
        """Check that this is an object with these fields and no others."""
        value = self._object()
        for name in value:
            if name not in required and name not in optional:
                raise self._step(name).error(_unknown([each for each in required if each not in value]))
        for name in required:
            if name not in value:
                raise self.error(f'lacks the field "{name}"')

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
        if any(category(each) in ("Cc", "Cs") and each not in _BREAKS for each in self._value):
            raise self.error("has a control character, or half a character, which cannot be kept")
        return self._value

    def line(self, longest: int = 200) -> str:
        """A text on one line, as names and versions are, of so many characters at most."""
        text = self.text()
        if any(each in _BREAKS for each in text):
            raise self.error("must stand on one line")
        if len(text) > longest:
            raise self.error(f"must be at most {longest} characters; it has {len(text)}")
        return text

    def choice(self, *allowed: str) -> str:
        """One of these words."""
        if self._value not in allowed:
            raise self.error(f"must be one of {', '.join(allowed)}; it is {_SHOWN.repr(self._value)}")
        return str(self._value)

    def number(self, low: float = -LARGEST, high: float = LARGEST) -> float:
        """A finite number with low <= number <= high."""
        value = self._value
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise self.error(f"must be a number; it is {_SHOWN.repr(value)}")
        if not low <= value <= high:
            raise self.error(f"must lie in {low:g}..{high:g}; it is {_SHOWN.repr(value)}")
        return float(value)

    def positive(self) -> float:
        """A finite number above 0."""
        if (value := self.number()) <= 0.0:
            raise self.error(f"must be above 0; it is {value:g}")
        return self.number(1.0 / LARGEST)

    def count(self) -> int:
        """A whole number, 0 or more."""
        value = self._value
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(f"must be a whole number, 0 or more; it is {_SHOWN.repr(value)}")
        return value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self._value, bool):
            raise self.error(f"must be true or false; it is {_SHOWN.repr(self._value)}")
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


def _unknown(lacking: Sequence[str]) -> str:
    """Of a field; with those that are missing beside it, of which it may be a misspelling."""
    known = "is not a field that is known here"
    return f"{known}; missing beside it: {', '.join(lacking)}" if lacking else known


def _whole(digits: str) -> int | float:
    """Longer ones are beyond any number that is asked for, and would take long to read: as if infinite."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(pairs)


_DECODER = JSONDecoder(parse_int=_whole, object_pairs_hook=_fields)


def _name(field: str) -> str:
    return field if field and field.isprintable() else dumps(field)


def _repeated(value: object, path: tuple[Step, ...] = ()) -> tuple[Step, ...] | None:
    """Where a field is there a second time; None where none is."""
    if isinstance(value, _Repeating):
        return (*path, value.again)
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = (_repeated(each, (*path, step)) for step, each in inner if isinstance(each, dict | list))
    return next((each for each in found if each is not None), None)


def _line(text: str, path: Sequence[Step], *, again: bool = False) -> int:
    """The line where a value stands; ``again``: where the last field of the path stands for the second time."""
    position = _skip(text, 0)
    for depth, step in enumerate(path, 1):
        position = _descend(text, position, step, skip=int(again and depth == len(path)))
    return text.count("\n", 0, position) + 1


def _descend(text: str, position: int, step: Step, skip: int = 0) -> int:
    """From the start of an object or list to the start of one of its values, after ``skip`` of that name. The text is known to be JSON."""
    index = 0
    position = _skip(text, position + 1)
    while True:
        key: object = index
        if isinstance(step, str):
            key, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        if key == step:
            if not skip:
                return position
            skip -= 1
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        index += 1


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
