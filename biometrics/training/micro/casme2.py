"""CASME II (Yan et al. 2014): ``CASME2-coding-20140508.xlsx`` and ``sub01/EP02_01f/img46.jpg`` (raw) or ``reg_img46.jpg`` (cropped)."""

from __future__ import annotations

from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.training.micro.events import Coded, Event, class_of, coded, event, numbered
from biometrics.training.micro.sheets import Row, read_sheet, sheet_of

SHEET = "CASME2-coding-20140508.xlsx"
COLUMNS = (
    "Subject",
    "Filename",
    "OnsetFrame",
    "ApexFrame",
    "OffsetFrame",
    "Action Units",
    "Estimated Emotion",
)


def read_casme2(root: Path) -> Coded:
    """Every movement of the sheet. Raises EvaluationError where it cannot be read, or no row can."""
    rows = read_sheet(sheet_of(root, SHEET), COLUMNS)
    folder = _folder(root)
    return coded("casme2", rows, lambda row: _event(folder, row))


def _event(folder: Path, row: Row) -> Event | str:
    label = class_of(row.text("Estimated Emotion"))
    if label is None:
        return row.text("Estimated Emotion")
    subject, name = f"sub{row.number('Subject'):02d}", row.text("Filename")
    pictures = numbered(folder / subject / name, (".jpg",), row.where)
    span = row.number("OnsetFrame"), row.number_if_any("ApexFrame"), row.number_if_any("OffsetFrame")
    return event(row.where, subject, name, label, pictures, span)


def _folder(root: Path) -> Path:
    for folder in (root, *sorted(path for path in root.rglob("*") if path.is_dir())):
        if (folder / "sub01").is_dir():
            return folder
    raise EvaluationError(f"{root} holds no folder with sub01, sub02 ...")
