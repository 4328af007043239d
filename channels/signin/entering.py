"""What happens once it is known who somebody is: they enter the directory, and a session begins."""

from typing import Any

from channels.signin.claims import groups_in, identity_of, is_verified
from channels.signin.limits import SignInLimits
from channels.signin.options import SignIn
from channels.signin.refusals import SignInRefused
from records.database import Database
from records.passwords import Passwords
from records.people import Identity, People
from records.sessions import Sessions

PASSWORD_ISSUER = "password"  # noqa: S105 - the name of a way to sign in


class Entering:
    """The last steps of every way of signing in that ends with a session of ours. All raise RecordsError as the database is in trouble."""

    def __init__(self, signin: SignIn, database: Database, passwords: Passwords) -> None:
        self._signin = signin
        self._database = database
        self._passwords = passwords

    async def with_password(self, email: str, password: str, limits: SignInLimits) -> str:
        """Return the token of a new session. Raises SignInRefused for a wrong name or password alike, and after too many of them."""
        await limits.take()
        person_id = await self._passwords.owner(email, password)
        person = await People(self._database).person(person_id) if person_id is not None else None
        if person is None or person.email is None:
            raise SignInRefused("signin_wrong_password", status=401)
        await limits.give_back()
        identity = identity_of(
            self._signin, PASSWORD_ISSUER, person.email, name=person.name, email=person.email, email_verified=True, groups=None
        )
        return await self._begun(identity)

    async def with_claims(self, claims: dict[str, Any]) -> str:
        """Return the token of a new session for whom a provider's verified claims are about.

        Raises SignInRefused where the person may not enter.
        """
        oidc, email = self._signin.oidc, claims.get("email")
        named = (claims.get("name"), claims.get("preferred_username"), email, claims["sub"])
        try:
            identity = identity_of(
                self._signin,
                str(claims["iss"]),
                str(claims["sub"]),
                name=next(text for text in named if isinstance(text, str) and text.strip()),
                email=email if isinstance(email, str) else None,
                email_verified=is_verified(claims, trusted=oidc.trust_email),
                groups=groups_in(claims, oidc.groups_claim) or (),
            )
        except ValueError as error:
            raise SignInRefused("signin_not_confirmed", detail=str(error)) from error
        return await self._begun(identity)

    async def _begun(self, identity: Identity) -> str:
        person = await People(self._database).sign_in(identity, door="page")
        if not person.active:
            raise SignInRefused("signin_closed", detail=f"person {person.id} is deactivated")
        if not person.roles:
            raise SignInRefused("signin_no_role", detail=f"person {person.id} has no role")
        return await Sessions(self._database).begin(person.id, "page", self._signin.session_seconds)
