"""How user stories are judged (Quality User Story criteria and INVEST) and what is mended by rule."""

import re
from functools import partial

from errors import Language
from formats.connextra import read_story
from formats.language import stem, words
from formats.lexicon import joined_actions, lexicon
from stages.findings import Finding, Mended, Rules
from stages.material import Material
from stages.shared_checks import RULES as SHARED
from stages.user_stories.shape import Story, UserStories
from stages.user_stories.view import sentence
from stages.words import likeness, shares_words

RULES = Rules("stages.user_stories")
ALIKE = 0.85
LONGEST_WISH: dict[Language, int] = {"en": 25, "zh": 45}
SOLUTION_WORDS = re.compile(
    r"\b(buttons?|click(?:s|ed)?|drop-?downs?|check ?box(?:es)?|pop-?ups?|text ?fields?|web ?pages?|tabs?|database tables?|endpoints?|api calls?)\b"
    r"|按钮|点击|下拉框|下拉菜单|复选框|弹窗|文本框|数据库表|页签",
    re.IGNORECASE,
)


def check_form(artifact: UserStories, material: Material) -> list[Finding]:
    """Read every story back as a sentence, and judge its wish and its reason."""
    found: list[Finding] = []
    for place, story in enumerate(artifact.stories):
        told = partial(RULES.finding, language=material.language, item=story.id)
        want, benefit = f"stories[{place}].want", f"stories[{place}].benefit"
        if not _reads_back(story, material.language):
            found.append(told("unreadable", place=want))
        if word := joined_actions(story.want, material.language):
            found.append(told("atomic", place=want, word=word))
        if solution := SOLUTION_WORDS.search(story.want):
            found.append(told("solution-words", place=want, word=solution.group(0)))
        count = len(story.want) if material.language == "zh" else len(story.want.split())
        if count > LONGEST_WISH[material.language]:
            found.append(told("too-long", place=want, count=count))
        if not story.benefit.strip():
            found.append(told("no-benefit", place=benefit))
        elif _repeats(story):
            found.append(told("benefit-repeats", place=benefit))
    return found


def check_unique(artifact: UserStories, material: Material) -> list[Finding]:
    """Find stories that say the same as one before them."""
    found = []
    for place, story in enumerate(artifact.stories):
        for other in artifact.stories[:place]:
            if alike(story, other):
                found.append(
                    RULES.finding("not-unique", material.language, place=f"stories[{place}]", item=story.id, other=other.id)
                )
                break
    return found


def alike(one: Story, other: Story) -> bool:
    """Tell whether two stories wish the same for the same role."""
    same = " ".join(one.want.lower().split()) == " ".join(other.want.lower().split())
    return one.role == other.role and (same or likeness(one.want, other.want) > ALIKE)


def check_traced(artifact: UserStories, material: Material) -> list[Finding]:
    """Find wishes that the brief does not speak of, and names that are neither in the glossary nor in the brief."""
    spoken = [
        material.brief,
        *(item.text for item in material.upstream),
        *(name for term in material.terms for name in term.names),
    ]
    roles = {*material.roles, *material.all_roles, *material.unlisted_roles}
    entities = {*material.entities, *material.unlisted_entities}
    found: list[Finding] = []
    for place, story in enumerate(artifact.stories):
        told = partial(RULES.finding, language=material.language, item=story.id)
        if not shares_words(story.want, spoken):
            found.append(told("not-traced", place=f"stories[{place}].want"))
        if story.role not in roles:
            found.append(told("role-unknown", place=f"stories[{place}].role", name=story.role))
        found += [
            told("entity-unknown", place=f"stories[{place}].entities", name=name)
            for name in story.entities
            if name not in entities
        ]
        unlisted = {*material.unlisted_roles, *material.unlisted_entities} & {story.role, *story.entities}
        found += [
            SHARED.finding("not-in-glossary", material.language, place=f"stories[{place}]", item=story.id, name=name)
            for name in sorted(unlisted)
        ]
    if not (material.roles or material.unlisted_roles):
        assumed = ", ".join(dict.fromkeys(story.role for story in artifact.stories))
        found.append(RULES.finding("role-assumed", material.language, place="stories", name=assumed))
    return found


def check_operations(artifact: UserStories, material: Material) -> list[Finding]:
    """Find operations that no story was read from, and references to operations that are not there."""
    told = partial(RULES.finding, language=material.language)
    known = [item.id for item in material.upstream]
    found = [
        told("operation-unknown", place=f"stories[{place}].operations", item=story.id, name=name)
        for place, story in enumerate(artifact.stories)
        for name in story.operations
        if name not in known
    ]
    read = {name for story in artifact.stories for name in story.operations}
    return found + [told("operation-unread", place=name, name=name) for name in known if name not in read]


def mend_wording(artifact: UserStories, _material: Material) -> tuple[UserStories, list[Mended]]:
    """Leave out the words that the sentence adds by itself (`I want to`, `so that`), full stops and stray capitals."""
    mended: list[Mended] = []
    stories: list[Story] = []
    for story in artifact.stories:
        changed = {place: after for place, text in story.texts().items() if (after := _bare(place, text)) != text}
        mended += [Mended("wording", place, story.texts()[place], after, story.id) for place, after in changed.items()]
        stories.append(story.with_texts(changed) if changed else story)
    return (artifact.with_items(stories), mended) if mended else (artifact, [])


def mend_duplicates(artifact: UserStories, _material: Material) -> tuple[UserStories, list[Mended]]:
    """Leave out a story that says the same as one before it."""
    kept: list[Story] = []
    mended: list[Mended] = []
    for story in artifact.stories:
        twin = next((other for other in kept if alike(story, other)), None)
        if twin:
            mended.append(Mended("not-unique", story.id, story.want, "", story.id))
        else:
            kept.append(story)
    return (artifact.with_items(kept), mended) if mended else (artifact, [])


_LEADS = {
    "want": re.compile(
        r"^\s*(?:(?:as an? [^,]{2,40}, ?)?(?:i|we) (?:want|would like|wish|need)(?: to)?(?:\s+|$)|to (?=\w)|我想(?:要(?![求约点]))?|我希望|我需要)",
        re.IGNORECASE,
    ),
    "benefit": re.compile(r"^\s*(?:so that |in order to |以便于?|从而)", re.IGNORECASE),
}


def _bare(place: str, text: str) -> str:
    """Return a wish or a reason without the words that frame it; a capital goes where it is none of a name."""
    bare = _LEADS[place].sub("", text.strip()).strip().rstrip("。.;；,，").strip()
    first = re.match(r"[A-Z][a-z]+(?=\s)", bare)
    if first and ((place == "want" and stem(first[0].lower()) in lexicon().verbs) or not words(first[0])):
        bare = bare[0].lower() + bare[1:]
    return bare if len(bare) >= 2 else text


def _reads_back(story: Story, language: Language) -> bool:
    """Tell whether the sentence of a story is read as that story."""
    told = read_story(sentence(story, language), language)
    if told is None:
        return False
    return all(
        _one_line(read) == _one_line(meant)
        for read, meant in ((told.role, story.role), (told.want, story.want), (told.benefit, story.benefit))
    )


def _one_line(text: str) -> str:
    """Return a text as it is compared: on one line, without a full stop."""
    return " ".join(text.split()).rstrip(" .。")


def _repeats(story: Story) -> bool:
    """Tell whether the reason says nothing beyond the wish."""
    reason = re.sub(r"^(i|we) (can|could|am able to|will)\s+|^(可以|能够|能)", "", story.benefit.strip(), flags=re.IGNORECASE)
    said, wished = set(words(reason)), set(words(story.want))
    return not said or said <= wished or likeness(reason, story.want) > 0.6
