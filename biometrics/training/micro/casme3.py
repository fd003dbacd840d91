"""CAS(ME)3 (Li et al. 2022), part A: ``cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx`` and ``spNO.1/a/color/123.jpg``."""

from __future__ import annotations

from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.training.micro.events import Coded, Event, class_of, coded, event, numbered
from biometrics.training.micro.sheets import Row, read_sheet, sheet_of

SHEET = "cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx"
COLUMNS = ("Subject", "Filename", "Onset", "Apex", "Offset", "AU", "emotion")


def read_casme3(root: Path) -> Coded:
    """Every movement of the sheet. Raises EvaluationError where it cannot be read, or no row can."""
    rows = read_sheet(sheet_of(root, SHEET), COLUMNS)
    return coded("casme3", rows, lambda row: _event(root, row))


def _event(root: Path, row: Row) -> Event | str:
    label = class_of(row.text("emotion"))
    if label is None:
        return row.text("emotion")
    subject, name = row.text("Subject"), row.text("Filename")
    inside = Path(subject) / name / "color"
    found = [
        folder
        for folder in (root / inside, *root.glob(f"*/{inside}"), *root.glob(f"*/*/{inside}"))
        if folder.is_dir()
    ]
    if not found:
        raise EvaluationError(f"{row.where}: there is no folder {inside}")
    pictures = numbered(found[0], (".jpg", ".png"), row.where)
    span = row.number("Onset"), row.number_if_any("Apex"), row.number_if_any("Offset")
    return event(row.where, subject, name, label, pictures, span)
