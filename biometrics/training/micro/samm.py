"""SAMM (Davison et al. 2018): ``SAMM_Micro_FACS_Codes_v2.xlsx``, below its notes, and ``006/006_1_2/006_05562.jpg``."""

from __future__ import annotations

from pathlib import Path

from biometrics.errors import EvaluationError
from biometrics.training.micro.events import Coded, Event, class_of, coded, event, numbered
from biometrics.training.micro.sheets import Row, read_sheet, sheet_of

SHEET = "SAMM_Micro_FACS_Codes_v2.xlsx"
COLUMNS = (
    "Subject",
    "Filename",
    "Onset Frame",
    "Apex Frame",
    "Offset Frame",
    "Action Units",
    "Estimated Emotion",
)


def read_samm(root: Path) -> Coded:
    """Every movement of the sheet. Raises EvaluationError where it cannot be read, or no row can."""
    rows = read_sheet(sheet_of(root, SHEET), COLUMNS)
    return coded("samm", rows, lambda row: _event(root, row))


def _event(root: Path, row: Row) -> Event | str:
    label = class_of(row.text("Estimated Emotion"))
    if label is None:
        return row.text("Estimated Emotion")
    subject, name = f"{row.number('Subject'):03d}", row.text("Filename")
    found = [
        folder for folder in (root / subject / name, *root.glob(f"*/{subject}/{name}")) if folder.is_dir()
    ]
    if not found:
        raise EvaluationError(f"{row.where}: there is no folder {subject}/{name}")
    pictures = numbered(found[0], (".jpg",), row.where)
    span = row.number("Onset Frame"), row.number_if_any("Apex Frame"), row.number_if_any("Offset Frame")
    return event(row.where, subject, name, label, pictures, span)
