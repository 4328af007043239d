"""User stories: a brief becomes small wishes of known roles, in the organisation's words, each resting on what is known."""

from stages.declaration import Notation, Stage
from stages.shared_checks import (
    check_forbidden_words,
    check_language,
    check_numbers,
    check_sources,
    mend_forbidden_words,
    mend_sources,
)
from stages.user_stories.checks import (
    check_form,
    check_operations,
    check_traced,
    check_unique,
    mend_duplicates,
    mend_wording,
)
from stages.user_stories.document import document, jira, sheets
from stages.user_stories.reading import read
from stages.user_stories.shape import UserStories
from stages.user_stories.story_map import mend_story_map
from stages.user_stories.view import read_edited, sentence, view, view_draft
from stages.user_stories.way import StoriesWay, narrow

STAGE = Stage(
    phase="discovery",
    title={"en": "User stories", "zh": "用户故事"},
    about={
        "en": "From a brief, a meeting note, a document or an API: small stories with role, wish and reason.",
        "zh": "从简报、会议纪要、文档或 API 得到小而清晰的故事：角色、愿望、价值。",
    },
    artifact=UserStories,
    checks=(
        check_form,
        check_unique,
        check_traced,
        check_operations,
        check_language,
        check_forbidden_words,
        check_numbers,
        check_sources,
    ),
    mends=(mend_wording, mend_forbidden_words, mend_duplicates, mend_story_map, mend_sources),
    shelves=("rules-accounts", "rules-payments", "rules-cards", "rules-lending"),
    narrow=narrow,
    way=StoriesWay(),
    view=view,
    view_draft=view_draft,
    edit=sentence,
    read_edit=read_edited,
    place=1,
    clarifies=True,
    upstream=("api_definition",),
    takes_brief=True,
    document=document,
    sheets=sheets,
    notations={"jira": Notation("jira.csv", "text/csv", jira, {"en": "CSV for Jira", "zh": "Jira 导入 CSV"})},
    read=read,
)
