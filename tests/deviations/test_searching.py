"""One field over the list: a number opens the case, words are looked for in what one may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deviations import actions, filters
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, Unit, User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]


def test_a_number_opens_the_case(world: World, login: Login) -> None:
    deviation = cases.closed(world)
    answer = login(world.leif).get("/avvik/", {"q": f" {deviation.reference.lower()} "})
    assert answer["Location"] == deviation.get_absolute_url()


def test_a_number_one_may_not_see_opens_nothing(world: World, login: Login) -> None:
    deviation = cases.about_the_leader(world)
    for who in (world.leif, world.hans, world.kaja, world.mona):
        answer = login(who).get("/avvik/", {"q": deviation.reference})
        assert answer.status_code == 200
        assert f"/avvik/{deviation.reference}/" not in answer.text


def test_all_words_are_looked_for_open_or_closed(world: World, login: Login) -> None:
    door = cases.ordinary(world, text="Døra mot hagen sto åpen.")
    closed = actions.receive_and_close(
        deviation=cases.ordinary(world, text="Nøkkel mistet.", done_at_once="Låste døra."),
        by=world.leif,
        outcome="Ok.",
    )
    other = cases.ordinary(world)
    page = login(world.leif).get("/avvik/", {"q": "døra"}).text
    assert door.reference in page
    assert closed.reference in page
    assert other.reference not in page
    narrower = login(world.leif).get("/avvik/", {"q": "hagen døra"}).text
    assert door.reference in narrower
    assert closed.reference not in narrower


def test_nothing_is_found_that_one_may_not_see(world: World, login: Login) -> None:
    for make in (cases.about_the_leader, cases.by_the_leader):
        make(world)
    seen = {"leif": 1, "hans": 0, "mona": 0, "ada": 0, "nora": 1, "sunniva": 2}
    for who, n in seen.items():
        page = login(world.people[who]).get("/avvik/", {"q": "multidosen"}).text
        assert page.count('class="los-list__main" href="/avvik/') == n, who


def test_hidden_names_messages_and_causes_are_not_searched(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.hidden_name(world), by=world.leif)
    actions.write_message(deviation=deviation, by=world.leif, text="Giraffen sto der.", from_reporter=False)
    actions.analyse(deviation=deviation, by=world.leif, cause="Elefanten sto der.")
    leif = login(world.leif)
    for word in ("Nora", "Nygård", "giraffen", "elefanten"):
        assert deviation.reference not in leif.get("/avvik/", {"q": word}).text


def test_it_looks_no_further_than_so_many(world: World, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    older, *_newer = [cases.ordinary(world, text="Døra sto åpen.") for _ in range(3)]
    monkeypatch.setattr(filters, "LOOKED_THROUGH", 2)
    page = login(world.leif).get("/avvik/", {"q": "døra"}).text
    assert older.reference not in page
    assert page.count('class="los-list__main" href="/avvik/') == 2


def test_nothing_found_says_what_was_looked_through(world: World, login: Login) -> None:
    assert "Try other words" in login(world.leif).get("/avvik/", {"q": "giraff % _ ' \\"}).text


def test_a_search_asks_the_database_no_more_often_than_the_list(world: World, login: Login) -> None:
    cases.ordinary(world)
    leif = login(world.leif)
    counts = []
    for address in ("/avvik/?status=alle", "/avvik/?q=morgendosen"):
        leif.get(address)
        with CaptureQueriesContext(connection) as asked:
            leif.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_words_are_in_no_log_and_no_journal(
    world: World, login: Login, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    cases.ordinary(world)
    leif = login(world.leif)
    leif.get("/avvik/", {"q": "morgendosen"})
    saved = leif.get(reverse("deviations:export"), {"q": "morgendosen", "visning": "omrade"})
    assert saved.status_code == 200
    assert "morgendosen" not in caplog.text + "".join(capfd.readouterr())
    assert Event.objects.filter(type="deviations.exported").exists()
    assert not [each for each in Event.objects.order_by("pk") if "morgendosen" in str(each.data)]


def test_the_unit_filter_offers_what_there_is_to_choose(world: World, login: Login) -> None:
    assert 'name="enhet"' not in login(world.leif).get("/avvik/").text, "one unit, nothing below"
    page = login(world.sunniva).get("/avvik/").text
    assert "– Hjemmetjenesten" in page
    culture = organisation.create_unit(parent=world.municipality, name="Kultur", code="KU", kind=Unit.Kind.SECTOR)
    organisation.create_unit(parent=culture, name="Biblioteket", code="BI", kind=Unit.Kind.UNIT)
    organisation.grant_role(user=world.sunniva, unit=culture, role=Role.LEADER)
    page = login(User.objects.get(pk=world.sunniva.pk)).get("/avvik/").text
    for name in ("Helse og omsorg", "– Hjemmetjenesten", "Kultur", "– Biblioteket", "My whole area"):
        assert f">{name}</option>" in page
