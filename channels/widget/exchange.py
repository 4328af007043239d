"""From a portal's word to a session: who it is about enters the directory, and their browser gets a ticket, then a session."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from channels.signin.claims import groups_in, identity_of, is_verified
from channels.signin.options import SignIn
from channels.signin.provider import Provider
from channels.widget.assertions import read_assertion
from channels.widget.options import WidgetOptions
from channels.widget.refusals import WidgetRefused
from records.assertions import Assertions, Tickets
from records.database import Database
from records.people import Identity, People
from records.sessions import Sessions

DOOR = "widget"


@dataclass(frozen=True)
class Entered:
    """A session of the widget that began: its token for the cookie, how long it lasts, and a mark by which the browser tells people apart."""

    token: str
    seconds: int
    visitor: str


class Exchange:
    """The widget's sign-in. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, widget: WidgetOptions, signin: SignIn, database: Database, provider: Provider) -> None:
        self._widget = widget
        self._signin = signin
        self._database = database
        self._provider = provider

    async def ticket_for_assertion(self, assertion: str, challenge: str) -> str:
        """Return a ticket for whom a portal's assertion is about. Raises WidgetRefused where it is not right or was taken before."""
        asserted = read_assertion(assertion, self._widget.portals, self._signin.public_url.rstrip("/"))
        if not await Assertions(self._database).take(asserted.issuer, asserted.assertion_id, asserted.until):
            raise WidgetRefused("widget_not_vouched", "jti", detail="the assertion was handed in before")
        groups = self._may_name(asserted.groups)
        return await self._ticket(_vouched(asserted.issuer, asserted.subject, asserted.name, asserted.email, groups), challenge)

    async def ticket_for_id_token(self, id_token: str, challenge: str) -> str:
        """Return a ticket for whom the provider's ID token of the portal is about. Raises WidgetRefused, and SignInRefused where the
        provider cannot be asked or the token is not right.
        """
        audience = self._widget.oidc_audience
        if not audience:
            raise WidgetRefused("widget_not_vouched", "id_token", detail="ID tokens are not taken here")
        claims = await self._provider.claims_of_token(id_token, audience)
        email, oidc = claims.get("email"), self._signin.oidc
        if not isinstance(email, str) or not is_verified(claims, trusted=oidc.trust_email):
            raise WidgetRefused("widget_not_vouched", "email_verified", detail="the ID token's e-mail is not verified")
        issuer, subject, name = str(claims["iss"]), str(claims["sub"]), _name_in(claims, email)
        groups, said = groups_in(claims, oidc.groups_claim), _vouched(issuer, subject, name, email)
        if groups is not None:
            said = identity_of(self._signin, issuer, subject, name=name, email=email, email_verified=True, groups=groups)
        return await self._ticket(said, challenge)

    async def enter(self, ticket: str, secret: str) -> Entered:
        """Begin the session that a ticket stands for. Raises WidgetRefused where it is spent, too old, or another browser's."""
        person_id = await Tickets(self._database).redeem(ticket, secret)
        if person_id is None:
            raise WidgetRefused("widget_ticket_spent", "ticket", status=401)
        token = await Sessions(self._database).begin(person_id, DOOR, self._widget.session_seconds)
        return Entered(token, self._widget.session_seconds, visitor_mark(person_id))

    def _may_name(self, groups: Iterable[str] | None) -> frozenset[str] | None:
        """Return those of the groups that a portal may name; None where it says nothing, or may name none: what others said stands."""
        return None if groups is None or not self._widget.groups else self._widget.groups.intersection(groups)

    async def _ticket(self, identity: Identity, challenge: str) -> str:
        people = People(self._database)
        person = await people.sign_in(identity, door=DOOR)
        if person.active and not person.roles:
            # A portal gives nobody a role; who is new has those of everybody.
            person = await people.sign_in(replace(identity, roles=frozenset(self._signin.default_roles)), door=DOOR)
        if not person.active:
            raise WidgetRefused("signin_closed", "closed", detail=f"person {person.id} is deactivated")
        if not person.roles:
            raise WidgetRefused("signin_no_role", "role", detail=f"person {person.id} has no role")
        return await Tickets(self._database).issue(person.id, challenge)


def visitor_mark(person_id: str) -> str:
    """Return a mark of a person that says nothing about them: a browser forgets the chat of whoever was there before."""
    return hashlib.sha256(f"widget {person_id}".encode()).hexdigest()[:16]


def _vouched(issuer: str, subject: str, name: str, email: str, groups: frozenset[str] | None = None) -> Identity:
    """Return the identity of whom somebody vouches for who gives no roles: those that the person has stand."""
    try:
        return Identity(issuer, subject, name, email, email_verified=True, groups=groups)
    except ValueError as error:
        raise WidgetRefused("widget_not_vouched", "sub", detail=str(error)) from error


def _name_in(claims: dict[str, Any], email: str) -> str:
    named = (claims.get("name"), claims.get("preferred_username"))
    return next((text for text in named if isinstance(text, str) and text.strip()), email)
