"""What a file is: by its own word, by its pack, and by its form and place."""

import pytest

from errors import Language
from knowledge.asset_types import AssetType
from knowledge.intake.front_matter import described
from knowledge.intake.pack import Bilingual, Default, PackHeading
from knowledge.reading.section import CannotRead, Reading, Section

HEADING = PackHeading(
    name="bank",
    title=Bilingual(en="Bank", zh="银行"),
    about=Bilingual(en="A bank.", zh="银行。"),
    licence="internal",
    defaults=(Default(path="rules/**", type="domain-rule", owner="Ana", groups=("board",)),),
)


def reading(front: str = "", text: str = "A transfer is checked.", kind: AssetType | None = None) -> Reading:
    return Reading("Limits", (Section(("Limits",), text),), kind or "", front)


def test_without_a_word_the_place_the_form_and_the_text_tell_what_a_file_is() -> None:
    front = described(reading(), "payments/limits.md", "notes", None)
    assert (front.title, front.shelf, front.type, front.language) == ("Limits", "payments", "document", "en")
    assert (front.groups, front.status, front.owner) == (("everyone",), "approved", "")
    assert described(reading(), "limits.md", "notes", None).shelf == "notes"
    assert described(reading(kind="api"), "limits.json", "notes", None).type == "api"


@pytest.mark.parametrize(
    ("path", "text", "language"),
    [
        ("limits.zh.md", "A transfer is checked.", "zh"),
        ("limits.en.md", "转账须复核，限额另行规定。", "en"),
        ("limits.md", "转账须复核，限额另行规定。", "zh"),
    ],
)
def test_the_language_is_marked_in_the_name_or_told_by_the_text(path: str, text: str, language: Language) -> None:
    assert described(reading(text=text), path, "notes", None).language == language


def test_the_files_own_word_goes_before_the_packs_defaults_and_these_before_its_form() -> None:
    front = described(reading("owner: Ben", kind="api"), "rules/limits.json", "bank", HEADING)
    assert (front.owner, front.type, front.groups) == ("Ben", "domain-rule", ("board",))
    assert described(reading("type: checklist"), "rules/limits.md", "bank", HEADING).type == "checklist"


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("type: standrad", "type: write one of standard, template", "type：须为以下之一"),
        ("status: perhaps", "status: write approved", "status：须为 approved"),
        ("groups: ['@ana']", "groups: write a list", "groups：须为至少含一个组名的列表"),
        ("groups: []", "groups: write a list", "不以“@”开头"),
        ("groups: ['a|b']", "groups: write a list", "不含“|”"),
        ("colour: red", "colour: there is no such field", "colour：没有这个字段"),
        ("- a\n- b", "no list of names and values", "不是“名称: 值”的列表"),
    ],
)
def test_an_unsound_word_in_a_pack_is_refused_naming_the_field_and_what_it_may_be(written: str, en: str, zh: str) -> None:
    with pytest.raises(CannotRead) as caught:
        described(reading(written), "rules/limits.md", "bank", HEADING)
    assert en in caught.value.en
    assert zh in caught.value.zh


def test_another_programs_front_matter_is_passed_over_where_it_is_not_ours() -> None:
    written = "title: 7\nlayout: post\ntype: post\ntags: [a, b]\nlanguage: en-GB\nowner: [a]\nshelf: payments"
    front = described(reading(written), "limits.md", "notes", None)
    assert (front.title, front.type, front.language, front.owner, front.shelf) == ("7", "document", "en", "", "payments")
    assert described(reading("type: standard"), "limits.md", "notes", None).type == "standard"


@pytest.mark.parametrize("written", ["group: [board]", "Groups: [board]", "statsu: draft", "status: secret", "groups: ['@ana']"])
def test_who_may_read_a_file_never_hangs_on_a_slip_of_the_pen(written: str) -> None:
    with pytest.raises(CannotRead, match=r"status|groups"):
        described(reading(written), "limits.md", "notes", None)
