"""The card of a turn that left no artifact, made of its record: what it had written, why it ended, and how it goes on."""

from chains.answering.reading import read_json
from chains.events import DraftGrew, Person, Request
from channels.elements.cards import Json
from channels.elements.live import DraftViews, LiveAnswer
from channels.texts import Texts
from records.turns import Turn


def ended_props(turn: Turn, person: Person, title: str, texts: Texts, draft_views: DraftViews) -> Json:
    """Return the properties of the card as the record has them; a turn that is still answered shows how far it is."""
    request = Request(turn.stage, turn.brief, person, channel=turn.channel, language=turn.language, upstream=turn.upstream)
    live = LiveAnswer(request, title, texts, draft_views, turn_id=turn.id, language=turn.language)
    body = read_json(turn.draft) if turn.draft else None
    if body:
        live.take(DraftGrew(body, 0, 0))
    match turn.outcome:
        case "answering":
            live.doing = texts("doing_plan")
        case "interrupted":
            live.interrupt()
        case "cancelled":
            live.stop()
        case _:
            live.fail(turn.failure or texts("no_answer"))
            live.draft = turn.draft
    return live.props()
