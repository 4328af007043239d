"""What an FAQ looks like: questions, each answered by what is cited, or open."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from stages.declaration import Artifact, Item

Text = Annotated[str, Field(min_length=2, max_length=240)]
Status = Literal["answered", "open"]


class FaqEntry(Item):
    """One question. An open one has no answer: what was drafted and is held by nothing cited is kept in `draft`, for the person."""

    id: str = Field(pattern=r"^Q\d{1,3}$", description="Q1, Q2, ...")
    question: str = Field(min_length=3, max_length=200, description="in the reader's words, one question")
    answer: str = Field(max_length=1200, description="what the cited passages say; empty where they do not answer it")
    status: Status = Field(description="answered: the passages hold the answer; open: they do not")
    rests: list[str] = Field(max_length=6, description="ids of the upstream items that the answer rests on")
    sources: list[str] = Field(max_length=4, description="keys of the passages that the answer rests on")
    draft: str = Field(default="", max_length=1200)

    def rests_on(self) -> tuple[str, ...]:
        """Return the upstream items that the answer rests on."""
        return tuple(self.rests)

    def texts(self) -> dict[str, str]:
        """Return the question, and the answer where there is one."""
        return {"question": self.question} | ({"answer": self.answer} if self.answer else {})

    def with_texts(self, texts: Mapping[str, str]) -> "FaqEntry":
        """Return a copy with these texts."""
        return self.model_copy(update=dict(texts))


class Faq(Artifact):
    """The questions and answers on one subject; `questions` is what somebody must decide before more can be answered."""

    ITEMS: ClassVar[str] = "entries"

    entries: list[FaqEntry] = Field(min_length=1, max_length=40)
    questions: list[Text] = Field(max_length=5, description="what is left open and somebody must decide")

    def items(self) -> Sequence[FaqEntry]:
        """Return the questions in reading order."""
        return self.entries

    def with_items(self, items: Sequence[Any]) -> "Faq":
        """Return a copy that holds these questions."""
        return self.model_copy(update={"entries": list(items)})
