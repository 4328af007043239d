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
from stages.user_stories.checks import check_form, check_traced, check_unique, mend_duplicates, mend_wording
from stages.user_stories.shape import UserStories
from stages.user_stories.view import markdown, read_edited, sentence, view, view_draft
from stages.user_stories.way import StoriesWay, narrow

STAGE = Stage(
    phase="discovery",
    title={"en": "User stories", "zh": "用户故事"},
    about={
        "en": "From a brief, a meeting note or a mail: small stories with role, wish and reason.",
        "zh": "从简报、会议纪要或邮件得到小而清晰的故事：角色、愿望、价值。",
    },
    artifact=UserStories,
    checks=(check_form, check_unique, check_traced, check_language, check_forbidden_words, check_numbers, check_sources),
    mends=(mend_wording, mend_forbidden_words, mend_duplicates, mend_sources),
    shelves=("rules-accounts", "rules-payments", "rules-cards", "rules-lending"),
    narrow=narrow,
    way=StoriesWay(),
    view=view,
    view_draft=view_draft,
    edit=sentence,
    read_edit=read_edited,
    place=1,
    notations={"md": Notation("md", "text/markdown", markdown, {"en": "Markdown", "zh": "Markdown"})},
)
