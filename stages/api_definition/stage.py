"""API definition: stories and classes become operations by the organisation's API standard, as one table and as OpenAPI."""

from stages.api_definition.checks import check_coverage, check_document, check_read_back, check_standard, check_words
from stages.api_definition.exporting import document, notations, sheets
from stages.api_definition.importing import read
from stages.api_definition.mends import (
    mend_duplicates,
    mend_headers,
    mend_media,
    mend_parameters,
    mend_paths,
    mend_problems,
    mend_references,
)
from stages.api_definition.narrowing import narrow
from stages.api_definition.shape import ApiDefinition
from stages.api_definition.view import read_edited, source_text, tell, view, view_draft
from stages.api_definition.way import ApiWay
from stages.declaration import Stage
from stages.shared_checks import (
    check_forbidden_words,
    check_language,
    check_numbers,
    check_sources,
    mend_forbidden_words,
    mend_sources,
)

STAGE = Stage(
    phase="design",
    title={"en": "API definition", "zh": "API 定义"},
    about={
        "en": "From stories and classes: operations with parameters, bodies and problems, as an API table and as OpenAPI 3.1.",
        "zh": "由故事和领域类得到接口：参数、请求、响应与错误，采用接口表和 OpenAPI 3.1。",
    },
    artifact=ApiDefinition,
    checks=(
        check_coverage,
        check_words,
        check_standard,
        check_document,
        check_read_back,
        check_language,
        check_forbidden_words,
        check_numbers,
        check_sources,
    ),
    mends=(
        mend_paths,
        mend_duplicates,
        mend_parameters,
        mend_headers,
        mend_media,
        mend_problems,
        mend_references,
        mend_forbidden_words,
        mend_sources,
    ),
    shelves=("apis", "rules-accounts", "rules-payments", "rules-cards", "rules-lending"),
    narrow=narrow,
    way=ApiWay(),
    view=view,
    view_draft=view_draft,
    edit=source_text,
    read_edit=read_edited,
    notations=notations(),
    place=4,
    upstream=("domain_model", "user_stories", "acceptance_criteria"),
    takes_brief=True,
    most_upstream=100,
    tell=tell,
    document=document,
    sheets=sheets,
    source="openapi.yaml",
    read=read,
)
