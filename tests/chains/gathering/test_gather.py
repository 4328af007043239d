"""What is gathered for a brief: terms in its language, names the glossary lacks, passages that the person may read."""

from dataclasses import replace
from pathlib import Path

import pytest

from chains.events import Person
from chains.gathering.gather import gather, material_of, sources_of
from knowledge.terms.stewardship import Steward
from records.terms import TermRecords
from stages.material import UpstreamItem
from tests.doubles.csv_rows import CsvRows
from tests.doubles.scripted_replies import EN, ZH
from tests.doubles.small_house import ANA, SmallHouse

BOARD = Person("cara", "Cara", groups=frozenset({"everyone", "board"}))


async def test_terms_are_told_in_the_language_of_the_answer_with_both_names(house: SmallHouse) -> None:
    for brief, language, name in ((EN, "en", "income record"), (ZH, "zh", "收入记录")):
        found = await gather(brief, language, ANA, house.knowledge, shelves=(), passages=6)  # type: ignore[arg-type]
        (term,) = [term for term in found.terms if term.id == "income-record"]
        assert term.name == name
        assert {"income record", "收入记录"} <= set(term.names)
        assert name in found.entities
        assert found.unlisted_entities == ()


async def test_aliases_count_as_their_term(house: SmallHouse) -> None:
    found = await gather("The beneficiary can freeze a bank card", "en", ANA, house.knowledge, shelves=(), passages=3)
    assert found.roles == ("payee",)
    assert "debit card" in found.entities
    assert found.unlisted_roles == found.unlisted_entities == ()


async def test_a_forbidden_word_brings_its_term_without_making_it_a_name_of_the_brief(house: SmallHouse) -> None:
    found = await gather("freeze the plastic", "en", ANA, house.knowledge, shelves=(), passages=3)
    assert [term.id for term in found.terms] == ["debit-card"]
    assert found.entities == ()


async def test_names_that_the_glossary_lacks_are_kept_as_the_brief_writes_them(house: SmallHouse) -> None:
    brief = "A relationship manager can approve a fee waiver. A customer freezes a debit card."
    found = await gather(brief, "en", ANA, house.knowledge, shelves=(), passages=3)
    assert found.unlisted_roles == ("relationship manager",)
    assert "fee waiver" in found.unlisted_entities
    assert found.roles == ("customer",)
    assert set(found.all_roles) == {"customer", "credit officer", "payee"}


async def test_every_official_name_is_known_whether_the_brief_speaks_it_or_not(house: SmallHouse) -> None:
    found = await gather("freeze a card", "en", ANA, house.knowledge, shelves=(), passages=3)
    assert {"income record", "收入记录", "beneficiary"} <= found.all_names
    assert not {"mortgage", "plastic"} & found.all_names, "neither a draft nor a forbidden word"


async def test_a_draft_term_is_no_term(house: SmallHouse) -> None:
    found = await gather("approve the mortgage", "en", ANA, house.knowledge, shelves=(), passages=3)
    assert "mortgage" not in [term.name for term in found.terms]
    assert found.unlisted_entities == ("mortgage",)


async def test_sources_are_numbered_and_closed_ones_stay_closed(house: SmallHouse) -> None:
    told: dict[str, set[str]] = {}
    for person in (ANA, BOARD):
        found = await gather("the transfer limit next year", "en", person, house.knowledge, shelves=(), passages=12)
        assert [source.key for source in found.sources] == [f"P{n}" for n in range(1, len(found.sources) + 1)]
        assert "Former limits" not in {source.title for source in found.sources}
        told[person.id] = {source.title for source in found.sources}
    assert "Board paper" in told["cara"]
    assert "Board paper" not in told["ana"]


async def test_what_lies_upstream_is_searched_with(house: SmallHouse) -> None:
    upstream = (UpstreamItem("S1", "As a customer, I want to freeze a debit card."),)
    found = await gather("", "en", ANA, house.knowledge, shelves=(), passages=1, upstream=upstream)
    assert found.sources[0].title == "Card freeze"
    assert "debit card" in found.entities
    assert found.upstream == upstream


async def test_text_that_was_added_counts_for_the_terms(house: SmallHouse) -> None:
    found = material_of("freeze a card", "en", house.knowledge, sources=(), also="the payee waits")
    assert "payee" in found.roles
    assert found.brief == "freeze a card"


async def test_no_more_terms_are_gathered_than_a_prompt_can_hold(house: SmallHouse) -> None:
    found = await gather(f"{EN} payee transfer debit card " * 50, "en", ANA, house.knowledge, shelves=(), passages=3)
    assert len(found.terms) == len(set(found.terms)) <= 24


def test_no_hit_is_no_source() -> None:
    assert sources_of([]) == ()


@pytest.mark.parametrize("brief", ["Customers list their debit cards", "the CUSTOMER'S debit-card", "customers"])
async def test_plural_and_case_are_the_term_still(house: SmallHouse, brief: str) -> None:
    found = await gather(brief, "en", ANA, house.knowledge, shelves=(), passages=1)
    assert found.roles == ("customer",)
    assert found.unlisted_roles == ()


async def test_a_term_that_one_language_has_no_name_for_goes_by_the_other_and_makes_nothing_else_known(
    house: SmallHouse, tmp_path: Path
) -> None:
    (tmp_path / "one.csv").write_text("en,zh,forbidden\n,积分,loyalty coin；分数\n", "utf-8")
    steward = Steward(house.knowledge.records, TermRecords(house.database), CsvRows())
    await steward.import_terms(tmp_path / "one.csv", person=Person("sten", "Sten", roles=frozenset({"steward"})))
    await house.knowledge.sync_pack()
    found = await gather(
        "A customer can redeem 积分. An officer can approve a fee waiver.", "en", ANA, house.knowledge, shelves=(), passages=3
    )
    (term,) = [term for term in found.terms if term.id == "积分"]
    assert (term.name, term.names, term.forbidden) == ("积分", ("积分",), ("分数",))
    assert "fee waiver" in found.unlisted_entities


async def test_what_is_cited_upstream_comes_first_with_the_surroundings_in_which_it_was_found(house: SmallHouse) -> None:
    hits = await house.knowledge.search("a frozen debit card refuses every payment", groups=ANA.reads, limit=3)
    cited = hits[-1].passage.id
    upstream = (UpstreamItem("S1", "As a customer, I want to freeze a debit card.", passages=(cited, "gone")),)
    found = await gather(
        "a frozen debit card refuses every payment", "en", ANA, house.knowledge, shelves=(), passages=3, upstream=upstream
    )
    assert found.sources[0].passage_id == cited
    assert [source.passage_id for source in found.sources].count(cited) == 1
    assert not any(source.kept for source in found.sources)


async def test_a_persons_own_draft_is_a_source_for_them_alone(house: SmallHouse) -> None:
    records = house.knowledge.records
    (asset,) = [asset for asset in await records.assets() if asset.title == "Card freeze"]
    pieces = [piece for piece, owner in await records.passages() if owner.id == asset.id]
    await records.remove_assets([asset.id])
    await records.put_asset(replace(asset, status="draft", uploaded_by="ana"), pieces)
    await house.knowledge.reload()
    for person, sees in ((ANA, True), (BOARD, False)):
        found = await gather("freeze a debit card in the app", "en", person, house.knowledge, shelves=(), passages=6)
        assert ("Card freeze" in {source.title for source in found.sources}) == sees
