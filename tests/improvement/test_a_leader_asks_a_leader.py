"""Sunniva leads above Leif and asks him; he answers in place; she reads. Rolf, one level above her, sees it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions, whom_to_ask
from improvement.lifecycle import InquiryState
from improvement.models import Inquiry, InquiryRhythm, Topic
from improvement.practice import forget
from improvement.whom_to_ask import Whom
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import Membership, Role, User
from tests.notifications.conftest import Post, at
from tests.people import World

QUESTION = "Hva stopper dere i å signere i tide?"
Login = Callable[[User], Client]


def whom(world: World) -> Whom:
    found = whom_to_ask.leading(world.sunniva, world.home_care)
    assert found is not None
    return found


@pytest.fixture
def asked(world: World) -> Inquiry:
    return actions.ask(by=world.sunniva, whom=whom(world), topic=Topic.LEARNING, question=QUESTION)


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_she_asks_with_one_of_the_good_questions_and_he_answers_in_place(world: World, login: Login) -> None:
    form = {"key": "3f1b8a52-0000-4000-8000-000000000001", "unit": world.home_care.pk, "what": "learnt"}
    form["due_on"] = (timezone.localdate() + datetime.timedelta(days=7)).isoformat()
    answer = login(world.sunniva).post("/sporsmal/spor/", form)
    inquiry = Inquiry.objects.get()
    assert answer["Location"] == f"/sporsmal/{inquiry.pk}/"
    assert (inquiry.asked, inquiry.question) == (world.leif, "What did you learn from your cases this month?")
    login(world.sunniva).post("/sporsmal/spor/", form)
    assert Inquiry.objects.count() == 1, "a double click asks once"

    client = login(world.leif)
    assert "You are asked" in text_of(client.get("/"))
    client.post(f"/sporsmal/{inquiry.pk}/", {"answer": "At vaktskiftet er sårbart."})
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.answer) == (InquiryState.ANSWERED, "At vaktskiftet er sårbart.")
    assert "You are asked" not in text_of(client.get("/"))

    client = login(world.sunniva)
    assert "Answers to you" in text_of(client.get("/"))
    assert "At vaktskiftet er sårbart." in text_of(client.get(f"/sporsmal/{inquiry.pk}/"))
    client.post(f"/sporsmal/{inquiry.pk}/steg/read/")
    inquiry.refresh_from_db()
    assert inquiry.state == InquiryState.READ
    kinds = [event.type.partition(".")[2] for event in Event.objects.about(inquiry).order_by("number")]
    assert kinds == ["inquiry_asked", "inquiry_answered", "inquiry_read"]
    assert "asked 1 time in a year, and 1 is answered" in text_of(client.get("/sporsmal/?visning=fra-meg"))
    assert "have answered 1" in text_of(login(world.leif).get("/sporsmal/"))


def test_the_two_and_the_level_above_see_it_and_nobody_else(world: World, login: Login, asked: Inquiry) -> None:
    for who, status in {
        "leif": 200, "sunniva": 200, "rolf": 200, "hans": 404, "nora": 404, "kaja": 404, "kristin": 404, "ada": 404,
        "vidar": 404, "per": 404, "tiril": 404, "mona": 404,
    }.items():  # fmt: skip
        client = login(world.people[who])
        assert client.get(f"/sporsmal/{asked.pk}/").status_code == status, who
        shown = b"".join(
            client.get(f"/sporsmal/?visning={view}").content for view in ("til-meg", "fra-meg", "under-meg")
        )
        assert (QUESTION.encode() in shown) == (status == 200), who
        refused = 403 if status == 200 else 404
        if who != "leif":
            assert client.post(f"/sporsmal/{asked.pk}/", {"answer": "Nei"}).status_code == refused, who
        if who != "sunniva":
            assert client.post(f"/sporsmal/{asked.pk}/steg/withdraw/").status_code == refused, who
    asked.refresh_from_db()
    assert asked.is_waiting


def test_two_levels_above_is_too_far(world: World) -> None:
    """Hans' neighbour unit gets a leader below Leif: Rolf sees no more what Leif asks there."""
    team = organisation.create_unit(parent=world.home_care, name="Sone nord", code="SN", kind="unit")
    lena = organisation.add_person(
        municipality=world.municipality, name="Lena Lie", email="lena@fjelldal.example", language="nb"
    )
    organisation.grant_role(user=lena, unit=team, role=Role.LEADER)
    found = whom_to_ask.leading(world.leif, team)
    assert found is not None
    inquiry = actions.ask(by=world.leif, whom=found, topic=Topic.LEARNING, question=QUESTION)
    seen = [who for who, user in world.people.items() if Inquiry.objects.visible_to(user).filter(pk=inquiry.pk)]
    assert seen == ["leif", "sunniva"]


def test_the_numbers_are_those_both_may_see(world: World, login: Login) -> None:
    then = timezone.now() - datetime.timedelta(days=40)
    for text in ("Fall", "Feil dose"):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=text)
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om Leif", about_leader=True)
    Deviation.objects.update(reported_at=then)
    inquiry = actions.ask(by=world.sunniva, whom=whom(world), topic=Topic.LEARNING, question=QUESTION)
    assert inquiry.counts is not None
    assert (inquiry.counts["now"], inquiry.counts["before"]) == (2, 0), "not the one about him, for her either"
    for who in (world.leif, world.sunniva):
        page = text_of(login(who).get(f"/sporsmal/{inquiry.pk}/"))
        assert "2 cases reported" in page


@pytest.mark.parametrize("who", ["nora", "kaja", "ada", "vidar"])
def test_only_leaders_ask(world: World, login: Login, who: str) -> None:
    client = login(world.people[who])
    assert client.get("/sporsmal/spor/").status_code == 403
    assert client.post("/sporsmal/spor/", {}).status_code == 403
    assert "/sporsmal/" not in client.get("/handbok/").content.decode()


def test_one_asks_those_below_and_help_from_above(world: World, login: Login) -> None:
    page = BeautifulSoup(login(world.sunniva).get("/sporsmal/spor/").content, "html.parser")
    units = {option["value"] for option in page.select("#id_unit option") if option["value"]}
    assert units == {str(world.home_care.pk), str(world.nursing_home.pk)}
    form = {"key": "3f1b8a52-0000-4000-8000-000000000002", "unit": world.school.pk, "what": "learnt"}
    assert login(world.sunniva).post("/sporsmal/spor/", form).status_code == 200
    assert not Inquiry.objects.exists()
    form = {"key": "3f1b8a52-0000-4000-8000-000000000003", "what": "help_means", "due_on": "2999-01-01"}
    answer = login(world.leif).post("/sporsmal/spor/?opp=1", form)
    assert "ten years ahead" in text_of(answer)
    form["due_on"] = timezone.localdate().isoformat()
    login(world.leif).post("/sporsmal/spor/?opp=1", form)
    inquiry = Inquiry.objects.get()
    assert (inquiry.asked, inquiry.topic) == (world.sunniva, Topic.HELP)
    assert Inquiry.objects.visible_to(world.rolf).exists(), "one level above the upper of the two"
    assert login(world.rolf).get("/sporsmal/spor/?opp=1").status_code == 403, "nobody is above him"


def test_where_nobody_leads_above_that_is_said(world: World, login: Login) -> None:
    Membership.objects.filter(user__in=[world.sunniva, world.rolf], role=Role.LEADER).update(withdrawn=True)
    page = login(world.leif).get("/sporsmal/spor/?opp=1", follow=True)
    assert "Nobody leads above you today" in text_of(page)


def test_what_is_begun_about_one_thing_is_not_filled_in_for_another(
    world: World, login: Login, case: Deviation
) -> None:
    client, drafts = login(world.sunniva), set()
    for query in ("", f"?sak={case.reference}", f"?enhet={world.home_care.pk}", "?opp=1"):
        (form,) = BeautifulSoup(client.get(f"/sporsmal/spor/{query}").content, "html.parser").select(
            "form[data-draft]"
        )
        drafts.add(str(form["data-draft"]))
    assert len(drafts) == 4


def test_own_words_are_kept_when_something_is_missing_and_carry_no_identity_number(world: World, login: Login) -> None:
    client, day = login(world.sunniva), timezone.localdate().isoformat()
    form = {"key": "3f1b8a52-0000-4000-8000-000000000004", "unit": world.home_care.pk, "what": "own", "due_on": day}
    assert "Write what you want to know." in text_of(client.post("/sporsmal/spor/", form))
    form["question"] = "Hva med 13097248022?"
    assert "identity number" in text_of(client.post("/sporsmal/spor/", form))
    assert not Inquiry.objects.exists()
    form["question"] = QUESTION
    client.post("/sporsmal/spor/", form)
    assert Inquiry.objects.get().question == QUESTION


def test_a_case_is_asked_about_from_its_page(world: World, login: Login, case: Deviation) -> None:
    page = login(world.sunniva).get(case.get_absolute_url())
    assert f"/sporsmal/spor/?sak={case.reference}" in page.content.decode()
    assert (
        f"/sporsmal/spor/?sak={case.reference}" not in login(world.leif).get(case.get_absolute_url()).content.decode()
    )
    form = {"key": "3f1b8a52-0000-4000-8000-000000000005", "what": "case", "due_on": timezone.localdate().isoformat()}
    login(world.sunniva).post(f"/sporsmal/spor/?sak={case.reference}", form)
    inquiry = Inquiry.objects.get()
    assert (inquiry.deviation, inquiry.asked) == (case, world.leif)
    for who in (world.leif, world.sunniva):
        assert inquiry.question in text_of(login(who).get(case.get_absolute_url()))
    assert inquiry.question not in text_of(login(world.nora).get(case.get_absolute_url())), "not for the reporter"
    for name, status in {"hans": 404, "mona": 404, "kristin": 403, "leif": 403}.items():
        assert login(world.people[name]).get(f"/sporsmal/spor/?sak={case.reference}").status_code == status, name


def test_nothing_is_seen_of_it_by_whom_the_case_is_about(world: World, case_about_leif: Deviation) -> None:
    found = whom_to_ask.handling(world.rolf, case_about_leif)
    assert found is not None
    inquiry = actions.ask(by=world.rolf, whom=found, topic=Topic.CASE, question=QUESTION, deviation=case_about_leif)
    assert [who for who in world.people if Inquiry.objects.visible_to(world.people[who]).filter(pk=inquiry.pk)] == [
        "sunniva", "rolf",
    ]  # fmt: skip


def test_withdrawn_it_needs_no_answer(world: World, login: Login, asked: Inquiry) -> None:
    assert login(world.sunniva).get(f"/sporsmal/{asked.pk}/steg/withdraw/").status_code == 405
    login(world.sunniva).post(f"/sporsmal/{asked.pk}/steg/withdraw/")
    page = login(world.leif).post(f"/sporsmal/{asked.pk}/", {"answer": "For sent"}, follow=True)
    assert "withdrew the question" in text_of(page)
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (InquiryState.WITHDRAWN, "")
    with pytest.raises(StepRefused):
        actions.answer(inquiry=asked, by=world.leif, answer="For sent")
    login(world.sunniva).post(f"/sporsmal/{asked.pk}/steg/withdraw/")
    assert Event.objects.about(asked).count() == 2, "the second time does nothing"


def test_mail_says_who_asks_and_never_what(world: World, post: Post) -> None:
    deliver.take_as_told()
    asked = actions.ask(by=world.sunniva, whom=whom(world), topic=Topic.LEARNING, question=QUESTION)
    (mail,) = post.deliver()
    assert mail.to == [world.leif.email]
    assert "Sunniva Sand asks you about Hjemmetjenesten" in mail.subject
    assert QUESTION not in str(mail.message())
    actions.answer(inquiry=asked, by=world.leif, answer="Hemmelig svar")
    (mail,) = post.deliver()
    assert mail.to == [world.sunniva.email]
    assert "Hemmelig svar" not in str(mail.message())
    actions.read(inquiry=asked, by=world.sunniva)
    assert not post.deliver(), "that it is read is a notice, no mail"
    assert Notification.objects.filter(user=world.leif, url=asked.get_absolute_url()).count() == 2


def test_a_late_answer_is_reminded_of_and_a_given_one_is_not(
    clock: time_machine.Traveller, world: World, post: Post
) -> None:
    deliver.take_as_told()
    asked = actions.ask(by=world.sunniva, whom=whom(world), topic=Topic.LEARNING, question=QUESTION)
    post.deliver()
    clock.move_to(at("2026-09-08 10:00"))
    assert [mail.to for mail in post.round()] == [[world.leif.email]]
    assert not post.round(), "once a day at most"
    clock.move_to(at("2026-09-10 10:00"))
    assert not post.round()
    clock.move_to(at("2026-09-15 10:00"))
    assert len(post.round()) == 1
    actions.answer(inquiry=asked, by=world.leif, answer="Nå")
    post.deliver()
    clock.move_to(at("2026-09-22 10:00"))
    assert not [mail for mail in post.round() if mail.to == [world.leif.email]]


# Every month


def due(world: World) -> InquiryRhythm:
    rhythm = actions.begin_rhythm(
        by=world.sunniva, unit=world.home_care, topic=Topic.LEARNING, question=QUESTION, day=3
    )
    InquiryRhythm.objects.update(next_on=timezone.localdate())
    return rhythm


def test_what_is_asked_every_month_comes_once_a_month(world: World) -> None:
    due(world)
    due_again = actions.begin_rhythm(
        by=world.sunniva, unit=world.home_care, topic=Topic.LEARNING, question=QUESTION, day=3
    )
    assert InquiryRhythm.objects.get() == due_again, "begun twice it is one"
    for _ in range(3):
        actions.ask_in_rhythm()
    inquiry = Inquiry.objects.get()
    assert (inquiry.asked, inquiry.asker, inquiry.question) == (world.leif, world.sunniva, QUESTION)
    actions.ask_in_rhythm(timezone.localdate() + datetime.timedelta(days=40))
    assert Inquiry.objects.count() == 1, "nobody is asked again before the first is answered"
    actions.answer(inquiry=inquiry, by=world.leif, answer="Mye")
    actions.ask_in_rhythm(timezone.localdate() + datetime.timedelta(days=80))
    assert Inquiry.objects.count() == 2


def test_both_see_how_often_is_asked_and_answered_and_that_it_comes_every_month(world: World, login: Login) -> None:
    due(world)
    actions.ask_in_rhythm()
    inquiry = Inquiry.objects.get()
    for who in (world.sunniva, world.leif):
        page = text_of(login(who).get(f"/sporsmal/{inquiry.pk}/"))
        assert f"{world.sunniva.name} has asked {world.leif.name} 1 time in a year, and 0 is answered." in page
        assert "This is asked every month, next time" in page
    actions.answer(inquiry=inquiry, by=world.leif, answer="Mye")
    assert "The answer came within 1 day." in text_of(login(world.leif).get(f"/sporsmal/{inquiry.pk}/"))
    actions.end_rhythm(rhythm=InquiryRhythm.objects.get(), by=world.sunniva)
    assert "every month" not in text_of(login(world.leif).get(f"/sporsmal/{inquiry.pk}/"))


def test_it_ends_when_its_asker_leads_there_no_more(world: World) -> None:
    rhythm = due(world)
    Membership.objects.filter(user=world.sunniva, role=Role.LEADER).update(withdrawn=True)
    actions.ask_in_rhythm()
    rhythm.refresh_from_db()
    assert not rhythm.is_going
    assert not Inquiry.objects.exists()


def test_the_asker_ends_it_and_nobody_else_can(world: World, login: Login) -> None:
    rhythm = due(world)
    for who in ("leif", "rolf", "mona"):
        assert login(world.people[who]).post(f"/sporsmal/fast/{rhythm.pk}/slutt/").status_code == 404
    client = login(world.sunniva)
    assert QUESTION in text_of(client.get("/sporsmal/?visning=fra-meg"))
    assert client.get(f"/sporsmal/fast/{rhythm.pk}/slutt/").status_code == 405
    for _ in range(2):
        client.post(f"/sporsmal/fast/{rhythm.pk}/slutt/")
    assert Event.objects.about(rhythm).count() == 2
    assert "What you ask every month" not in text_of(client.get("/sporsmal/?visning=fra-meg"))


@pytest.mark.parametrize(
    ("day", "after", "then"),
    [(3, "2026-11-02", "2026-11-03"), (3, "2026-11-03", "2026-12-03"), (28, "2026-12-29", "2027-01-28")],
)
def test_the_next_time(day: int, after: str, then: str) -> None:
    assert actions.next_time(day, datetime.date.fromisoformat(after)) == datetime.date.fromisoformat(then)


# When somebody leaves


def test_questions_follow_whoever_takes_over(world: World, asked: Inquiry) -> None:
    back = actions.ask(
        by=world.leif, whom=Whom(world.sunniva, world.home_care, world.health), topic=Topic.HELP, question="Hjelp"
    )
    found = next(each for each in handover.responsibilities() if each.key == "improvement.inquiries")
    assert found.count(world.leif) == 2
    found.move(user=world.leif, to=world.hans, by=world.ada)
    asked.refresh_from_db()
    back.refresh_from_db()
    assert (asked.asked, back.asker) == (world.hans, world.hans)
    found.move(user=world.hans, to=world.sunniva, by=world.ada)
    asked.refresh_from_db()
    back.refresh_from_db()
    assert (asked.state, back.state) == (InquiryState.WITHDRAWN, InquiryState.WITHDRAWN), "nobody asks themselves"


def handed_over(user: User, to: User, by: User) -> None:
    found = next(each for each in handover.responsibilities() if each.key == "improvement.inquiries")
    found.move(user=user, to=to, by=by)


@pytest.mark.parametrize("who", ["leif", "nora", "hans"])
def test_a_question_about_a_case_comes_to_nobody_who_may_not_know_of_it(
    world: World, login: Login, post: Post, case_about_leif: Deviation, who: str
) -> None:
    """It is about Leif, Nora reported it, Hans leads another unit: whoever takes over, it goes to none of them."""
    found = whom_to_ask.handling(world.rolf, case_about_leif)
    assert found is not None
    asked = actions.ask(by=world.rolf, whom=found, topic=Topic.CASE, question=QUESTION, deviation=case_about_leif)
    deliver.take_as_told()
    heir = world.people[who]
    handed_over(world.sunniva, heir, world.ada)
    asked.refresh_from_db()
    assert (asked.asked, asked.state) == (world.sunniva, InquiryState.WITHDRAWN)
    assert QUESTION not in text_of(login(heir).get("/"))
    assert not post.deliver()
    assert not Notification.objects.filter(user=heir).exists()


def test_whoever_takes_over_gets_no_numbers_of_what_another_saw(world: World, login: Login, asked: Inquiry) -> None:
    assert asked.counts is not None
    handed_over(world.leif, world.hans, world.ada)
    assert "What you both see" not in text_of(login(world.hans).get(f"/sporsmal/{asked.pk}/"))
    asked.refresh_from_db()
    assert asked.counts is None


def test_from_above_a_question_is_seen_where_its_case_is(world: World, login: Login, case: Deviation) -> None:
    """Rolf leads above Sunniva. Where leaders so high see serious cases only, he sees no question of a milder one."""
    found = whom_to_ask.handling(world.sunniva, case)
    assert found is not None
    about_case = actions.ask(by=world.sunniva, whom=found, topic=Topic.CASE, question=QUESTION, deviation=case)
    about_unit = actions.ask(by=world.sunniva, whom=whom(world), topic=Topic.LEARNING, question="Hva lærte dere?")
    assert login(world.rolf).get(f"/sporsmal/{about_case.pk}/").status_code == 200
    assert "What you both see" in text_of(login(world.rolf).get(f"/sporsmal/{about_unit.pk}/"))
    change(world.municipality.settings, "organisation.settings_changed", by=world.ada, narrow_upper_sight=True)
    client = login(world.rolf)
    assert client.get(f"/sporsmal/{about_case.pk}/").status_code == 404
    assert QUESTION not in text_of(client.get("/sporsmal/?visning=under-meg"))
    assert "What you both see" not in text_of(client.get(f"/sporsmal/{about_unit.pk}/")), "the numbers are of all"
    assert "What you both see" in text_of(login(world.leif).get(f"/sporsmal/{about_unit.pk}/"))


@pytest.mark.parametrize("hidden", [False, True])
def test_the_reporter_who_leads_above_sees_no_question_about_the_case(
    world: World, login: Login, hidden: bool
) -> None:
    own = cases.report(by=world.rolf, unit=world.home_care, kind=Kind.DEVIATION, text="Glatt trapp", hide_name=hidden)
    found = whom_to_ask.handling(world.sunniva, own)
    assert found is not None
    asked = actions.ask(by=world.sunniva, whom=found, topic=Topic.CASE, question=QUESTION, deviation=own)
    client = login(world.rolf)
    assert client.get(f"/sporsmal/{asked.pk}/").status_code == 404
    assert QUESTION not in text_of(client.get("/sporsmal/?visning=under-meg"))
    assert QUESTION not in text_of(client.get(own.get_absolute_url()))


def test_what_was_asked_while_practising_is_forgotten(world: World, asked: Inquiry) -> None:
    actions.answer(inquiry=asked, by=world.leif, answer="Hemmelig svar")
    rhythm = due(world)
    forget(world.municipality)
    asked.refresh_from_db()
    rhythm.refresh_from_db()
    assert (asked.question, asked.answer, rhythm.question, rhythm.is_going) == ("–", "–", "–", False)
