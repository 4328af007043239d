"""Domain model: what the brief and its stories speak of becomes classes with attributes, associations and states."""

from stages.declaration import Notation, Stage
from stages.domain_model.checks import check_associations, check_classes, check_coverage, check_read_back, check_states
from stages.domain_model.mends import mend_associations, mend_duplicates, mend_names, mend_states
from stages.domain_model.reading import read_pasted
from stages.domain_model.shape import DomainModel
from stages.domain_model.text import read_edited, source_text
from stages.domain_model.view import diagrams, document, mermaid_file, plantuml_file, sheets, svg_file, tell, view, view_draft
from stages.domain_model.way import ModelWay, narrow
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
    title={"en": "Domain model", "zh": "领域模型"},
    about={
        "en": "From stories, criteria or an API: classes with attributes, associations with multiplicity and states, drawn.",
        "zh": "由用户故事、验收标准或接口得到类、属性、带多重性的关联和状态，并绘制成图。",
    },
    artifact=DomainModel,
    checks=(
        check_read_back,
        check_classes,
        check_associations,
        check_states,
        check_coverage,
        check_language,
        check_forbidden_words,
        check_numbers,
        check_sources,
    ),
    mends=(mend_names, mend_forbidden_words, mend_duplicates, mend_associations, mend_states, mend_sources),
    shelves=("rules-accounts", "rules-payments", "rules-cards", "rules-lending"),
    narrow=narrow,
    way=ModelWay(),
    view=view,
    view_draft=view_draft,
    edit=source_text,
    read_edit=read_edited,
    notations={
        "mmd": Notation("mmd", "text/vnd.mermaid", mermaid_file, {"en": "Mermaid", "zh": "Mermaid"}),
        "puml": Notation("puml", "text/plain", plantuml_file, {"en": "PlantUML", "zh": "PlantUML"}),
        "svg": Notation("svg", "image/svg+xml", svg_file, {"en": "Picture (SVG)", "zh": "图片（SVG）"}),
    },
    place=3,
    upstream=("user_stories", "acceptance_criteria", "api_definition"),
    takes_brief=True,
    most_upstream=80,
    tell=tell,
    document=document,
    sheets=sheets,
    diagrams=diagrams,
    source="mmd",
    read=read_pasted,
)
