"""The datasets as their makers lay them out, in small; and a sentence for whatever is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from biometrics.errors import EvaluationError
from biometrics.training.micro.casme2 import read_casme2
from biometrics.training.micro.casme3 import read_casme3
from biometrics.training.micro.events import Coded, class_of
from biometrics.training.micro.own import read_own
from biometrics.training.micro.samm import read_samm
from biometrics.training.micro.smic import read_smic
from fraudmodel.errors import DatasetError
from tests.biometrics.training.micro.workbook import write_workbook

CASME2_HEAD = (
    "Subject",
    "Filename",
    "",
    "OnsetFrame",
    "ApexFrame",
    "OffsetFrame",
    "",
    "Action Units",
    "Estimated Emotion",
)
SAMM_HEAD = (
    "Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame", "Duration", "Micro",
    "Action Units", "Estimated Emotion", "Objective Classes", "Notes",
)  # fmt: skip
CASME3_HEAD = ("Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion")


def pictures(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_bytes(b"")


def casme2(root: Path, *rows: tuple[str | int, ...]) -> Path:
    for name in ("EP02_01f", "EP03_02"):
        pictures(root / "CASME2_RAW_selected" / "sub01" / name, [f"img{n}.jpg" for n in range(40, 91)])
    told = rows or (
        (1, "EP02_01f", "", 46, 59, 86, "", "12", "happiness"),
        (1, "EP03_02", "", 50, "/", 80, "", "15", "repression"),
        (1, "EP19_05f", "", 1, 2, 3, "", "L2", "others"),
    )
    write_workbook(root / "CASME2-coding-20140508.xlsx", [CASME2_HEAD, *told])
    return root


def samm(root: Path) -> Path:
    pictures(root / "006" / "006_1_2", [f"006_{n:05d}.jpg" for n in range(5562, 5600)])
    write_workbook(
        root / "SAMM_Micro_FACS_Codes_v2.xlsx",
        [
            ("SAMM Micro-Movement FACS Coding",),
            ("Notes", "frames at 200 fps"),
            SAMM_HEAD,
            (6.0, "006_1_2", "Contempt", 5562, 5575, 5588, 27, "Micro", "AU14", "Contempt", 5, ""),
        ],
    )
    return root


def smic(root: Path) -> Path:
    for kind, short in (("negative", "ne"), ("positive", "po"), ("surprise", "sur")):
        pictures(
            root / "HS" / "s01" / "micro" / kind / f"s1_{short}_01",
            [f"reg_image{n:06d}.bmp" for n in (9, 10, 11)],
        )
    pictures(root / "HS" / "s01" / "non_micro" / "s1_non_01", ["image1.bmp"])
    return root


def casme3(root: Path) -> Path:
    pictures(root / "data" / "spNO.1" / "a" / "color", [f"{n}.jpg" for n in range(100, 140)])
    (root / "annotation").mkdir()
    write_workbook(
        root / "annotation" / "cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx",
        [
            CASME3_HEAD,
            ("spNO.1", "a", 105, 110, 115, "1+2", 2, "Surprise"),
            ("spNO.1", "a", 120, 121, 125, "4", 7, "Others"),
        ],
    )
    return root


def own(root: Path) -> Path:
    pictures(root / "p", ["a.png", "b.png"])
    (root / "movements.csv").write_text("subject,class,onset,apex\nk1,surprise,p/a.png,p/b.png\n", "utf-8")
    return root


Read = Callable[[Path], Coded]


def test_casme2(tmp_path: Path) -> None:
    found = read_casme2(casme2(tmp_path))
    first, second = found.events
    assert (first.subject, first.label, first.onset.name) == ("sub01", "positive", "img46.jpg")
    assert first.apex is not None
    assert first.apex.name == "img59.jpg"
    assert len(first.frames) == 14
    assert len(second.frames) == 31
    assert (second.label, second.apex) == ("negative", None)
    assert found.dropped == {"others": 1}


def test_casme2_cropped(tmp_path: Path) -> None:
    pictures(tmp_path / "Cropped" / "sub01" / "EP02_01f", ["reg_img46.jpg", "reg_img59.jpg"])
    write_workbook(
        tmp_path / "CASME2-coding-20140508.xlsx",
        [CASME2_HEAD, (1, "EP02_01f", "", 46, 59, 86, "", "12", "happiness")],
    )
    assert read_casme2(tmp_path).events[0].onset.name == "reg_img46.jpg"


def test_samm_below_its_notes(tmp_path: Path) -> None:
    (event,) = read_samm(samm(tmp_path)).events
    assert (event.subject, event.label, event.onset.name) == ("006", "negative", "006_05562.jpg")
    assert event.where == "SAMM_Micro_FACS_Codes_v2.xlsx, row 4"


def test_smic_without_an_apex(tmp_path: Path) -> None:
    found = read_smic(smic(tmp_path))
    assert [event.label for event in found.events] == ["negative", "positive", "surprise"]
    assert [frame.name[-7:] for frame in found.events[0].frames] == ["009.bmp", "010.bmp", "011.bmp"]
    assert found.events[0].apex is None


def test_casme3(tmp_path: Path) -> None:
    found = read_casme3(casme3(tmp_path))
    (event,) = found.events
    assert (event.subject, event.label, event.onset.name) == ("spNO.1", "surprise", "105.jpg")
    assert found.dropped == {"Others": 1}


def test_own(tmp_path: Path) -> None:
    (event,) = read_own(own(tmp_path)).events
    assert (event.subject, event.label) == ("k1", "surprise")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            (1, "EP02_01f", "", 46, 44, 86, "", "12", "happiness"),
            "row 2: onset 46, apex 44 and offset 86 do not follow",
        ),
        ((1, "EP02_01f", "", 30, 59, 86, "", "12", "happiness"), "row 2: picture 30 of EP02_01f is missing"),
        ((1, "EP77", "", 46, 59, 86, "", "12", "happiness"), "row 2: there is no folder"),
        ((1, "EP02_01f", "", "x", 59, 86, "", "12", "happiness"), "row 2: 'OnsetFrame' is 'x', not a number"),
        (("", "EP02_01f", "", 46, 59, 86, "", "12", "happiness"), "row 2: 'Subject' holds no number"),
        ((1, "EP02_01f", "", 46, 59, 86, "", "12", "others"), "no movement there is of class"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: tuple[str | int, ...], sentence: str) -> None:
    with pytest.raises(EvaluationError, match=sentence):
        read_casme2(casme2(tmp_path, row))


def test_a_wrong_row_is_left_out_and_told(tmp_path: Path) -> None:
    good = (1, "EP03_02", "", 50, 60, 80, "", "15", "repression")
    found = read_casme2(casme2(tmp_path, (1, "EP02_01f", "", 30, 59, 86, "", "12", "happiness"), good))
    assert [event.name for event in found.events] == ["EP03_02"]
    assert found.refused == ("CASME2-coding-20140508.xlsx, row 2: picture 30 of EP02_01f is missing",)


@pytest.mark.parametrize("offset", [40, "/"])
def test_a_wrong_offset_does_not_matter_where_the_apex_is_known(tmp_path: Path, offset: int | str) -> None:
    (event,) = read_casme2(
        casme2(tmp_path, (1, "EP02_01f", "", 46, 59, offset, "", "12", "happiness"))
    ).events
    assert event.apex is not None
    assert event.apex.name == "img59.jpg"


def test_dropped_frames_between_are_none_of_the_movement(tmp_path: Path) -> None:
    root = casme3(tmp_path)
    for number in range(106, 109):
        (root / "data" / "spNO.1" / "a" / "color" / f"{number}.jpg").unlink()
    (event,) = read_casme3(root).events
    assert [frame.stem for frame in event.frames] == ["105", "109", "110"]


@pytest.mark.parametrize("read", [read_casme2, read_samm, read_casme3, read_smic, read_own])
def test_an_empty_folder_is_said_to_be_empty(read: Read, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=str(tmp_path)):
        read(tmp_path)


def test_a_sheet_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "SAMM_Micro_FACS_Codes_v2.xlsx").write_bytes(b"no workbook")
    with pytest.raises(EvaluationError, match="cannot be read as a workbook"):
        read_samm(tmp_path)


def test_a_sheet_without_a_column(tmp_path: Path) -> None:
    write_workbook(tmp_path / "SAMM_Micro_FACS_Codes_v2.xlsx", [SAMM_HEAD[:5]])
    with pytest.raises(EvaluationError, match="no row that names the columns"):
        read_samm(tmp_path)


def test_own_data_with_a_missing_picture(tmp_path: Path) -> None:
    own(tmp_path)
    (tmp_path / "p" / "b.png").unlink()
    with pytest.raises(EvaluationError, match=r"line 2: there is no picture .*b\.png"):
        read_own(tmp_path)


def test_blanks_in_own_data_make_nobody_another_person(tmp_path: Path) -> None:
    own(tmp_path)
    with (tmp_path / "movements.csv").open("a") as table:
        table.write("k1 , Surprise ,p/a.png ,p/b.png\n")
    first, second = read_own(tmp_path).events
    assert (second.subject, second.label, second.apex) == (first.subject, first.label, first.apex)


def test_own_data_as_a_spreadsheet_saves_it_in_china_is_one_sentence(tmp_path: Path) -> None:
    own(tmp_path)
    (tmp_path / "movements.csv").write_bytes("subject,class,onset,apex\n王,surprise,a,b\n".encode("gbk"))
    with pytest.raises(DatasetError, match="it is not text in UTF-8"):
        read_own(tmp_path)


@pytest.mark.parametrize(
    ("emotion", "label"),
    [
        ("Happiness", "positive"),
        (" disgust ", "negative"),
        ("repression", "negative"),
        ("Surprise", "surprise"),
        ("others", None),
    ],
)
def test_emotions_become_classes(emotion: str, label: str | None) -> None:
    assert class_of(emotion) == label
