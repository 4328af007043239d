from typing import Any

import pytest

from errors import Language
from evaluation.expected import missed
from evaluation.initiatives import read_initiatives


def of(language: Language, name: str) -> Any:
    return next(pair for pair in read_initiatives(language) if pair[0].id == name)


BRIEF, INITIATIVE = of("en", "en-payees")
WISHES = ["add a payee", "rename a payee", "remove a payee", "search the payees by name"]


def test_stories_cover_the_actions_of_their_brief() -> None:
    body = {"stories": [{"want": want} for want in WISHES[:3]]}
    assert missed("user_stories", body, BRIEF, INITIATIVE) == (4, ("search the payees by name or IBAN",))


def test_a_story_is_tested_where_it_has_all_three_kinds_of_scenario() -> None:
    stories = [
        {"id": f"S{number}", "text": f"As a customer, I want to {want}, so that I pay."} for number, want in enumerate(WISHES, 1)
    ]
    scenarios = [{"story": story["id"], "kind": kind} for story in stories for kind in ("positive", "negative", "boundary")]
    body = {"stories": stories, "scenarios": scenarios[:-1]}
    assert missed("acceptance_criteria", body, BRIEF, INITIATIVE) == (4, ("search the payees by name or IBAN",))


def test_one_class_stands_for_one_class_of_the_outline_only() -> None:
    assert missed("domain_model", {"classes": [{"name": "Payee"}, {"name": "Customer"}]}, BRIEF, INITIATIVE) == (2, ())
    assert missed("domain_model", {"classes": [{"name": "Payee account"}]}, BRIEF, INITIATIVE)[1] != ()


@pytest.mark.parametrize(("method", "held"), [("PATCH", True), ("put", True), ("GET", False)])
def test_an_operation_is_told_by_its_method_and_by_words_of_its_path(method: str, held: bool) -> None:
    body = {"operations": [{"method": method, "path": "/v1/payees/{payeeId}"}]}
    assert ("PATCH|PUT payee" not in missed("api_definition", body, BRIEF, INITIATIVE)[1]) is held


def test_release_notes_cover_the_related_tickets_that_they_cite() -> None:
    body = {"entries": [{"text": "Payees can be added.", "changes": ["PAY-51"]}, {"text": "Renamed (PAY-52)."}]}
    count, lacking = missed("release_notes", body, BRIEF, INITIATIVE)
    assert (count, lacking) == (6, ("PAY-53", "PAY-54", "PAY-57", "PAY-58"))


def test_an_faq_covers_a_topic_in_its_question_or_its_answer() -> None:
    brief, initiative = of("zh", "zh-card-loss")
    body = {"entries": [{"question": "如何挂失？", "answer": ""}, {"question": "新卡怎么办？", "answer": "收到后激活。"}]}
    assert missed("faq", body, brief, initiative) == (4, ("进度",))


def test_an_artifact_that_is_not_there_covers_nothing() -> None:
    for stage in ("user_stories", "acceptance_criteria", "domain_model", "api_definition", "release_notes", "faq"):
        count, lacking = missed(stage, {}, BRIEF, INITIATIVE)
        assert len(lacking) == count > 0
