"""Tables as Markdown."""

from knowledge.reading.tables import as_markdown, cells_of, sheet_as_markdown


def test_a_table_has_its_header_and_a_row_a_line() -> None:
    assert as_markdown(["a", "b"], [["1", "line\nbreak"], [], ["x|y"]]) == (
        "| a | b |\n|---|---|\n| 1 | line break |\n| x\\|y |  |"
    )


def test_the_cells_of_a_line_come_back() -> None:
    assert cells_of("| x\\|y |  | z |") == ["x|y", "", "z"]
    assert cells_of("a | b") == ["a", "b"]


def test_what_stands_above_the_names_of_the_columns_is_text() -> None:
    assert sheet_as_markdown([["Limits"], ["", ""], ["2024", "1"], ["name", "limit"], ["a", "1"]]) == (
        "Limits\n\n2024  1\n\n| name | limit |\n|---|---|\n| a | 1 |"
    )


def test_numbers_alone_have_their_first_row_as_header_and_single_cells_are_text() -> None:
    assert sheet_as_markdown([["1", "2"], ["3", "4"]]).startswith("| 1 | 2 |\n|---|---|")
    assert sheet_as_markdown([["only"], ["words"]]) == "only\n\nwords"
    assert sheet_as_markdown([]) == ""
