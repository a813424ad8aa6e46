"""Reporters hear who has the case, what is asked, and that there is an answer; so do those who hid their name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full, local_day
from tests.notifications.conftest import Post
from tests.people import World

Report = Callable[..., Deviation]
Hidden = pytest.mark.parametrize("hidden", [False, True], ids=["named", "hidden"])


@pytest.fixture(autouse=True)
def _nora_reads_english(world: World) -> None:
    organisation.choose_language(user=world.nora, language="en")


def told(user: User) -> list[str]:
    """The names of the mails the person has got."""
    rows = Email.objects.filter(user=user, state=Email.State.SENT).order_by("pk")
    return [name.partition(".")[2] for name in rows.values_list("name", flat=True)]


@Hidden
def test_who_has_it_and_when_to_expect_an_answer(world: World, report: Report, post: Post, hidden: bool) -> None:
    case = report(hide_name=hidden)
    actions.receive(deviation=case, by=world.leif)
    post.deliver()
    (mail,) = post.to(world.nora)
    assert mail.subject == f"{case.reference}: Leif Lund has your case"
    assert "You can expect an answer by" in mail.body
    assert str(local_day(case.answer_by).year) in mail.body
    assert f"http://testserver/avvik/{case.reference}/" in mail.body


def test_when_the_first_answer_is_late_the_deadline_is_promised(world: World, report: Report, post: Post) -> None:
    case = report()
    Deviation.objects.filter(pk=case.pk).update(answer_by=timezone.now())
    actions.receive(deviation=case, by=world.leif)
    post.deliver()
    with translation.override("en"):
        assert f"by {full(local_day(case.deadline))}." in post.to(world.nora)[0].body


@Hidden
def test_the_whole_way_of_a_case(world: World, report: Report, post: Post, hidden: bool) -> None:
    case = report(hide_name=hidden)
    post.deliver()
    actions.receive(deviation=case, by=world.leif)
    post.deliver()
    actions.ask_reporter(deviation=case, by=world.leif, text="Når?")
    post.deliver()
    actions.answer(deviation=case, by=world.nora, text="I går")
    post.deliver()
    actions.write_message(deviation=case, by=world.leif, text="Takk", from_reporter=False)
    post.deliver()
    actions.write_message(deviation=case, by=world.nora, text="Bare hyggelig", from_reporter=True)
    post.deliver()
    actions.close(deviation=case, by=world.leif, outcome="Løst")
    post.deliver()
    actions.say_whether_it_helped(deviation=case, by=world.nora, helped=False)
    post.deliver()
    actions.reopen(deviation=case, by=world.nora, note="Ikke løst")
    post.deliver()
    assert told(world.nora) == ["received", "asked", "message_to_reporter", "closed"]
    assert told(world.leif) == ["arrived", "answered", "message_to_handler", "not_helped", "reopened"]


def test_the_answer_is_not_in_the_mail_and_it_asks_whether_it_helped(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Vi har byttet hylle")
    post.deliver()
    (mail,) = post.to(world.nora)
    assert mail.subject == f"{case.reference}: there is an answer for you"
    assert "tell whether it helped" in mail.body
    assert "hylle" not in mail.body


def test_not_a_deviation_is_an_answer_too(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.not_deviation(deviation=case, by=world.leif, outcome="Dette er rutine")
    post.deliver()
    assert told(world.nora) == ["closed"]


def test_an_answer_that_helped_disturbs_nobody(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Løst")
    actions.say_whether_it_helped(deviation=case, by=world.nora, helped=True)
    post.deliver()
    assert "not_helped" not in told(world.leif)


def test_both_reporters_of_two_cases_that_became_one_get_the_answer(world: World, report: Report, post: Post) -> None:
    first, second = report(), report(by=world.greta, hide_name=True)
    actions.merge(deviation=second, by=world.leif, into=first)
    actions.receive_and_close(deviation=first, by=world.leif, outcome="Løst")
    post.deliver()
    assert told(world.greta) == ["merged", "closed"]
    assert told(world.nora) == ["closed"]
    own = post.to(world.greta)[-1]
    assert second.reference in f"{own.subject}{own.body}"
    assert first.reference not in f"{own.subject}{own.body}", "each hears of their own case"


@pytest.mark.parametrize("hide_name", [False, True])
def test_a_reporter_hears_that_the_case_became_a_proposal(
    world: World, report: Report, post: Post, hide_name: bool
) -> None:
    case = report(hide_name=hide_name)
    actions.make_proposal(deviation=case, by=world.leif, text="Hemmelig begrunnelse")
    post.deliver()
    assert told(world.nora) == ["made_proposal"]
    mail = post.to(world.nora)[-1]
    assert case.reference in mail.subject
    assert "Hemmelig begrunnelse" not in mail.body


def test_a_reporter_hears_when_leaders_open_the_case_again(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Løst")
    actions.reopen(deviation=case, by=world.leif, note="Det hendte igjen")
    post.deliver()
    assert told(world.nora)[-1] == "reopened_for_reporter"
    assert "closed" not in told(world.nora), "no longer true when the mail was to go"


def test_a_question_that_is_answered_already_is_not_sent(world: World, report: Report, post: Post) -> None:
    case = report()
    actions.receive(deviation=case, by=world.leif)
    actions.ask_reporter(deviation=case, by=world.leif, text="Når?")
    actions.answer(deviation=case, by=world.nora, text="I går")
    post.deliver()
    assert told(world.nora) == ["received"]


def test_whoever_hid_their_name_is_told_of_each_look_at_it(world: World, report: Report, post: Post) -> None:
    case = report(hide_name=True)
    actions.open_identity(deviation=case, by=world.kristin, reason="Fare for liv")
    post.deliver()
    (mail,) = post.to(world.nora)
    assert "your name was looked at" in mail.subject
    assert "Fare" not in mail.body
    assert not post.to(world.kristin)


def test_no_leader_sees_a_trace_of_a_hidden_reporter(
    world: World, report: Report, post: Post, login: Callable[[User], Client]
) -> None:
    """Mail to Nora is in flight for every kind of event; nothing a leader or administrator can open names her."""
    case = report(hide_name=True)
    actions.receive(deviation=case, by=world.leif)
    actions.ask_reporter(deviation=case, by=world.leif, text="Når?")
    actions.answer(deviation=case, by=world.nora, text="I går")
    actions.close(deviation=case, by=world.leif, outcome="Løst")
    post.deliver()
    assert told(world.nora)
    for event in Event.objects.about(case):
        assert event.by != world.nora
        assert str(world.nora.pk) not in [str(value) for value in event.data.values()]
    for reader in (world.leif, world.sunniva, world.kristin, world.ada):
        client = login(reader)
        for address in (f"/avvik/{case.reference}/", "/varsler/", "/", "/avvik/"):
            page = client.get(address)
            if page.status_code == 200:
                assert "Nora" not in page.content.decode(), (reader, address)
        assert "Nora" not in " ".join(str(each.text) for each in Notification.objects.filter(user=reader))
        assert not [each for each in post.to(reader) if "Nora" in each.body + str(each.subject)]


def test_a_refused_mail_to_a_hidden_reporter_tells_administrators_no_case(
    world: World, report: Report, post: Post, mail_server: Any
) -> None:
    case = report(hide_name=True)
    actions.receive(deviation=case, by=world.leif)
    mail_server.recipients["nora@fjelldal.example"] = "550 5.1.1 No such user"
    post.deliver()
    notice = Notification.objects.get(user=world.ada)
    assert case.reference not in str(notice.text) + notice.url
    assert notice.event is None
