"""Release notes: commits and tickets become what a reader notices of a version, each entry resting on changes that exist."""

from stages.declaration import Notation, Stage
from stages.release_notes.checks import (
    check_breaking,
    check_coverage,
    check_entry_numbers,
    check_entry_sources,
    check_read_back,
    check_references,
    check_unique,
    check_wording,
)
from stages.release_notes.log import changelog_file, read_pasted
from stages.release_notes.mends import mend_breaking, mend_duplicates, mend_order, mend_references, mend_wording
from stages.release_notes.reading import holds_changes, language_of_changes
from stages.release_notes.shape import ReleaseNotes
from stages.release_notes.view import document, line, read_edited, sheets, tell, view, view_draft
from stages.release_notes.way import NotesWay, narrow
from stages.shared_checks import check_forbidden_words, check_language, mend_forbidden_words, mend_sources

STAGE = Stage(
    phase="delivery",
    title={"en": "Release notes", "zh": "发布说明"},
    about={
        "en": "From a git log or a ticket export: what the reader notices, breaking changes first, every entry with its commits and tickets.",
        "zh": "由 git 日志或工单导出得到读者能感受到的变化：不兼容变更在前，每条注明提交与工单。",
    },
    artifact=ReleaseNotes,
    checks=(
        check_read_back,
        check_references,
        check_coverage,
        check_breaking,
        check_unique,
        check_wording,
        check_language,
        check_forbidden_words,
        check_entry_numbers,
        check_entry_sources,
    ),
    mends=(mend_references, mend_wording, mend_forbidden_words, mend_breaking, mend_duplicates, mend_order, mend_sources),
    shelves=("rules-accounts", "rules-payments", "rules-cards", "rules-lending"),
    narrow=narrow,
    way=NotesWay(),
    view=view,
    view_draft=view_draft,
    edit=line,
    read_edit=read_edited,
    tell=tell,
    notations={
        "changelog": Notation(
            "md", "text/markdown", changelog_file, {"en": "Keep a Changelog", "zh": "更新日志 (Keep a Changelog)"}
        ),
    },
    place=5,
    upstream=("user_stories", "acceptance_criteria", "domain_model", "api_definition"),
    takes_brief=True,
    most_upstream=200,
    paste={
        "en": "Paste the git log or the ticket export (CSV, Jira JSON). The first lines may name the release: Version: 2.1.0,"
        " Date: 2026-06-30, Audience: customers, operations or developers.",
        "zh": "请粘贴 git 日志或工单导出（CSV、Jira JSON）。开头可注明：版本：2.1.0，日期：2026-06-30，受众：客户、运维或开发者。",
    },
    is_clear=holds_changes,
    document=document,
    sheets=sheets,
    source="changelog",
    read=read_pasted,
    speaks=language_of_changes,
)
