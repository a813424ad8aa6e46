"""The table of role × kind of case × action, cell by cell over HTTP: who sees what, and who may take which step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from deviations.lifecycle import LIFECYCLE
from deviations.views.steps import STEPS
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.cases import KINDS
from tests.people import World

REPORTER = {"answer", "reopen"}
QUALITY = {"assess", "forward", "merge", "unmerge"}
LEADER = {step.name for step in LIFECYCLE} - {"answer", "escalate"}
HANDLER = LEADER | {"escalate"}
LOOK: set[str] = set()  # sees the case, may do nothing with it

# Who is not named in a row gets 404 for the case and for each of its steps.
TABLE: dict[str, dict[str, set[str]]] = {
    "ordinary": {
        "nora": REPORTER, "leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY,
    },
    "hse": {
        "nora": REPORTER, "leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY,
        "vidar": LOOK,
    },
    "privacy": {
        "nora": REPORTER, "leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY,
        "per": LOOK,
    },
    "hidden name": {
        "nora": REPORTER, "leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY,
    },
    "about the leader": {"nora": REPORTER, "sunniva": HANDLER, "rolf": LEADER},
    "by the leader": {
        "leif": REPORTER, "sunniva": HANDLER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY,
    },
    # Whoever reported has no more to do with it than their colleagues, unless they show the code.
    "anonymous": {"leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY},
    "anonymous, about the leader": {"sunniva": HANDLER, "rolf": LEADER},
    "from outside": {"leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY},
    "from another system": {"leif": HANDLER, "sunniva": LEADER, "rolf": LEADER, "kaja": QUALITY, "kristin": QUALITY},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_sees_and_does_what_the_table_says(world: World, login: Callable[[User], Client], kind: str) -> None:
    deviation = KINDS[kind](world)
    for who in cases.overseers(world):
        client = login(world.people[who])
        allowed = TABLE[kind].get(who)
        seen = client.get(deviation.get_absolute_url())
        assert seen.status_code == (404 if allowed is None else 200), (kind, who)
        for name in STEPS:
            answer = client.post(f"{deviation.get_absolute_url()}steg/{name}/", {"seen": "-1"})
            if allowed is None:
                assert answer.status_code == 404, (kind, who, name)
            elif name in allowed:
                assert answer.status_code in (200, 302), (kind, who, name)
            else:
                assert answer.status_code == 403, (kind, who, name)
        deviation.refresh_from_db()
        assert deviation.events_count == 1, f"{who} changed the case with an empty form"


def test_only_the_quality_coordinator_opens_a_hidden_name(world: World, login: Callable[[User], Client]) -> None:
    deviation = KINDS["hidden name"](world)
    for who in cases.overseers(world):
        answer = login(world.people[who]).get(f"{deviation.get_absolute_url()}navn/")
        expected = 200 if who == "kristin" else 403 if who in TABLE["hidden name"] else 404
        assert answer.status_code == expected, who


@pytest.mark.parametrize("kind", ["ordinary", "anonymous", "anonymous, about the leader", "about the leader"])
def test_there_is_no_name_to_open_where_none_is_hidden(
    world: World, login: Callable[[User], Client], kind: str
) -> None:
    deviation = KINDS[kind](world)
    for who in cases.overseers(world):
        answer = login(world.people[who]).post(f"{deviation.get_absolute_url()}navn/", {"reason": "Nysgjerrig"})
        assert answer.status_code == (403 if who in TABLE[kind] else 404), who


def test_an_address_that_does_not_exist_is_404_for_all(world: World, login: Callable[[User], Client]) -> None:
    for who in cases.overseers(world):
        assert login(world.people[who]).get("/avvik/FJE-2020-9999/").status_code == 404


def test_nobody_without_a_log_in_sees_anything(world: World, client: Client) -> None:
    deviation = KINDS["ordinary"](world)
    for path in (deviation.get_absolute_url(), "/avvik/", "/meld/", "/", f"{deviation.get_absolute_url()}takk/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/konto/login/")


def test_a_municipality_can_narrow_what_leaders_far_up_see(world: World, login: Callable[[User], Client]) -> None:
    from deviations import actions
    from kvalitetslosen.journal.record import change

    deviation = actions.receive(deviation=KINDS["ordinary"](world), by=world.leif)
    change(world.municipality.settings, "organisation.settings_changed", by=world.ada, narrow_upper_sight=True)
    assert login(world.sunniva).get(deviation.get_absolute_url()).status_code == 200  # one level up
    assert login(world.rolf).get(deviation.get_absolute_url()).status_code == 404  # two levels up
    actions.assess(deviation=deviation, by=world.leif, consequence=4, probability=3)
    assert login(world.rolf).get(deviation.get_absolute_url()).status_code == 200  # high: all leaders see it
