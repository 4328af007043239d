"""Which methods and paths follow from wishes, where classes have only Chinese names and verbs have particles."""

import pytest

from errors import Language
from stages.api_definition.deriving import derive
from stages.api_definition.wishes import Wish
from stages.material import Material, UpstreamItem


def told(language: Language, wants: list[str], classes: tuple[str, ...] = ()) -> list[str]:
    upstream = tuple(
        UpstreamItem(f"C{place}", name, stage="domain_model", body={"name": name, "kind": "entity"})
        for place, name in enumerate(classes, 1)
    )
    derived = derive([Wish(want) for want in wants], Material("", language, upstream=upstream))
    return [f"{one.method} {one.path}" for one in derived]


@pytest.mark.parametrize(
    ("want", "path"),
    [
        ("set up a new standing order", "POST /v1/standing-orders"),
        ("raise the daily spending limit up to the product maximum", "PATCH /v1/daily-spending-limits/{dailySpendingLimitId}"),
        ("lower the daily spending limit up to the product maximum", "PATCH /v1/daily-spending-limits/{dailySpendingLimitId}"),
        ("raise a dispute about an amount", "POST /v1/disputes"),
    ],
)
def test_a_particle_is_no_part_of_the_name_and_a_limit_is_raised_where_it_is(want: str, path: str) -> None:
    assert told("en", [want]) == [path]


def test_the_progress_is_that_of_a_thing_not_of_what_was_done_to_it() -> None:
    wants = ["create a goal", "take money out again when needed", "see the progress towards the target"]
    assert told("en", wants, ("Goal",))[-1] == "GET /v1/goals/{goalId}"


@pytest.mark.parametrize(
    ("want", "classes", "path"),
    [
        ("筛选交易明细", ("交易明细",), "GET /v1/transactions"),
        ("筛选交易明细", ("交易", "交易明细"), "GET /v1/transactions"),
        ("查询补卡进度", ("补卡",), "GET /v1/replacements/{replacementId}"),
        ("上传证件资料", ("证件资料",), "POST /v1/identity-documents"),
        ("新增乙合同", ("甲合同", "乙合同"), "POST /v1/resources-c2"),
    ],
)
def test_a_class_with_a_chinese_name_is_called_by_common_words(want: str, classes: tuple[str, ...], path: str) -> None:
    assert told("zh", [want], classes) == [path]
