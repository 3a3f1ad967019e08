"""Code frames: the carets stand under the place, whatever the line is made of."""

from __future__ import annotations

from lambdalint.findings import Span
from lambdalint.report.frame import frame
from lambdalint.report.style import Style

PLAIN = Style()


def shown(text: str, span: Span) -> str:
    return "\n".join(frame(span, text.split("\n"), PLAIN))


def test_one_line_with_its_neighbours() -> None:
    text = "import boto3\ndef handler(event, context):\n    s3 = boto3.client('s3')\n    return s3\n"
    assert shown(text, Span.at(3, 9, 3, 27)) == (
        "   |\n"
        " 2 | def handler(event, context):\n"
        " 3 |     s3 = boto3.client('s3')\n"
        "   |          ^^^^^^^^^^^^^^^^^^\n"
        " 4 |     return s3\n"
        "   |"
    )


def test_blank_neighbours_are_left_out_and_the_gutter_fits_the_last_number() -> None:
    text = "\n" * 8 + "a = b()\nc = 1\n"
    assert shown(text, Span.at(9, 4, 9, 7)) == (
        "    |\n"
        "  9 | a = b()\n"
        "    |     ^^^\n"
        " 10 | c = 1\n"
        "    |"
    )  # fmt: skip


def test_three_lines_are_shown_whole() -> None:
    assert shown("x = f(\n    1,\n)\n", Span.at(1, 4, 3, 1)) == (
        "   |\n"
        " 1 | x = f(\n"
        "   |     ^^\n"
        " 2 |     1,\n"
        " 3 | )\n"
        "   | ^\n"
        "   |"
    )  # fmt: skip


def test_of_many_lines_the_first_and_the_last_are_shown() -> None:
    text = "x = f(\n    1,\n    2,\n    3,\n)\ny = 2\n"
    assert shown(text, Span.at(1, 4, 5, 1)) == (
        "   |\n"
        " 1 | x = f(\n"
        "   |     ^^\n"
        "  ...\n"
        " 5 | )\n"
        "   | ^\n"
        " 6 | y = 2\n"
        "   |"
    )  # fmt: skip


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    line = "x = '日本' + 'e\u0301' + f()"
    column = line.index("f()")
    code, carets = shown(line, Span.at(1, column, 1, column + 3)).split("\n")[1:3]
    assert code == f" 1 | {line}"
    assert carets.index("^") == len(" 1 | ") + column + 2 - 1
    assert carets.count("^") == 3


def test_tabs_are_spread_and_counted() -> None:
    code, carets = shown("\tx =\tf()", Span.at(1, 5, 1, 8)).split("\n")[1:3]
    assert code == " 1 |     x = f()"
    assert carets == "   |         ^^^"


def test_carets_for_an_empty_place_and_for_a_place_behind_the_line() -> None:
    assert "   | ^\n" in shown("abc\n", Span.at(1, 0, 1, 0))
    assert "   |    ^\n" in shown("abc\n", Span.at(1, 90, 1, 95))


def test_a_place_that_ends_behind_a_newline_is_one_line() -> None:
    assert shown("x = 1\ny = 2\n", Span.at(1, 0, 2, 0)) == (
        "   |\n"
        " 1 | x = 1\n"
        "   | ^^^^^\n"
        " 2 | y = 2\n"
        "   |"
    )  # fmt: skip


def test_long_lines_are_cut_around_the_place() -> None:
    line = "x = [" + "1, " * 500 + "f(), " + "2, " * 500 + "]"
    column = line.index("f()")
    code, carets = shown(line, Span.at(1, column, 1, column + 3)).split("\n")[1:3]
    assert len(code) < 160
    assert code[carets.index("^") :].startswith("f()")
    assert code.startswith(" 1 | …")
    assert code.endswith("…")


def test_control_characters_become_visible() -> None:
    text = shown("x = '\x1b[31m\u202e'; f()", Span.at(1, 15, 1, 18))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "␛[31m" in text


def test_no_frame_for_a_line_that_is_not_there() -> None:
    assert shown("x = 1", Span.at(7, 0, 7, 3)) == ""
    assert list(frame(Span.at(1, 0, 1, 1), (), PLAIN)) == []
