import pytest

from errors import Language
from evaluation.initiatives import STAGES, read_initiatives
from stages.catalog import catalog

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_ten_initiatives_a_language_each_with_its_brief(language: Language) -> None:
    pairs = read_initiatives(language)
    assert len(pairs) == 10
    assert all(brief.id == initiative.id and brief.language == language and brief.actions for brief, initiative in pairs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_a_ticket_export_with_three_unrelated_tickets_and_a_small_log(language: Language) -> None:
    for _brief, initiative in read_initiatives(language):
        tickets = [line.partition(",")[0] for line in initiative.tickets.strip().splitlines()[1:]]
        assert 8 <= len(tickets) <= 15, initiative.id
        assert len(initiative.unrelated) == 3, initiative.id
        assert set(initiative.unrelated) < set(tickets)
        assert len(initiative.log.strip().splitlines()) >= 4
        assert initiative.classes
        assert initiative.endpoints
        assert initiative.topics


def test_the_stages_are_those_of_the_catalog_in_their_order() -> None:
    assert tuple(stage.name for stage in catalog()) == STAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_initiative_stands_in_an_example_or_a_prompt(language: Language) -> None:
    shown = [example.model_dump_json() for stage in catalog() for example in (*stage.examples.whole, *stage.examples.items)]
    shown += [part for stage in catalog() for prompt in stage.prompts.values() for part in prompt.parts.values()]
    for _brief, initiative in read_initiatives(language):
        for line in initiative.tickets.strip().splitlines()[1:]:
            key, _, rest = line.partition(",")
            assert not any(key in text or (rest.split(",")[1] in text and len(rest.split(",")[1]) > 24) for text in shown), key
