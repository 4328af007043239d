"""One turn while it runs: what was sent, what it cost, how far it came, ready to be recorded at any moment."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from chains.answering.checking import as_rows
from chains.answering.kept import Kept
from chains.endpoint.asking import Ask, Reply
from chains.events import Outcome, StepDone, TurnEnded
from records.turns import TurnEnd
from stages.findings import Finding, Mended
from stages.material import Source


@dataclass
class RunningTurn:
    """The one mutable thing of the chain: it collects what the record of the turn will hold."""

    id: str = ""
    model: str = ""
    began: float = field(default_factory=time.perf_counter)
    first_token: float | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    steps: list[StepDone] = field(default_factory=list)
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    mends: tuple[Mended, ...] = ()
    tokens: dict[str, int] = field(default_factory=lambda: {"prompt": 0, "completion": 0, "cached": 0, "calls": 0})
    draft: str = ""
    kept: Kept = field(default_factory=Kept)
    written: dict[str, Any] = field(default_factory=dict)
    cut: bool = False
    artifact: str | None = None
    outcome: Outcome = "failed"
    failure: str | None = None
    failure_id: str | None = None
    ended: bool = False

    @property
    def seconds(self) -> float:
        """Seconds since the brief arrived."""
        return time.perf_counter() - self.began

    @property
    def furthest(self) -> str:
        """The longest text that came: what is kept for the person where nothing better comes."""
        return max((self.draft, *(str(call["reply"]) for call in self.calls)), key=len)

    def sent(self, ask: Ask) -> dict[str, Any]:
        """Note a call as it is sent; the record that is returned takes its reply later."""
        call: dict[str, Any] = {
            "name": ask.schema_name,
            "messages": [asdict(message) for message in ask.messages],
            "schema": ask.schema,
            "reply": "",
        }
        self.calls.append(call)
        return call

    def arrived(self) -> None:
        """Note the first token of the first call."""
        if self.first_token is None:
            self.first_token = self.seconds

    def received(self, reply: Reply) -> None:
        """Add what a call cost."""
        self.tokens["prompt"] += reply.prompt_tokens
        self.tokens["completion"] += reply.completion_tokens
        self.tokens["cached"] += reply.cached_tokens
        self.tokens["calls"] += 1
        self.cut = reply.finish != "stop"
        self.model = reply.model or self.model

    def step(self, name: str, lines: tuple[str, ...], since: float) -> StepDone:
        """Note a step that was done; `since` is when it began (perf_counter)."""
        done = StepDone(name, lines, time.perf_counter() - since)
        self.steps.append(done)
        return done

    def record(self) -> TurnEnd:
        """Return the turn as it is put on record."""
        return TurnEnd(
            outcome=self.outcome,
            artifact=self.artifact,
            model=self.model,
            draft=self.furthest,
            passages=tuple(asdict(source) for source in self.sources),
            steps=tuple(asdict(step) for step in self.steps),
            findings=as_rows(self.findings),
            mends=as_rows(self.mends),
            prompt=tuple(self.calls),
            tokens=self.tokens,
            seconds=self.seconds,
            failure_id=self.failure_id,
            failure=self.failure,
            written=self.written,
        )

    def end(self) -> TurnEnded:
        """Return the event that ends the turn."""
        return TurnEnded(self.id, self.outcome, self.seconds, self.first_token, dict(self.tokens))
