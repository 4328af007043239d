"""What the notations hold against an API, told as findings in the reader's language."""

from errors import Language
from formats.api.faults import Fault
from stages.findings import Finding, Rules

RULES = Rules("stages.api_definition")


def told_fault(fault: Fault, language: Language) -> str:
    """Return a fault as a sentence, with its place where the sentence does not name one."""
    told = finding_of(fault, language).message
    shown = fault.place and fault.place not in told and not fault.place.startswith("line ")
    return f"{fault.place}: {told}" if shown else told


def finding_of(fault: Fault, language: Language, item: str = "") -> Finding:
    """Return a fault as a finding. Raises KeyError where `findings.yaml` does not tell its rule."""
    values = {"where" if name == "place" else name: value for name, value in fault.values.items()}
    return RULES.finding(fault.rule, language, place=fault.place, item=item, **values)
