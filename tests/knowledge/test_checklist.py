"""The checklist of a pack: read strictly, matched in both languages."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from errors import ConfigurationError
from knowledge.checklist import Marks, Point, read_checklist
from knowledge.knowledge import SAMPLE_PACK, Knowledge
from records.database import Database

POINT: dict[str, Any] = {
    "id": "limits",
    "question": {"en": "Which limits hold for {subject}?", "zh": "{subject}有哪些限制？"},
    "settled_by": {"en": ["at most", r"/\d+ eur/"], "zh": ["最多"]},
    "applies_to": {"en": ["transfer"], "zh": ["转账"]},
    "suggestions": [{"en": "none", "zh": "没有"}, {"en": "the usual", "zh": "沿用"}],
}


def written(folder: Path, *points: Any) -> Path:
    (folder / "clarifying.yaml").write_text(yaml.safe_dump({"points": list(points)}, allow_unicode=True), "utf-8")
    return folder


def test_a_pack_without_a_checklist_asks_nothing(tmp_path: Path) -> None:
    assert read_checklist(tmp_path) == ()


def test_the_checklist_of_the_sample_pack_is_sound() -> None:
    points = read_checklist(SAMPLE_PACK)
    assert {"limits", "authorisation", "exceptions", "audit", "reconciliation"} <= {point.id for point in points}
    assert all("{subject}" in point.question.en and "{subject}" in point.question.zh for point in points)


async def test_the_knowledge_holds_the_checklist_of_its_pack(database: Database, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (tmp_path / "data").mkdir()
    knowledge = await Knowledge.open(database, tmp_path / "data", written(pack, POINT))
    try:
        assert [point.id for point in knowledge.checklist] == ["limits"]
        written(pack, POINT | {"id": "audit"})
        ingested = await knowledge.sync_pack()
        assert [point.id for point in knowledge.checklist] == ["audit"]
        assert "clarifying.yaml" not in str(ingested)
    finally:
        await knowledge.close()


async def test_an_unsound_checklist_is_refused_at_the_start(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"clarifying\.yaml: points\.0\.suggestions"):
        await Knowledge.open(database, tmp_path / "data", written(tmp_path, POINT | {"suggestions": []}))


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"id": "Limits"}, "points.0.id"),
        ({"id": None}, "points.0.id"),
        ({"question": {"en": "Which?"}}, "points.0.question.zh"),
        ({"question": {"en": "Which {thing}?", "zh": "哪些？"}}, "points.0"),
        ({"question": {"en": "{subject} or {subject}?", "zh": "哪些？"}}, "points.0"),
        ({"question": {"en": "Which?\nNow", "zh": "哪些？"}}, "points.0"),
        ({"settled_by": {"en": ["at most"]}}, "points.0: "),
        ({"settled_by": {"en": ["/(/"], "zh": ["最多"]}}, "points.0.settled_by.en"),
        ({"settled_by": {"en": [" "], "zh": ["最多"]}}, "points.0.settled_by.en.0"),
        ({"suggestions": POINT["suggestions"][:1]}, "points.0.suggestions"),
        ({"suggestions": POINT["suggestions"] * 3}, "points.0.suggestions"),
        ({"mood": "good"}, "points.0.mood"),
    ],
)
def test_an_unsound_point_is_refused_with_its_place(changed: dict[str, Any], place: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_checklist(written(tmp_path, POINT | changed))
    assert f"clarifying.yaml: {place}" in str(refused.value)
    assert "docs/knowledge.md" in str(refused.value)
    assert "clarifying.yaml" in refused.value.zh


def test_a_point_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="limits stands there twice"):
        read_checklist(written(tmp_path, POINT, POINT))


@pytest.mark.parametrize("content", [b"points: [", b"\xff\xfe\x00", b"", b"points: []", b"[1, 2]"])
def test_a_file_that_is_no_checklist_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "clarifying.yaml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"clarifying\.yaml"):
        read_checklist(tmp_path)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Customers are transferring money", ("transfer",)),
        ("standing-order", ("standing order",)),
        ("Two Standing Orders.", ("standing order",)),
        ("untransferable", ()),
        ("客户轉賬", ("转账",)),
        ("5 EUR", (r"/\d+ eur/",)),
        ("", ()),
    ],
)
def test_marks_are_found_by_stem_by_sign_and_by_pattern(text: str, held: tuple[str, ...]) -> None:
    marks = Marks(en=("transfer", "standing order", r"/\d+ eur/"), zh=("转账",))
    assert marks.in_text(text) == held


def test_a_question_is_known_again_whatever_its_subject() -> None:
    point = Point.model_validate(POINT)
    assert point.asks(point.asked("en", "“pay a bill”"))
    assert point.asks(point.asked("zh", "“缴费”"))
    assert not point.asks("Which limits hold?")
