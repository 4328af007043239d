"""Who asks: without sign-in everybody at this machine is the one local analyst."""

from chains.events import Person

LOCAL_ANALYST = Person(
    "local-analyst", "Local analyst", frozenset({"everyone"}), frozenset({"analyst", "curator", "steward", "admin"})
)


def local_analyst(_caller: object) -> Person:
    """Return the local analyst, whoever calls; the hardening lets nobody in but this machine."""
    return LOCAL_ANALYST
