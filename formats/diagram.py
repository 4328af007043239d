"""A diagram in the two notations that teams use, told by the same model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagram:
    """One drawing: `name` is unique in its artifact and fit for an address (`classes`, `states-c1`), `mermaid` and `plantuml` its sources."""

    name: str
    title: str
    mermaid: str
    plantuml: str = ""
