"""0005: the history of the chat: threads, steps, elements, files, feedback; and what an interrupted turn needs to go on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables, and the columns of a turn."""
    op.create_table(
        "chat_threads",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=True),
        sa.Column("metadata", sa.JSON(), nullable=True),
        sa.Column("created", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_threads"),
    )
    op.create_index("ix_chat_threads_owner", "chat_threads", ["owner", "created"])
    _steps()
    _elements()
    op.create_table(
        "chat_feedback",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("thread", sa.String(36), nullable=False),
        sa.Column("step", sa.String(36), nullable=False),
        sa.Column("turn", sa.String(36), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_feedback"),
        sa.UniqueConstraint("step", name="uq_chat_feedback_step"),
        sa.ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_chat_feedback_turn_turns"),
        _thread("chat_feedback"),
    )
    op.create_index("ix_chat_feedback_thread", "chat_feedback", ["thread"])
    op.create_index("ix_chat_feedback_turn", "chat_feedback", ["turn"])
    op.add_column("turns", sa.Column("upstream", sa.JSON(), nullable=True))
    op.add_column("turns", sa.Column("written", sa.JSON(), nullable=True))


def _thread(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["thread"], ["chat_threads.id"], name=f"fk_{table}_thread_chat_threads", ondelete="CASCADE")


def _steps() -> None:
    op.create_table(
        "chat_steps",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("thread", sa.String(36), nullable=False),
        sa.Column("parent", sa.String(36), nullable=True),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=True),
        sa.Column("output", sa.Text(), nullable=True),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("start", _MOMENT, nullable=True),
        sa.Column("end", _MOMENT, nullable=True),
        sa.Column("command", sa.Text(), nullable=True),
        sa.Column("modes", sa.JSON(), nullable=True),
        sa.Column("streaming", sa.Boolean(), nullable=True),
        sa.Column("wait_for_answer", sa.Boolean(), nullable=True),
        sa.Column("is_error", sa.Boolean(), nullable=True),
        sa.Column("metadata", sa.JSON(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=True),
        sa.Column("generation", sa.JSON(), nullable=True),
        sa.Column("show_input", sa.JSON(), nullable=True),
        sa.Column("default_open", sa.Boolean(), nullable=True),
        sa.Column("auto_collapse", sa.Boolean(), nullable=True),
        sa.Column("language", sa.String(255), nullable=True),
        sa.Column("icon", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_chat_steps"),
        _thread("chat_steps"),
    )
    op.create_index("ix_chat_steps_thread", "chat_steps", ["thread", "created"])
    op.create_index("ix_chat_steps_parent", "chat_steps", ["parent"])


def _elements() -> None:
    op.create_table(
        "chat_elements",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("thread", sa.String(36), nullable=False),
        sa.Column("step", sa.String(36), nullable=True),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display", sa.String(16), nullable=True),
        sa.Column("size", sa.String(16), nullable=True),
        sa.Column("language", sa.String(255), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("props", sa.JSON(), nullable=True),
        sa.Column("auto_play", sa.Boolean(), nullable=True),
        sa.Column("player_config", sa.JSON(), nullable=True),
        sa.Column("mime", sa.String(255), nullable=True),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_elements"),
        _thread("chat_elements"),
    )
    op.create_index("ix_chat_elements_thread", "chat_elements", ["thread"])
    op.create_index("ix_chat_elements_step", "chat_elements", ["step"])
    op.create_table(
        "chat_files",
        sa.Column("element", sa.String(36), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("element", name="pk_chat_files"),
        sa.ForeignKeyConstraint(
            ["element"], ["chat_elements.id"], name="fk_chat_files_element_chat_elements", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_chat_files_owner", "chat_files", ["owner"])
