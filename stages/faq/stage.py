"""FAQ: what people will ask, answered from passages, release notes and artifacts alone; what these do not hold stays open."""

from stages.declaration import Notation, Stage
from stages.faq.checks import check_citations, check_questions, check_read_back, check_status, check_support
from stages.faq.mends import mend_citations, mend_duplicates, mend_support, mend_wording
from stages.faq.shape import Faq
from stages.faq.view import document, json_ld, read_edited, read_pasted, sheets, source_text, view, view_draft
from stages.faq.way import FaqWay, narrow
from stages.shared_checks import check_forbidden_words, check_language, mend_forbidden_words

STAGE = Stage(
    phase="operation",
    title={"en": "FAQ", "zh": "常见问题"},
    about={
        "en": "From assets, release notes and artifacts: questions with answers that cite what holds them; the rest is open.",
        "zh": "由资料、发布说明和已有成果得到问答：每个答案都引用依据，没有依据的列为待解答。",
    },
    artifact=Faq,
    checks=(
        check_read_back,
        check_support,
        check_citations,
        check_status,
        check_questions,
        check_language,
        check_forbidden_words,
    ),
    mends=(mend_wording, mend_forbidden_words, mend_citations, mend_support, mend_duplicates),
    shelves=("support", "rules-accounts", "rules-payments", "rules-cards", "rules-lending", "releases"),
    narrow=narrow,
    way=FaqWay(),
    view=view,
    view_draft=view_draft,
    edit=source_text,
    read_edit=read_edited,
    notations={
        "jsonld": Notation("jsonld", "application/ld+json", json_ld, {"en": "FAQPage (JSON-LD)", "zh": "FAQPage（JSON-LD）"}),
    },
    place=6,
    upstream=("release_notes", "user_stories", "acceptance_criteria", "api_definition", "domain_model"),
    takes_brief=True,
    most_upstream=200,
    document=document,
    sheets=sheets,
    source="jsonld",
    read=read_pasted,
)
