"""What a merge leaves in the case that goes on, for those who handle it; reporters read nothing of each other."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions
from deviations.figures import counted_anew
from deviations.models import Deviation, FigureCount, Severity
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import messages_about
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)


def merged(world: World) -> tuple[Deviation, Deviation]:
    goes_on = cases.received(world)
    ended = cases.ordinary(world, by=world.greta, text="Dosetten var tom.", hide_name=True)
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    goes_on.refresh_from_db()
    return goes_on, ended


def main_of(client: Client, deviation: Deviation) -> str:
    main = BeautifulSoup(client.get(deviation.get_absolute_url()).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def test_the_case_that_goes_on_tells_of_it_and_shows_the_other(world: World, login: Login) -> None:
    goes_on, ended = merged(world)
    page = main_of(login(world.leif), goes_on)
    assert "You merged another case that tells of the same into this one." in page
    assert f"Merged into this one: {ended.reference}" in page
    assert "Dosetten var tom." in page


def test_a_reporter_reads_nothing_of_the_others_case(world: World, login: Login) -> None:
    goes_on, ended = merged(world)
    first, second = main_of(login(world.nora), goes_on), main_of(login(world.greta), ended)
    assert "Leif Lund merged another case that tells of the same into this one." in first
    assert ended.reference not in first
    assert "Dosetten var tom." not in first
    assert "Leif Lund merged the case into another one that tells of the same." in second
    assert goes_on.reference not in second


def test_the_answer_reaches_every_reporter_also_by_way_of_another_case(world: World, login: Login) -> None:
    goes_on, ended = merged(world)
    third = cases.received(world)
    actions.merge(deviation=goes_on, by=world.leif, into=third)
    greta = login(world.greta)
    assert "Ny dosettrutine" not in main_of(greta, ended)
    actions.close(deviation=third, by=world.leif, outcome="Ny dosettrutine fra mandag.")
    page = main_of(greta, ended)
    assert "The answer you got" in page
    assert "Did it help?" not in page, "the case it ended in is another's to judge"
    greta.post(f"{ended.get_absolute_url()}hjalp/", {"helped": "no"})
    ended.refresh_from_db()
    assert ended.helped is None
    assert "Ny dosettrutine fra mandag." in page
    assert third.reference not in page
    assert "Ny dosettrutine fra mandag." in main_of(login(world.nora), goes_on)
    event = Event.objects.about(third).last()
    assert event is not None
    (message,) = [each for each in messages_about(event.type) if each.name == "closed"]
    assert {each.pk for each in message.recipients(event, third) if each} == {world.nora.pk, world.greta.pk}


def test_who_may_not_see_the_other_reads_nothing_of_it(world: World, login: Login) -> None:
    goes_on = actions.receive(deviation=cases.hse(world), by=world.leif)
    ended = cases.ordinary(world, text="Dosetten var tom.")
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    page = main_of(login(world.vidar), goes_on)
    assert ended.reference not in page
    assert "Dosetten var tom." not in page


def test_the_stricter_severity_and_the_earlier_deadline_win(world: World) -> None:
    goes_on, ended = cases.received(world), cases.received(world)
    actions.assess(deviation=goes_on, by=world.leif, consequence=2, probability=2)
    actions.assess(deviation=ended, by=world.leif, consequence=4, probability=4)
    Deviation.objects.filter(pk=goes_on.pk).update(deadline=timezone.now() + 90 * DAY)
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    goes_on.refresh_from_db()
    assert (goes_on.severity, goes_on.consequence, goes_on.probability) == (Severity.CRITICAL, 4, 4)
    assert goes_on.deadline == ended.deadline
    kept = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.exclude(n=0)}
    assert kept == dict(counted_anew(Deviation.objects.all())), "the figures follow"


def test_a_milder_and_later_one_changes_nothing(world: World) -> None:
    goes_on, ended = cases.received(world), cases.ordinary(world)
    actions.assess(deviation=goes_on, by=world.leif, consequence=4, probability=4)
    before = goes_on.deadline
    actions.merge(deviation=ended, by=world.leif, into=goes_on)
    goes_on.refresh_from_db()
    assert (goes_on.severity, goes_on.deadline) == (Severity.CRITICAL, before)


def offered(client: Client, deviation: Deviation) -> list[str]:
    page = BeautifulSoup(client.get(f"{deviation.get_absolute_url()}steg/merge/").text, "html.parser")
    return [str(each["value"]) for each in page.select("input[name=chosen]")]


def test_the_units_open_cases_are_offered_those_of_the_same_category_first(world: World, login: Login) -> None:
    fall = cases.category(world, "Fall")
    same, other = cases.ordinary(world, category=fall), cases.ordinary(world)
    elsewhere, about_leif, ended = (
        cases.ordinary(world, unit=world.nursing_home),
        cases.about_the_leader(world),
        (cases.closed(world)),
    )
    mine = cases.ordinary(world, category=fall)
    for reader in (world.leif, world.sunniva):
        shown = offered(login(reader), mine)
        assert shown == [same.reference, other.reference, "another"]
        assert not {each.reference for each in (elsewhere, about_leif, ended)} & set(shown)
    page = login(world.leif).get(f"{mine.get_absolute_url()}steg/merge/").text
    assert "Fall" in page
    assert "«Morgendosen i multidosen" in page


def test_one_is_chosen_or_written(world: World, login: Login) -> None:
    first, second, third = cases.ordinary(world), cases.ordinary(world), cases.ordinary(world)
    leif = login(world.leif)
    seen = {"seen": second.events_count}
    leif.post(f"{second.get_absolute_url()}steg/merge/", {"chosen": first.reference} | seen)
    leif.post(f"{third.get_absolute_url()}steg/merge/", {"chosen": "another", "into": first.reference.lower()} | seen)
    for each in (second, third):
        each.refresh_from_db()
        assert each.merged_into == first


def test_choosing_none_is_pointed_out(world: World, login: Login) -> None:
    cases.ordinary(world)
    second = cases.ordinary(world)
    answer = login(world.leif).post(f"{second.get_absolute_url()}steg/merge/", {"seen": second.events_count})
    assert "Choose the other case" in answer.text
    second.refresh_from_db()
    assert second.is_open
