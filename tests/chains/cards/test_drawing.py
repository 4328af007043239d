"""An artifact's diagrams as pictures: of its person alone, of the version that is asked for, and a reason where there is none."""

from xml.etree import ElementTree

import pytest

from chains.assistant import Assistant
from errors import BriefError
from records.artifacts import NewArtifact
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA, BEN, SmallHouse


@pytest.fixture
def assistant(house: SmallHouse) -> Assistant:
    return house.assistant(ScriptedEndpoint())


@pytest.fixture
async def model(house: SmallHouse) -> str:
    stage = catalog().stage("domain_model")
    example = next(one for one in stage.examples.whole if one.language == "en")
    body = stage.stage.artifact.model_validate(example.artifact).model_dump()
    workspace = await house.workspaces.open("default", ANA.id)
    kept = NewArtifact(workspace.id, "domain_model", "A model", "en", body, "assistant")
    return (await house.workspaces.add_artifact(kept, owner=ANA.id)).artifact.id


async def test_every_diagram_of_a_card_is_drawn_and_the_same_at_every_look(assistant: Assistant, model: str) -> None:
    card = await assistant.card(model, ANA)
    assert card.diagrams
    for diagram in card.diagrams:
        drawn = await assistant.diagram(model, ANA, diagram.name, card.version)
        assert (drawn.name, drawn.mime) == (f"{diagram.name}.svg", "image/svg+xml")
        assert ElementTree.fromstring(drawn.content).tag.endswith("svg")
        assert (await assistant.diagram(model, ANA, diagram.name)).content == drawn.content


async def test_a_diagram_that_is_not_there_is_named(assistant: Assistant, model: str) -> None:
    with pytest.raises(BriefError, match="There is no diagram nosuch here"):
        await assistant.diagram(model, ANA, "nosuch")


async def test_a_version_that_is_not_there_has_no_diagram(assistant: Assistant, model: str) -> None:
    with pytest.raises(BriefError):
        await assistant.diagram(model, ANA, "classes", 9)


async def test_anothers_diagram_is_not_drawn(assistant: Assistant, model: str) -> None:
    with pytest.raises(BriefError):
        await assistant.diagram(model, BEN, "classes")
