"""The house's directory as the Slack door asks it."""

from chains.events import Person
from channels.people import person_if_open
from records.database import Database
from records.people import People


class SignedInPeople:
    """People who have signed in to the page at least once and may still come in."""

    def __init__(self, database: Database) -> None:
        self._people = People(database)

    async def by_email(self, email: str) -> Person | None:
        """Return the person with this verified e-mail; None where there is none. Raises RecordsError."""
        return person_if_open(await self._people.by_email(email))
