"""Which column of a term list holds what."""

import pytest

from errors import KnowledgeError
from knowledge.terms.columns import columns_of, fields


def test_common_headings_are_known_in_english_and_chinese() -> None:
    english = columns_of([["Term ID", "English Name", "Chinese Name", "Definition (EN)", "Synonyms", "Do not use", "Owner"]], {})
    assert set(english.places) == {"id", "en", "zh", "definition_en", "aliases", "forbidden", "owner"}
    chinese = columns_of(
        [["编号", "中文名称", "英文名称", "业务含义", "别名", "禁用词", "类型", "业务域", "归口部门", "状态"]], {}
    )
    assert set(chinese.places) == {"id", "zh", "en", "definition", "aliases", "forbidden", "kind", "context", "owner", "status"}


def test_the_headings_may_stand_below_a_title() -> None:
    columns = columns_of([["Glossary of 2025"], [], ["english", "chinese"], ["Payee", "收款人"]], {})
    assert (columns.first, columns.places) == (3, {"en": (0,), "zh": (1,)})


def test_what_a_person_says_goes_before_what_is_recognised() -> None:
    columns = columns_of([["English", "Preferred wording", "Chinese"]], {"en": "preferred WORDING"})
    assert columns.places == {"en": (1,), "zh": (2,)}


def test_several_columns_of_aliases_are_one_field() -> None:
    columns = columns_of([["Term", "Alias", "Abbreviation"]], {})
    assert columns.values(["Payee", " Beneficiary ", "BEN"], "aliases") == ["Beneficiary", "BEN"]
    assert columns.values(["Payee"], "aliases") == []


@pytest.mark.parametrize(
    ("rows", "mapping", "reason"),
    [
        ([], {}, "no rows"),
        ([["Column 1", "Column 2"]], {}, "Column 1, Column 2"),
        ([["English"]], {"en": "Wording"}, "There are: English"),
        ([["English"]], {"colour": "English"}, "Choose from: id, name, en"),
    ],
)
def test_a_list_without_names_is_refused_with_what_is_there(rows: list[list[str]], mapping: dict[str, str], reason: str) -> None:
    with pytest.raises(KnowledgeError, match=reason) as caught:
        columns_of(rows, mapping)
    assert caught.value.zh != caught.value.en


def test_no_heading_stands_for_two_fields() -> None:
    headings = [columns_of([["en"]], {}).places, *({field: columns_of([["zh", field]], {}).places} for field in fields())]
    assert headings[0] == {"en": (0,)}
    assert all(field in places for one in headings[1:] for field, places in one.items())
