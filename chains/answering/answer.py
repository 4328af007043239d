"""How an artifact comes of a brief: plan, ask, read, check, mend."""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

from chains.answering.by_items import ask_by_items
from chains.answering.judging import Answered
from chains.answering.plan import Plan
from chains.answering.turn import RunningTurn
from chains.answering.whole import ask_whole
from chains.answering.writing import Writer
from chains.endpoint.asking import Endpoint
from chains.events import Event, StepDone
from chains.sentences import say
from errors import ContextTooLong
from formats.actions import read_actions
from stages.shared_checks import RULES as SHARED


@dataclass(frozen=True)
class Answering:
    """The endpoint, and the writer of this answer's calls."""

    endpoint: Endpoint
    writer: Writer

    async def events(self, turn: RunningTurn) -> AsyncGenerator[Event | Answered, None]:
        """Yield events, and the answer last.

        Raises EndpointError where the endpoint fails, BriefError where the brief does not fit, ReplyError where no artifact came
        of it; what came until then stands in the turn.
        """
        planned, done = self._planned(turn)
        yield done
        try:
            async for event in self._asked(planned, turn):
                yield event
        except ContextTooLong:
            # The estimate was too low: once more with half of the passages, then the person must shorten the brief.
            sources = planned.material.sources
            fewer = replace(planned, material=replace(planned.material, sources=sources[: len(sources) // 2]))
            async for event in self._asked(fewer, turn):
                yield event

    async def _asked(self, planned: Plan, turn: RunningTurn) -> AsyncGenerator[Event | Answered, None]:
        ask = ask_whole if self.writer.abilities.way == "whole" else ask_by_items
        async for event in ask(self.endpoint, self.writer, planned, turn):
            if isinstance(event, Answered):
                since = time.perf_counter()
                answer = self._with_orders(event)
                turn.findings, turn.mends = answer.findings, answer.mends
                yield turn.step("check", (self._counted(answer),), since)
                yield answer
            else:
                yield event

    def _planned(self, turn: RunningTurn) -> tuple[Plan, StepDone]:
        """Make the token plan and tell it."""
        since = time.perf_counter()
        planned = self.writer.plan()
        language = self.writer.material.language
        lines = [say("plan", language, **planned.shares)]
        if left_out := len(self.writer.material.sources) - len(planned.material.sources):
            lines.append(say("trimmed", language, count=left_out))
        return planned, turn.step("plan", tuple(lines), since)

    def _with_orders(self, answer: Answered) -> Answered:
        """Name the orders to the assistant that stand in the brief: they were read as material."""
        material = self.writer.material
        if self.writer.stage.stage.paste:
            # A ticket that says "ignore the limit" is what a release note tells of.
            return answer
        pasted = (item.text for item in material.upstream if not item.artifact_id)
        orders = read_actions("\n".join([material.brief, *pasted]), material.language).orders
        told = tuple(SHARED.finding("ordered", material.language, text=order[:160]) for order in orders)
        return replace(answer, findings=(*answer.findings, *told))

    def _counted(self, answer: Answered) -> str:
        counts = {
            f"{name}s": sum(finding.severity == name for finding in answer.findings) for name in ("error", "warning", "hint")
        }
        return say("checked", self.writer.material.language, mends=len(answer.mends), **counts)
