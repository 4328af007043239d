"""Cutting assets into passages."""

from knowledge.intake.splitting import split, split_reading, tokens_in
from knowledge.reading.section import Reading, Section


def test_breadcrumbs_are_the_title_and_the_headings_above() -> None:
    pieces = split("Guide", "# Guide\n\nfirst\n\n## Rules\n\n### Limits\n\nsecond\n\n## End\n\nthird")
    assert [(piece.breadcrumb, piece.text) for piece in pieces] == [
        ("Guide", "first"),
        ("Guide › Rules › Limits", "second"),
        ("Guide › End", "third"),
    ]


def test_a_heading_inside_fenced_code_is_text() -> None:
    (piece,) = split("Guide", "```\n# no heading\n\n## nor this\n```")
    assert piece.text == "```\n# no heading\n\n## nor this\n```"


def test_a_long_table_repeats_its_header() -> None:
    header = "| limit | channel |\n|---|---|"
    rows = "\n".join(f"| limit number {n} | channel number {n} |" for n in range(60))
    pieces = split("Guide", f"{header}\n{rows}")
    assert len(pieces) > 3
    assert all(piece.text.startswith(header) for piece in pieces)
    assert "".join(piece.text.removeprefix(header) for piece in pieces).count("channel number") == 60


def test_a_long_list_is_cut_between_its_items() -> None:
    items = [f"- item {n} says that somebody does something\n  - and a detail below it" for n in range(30)]
    pieces = split("Guide", "\n".join(items))
    assert all(piece.text.startswith("- item") for piece in pieces)
    assert "\n".join(piece.text for piece in pieces) == "\n".join(items)


def test_long_paragraphs_are_cut_between_sentences_in_both_languages() -> None:
    for sentence in (
        "The customer confirms the transfer in the application before noon. ",
        "客户须在中午之前于手机银行内确认该笔转账。",
    ):
        pieces = split("Guide", sentence * 40)
        assert len(pieces) >= 4
        assert all(piece.tokens <= 150 for piece in pieces)
        assert all(piece.text.endswith((".", "。")) for piece in pieces)


def test_short_neighbours_share_a_passage() -> None:
    (piece,) = split("Guide", "one sentence\n\nanother sentence\n\n- a\n- b")
    assert piece.text == "one sentence\n\nanother sentence\n\n- a\n- b"


def test_nothing_is_lost() -> None:
    body = "\n\n".join(f"Paragraph {n} of the guide 第{n}段说明限额。" for n in range(100))
    text = " ".join(piece.text for piece in split("Guide", body))
    assert all(f"Paragraph {n} of" in text for n in range(100))


def test_an_endless_word_is_cut_all_the_same() -> None:
    assert all(piece.tokens <= 150 for piece in split("Guide", "转" * 5000))


def test_tokens_count_words_and_han_characters() -> None:
    assert tokens_in("ten words " * 5) == round(10 * 1.35)
    assert tokens_in("转账限额") == round(4 * 0.8)


def test_the_trail_of_a_section_is_its_breadcrumb() -> None:
    reading = Reading("file name", (Section(("Guide", "Limits", "p. 3"), "text"), Section((), "more")))
    pieces = split_reading(reading, "Guide")
    assert [piece.breadcrumb for piece in pieces] == ["Guide › Limits › p. 3", "Guide"]


def test_a_whole_section_stays_one_passage_up_to_four_times_the_limit() -> None:
    text = "Scenario: pay\n\n" + "When the customer pays before noon. " * 50
    (piece,) = split_reading(Reading("t", (Section((), text, whole=True),)), "t", 120)
    assert piece.text == text.strip()
    assert piece.tokens <= 480


def test_a_whole_section_that_is_too_long_repeats_its_first_line() -> None:
    text = "GET /cards\n" + "\n\n".join(f"Parameter {n} says which card is meant." for n in range(100))
    pieces = split_reading(Reading("t", (Section((), text, whole=True),)), "t", 120)
    assert len(pieces) > 3
    assert all(piece.text.startswith("GET /cards\nParameter") and piece.tokens <= 150 for piece in pieces)


def test_the_cells_of_wide_rows_carry_their_names() -> None:
    names = [f"column {n}" for n in range(12)]
    rows = [[f"value {n} of row {row} says something at length" for n in range(12)] for row in range(3)]
    lines = [f"| {' | '.join(cells)} |" for cells in [names, *rows]]
    pieces = split("Guide", "\n".join([lines[0], "|---|" * 12, *lines[1:]]))
    text = "\n".join(piece.text for piece in pieces)
    assert all(f"column {n}: value {n} of row {row} says something at length" in text for n in range(12) for row in range(3))
    assert all(piece.tokens <= 150 for piece in pieces)


def test_a_table_with_long_cells_is_cut_within_the_limit() -> None:
    cell = "The officer releases the transfer before noon. " * 40
    pieces = split("Guide", f"| name | rule |\n|---|---|\n| release | {cell} |")
    assert pieces[0].text.startswith("- name: release; rule: The officer")
    assert all(piece.tokens <= 150 for piece in pieces)


def test_fenced_code_that_is_cut_stays_fenced() -> None:
    code = "\n".join(f"release the transfer number {n}" for n in range(100))
    pieces = split("Guide", f"```mermaid\n{code}\n```")
    assert len(pieces) > 3
    assert all(piece.text.startswith("```mermaid\nrelease") and piece.text.endswith("\n```") for piece in pieces)


def test_text_in_other_scripts_and_signs_is_cut_too() -> None:
    for text in ("лимит " * 5000, "🎉" * 20_000, "x" * 100_000):
        assert all(len(piece.text) <= 150 * 16 + 16 for piece in split("Guide", text))
