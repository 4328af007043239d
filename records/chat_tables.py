"""The tables of the chat's history: threads, what was said in them, what was shown, files that were sent along, and thumbs.

The columns follow what the chat framework knows of a step and an element; business data stays in the workspace, a thread only shows it.
`sought` holds, in lower case, the words by which a person finds a thread again.
"""

import sqlalchemy as sa

from records.columns import Json, Moment, Prose
from records.database import metadata
from records.tables import Id, Name


def _of_a_thread(*, index: bool = False) -> sa.Column[str]:
    return sa.Column("thread", Id, sa.ForeignKey("chat_threads.id", ondelete="CASCADE"), nullable=False, index=index)


chat_threads = sa.Table(
    "chat_threads",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("owner", Name, nullable=False),
    sa.Column("name", Prose),
    sa.Column("sought", Prose, nullable=False),
    sa.Column("tags", Json),
    sa.Column("metadata", Json),
    sa.Column("created", Moment, nullable=False),
    sa.Index(None, "owner", "created"),
)

chat_steps = sa.Table(
    "chat_steps",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _of_a_thread(),
    sa.Column("parent", Id),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("name", Prose, nullable=False),
    sa.Column("input", Prose),
    sa.Column("output", Prose),
    sa.Column("sought", Prose, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("start", Moment),
    sa.Column("end", Moment),
    sa.Column("command", Prose),
    sa.Column("modes", Json),
    sa.Column("streaming", sa.Boolean),
    sa.Column("wait_for_answer", sa.Boolean),
    sa.Column("is_error", sa.Boolean),
    sa.Column("metadata", Json),
    sa.Column("tags", Json),
    sa.Column("generation", Json),
    sa.Column("show_input", Json),
    sa.Column("default_open", sa.Boolean),
    sa.Column("auto_collapse", sa.Boolean),
    sa.Column("language", Name),
    sa.Column("icon", Name),
    sa.Index(None, "thread", "created"),
    sa.Index(None, "parent"),
)

chat_elements = sa.Table(
    "chat_elements",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _of_a_thread(index=True),
    sa.Column("step", Id, index=True),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("name", Prose, nullable=False),
    sa.Column("display", sa.String(16)),
    sa.Column("size", sa.String(16)),
    sa.Column("language", Name),
    sa.Column("page", sa.Integer),
    sa.Column("props", Json),
    sa.Column("auto_play", sa.Boolean),
    sa.Column("player_config", Json),
    sa.Column("mime", Name),
    sa.Column("sought", Prose, nullable=False),
    sa.Column("created", Moment, nullable=False),
)

# Beside the element, so that a list of elements never reads their content.
chat_files = sa.Table(
    "chat_files",
    metadata,
    sa.Column("element", Id, sa.ForeignKey("chat_elements.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("owner", Name, nullable=False, index=True),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# `turn` is the answer that the thumb is about, where the step showed one: later stages learn from it.
chat_feedback = sa.Table(
    "chat_feedback",
    metadata,
    sa.Column("id", Id, primary_key=True),
    _of_a_thread(index=True),
    sa.Column("step", Id, nullable=False),
    sa.Column("turn", Id, sa.ForeignKey("turns.id"), index=True),
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("comment", Prose, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("step"),
)
