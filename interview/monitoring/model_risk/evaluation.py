"""A command's JSON as figures: whatever has a value, an interval and an N, wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fraudmodel.intervals import Estimate
from interview.errors import MediaError

_ESTIMATE: Final = frozenset({"value", "low", "high", "n"})
_NAMES: Final = ("name", "species", "family", "figure", "group", "condition", "model", "signal")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Named:
    """One figure and where it stands: ``path`` the names above it, the outermost first."""

    path: tuple[str, ...]
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures that belong together: a row for each of ``rows``, with its figures by ``columns`` (None where there is none) and their Ns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Estimate | None, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A file's figures, and the plain facts beside them (name and text)."""

    source: str
    figures: tuple[Named, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The figures as tables, in the order of the file: by the outermost name; what stands two names deep makes columns."""
        found: dict[str, dict[str, dict[str, Estimate]]] = {}
        for each in self.figures:
            title, row, column = _places(tuple(filter(None, each.path)))
            found.setdefault(title, {}).setdefault(row, {})[column] = each.estimate
        return tuple(_grid(title, rows) for title, rows in found.items())


def read_evaluation(path: Path) -> Evaluation:
    """The figures in the JSON object of a command that measures. Raises MediaError where the file is none, or holds no figure."""
    try:
        document = json.loads(path.read_text("utf-8").strip().splitlines()[-1])
    except (OSError, ValueError, IndexError):
        document = _whole(path)
    if not isinstance(document, dict):
        raise MediaError(f"{path} holds no JSON object of a command that measures.")
    figures = tuple(_figures(document, ()))
    if not figures:
        raise MediaError(f"{path} holds no figure with value, low, high and n.")
    return Evaluation(path.name, figures, tuple(_facts(document)))


def _places(path: tuple[str, ...]) -> tuple[str, str, str]:
    match path:
        case (name,):
            return "", name, ""
        case (title, row):
            return title, row, ""
        case (title, *between, column):
            return title, " · ".join(between), column
    return "", "", ""


def _grid(title: str, rows: Mapping[str, Mapping[str, Estimate]]) -> Grid:
    columns = tuple(dict.fromkeys(column for figures in rows.values() for column in figures))
    return Grid(
        title,
        columns,
        tuple(
            (name, tuple(figures.get(column) for column in columns), _counts(figures))
            for name, figures in rows.items()
        ),
    )


def _counts(figures: Mapping[str, Estimate]) -> str:
    return " / ".join(map(str, sorted({each.n for each in figures.values()})))


def _whole(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        return None


def _figures(node: object, path: tuple[str, ...]) -> Iterator[Named]:
    match node:
        case dict() if node.keys() >= _ESTIMATE and all(_number(node[name]) for name in _ESTIMATE):
            own = tuple(str(node[name]) for name in ("figure", "on") if isinstance(node.get(name), str))
            figure = Estimate(float(node["value"]), float(node["low"]), float(node["high"]), int(node["n"]))
            yield Named((*path, *own), figure)
        case dict():
            for name, value in node.items():
                yield from _figures(value, (*path, str(name).replace("_", " ")))
        case list():
            for place, value in enumerate(node, 1):
                yield from _figures(value, (*path, _called(value, place)))


def _called(value: object, place: int) -> str:
    if isinstance(value, Mapping):
        if value.keys() >= _ESTIMATE and isinstance(value.get("figure"), str):
            return ""
        for name in _NAMES:
            if isinstance(value.get(name), str):
                return str(value[name])
    return str(place)


def _facts(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Plain values at the top, and one level below: what is further down without an interval is left to the file."""
    for key, value in document.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping) and not above and not value.keys() >= _ESTIMATE:
            yield from _facts(value, f"{key}: ")
            continue
        text = ", ".join(map(str, value)) if _plain_list(value) else value
        if isinstance(text, str | int | float) and text != "":
            said = f"{text:.4g}" if isinstance(text, float) else str(text)
            yield name.replace("_", " "), said[:_LONGEST]


def _plain_list(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(each, str | int | float) for each in value)
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
