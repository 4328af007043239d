"""What a person pastes: a text in a notation that a stage reads becomes an artifact; anything else is a brief."""

from typing import TYPE_CHECKING

from channels import house
from channels.page.answer import answer_brief
from channels.page.posted_cards import post_card
from channels.page.session import page_texts, person, preferences, say, turn

if TYPE_CHECKING:
    from chains.importing.imported import Kept


async def taken_as_artifact(text: str, stage: str) -> bool:
    """Keep a text of a known notation as an artifact, show it, and tell what was lost; False where it is a brief.

    Where the stage that was chosen may rest on what was pasted, the answer follows: an API pasted for user stories becomes both.
    """
    assistant = house.opened().assistant
    found = await assistant.recognise(text)
    if found is None:
        return False
    async with turn() as may:
        if not may:
            return True
        chosen = preferences()
        kept = await assistant.keep(text, person(), workspace=chosen.workspace, stage=found.stage.name, language=found.language)
        await say(_told(kept))
        await post_card(kept.artifact_id)
    if stage != kept.stage and kept.stage in assistant.stage(stage, page_texts().language).upstream:
        await answer_brief(stage, "", (kept.artifact_id,))
    return True


def _told(kept: "Kept") -> str:
    """Say as what a text was taken, and how it came through."""
    texts = page_texts()
    grade = {"whole": "import_whole", "with losses": "import_losses", "with faults": "import_faults"}[kept.grade]
    title = house.opened().assistant.stage(kept.stage, texts.language).title
    return texts("imported", stage=title, count=kept.items, grade=texts(grade, lost=len(kept.lost), faults=len(kept.faults)))
