"""Cutting assets into passages."""

from knowledge.splitting import split, tokens_in


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
