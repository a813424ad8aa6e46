"""Several cases chosen in the list: looked at once more, each done by itself, and told what was done and what not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
ANSWER = "Vi har gått gjennom dette på personalmøtet."


def text_of(page: str) -> str:
    main = BeautifulSoup(page, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def looked_at(client: Client, doing: str, *rows: Deviation) -> str:
    query = "&".join(f"sak={row.reference}" for row in rows)
    return text_of(client.get(f"/avvik/flere/?gjor={doing}&tilbake=visning%3Domrade&{query}").text)


def done(client: Client, doing: str, *rows: Deviation, **more: str) -> str:
    sent = {"gjor": doing, "sak": [f"{row.reference}:{row.events_count}" for row in rows], **more}
    return text_of(client.post("/avvik/flere/", sent).text)


def states(*rows: Deviation) -> list[str]:
    return [Deviation.objects.get(pk=row.pk).state for row in rows]


def test_the_list_offers_boxes_when_asked_to(world: World, login: Login) -> None:
    rows = [cases.ordinary(world) for _ in range(3)]
    leif = login(world.leif)
    assert "velg=1" in leif.get("/avvik/").text
    page = BeautifulSoup(leif.get("/avvik/?visning=omrade&velg=1").text, "html.parser")
    assert {box["value"] for box in page.select("input[name=sak]")} == {row.reference for row in rows}
    assert {button["value"] for button in page.select("button[name=gjor]")} == {
        "receive", "category", "forward", "merge", "close",
    }  # fmt: skip
    assert "name=sak" not in login(world.nora).get("/avvik/?visning=mine&velg=1").text.replace('"', "")


def test_they_are_received_and_closed_with_one_answer(world: World, login: Login) -> None:
    rows = [cases.ordinary(world), cases.ordinary(world), cases.ordinary(world)]
    leif = login(world.leif)
    assert "These 3" in looked_at(leif, "receive", *rows)
    assert states(*rows) == ["reported"] * 3, "looking changes nothing"
    assert "Done with two cases" in done(leif, "receive", *rows[:2])
    assert states(*rows) == ["received", "received", "reported"]
    rows = [Deviation.objects.get(pk=row.pk) for row in rows]
    assert "Fill in" in done(leif, "close", *rows)
    assert "Done with three cases" in done(leif, "close", *rows, outcome=ANSWER)
    assert states(*rows) == ["closed"] * 3
    for row in rows:
        row.refresh_from_db()
        assert row.outcome == ANSWER
        assert Event.objects.about(row).filter(type="deviations.closed").count() == 1
    counts = [row.events_count for row in rows]
    again = done(leif, "close", *rows, outcome=ANSWER)
    assert "None of them can be done with" in again
    assert [Deviation.objects.get(pk=row.pk).events_count for row in rows] == counts


def test_what_does_not_fit_is_left_with_the_reason_and_the_rest_is_done(world: World, login: Login) -> None:
    good, serious, ended, own = (
        cases.received(world), cases.received(world), cases.closed(world), cases.by_the_leader(world),
    )  # fmt: skip
    actions.assess(deviation=serious, by=world.leif, consequence=4, probability=4)
    stale = cases.received(world)
    leif = login(world.leif)
    page = looked_at(leif, "close", good, serious, ended, own)
    assert "These 1" in page
    for reason in ("It is serious, and is looked at by itself.", "It is closed.", "You reported it yourself."):
        assert reason in page
    actions.write_message(
        deviation=Deviation.objects.get(pk=stale.pk), by=world.nora, text="Det skjedde igjen", from_reporter=True
    )
    page = done(leif, "close", good, serious, ended, own, stale, outcome=ANSWER)
    assert "Done with one case" in page
    assert "Somebody was here before you" in page
    assert states(good, serious, stale) == ["closed", "in_progress", "received"]


def test_they_are_sent_on_sorted_and_merged(world: World, login: Login) -> None:
    leif, fall = login(world.leif), cases.category(world, "Fall")
    one, two, three = (cases.ordinary(world) for _ in range(3))
    done(leif, "category", one, two, category=str(fall.pk))
    assert [Deviation.objects.get(pk=row.pk).category for row in (one, two, three)] == [fall, fall, None]
    one, two, three = (Deviation.objects.get(pk=row.pk) for row in (one, two, three))
    assert "Choose which" in done(leif, "merge", one, two, into="FJE-2026-0099") or states(one) == ["reported"]
    page = done(leif, "merge", one, two, into=one.reference)
    assert "Done with one case" in page
    assert f"It goes on as {one.reference}" in page
    assert states(one, two) == ["reported", "merged"]
    assert "At least two are needed" in looked_at(leif, "merge", three)
    page = done(leif, "forward", three, to="Sykehjemmet (Helse og omsorg)", note="Det gjelder dem.")
    assert "Done with one case" in page
    three.refresh_from_db()
    assert three.handling_unit == world.nursing_home


OPEN_TO_LINE = {"ordinary", "hse", "privacy", "hidden name", "anonymous", "from outside", "from another system"}
MAY = {  # which of the kinds each may receive, set the category of, and so on: as in the table of single steps
    "nora": set(),
    "leif": OPEN_TO_LINE,
    "sunniva": set(cases.KINDS),
    "rolf": set(cases.KINDS),
    "kaja": OPEN_TO_LINE | {"by the leader"},
    "kristin": OPEN_TO_LINE | {"by the leader"},
    "vidar": set(),
    "per": set(),
    "greta": set(),
    "mona": set(),
}


@pytest.mark.parametrize("doing", ["receive", "category"])
def test_each_may_do_what_they_may_do_one_by_one(world: World, login: Login, doing: str) -> None:
    rows = {kind: make(world) for kind, make in cases.KINDS.items()}
    for who, may in MAY.items():
        page = looked_at(login(world.people[who]), doing, *rows.values())
        fit = {kind for kind, row in rows.items() if row.reference in page.split("Not these")[0]}
        expected = may if doing == "category" or who not in ("kaja", "kristin") else set()
        assert fit == expected, (doing, who)
        seen = {kind for kind, row in rows.items() if row.reference in page}
        visible = Deviation.objects.visible_to(world.people[who]).values_list("reference", flat=True)
        assert {rows[kind].reference for kind in seen} <= set(visible), who


@pytest.mark.parametrize("query", ["", "gjor=receive", "gjor=delete&sak=FJE-2026-0001", "gjor=receive&sak=%20:x"])
def test_what_makes_no_sense_leads_back_to_the_list(world: World, login: Login, query: str) -> None:
    cases.ordinary(world)
    answer = login(world.leif).get(f"/avvik/flere/?{query}")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/avvik/")
