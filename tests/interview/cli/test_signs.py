from __future__ import annotations

from interview.cli.signs import SPELLED


def test_numbers_keep_their_signs_where_a_terminal_has_only_ascii() -> None:
    assert "−3.2 … +1.0 dB".encode("ascii", SPELLED) == b"-3.2 ... +1.0 dB"
    assert "1.1% – 9.8%".encode("ascii", SPELLED) == b"1.1% - 9.8%"


def test_what_is_no_number_is_told_by_its_code() -> None:
    assert "面.mp4".encode("ascii", SPELLED) == b"\\u9762.mp4"
    assert "面试".encode("ascii", SPELLED) == b"\\u9762\\u8bd5"


def test_a_terminal_that_has_the_signs_gets_them() -> None:
    assert "−3.2 面".encode("utf-8", SPELLED).decode() == "−3.2 面"
