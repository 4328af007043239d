"""The counts, scraped and read back by Prometheus' own parser."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chains.observing import CallTold, StepTold, TurnTold
from channels.watching.house import QueueStanding, WatchedHouse
from channels.watching.metrics import Metrics
from tests.doubles.small_house import SmallHouse

CALL = CallTold("stories", "none", 1.0, 2.0, 0.5, 7)
TURN = TurnTold(
    id="t1",
    stage="user_stories",
    door="page",
    person="ana",
    language="en",
    model="m",
    outcome="answered",
    began=1.0,
    seconds=3.5,
    first_token_seconds=0.7,
    tokens={"prompt": 100, "completion": 7, "cached": 80, "calls": 1},
    severities=("warning", "warning", "hint"),
    mends=2,
    steps=(StepTold("gather", 0.2),),
    calls=(CALL,),
    failure_id="",
)


def samples(metrics: Metrics) -> Mapping[str, float]:
    """Every sample by its name and labels."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def test_a_turn_is_counted_with_all_that_came_of_it() -> None:
    metrics = Metrics()
    metrics.turn_began()
    assert samples(metrics)["stagecraft_turns_open{}"] == 1
    metrics.turn_ended(TURN)
    found = samples(metrics)
    assert found["stagecraft_turns_open{}"] == 0
    assert found["stagecraft_turns_total{door=page,outcome=answered,stage=user_stories}"] == 1
    assert found["stagecraft_findings_total{severity=warning,stage=user_stories}"] == 2
    assert found["stagecraft_mends_total{stage=user_stories}"] == 2
    assert found["stagecraft_tokens_total{kind=cached}"] == 80
    assert found["stagecraft_answer_seconds_bucket{le=2.0,stage=user_stories}"] == 0
    assert found["stagecraft_answer_seconds_bucket{le=5.0,stage=user_stories}"] == 1
    assert found["stagecraft_first_token_seconds_sum{stage=user_stories}"] == pytest.approx(0.7)


def test_calls_and_adoption_are_counted_by_kind() -> None:
    metrics = Metrics()
    metrics.called(CALL)
    metrics.called(replace(CALL, fault="EndpointBusy"))
    metrics.adopted("faq", "edited")
    found = samples(metrics)
    assert found["stagecraft_endpoint_calls_total{fault=none}"] == 1
    assert found["stagecraft_endpoint_calls_total{fault=EndpointBusy}"] == 1
    assert found["stagecraft_endpoint_call_seconds_count{}"] == 2
    assert found["stagecraft_adoption_total{kind=edited,stage=faq}"] == 1


async def test_the_house_is_asked_at_each_scrape(house: SmallHouse) -> None:
    metrics = Metrics(lambda: WatchedHouse(house.database, house.knowledge, lambda: "half", lambda: QueueStanding(2, 5, 10, 4)))
    found = samples(metrics)
    assert (found["stagecraft_queue_running{}"], found["stagecraft_queue_waiting{}"], found["stagecraft_shed_total{}"]) == (
        2,
        5,
        4,
    )
    assert [found[f"stagecraft_breaker{{state={state}}}"] for state in ("closed", "half", "open")] == [0, 1, 0]
    assert found["stagecraft_passages{}"] == house.knowledge.status().passages > 0
    assert found["process_resident_memory_bytes{}"] > 0


def test_a_thousand_people_and_turns_make_no_more_samples_than_one() -> None:
    metrics = Metrics()
    metrics.turn_ended(TURN)
    before = len(samples(metrics))
    for number in range(1000):
        metrics.turn_ended(replace(TURN, id=f"t{number}", person=f"p{number}", model=f"m{number}", failure_id=f"f{number}"))
    assert len(samples(metrics)) == before
    text = metrics.text().decode()
    assert not re.search(r"t999|p999|m999|f999", text)
    metrics.turn_ended(replace(TURN, door="made up"))
    assert "door=other" in str(samples(metrics))
    assert "made up" not in metrics.text().decode()


def test_the_documents_list_every_metric_as_it_is() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs/operating.md").read_text("utf-8")
    rows = re.findall(r"^\| `(stagecraft_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    assert rows == [(one.name, one.type, ", ".join(one.labels) or "-", one.about) for one in Metrics().described()]


def test_what_is_described_is_what_is_sent() -> None:
    metrics = Metrics()
    sent = {family.name for family in text_string_to_metric_families(metrics.text().decode())}
    described = {
        one.name.removesuffix("_total")
        for one in metrics.described()
        if not one.name.startswith(("stagecraft_queue", "stagecraft_shed", "stagecraft_breaker", "stagecraft_passages"))
    }
    assert described == {name for name in sent if name.startswith("stagecraft_") and not name.endswith("_created")}
