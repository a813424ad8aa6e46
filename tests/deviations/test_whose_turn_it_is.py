"""Nobody waits unseen: the leader sees that the reporter waits, the reporter sees when an answer is to come."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from deviations import actions, pages
from deviations.lifecycle import State
from deviations.models import Deviation
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui import dates
from tests.deviations import cases
from tests.morning import shown
from tests.people import World

Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)


def waits(user: User) -> list[Deviation]:
    return list((shown(user, pages.reporter_waits) or {"rows": []})["rows"])


def main_of(page: str) -> str:
    """The page's own words, without tags and menus."""
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]).split())


def answered(world: World) -> Deviation:
    deviation = cases.waiting(world)
    actions.answer(deviation=deviation, by=world.nora, text="En time.")
    return deviation


def written_to(world: World) -> Deviation:
    deviation = cases.received(world)
    actions.write_message(deviation=deviation, by=world.nora, text="Det hendte igjen.", from_reporter=True)
    return deviation


def reopened(world: World) -> Deviation:
    return actions.reopen(deviation=cases.closed(world), by=world.nora, note="Det hendte igjen.")


def not_helped(world: World) -> Deviation:
    deviation = cases.closed(world)
    actions.say_whether_it_helped(deviation=deviation, by=world.nora, helped=False)
    return deviation


@pytest.mark.parametrize("what", [answered, written_to, reopened, not_helped])
def test_the_handler_sees_in_the_morning_that_the_reporter_waits(
    world: World, login: Login, what: Callable[[World], Deviation]
) -> None:
    deviation = what(world)
    assert waits(world.leif) == [deviation]
    page = login(world.leif).get("/").text
    assert "The reporter waits for you" in page
    assert "One thing waits for you." in page
    assert waits(world.sunniva) == []


@pytest.mark.parametrize("what", [answered, written_to, reopened])
def test_a_word_to_the_reporter_takes_it_away(world: World, what: Callable[[World], Deviation]) -> None:
    deviation = what(world)
    actions.write_message(deviation=deviation, by=world.leif, text="Takk.", from_reporter=False)
    assert waits(world.leif) == []


def test_so_does_an_answer(world: World) -> None:
    actions.close(deviation=answered(world), by=world.leif, outcome="Ordnet.")
    assert waits(world.leif) == []


def test_one_that_was_not_helped_is_let_go_after_two_weeks(world: World) -> None:
    deviation = cases.closed(world)
    actions.say_whether_it_helped(deviation=deviation, by=world.nora, helped=False, at=timezone.now() - 15 * DAY)
    assert waits(world.leif) == []


def test_what_is_not_received_yet_stands_once(world: World) -> None:
    deviation = cases.ordinary(world)
    actions.write_message(deviation=deviation, by=world.nora, text="Og en ting til.", from_reporter=True)
    assert waits(world.leif) == []
    assert (shown(world.leif, pages.to_receive) or {})["rows"] == [deviation]


def test_what_is_near_its_deadline_stands_once(world: World) -> None:
    deviation = written_to(world)
    Deviation.objects.filter(pk=deviation.pk).update(deadline=timezone.now() + DAY)
    assert waits(world.leif) == [deviation]
    assert shown(world.leif, pages.towards_deadline) is None


def test_a_case_about_oneself_never_stands_there(world: World) -> None:
    deviation = cases.about_the_leader(world)
    Deviation.objects.filter(pk=deviation.pk).update(
        handler=world.leif, reporter_waits_since=timezone.now(), state=State.RECEIVED
    )
    assert waits(world.leif) == []


def test_what_the_reporter_writes_while_a_question_waits_is_the_answer(world: World, login: Login) -> None:
    deviation = cases.waiting(world)
    login(world.nora).post(f"{deviation.get_absolute_url()}melding/", {"text": "Omtrent en time."})
    deviation.refresh_from_db()
    assert deviation.state == State.IN_PROGRESS
    assert deviation.waiting_since is None


def test_what_the_leader_writes_while_a_question_waits_is_not(world: World, login: Login) -> None:
    deviation = cases.waiting(world)
    login(world.leif).post(f"{deviation.get_absolute_url()}melding/", {"text": "Det haster litt."})
    deviation.refresh_from_db()
    assert deviation.state == State.WAITING


def test_the_question_and_one_form_stand_together(world: World, login: Login) -> None:
    deviation = cases.waiting(world)
    for page in (
        login(world.nora).get(deviation.get_absolute_url()).text,
        login(world.nora).get(f"{deviation.get_absolute_url()}steg/answer/").text,
    ):
        assert page.count("<textarea") == 1
        assert "Leif Lund asks you" in main_of(page)
        assert page.index("Hvor lenge?") < page.index("<textarea")


def test_a_step_shows_what_happened_and_what_was_said_last(world: World, login: Login) -> None:
    deviation = actions.receive(
        deviation=cases.ordinary(world, done_at_once="Ringte legevakta.", suggestion="To lister."), by=world.leif
    )
    for number in range(4):
        actions.write_message(deviation=deviation, by=world.nora, text=f"Nummer {number}.", from_reporter=True)
    page = login(world.leif).get(f"{deviation.get_absolute_url()}steg/close/").text
    for said in (cases.TEXT, "Ringte legevakta.", "To lister.", "Nummer 1.", "Nummer 3."):
        assert said in page
    assert "Nummer 0." not in page
    assert "<details" not in page[page.index("<main") : page.index("<form", page.index("<main"))]


def test_a_quality_contacts_step_shows_the_talk_she_may_read(world: World, login: Login) -> None:
    deviation = written_to(world)
    assert "Det hendte igjen." in login(world.kaja).get(f"{deviation.get_absolute_url()}steg/assess/").text


def promised(world: World, login: Login, deviation: Deviation) -> str:
    return main_of(login(world.nora).get(deviation.get_absolute_url()).text)


def test_a_question_is_no_answer_the_reporter_still_has_a_date(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    assert f"You get an answer by {dates.dated(deviation.answer_by)}." in promised(world, login, deviation)
    actions.receive(deviation=deviation, by=world.leif)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Hvor lenge?")
    assert deviation.first_answer_at is not None, "in the figures, a person's question is a first reply"
    assert f"You get an answer by {dates.dated(deviation.deadline)}." in promised(world, login, deviation)


def test_after_it_is_opened_again_there_is_a_date_and_the_earlier_answer(world: World, login: Login) -> None:
    deviation = reopened(world)
    page = promised(world, login, deviation)
    assert f"You get an answer by {dates.dated(deviation.deadline)}." in page
    assert "Answer given before the case was opened again Vi har endret rutinen." in page
    assert "Did it help?" not in page


def test_a_promise_that_was_not_kept_is_owned_up_to(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    gone = timezone.now() - 2 * DAY
    Deviation.objects.filter(pk=deviation.pk).update(answer_by=gone, deadline=gone)
    assert "You should have had an answer by" in promised(world, login, deviation)


def test_who_was_not_helped_is_offered_to_have_it_opened(world: World, login: Login) -> None:
    deviation = not_helped(world)
    page = login(world.nora).get(deviation.get_absolute_url()).text
    assert "You said that it did not help." in page
    assert "Ask to have the case opened again" in page
    assert "Next step" not in page
    assert "los-more" not in page
    assert "Ask to have the case opened again" not in login(world.leif).get(deviation.get_absolute_url()).text


def test_until_it_is_received_the_date_to_receive_by_is_the_one_that_shows(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    leif = login(world.leif)
    page, morning = main_of(leif.get(deviation.get_absolute_url()).text), main_of(leif.get("/").text)
    assert f"Receive it by {dates.dated(deviation.receive_by)}" in page
    assert f"receive by {dates.dated(deviation.receive_by, short=True)}" in morning
    assert dates.short(deviation.deadline) not in morning
    Deviation.objects.filter(pk=deviation.pk).update(receive_by=timezone.now() - 2 * DAY)
    assert "It should have been received" in leif.get(deviation.get_absolute_url()).text
    assert "should have been received" in leif.get("/").text


def test_the_reader_is_spoken_to_not_of(world: World, login: Login) -> None:
    deviation = answered(world)
    nora, leif = (main_of(login(each).get(deviation.get_absolute_url()).text) for each in (world.nora, world.leif))
    assert "You have the case." in leif
    assert "In the hands of You" in leif
    assert "It went to you." in leif
    assert "Leif Lund asked you something." in nora
    assert "asked the reporter" not in nora
    assert "You answered." in nora
    assert "You have the case." not in nora


def test_a_hidden_reporter_reads_you_and_nobody_else_does(world: World, login: Login) -> None:
    deviation = actions.receive(deviation=cases.hidden_name(world), by=world.leif)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Hvor?")
    actions.answer(deviation=deviation, by=world.nora, text="På badet.")
    actions.open_identity(deviation=deviation, by=world.kristin, reason="Fare for liv")
    actions.close(deviation=deviation, by=world.leif, outcome="Ordnet.")
    own = main_of(login(world.nora).get(deviation.get_absolute_url()).text)
    for said in ("You reported the case.", "You answered.", "looked at your hidden name", "with an answer to you"):
        assert said in own
    for reader in (world.leif, world.sunniva, world.kristin):
        page = main_of(login(reader).get(deviation.get_absolute_url()).text)
        assert "The reporter answered." in page
        assert "You answered." not in page
        assert "Nora" not in page


def test_ones_own_name_says_nothing_in_ones_own_rows(world: World, login: Login) -> None:
    cases.ordinary(world)
    assert world.leif.name not in main_of(login(world.leif).get("/").text)
    assert world.leif.name in main_of(login(world.sunniva).get("/avvik/").text)


def test_an_own_report_says_when_an_answer_comes_and_that_one_has(world: World, login: Login) -> None:
    still, done = cases.received(world), cases.closed(world)
    sweep()
    nora = login(world.nora)
    page = main_of(nora.get("/avvik/").text)
    assert f"answer by {dates.short(still.promised_by)}" in page
    assert page.index(done.reference) < page.index(still.reference)
    assert page.count("Unread answer") == 1


def test_a_case_without_a_category_is_known_by_its_first_words(world: World, login: Login) -> None:
    deviation = cases.received(world)
    page = login(world.leif).get(deviation.get_absolute_url()).text
    assert "«Morgendosen i multidosen var ikke gitt.»" in main_of(page)[:400]
    assert "Morgendosen" not in page[page.index("<title") : page.index("</title")]
    assert "«Morgendosen i multidosen" in login(world.leif).get("/avvik/").text


def test_a_category_says_what_it_belongs_under(world: World, login: Login) -> None:
    from deviations import settings_actions

    main = cases.category(world, "Legemiddel")
    sub = settings_actions.add_category(municipality_id=world.municipality.pk, by=None, name="Ikke gitt", parent=main)
    deviation = cases.ordinary(world, category=sub)
    leif = login(world.leif)
    for address in ("/", "/avvik/", deviation.get_absolute_url()):
        assert "Legemiddel: ikke gitt" in leif.get(address).text


def test_a_hidden_reporter_is_shown_the_way_they_have(world: World, login: Login) -> None:
    own, leaders = cases.hidden_name(world), cases.ordinary(world, by=world.leif, hide_name=True)
    assert "“Reported by me”" not in login(world.nora).get(f"{own.get_absolute_url()}takk/").text
    assert "“Reported by me”" in login(world.leif).get(f"{leaders.get_absolute_url()}takk/").text
