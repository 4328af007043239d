"""Acceptance criteria: accepted stories become scenarios that can be decided, with concrete numbers, in Gherkin."""

from stages.acceptance_criteria.checks import (
    check_coverage,
    check_read_back,
    check_scenarios,
    check_unique,
    mend_names,
    mend_steps,
)
from stages.acceptance_criteria.diagrams import diagrams
from stages.acceptance_criteria.document import document, sheets
from stages.acceptance_criteria.numbers import check_numbers
from stages.acceptance_criteria.reading import read
from stages.acceptance_criteria.shape import AcceptanceCriteria
from stages.acceptance_criteria.view import behave_zip, feature_file, read_edited, source_text, view, view_draft
from stages.acceptance_criteria.way import CriteriaWay, narrow, read_upstream
from stages.declaration import Notation, Stage
from stages.shared_checks import (
    check_forbidden_words,
    check_language,
    check_sources,
    mend_forbidden_words,
    mend_sources,
)

STAGE = Stage(
    phase="discovery",
    title={"en": "Acceptance criteria", "zh": "验收标准"},
    about={
        "en": "From accepted stories: scenarios with concrete numbers, one negative and one boundary each, as Gherkin.",
        "zh": "由已接受的故事得到带具体数字的场景：每个故事至少一个反例和一个边界，采用 Gherkin。",
    },
    artifact=AcceptanceCriteria,
    checks=(
        check_read_back,
        check_coverage,
        check_scenarios,
        check_unique,
        check_language,
        check_forbidden_words,
        check_numbers,
        check_sources,
    ),
    mends=(mend_steps, mend_names, mend_forbidden_words, mend_sources),
    shelves=("criteria", "rules-accounts", "rules-payments", "rules-cards", "rules-lending"),
    narrow=narrow,
    way=CriteriaWay(),
    view=view,
    view_draft=view_draft,
    edit=source_text,
    read_edit=read_edited,
    notations={
        "feature": Notation("feature", "text/plain", feature_file, {"en": "Gherkin", "zh": "Gherkin"}),
        "zip": Notation("zip", "application/zip", behave_zip, {"en": "Features and step skeletons", "zh": "功能文件与步骤骨架"}),
    },
    document=document,
    sheets=sheets,
    diagrams=diagrams,
    read=read,
    place=2,
    source="feature",
    upstream=("user_stories",),
    read_upstream=read_upstream,
)
