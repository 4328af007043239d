"""The directory: one person whatever door they come through."""

import asyncio
from dataclasses import replace

import pytest

from errors import BriefError
from records.database import Database
from records.people import Identity, People, canonical_email
from records.sessions import Sessions

ANA = Identity("https://sso.bank.test", "u-1", "Ana Lim", "Ana@Bank.test", email_verified=True, roles=frozenset({"analyst"}))
PORTAL = Identity("portal", "ana", "Ana", "ana@bank.test", email_verified=True)


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


async def test_a_person_who_signs_in_again_is_the_same_person_with_what_is_new(people: People) -> None:
    first = await people.sign_in(ANA)
    again = await people.sign_in(replace(ANA, name="Ana Lim-Tan", groups=frozenset({"cards"})))
    assert again.id == first.id
    assert (again.name, again.email, again.email_verified) == ("Ana Lim-Tan", "ana@bank.test", True)
    assert again.groups == {"everyone", "cards"}
    assert again.last_seen >= first.last_seen
    assert await people.person(first.id) == again
    assert await people.by_identity(ANA.issuer, "u-1") == again


async def test_two_doors_lead_to_one_person_by_their_verified_e_mail(people: People) -> None:
    assert (await people.sign_in(ANA)).id == (await people.sign_in(PORTAL)).id
    assert len(await people.everyone()) == 1


async def test_an_e_mail_that_nobody_verified_joins_nobody(people: People) -> None:
    ana = await people.sign_in(ANA)
    forged = await people.sign_in(replace(PORTAL, email_verified=False))
    assert forged.id != ana.id
    assert (forged.email, forged.email_verified) == ("ana@bank.test", False)
    unverified_first = await people.sign_in(Identity("a", "1", "Ben", "ben@bank.test"))
    assert (await people.sign_in(Identity("b", "1", "Ben", "ben@bank.test", email_verified=True))).id != unverified_first.id


async def test_a_known_identity_stays_who_it_is_when_its_e_mail_becomes_another_persons(people: People) -> None:
    ana = await people.sign_in(ANA)
    ben = await people.sign_in(Identity(ANA.issuer, "u-2", "Ben", "ben@bank.test", email_verified=True))
    now_ana = await people.sign_in(Identity(ANA.issuer, "u-2", "Ben", "ana@bank.test", email_verified=True))
    assert (now_ana.id, now_ana.email_verified) == (ben.id, False)
    assert (await people.person(ana.id)) == ana


async def test_windows_that_sign_in_at_once_make_one_person(people: People) -> None:
    found = await asyncio.gather(*(people.sign_in(replace(ANA, issuer=f"i{number % 2}")) for number in range(6)))
    assert len({person.id for person in found}) == 1


async def test_what_an_issuer_says_replaces_what_it_said_and_what_an_admin_granted_stays(people: People) -> None:
    ana = await people.sign_in(replace(ANA, groups=frozenset({"cards"})))
    await people.set_roles(ana.id, frozenset({"steward"}))
    await people.set_groups(ana.id, frozenset({"risk"}))
    again = await people.sign_in(replace(ANA, groups=frozenset({"loans"}), roles=frozenset({"curator"})))
    assert again.groups == {"everyone", "loans", "risk"}
    assert again.roles == {"curator", "steward"}
    assert (await people.sign_in(PORTAL)).groups == again.groups, "who says nothing of groups takes none away"
    await people.set_roles(ana.id, frozenset())
    assert (await people.sign_in(replace(ANA, roles=frozenset()))).roles == frozenset()


async def test_no_group_can_open_somebody_elses_drafts(people: People) -> None:
    ana = await people.sign_in(replace(ANA, groups=frozenset({"@ben", "", "x" * 300, "cards"})))
    await people.set_groups(ana.id, frozenset({"@ben"}))
    found = await people.person(ana.id)
    assert found is not None
    assert found.groups == {"everyone", "cards"}


async def test_by_e_mail_finds_only_who_is_verified_active_and_has_opened_the_page(people: People) -> None:
    ana = await people.sign_in(ANA, door="widget")
    assert await people.by_email("ana@bank.test") is None
    await people.sign_in(ANA, door="page")
    found = await people.by_email(" ANA@bank.test")
    assert found is not None
    assert found.id == ana.id
    await people.deactivate(ana.id)
    assert await people.by_email("ana@bank.test") is None
    assert await people.by_email("no address") is None
    await people.sign_in(Identity("a", "1", "Ben", "ben@bank.test"), door="page")
    assert await people.by_email("ben@bank.test") is None


async def test_who_is_deactivated_keeps_no_session_and_is_not_changed_by_a_sign_in(people: People, database: Database) -> None:
    ana, sessions = await people.sign_in(ANA), Sessions(database)
    token = await sessions.begin(ana.id, "page")
    await people.deactivate(ana.id)
    assert await sessions.find(token) is None
    assert await people.sign_in(replace(ANA, name="New", roles=frozenset({"admin"}))) == replace(ana, active=False)
    joined = await people.sign_in(PORTAL)
    assert (joined.id, joined.active) == (ana.id, False)
    await people.activate(ana.id)
    assert (await people.sign_in(ANA)).active
    assert await sessions.find(token) is None, "opening the account again brings no old session back"


async def test_people_are_looked_up_by_id_and_by_e_mail_and_listed_by_name(people: People) -> None:
    ben = await people.sign_in(Identity("a", "2", "Ben"))
    ana = await people.sign_in(ANA)
    assert await people.everyone() == (ana, ben)
    assert await people.look_up("ANA@bank.test") == ana
    assert await people.look_up(ben.id) == ben
    assert await people.look_up("nobody") is None
    assert await people.person("nobody") is None


async def test_nobody_is_changed_who_is_not_there(people: People) -> None:
    for change in (people.deactivate("x"), people.set_roles("x", frozenset()), people.set_groups("x", frozenset())):
        with pytest.raises(BriefError, match="no such person"):
            await change


@pytest.mark.parametrize("names", [("", "u"), ("i", ""), ("i", "x" * 256), ("i", "a\x00b"), ("i", "\ud800")])
def test_an_identity_without_a_usable_name_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="issuer and a subject"):
        Identity(*names, "Ana")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ana@Bank.Test ", "ana@bank.test"),
        ("", None),
        (None, None),
        ("ana", None),
        ("@bank.test", None),
        ("ana@", None),
        ("a na@bank.test", None),
        ("ana\x00@bank.test", None),
        ("x" * 300 + "@b", None),
    ],
)
def test_e_mails_are_compared_in_one_form(text: str | None, address: str | None) -> None:
    assert canonical_email(text) == address
