"""Sunniva sends the agenda, leads the meeting, approves the minutes; Nora, who reported a case, hears of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from deviations import actions as cases
from deviations.models import Deviation, Kind, Message, Naming
from improvement import actions
from improvement.meeting_lifecycle import MeetingState
from improvement.models import Action, AgendaItem, Forum, ForumKind, Meeting
from improvement.practice import forget
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.networks import actions as networks
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.notifications.sending import as_message
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.notifications.conftest import Post, at
from tests.people import World

Login = Callable[[User], Client]
TOLD = "Dobbeltkontrollen glapp da to alarmer gikk samtidig."
ANSWER = "Vi prøver at den som deler ut, har vest på."


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def forum(world: World) -> Forum:
    return actions.found_forum(
        by=world.sunniva, name="Ledermøte helse", kind=ForumKind.LEADERS, unit=world.health,
        members=[world.leif, world.hans],
    )  # fmt: skip


def planned(forum: Forum, **how: Any) -> Meeting:
    today = timezone.localdate()
    usual: dict[str, Any] = {
        "by": forum.leader,
        "starts_at": timezone.now() + datetime.timedelta(days=3),
        "place": "Møterom 2",
        "period_first": today - datetime.timedelta(days=30),
        "period_last": today,
    }
    return actions.plan_meeting(forum=forum, **(usual | how))


@pytest.fixture
def meeting(forum: Forum) -> Meeting:
    return planned(forum)


def brought(meeting: Meeting, case: Deviation, by: User) -> AgendaItem:
    return actions.bring_case(meeting=meeting, by=by, deviation=case, heading="En sak å lære av", words=TOLD)


def calendars() -> dict[str, Any]:
    """What the mails that were last written bring to whom."""
    mails = Email.objects.exclude(calendar="").order_by("pk")
    return {mail.to: Calendar.from_ical(mail.calendar) for mail in mails}


# Invitations


def test_the_agenda_is_sent_with_an_invitation_for_the_calendar(
    world: World, login: Login, meeting: Meeting, post: Post
) -> None:
    login(world.sunniva).post(f"/moter/{meeting.pk}/steg/send/")
    deliver.sweep()
    found = calendars()
    assert set(found) == {world.sunniva.email, world.leif.email, world.hans.email}
    calendar = found[world.leif.email]
    event = calendar.walk("VEVENT")[0]
    assert calendar["method"] == "REQUEST"
    assert str(event["uid"]).startswith(f"{meeting.key}@")
    assert event["sequence"] == 0
    assert event.decoded("dtstart") == meeting.starts_at.replace(microsecond=0)
    assert event["attendee"] == f"MAILTO:{world.leif.email}"
    assert event["organizer"] == f"MAILTO:{world.sunniva.email}"
    assert world.hans.email not in calendar.to_ical().decode(), "who else is asked stays in the product"
    mail = as_message(Email.objects.get(to=world.leif.email)).message()
    kinds = [part.get_content_type() for part in mail.walk()]
    assert "text/calendar" in kinds
    assert "application/ics" in kinds
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert Notification.objects.filter(user=world.leif, name="improvement.meeting_sent").exists()
    assert not Notification.objects.filter(user=world.sunniva, name__startswith="improvement.meeting").exists()


def test_another_time_moves_it_and_cancelling_takes_it_out(world: World, login: Login, meeting: Meeting) -> None:
    client = login(world.sunniva)
    client.post(f"/moter/{meeting.pk}/steg/send/")
    deliver.take_as_told()
    day = timezone.localdate() + datetime.timedelta(days=5)
    form = {
        "day": day.isoformat(), "hour": "10:30", "lasts": "90", "place": "Møterom 3",
        "period_first": meeting.period_first.isoformat(), "period_last": meeting.period_last.isoformat(),
    }  # fmt: skip
    meeting.refresh_from_db()
    client.post(f"/moter/{meeting.pk}/endre/", {**form, "seen": str(meeting.events_count)})
    deliver.sweep()
    event = calendars()[world.leif.email].walk("VEVENT")[0]
    assert (event["sequence"], str(event["location"])) == (1, "Møterom 3")
    assert str(event["uid"]).startswith(str(meeting.key))
    client.post(f"/moter/{meeting.pk}/steg/cancel/")
    client.post(f"/moter/{meeting.pk}/steg/cancel/")
    deliver.sweep()
    calendar = calendars()[world.leif.email]
    assert (calendar["method"], calendar.walk("VEVENT")[0]["sequence"]) == ("CANCEL", 2)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED
    assert Email.objects.filter(name="improvement.meeting_cancelled", to=world.leif.email).count() == 1


def test_nobody_is_told_of_what_was_not_sent(world: World, meeting: Meeting) -> None:
    actions.change_meeting(
        meeting=meeting, by=world.sunniva, starts_at=meeting.starts_at + datetime.timedelta(hours=1), lasts=30,
        place="", period_first=meeting.period_first, period_last=meeting.period_last,
    )  # fmt: skip
    actions.cancel_meeting(meeting=meeting, by=world.sunniva)
    deliver.sweep()
    assert not calendars()


def test_whoever_comes_later_gets_the_invitation_too(world: World, forum: Forum, meeting: Meeting) -> None:
    actions.send(meeting=meeting, by=world.sunniva)
    deliver.take_as_told()
    actions.add_member(forum=forum, by=world.sunniva, user=world.greta)
    assert not actions.add_member(forum=forum, by=world.sunniva, user=world.greta)
    deliver.sweep()
    assert set(calendars()) == {world.greta.email}


# A case


def test_a_case_comes_from_its_page_told_without_who(
    world: World, login: Login, case: Deviation, meeting: Meeting
) -> None:
    client = login(world.leif)
    assert "Take to a meeting" in text_of(client.get(f"/avvik/{case.reference}/"))
    form = {"meeting": meeting.pk, "heading": "En sak å lære av", "words": TOLD}
    client.post(f"/moter/sak/{case.reference}/", form)
    client.post(f"/moter/sak/{case.reference}/", form)
    item = meeting.items.get(deviation=case)
    assert (item.words, item.brought_by, item.chosen) == (TOLD, world.leif, True)
    hans = text_of(login(world.hans).get(f"/moter/{meeting.pk}/"))
    assert TOLD in hans
    assert case.reference not in hans, "he doesn't see the case"
    assert case.text not in hans
    assert case.reference in text_of(login(world.sunniva).get(f"/moter/{meeting.pk}/"))


@pytest.mark.parametrize(("who", "status"), [("nora", 403), ("hans", 404), ("vidar", 404), ("mona", 404)])
def test_only_whoever_has_the_case_brings_it(
    world: World, login: Login, case: Deviation, forum: Forum, meeting: Meeting, who: str, status: int
) -> None:
    client = login(world.people[who])
    assert client.get(f"/moter/sak/{case.reference}/").status_code == status
    assert client.post(f"/moter/sak/{case.reference}/", {"meeting": meeting.pk}).status_code == status
    assert not meeting.items.filter(deviation=case).exists()


def test_a_case_about_a_leader_comes_to_no_meeting(
    world: World, login: Login, case_about_leif: Deviation, meeting: Meeting
) -> None:
    client = login(world.sunniva)
    assert "Take to a meeting" not in text_of(client.get(f"/avvik/{case_about_leif.reference}/"))
    answer = client.post(f"/moter/sak/{case_about_leif.reference}/", {"meeting": meeting.pk})
    assert answer.status_code == 403
    with pytest.raises(actions.NotForAMeeting):
        brought(meeting, case_about_leif, world.sunniva)


# In the meeting, and after it


def test_item_by_item_four_questions_a_decision_an_owner_and_a_date(
    world: World, login: Login, case: Deviation, meeting: Meeting
) -> None:
    item = brought(meeting, case, world.leif)
    client = login(world.sunniva)
    wall = text_of(client.get(f"/moter/{meeting.pk}/vegg/?punkt={item.pk}"))
    assert TOLD in wall
    assert "What is typical?" in wall
    form = {
        "key": "3f1b8a52-0000-4000-8000-000000000021", "seen": str(item.edits), "why": "To alarmer samtidig",
        "typical": "Kveldsvakt", "tries": "Vest", "decision": "Vi prøver vest i to måneder", "what": "Kjøp vester",
        "owner": str(world.leif.pk), "deadline": (timezone.localdate() + datetime.timedelta(days=9)).isoformat(),
        "told": ANSWER,
    }  # fmt: skip
    assert "Say who does it" in text_of(client.post(f"/moter/punkt/{item.pk}/vegg/", {**form, "owner": ""}))
    client.post(f"/moter/punkt/{item.pk}/vegg/", form)
    assert "wrote here meanwhile" in text_of(client.post(f"/moter/punkt/{item.pk}/vegg/", form))
    action = Action.objects.get()
    assert (action.what, action.owner, action.agenda_item) == ("Kjøp vester", world.leif, item)
    minutes = text_of(login(world.hans).get(f"/moter/{meeting.pk}/"))
    assert "Kjøp vester" in minutes, "members read what was decided"
    assert login(world.hans).get(action.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("naming", [Naming.NAMED, Naming.SEALED, Naming.ANONYMOUS])
def test_minutes_are_approved_and_locked_and_the_reporter_hears(
    world: World, login: Login, meeting: Meeting, naming: str
) -> None:
    what: dict[str, Any] = {"unit": world.home_care, "kind": Kind.DEVIATION, "text": "Feil dose"}
    if naming == Naming.ANONYMOUS:
        case = cases.report_anonymously(**what).deviation
    else:
        case = cases.report(by=world.nora, hide_name=naming == Naming.SEALED, **what)
    cases.receive(deviation=case, by=world.leif)
    item = brought(meeting, case, world.leif)
    other = brought(meeting, _another(world), world.leif)
    deliver.take_as_told()
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Vi prøver vest")
    with pytest.raises(StepRefused):
        actions.approve_minutes(meeting=meeting, by=world.sunniva)
    client = login(world.sunniva)
    client.post(f"/moter/{meeting.pk}/holdt/", {"present": [world.leif.pk]})
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD
    answer = client.post(f"/moter/{meeting.pk}/steg/approve/")
    assert answer["Location"] == f"/moter/punkt/{item.pk}/vegg/", "nothing is written for the reporter yet"
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Vi prøver vest", told=ANSWER)
    client.post(f"/moter/{meeting.pk}/steg/approve/")
    client.post(f"/moter/{meeting.pk}/steg/approve/")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.approved_by) == (MeetingState.APPROVED, world.sunniva)
    message = Message.objects.get(deviation=case)
    assert (message.text, message.from_reporter, message.author) == (ANSWER, False, world.leif)
    assert not Message.objects.filter(deviation=other.deviation).exists(), "it was not talked about"
    deliver.sweep()
    heard = Email.objects.filter(user=world.nora)
    assert heard.exists() == (naming != Naming.ANONYMOUS)
    assert all(ANSWER not in mail.body for mail in heard)
    if naming == Naming.NAMED:
        page = text_of(login(world.nora).get(f"/avvik/{case.reference}/"))
        assert ANSWER in page
        assert "discussed in a meeting" in page
        assert "Ledermøte" not in page
    for path in (f"punkt/{item.pk}/", f"punkt/{item.pk}/vegg/", f"punkt/{item.pk}/ut/", f"{meeting.pk}/punkt/"):
        client.post(f"/moter/{path}", {"heading": "Nytt", "words": "x", "seen": "0", "decision": "Noe annet"})
    item.refresh_from_db()
    assert (item.decision, item.chosen) == ("Vi prøver vest", True)
    assert not meeting.items.filter(heading="Nytt").exists()
    with pytest.raises(actions.Locked):
        actions.reword_item(item=item, by=world.sunniva, heading="Nytt", words="", seen=item.edits)


def _another(world: World) -> Deviation:
    case = cases.report(by=world.greta, unit=world.home_care, kind=Kind.DEVIATION, text="Fall")
    cases.receive(deviation=case, by=world.leif)
    return case


def test_the_minutes_are_printed(world: World, login: Login, meeting: Meeting) -> None:
    answer = login(world.leif).get(f"/moter/{meeting.pk}/referat/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf" or "Ledermøte helse" in text_of(answer)
    assert login(world.greta).get(f"/moter/{meeting.pk}/referat/").status_code == 404


def test_words_are_in_neither_journal_nor_mail(world: World, case: Deviation, meeting: Meeting) -> None:
    item = brought(meeting, case, world.leif)
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Hemmelig vedtak", told=ANSWER)
    actions.send(meeting=meeting, by=world.sunniva)
    deliver.sweep()
    told = " ".join(str(data) for data in Event.objects.values_list("data", flat=True))
    mails = " ".join(mail.subject + mail.body + mail.calendar for mail in Email.objects.all())
    for secret in (TOLD, "Hemmelig vedtak", ANSWER, "En sak å lære av"):
        assert secret not in told
        assert secret not in mails


# Reminders, those who leave, practice


def test_whoever_leads_is_reminded_of_the_agenda_and_the_minutes(
    clock: time_machine.Traveller, world: World, forum: Forum, post: Post
) -> None:
    planned(forum, starts_at=at("2026-09-10 09:00"))
    deliver.take_as_told()
    clock.move_to(at("2026-09-07 10:00"))
    assert not post.round()
    clock.move_to(at("2026-09-08 10:00"))
    assert [mail.to for mail in post.round()] == [[world.sunniva.email]]
    assert not post.round(), "once"
    clock.move_to(at("2026-09-16 10:00"))
    assert not post.round()
    clock.move_to(at("2026-09-17 10:00"))
    assert ["minutes" in str(mail.subject) for mail in post.round()] == [True]
    assert not post.round()


def test_a_forum_goes_to_the_heir(world: World, forum: Forum) -> None:
    found = next(each for each in handover.responsibilities() if each.key == "improvement.forums")
    assert found.count(world.sunniva) == 1
    assert found.unseen(world.sunniva, world.kaja), "whoever hands over to themselves would read the minutes"
    found.move(user=world.sunniva, to=world.kaja, by=world.ada)
    forum.refresh_from_db()
    assert forum.leader == world.kaja
    assert set(forum.members.all()) == {world.kaja, world.leif, world.hans}


def test_whoever_leads_cannot_be_taken_out_and_the_others_can(world: World, login: Login, forum: Forum) -> None:
    client = login(world.sunniva)
    client.post(f"/moter/forum/{forum.pk}/deltakere/{world.sunniva.pk}/ut/")
    client.post(f"/moter/forum/{forum.pk}/deltakere/{world.hans.pk}/ut/")
    login(world.leif).post(f"/moter/forum/{forum.pk}/deltakere/{world.leif.pk}/ut/")
    assert set(forum.members.all()) == {world.sunniva}
    client.post(f"/moter/forum/{forum.pk}/avslutt/")
    forum.refresh_from_db()
    assert not forum.is_going


def test_practice_forgets_what_was_written(world: World, case: Deviation, meeting: Meeting) -> None:
    item = brought(meeting, case, world.leif)
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Vest", told=ANSWER)
    forget(world.municipality)
    item.refresh_from_db()
    assert (item.words, item.decision, item.told, item.heading) == ("", "", "", "–")


# Across municipalities


def test_leaders_of_a_network_meet_and_nothing_is_counted(world: World, login: Login) -> None:
    network = networks.found(by=world.ada, name="Indre Agder")
    member = networks.invite(network=network, municipality=world.other_municipality, by=world.ada)
    mona = login(world.mona)
    form = {
        "key": "3f1b8a52-0000-4000-8000-000000000031", "name": "Rektornettverk", "kind": "peers",
        "network": network.pk,
    }  # fmt: skip
    client = login(world.sunniva)
    client.post("/moter/forum/ny/", form)
    forum = Forum.objects.get()
    assert forum.network == network
    assert "Rektornettverk" not in text_of(mona.get("/moter/"))
    assert mona.post(f"/moter/forum/{forum.pk}/bli-med/").status_code == 404, "hers isn't in it yet"
    networks.join(member=member, by=world.mona)
    assert "Rektornettverk" in text_of(mona.get("/moter/"))
    assert login(world.nora).post(f"/moter/forum/{forum.pk}/bli-med/").status_code == 404
    mona.post(f"/moter/forum/{forum.pk}/bli-med/")
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    meeting = planned(forum)
    said = " ".join(meeting.items.values_list("words", flat=True))
    assert not any(sign.isdigit() for sign in said)
    page = text_of(mona.get(f"/moter/{meeting.pk}/"))
    assert "read what is written here" in page
    item = meeting.items.chosen()[0]
    deadline = timezone.localdate() + datetime.timedelta(days=9)
    actions.minute(item=item, by=world.sunniva, seen=item.edits, what="Prøv vest", owner=world.mona, deadline=deadline)
    action = Action.objects.get()
    assert action.level_0 == world.other_municipality.pk, "it is her municipality's, where she works"
    assert mona.get(action.get_absolute_url()).status_code == 200
    assert client.get(action.get_absolute_url()).status_code == 404
    networks.leave(member=member, by=world.mona)
    assert mona.get(f"/moter/{meeting.pk}/").status_code == 404


def test_across_borders_an_owner_who_is_not_in_it_is_their_municipality(world: World, login: Login) -> None:
    network = networks.found(by=world.ada, name="Indre Agder")
    member = networks.invite(network=network, municipality=world.other_municipality, by=world.ada)
    networks.join(member=member, by=world.mona)
    forum = actions.found_forum(
        by=world.sunniva, name="Ledere", kind=ForumKind.PEERS, unit=world.municipality, network=network,
        members=[world.mona],
    )  # fmt: skip
    meeting = planned(forum)
    item = meeting.items.chosen()[0]
    deadline = timezone.localdate() + datetime.timedelta(days=9)
    actions.minute(
        item=item, by=world.sunniva, seen=item.edits, what="Prøv vest", owner=world.sunniva, deadline=deadline
    )
    actions.hand_over(action=Action.objects.get(), by=world.sunniva, owner=world.greta)
    actions.hold_meeting(meeting=meeting, by=world.sunniva, present=[world.mona])
    later = planned(forum, starts_at=timezone.now() + datetime.timedelta(days=9))
    for path in (f"{meeting.pk}/", f"{meeting.pk}/vegg/", f"{later.pk}/"):
        page = text_of(login(world.mona).get(f"/moter/{path}"))
        assert "Prøv vest" in page, path
        assert "Greta" not in page, path
        assert "Fjelldal" in page, path


# What others do meanwhile, and those who aren't there any more


def test_who_answers_a_reporter_when_whoever_brought_the_case_has_left(
    world: World, case: Deviation, meeting: Meeting
) -> None:
    item = brought(meeting, case, world.kaja)
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Vi prøver vest", told=ANSWER)
    actions.hold_meeting(meeting=meeting, by=world.sunniva, present=[])
    User.objects.filter(pk=world.kaja.pk).update(is_active=False)
    actions.approve_minutes(meeting=meeting, by=world.sunniva)
    assert Message.objects.get(deviation=case).author == world.leif, "whoever handles it, not whoever leads the forum"


def test_minutes_nobody_can_answer_for_are_not_approved(
    world: World, login: Login, case: Deviation, meeting: Meeting
) -> None:
    item = brought(meeting, case, world.leif)
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Vi prøver vest", told=ANSWER)
    actions.hold_meeting(meeting=meeting, by=world.sunniva, present=[])
    client = login(world.sunniva)
    User.objects.filter(pk=world.leif.pk).update(is_active=False)
    Deviation.objects.filter(pk=case.pk).update(reporter=world.sunniva)
    User.objects.filter(pk=world.rolf.pk).update(is_active=False)
    page = text_of(client.post(f"/moter/{meeting.pk}/steg/approve/", follow=True))
    assert "Give the case to somebody first" in page
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD
    assert not Message.objects.exists()


def test_a_case_talked_about_and_then_taken_off_is_answered_all_the_same(
    world: World, case: Deviation, meeting: Meeting
) -> None:
    item = brought(meeting, case, world.leif)
    actions.minute(item=item, by=world.sunniva, seen=item.edits, decision="Vi prøver vest")
    actions.choose_item(item=item, by=world.sunniva, chosen=False)
    actions.hold_meeting(meeting=meeting, by=world.sunniva, present=[])
    with pytest.raises(actions.Untold):
        actions.approve_minutes(meeting=meeting, by=world.sunniva)


def test_what_two_write_at_once_stands_side_by_side(world: World, login: Login, meeting: Meeting) -> None:
    item = meeting.items.chosen()[0]
    client = login(world.sunniva)
    own = {"seen": str(item.edits), "decision": "Mitt vedtak", "key": "3f1b8a52-0000-4000-8000-000000000041"}
    actions.minute(item=item, by=world.leif, seen=item.edits, decision="Den andres vedtak")
    page = client.post(f"/moter/punkt/{item.pk}/vegg/", own)
    assert "What the other wrote" in text_of(page)
    assert "Den andres vedtak" in text_of(page)
    form = BeautifulSoup(page.content, "html.parser")
    assert form.select_one("[name=decision]").text.strip() == "Mitt vedtak"  # type: ignore[union-attr]
    seen = form.select_one("[name=seen]")["value"]  # type: ignore[index]
    client.post(f"/moter/punkt/{item.pk}/vegg/", own | {"seen": seen, "decision": "Begges vedtak"})
    item.refresh_from_db()
    assert item.decision == "Begges vedtak", "read and joined, it is saved"


def test_meetings_leave_the_calendar_of_whoever_is_taken_out(world: World, forum: Forum, meeting: Meeting) -> None:
    actions.send(meeting=meeting, by=world.sunniva)
    deliver.sweep()
    Email.objects.all().delete()
    actions.remove_member(forum=forum, by=world.sunniva, user=world.hans)
    deliver.sweep()
    found = calendars()
    assert set(found) == {world.hans.email}, "the others keep it"
    event = found[world.hans.email].walk("VEVENT")[0]
    assert (found[world.hans.email]["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    actions.add_member(forum=forum, by=world.sunniva, user=world.hans)
    deliver.sweep()
    assert calendars()[world.hans.email]["method"] == "REQUEST"


def test_an_ended_forum_cancels_what_was_planned_in_the_calendars_too(
    world: World, login: Login, forum: Forum, meeting: Meeting
) -> None:
    held = planned(forum, starts_at=timezone.now() - datetime.timedelta(days=1))
    actions.hold_meeting(meeting=held, by=world.sunniva, present=[])
    actions.send(meeting=meeting, by=world.sunniva)
    deliver.sweep()
    Email.objects.all().delete()
    actions.end_forum(forum=forum, by=world.sunniva)
    deliver.sweep()
    event = calendars()[world.leif.email].walk("VEVENT")[0]
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
    meeting.refresh_from_db()
    held.refresh_from_db()
    assert (meeting.state, held.state) == (MeetingState.CANCELLED, MeetingState.HELD)
    with pytest.raises(actions.ForumEnded):
        planned(forum)
    with pytest.raises(actions.ForumEnded):
        actions.add_member(forum=forum, by=world.sunniva, user=world.kaja)


def test_minutes_of_an_ended_forum_are_reminded_of_and_handed_over(
    clock: time_machine.Traveller, world: World, forum: Forum, post: Post
) -> None:
    meeting = planned(forum, starts_at=at("2026-09-10 09:00"))
    actions.hold_meeting(meeting=meeting, by=world.sunniva, present=[])
    actions.end_forum(forum=forum, by=world.sunniva)
    deliver.take_as_told()
    found = next(each for each in handover.responsibilities() if each.key == "improvement.forums")
    assert found.count(world.sunniva) == 1
    clock.move_to(at("2026-09-17 10:00"))
    assert ["minutes" in str(mail.subject) for mail in post.round()] == [True]
    actions.approve_minutes(meeting=meeting, by=world.sunniva)
    assert found.count(world.sunniva) == 0


def test_whoever_leaves_is_in_no_forum_and_invited_to_nothing(world: World, forum: Forum) -> None:
    actions.change_forum(forum=forum, by=world.sunniva, secretary=world.greta)
    improvement = actions.begin_improvement(by=world.leif, owner=world.leif, title="Vest", unit=world.home_care)
    improvement.invited.add(world.greta)
    handover.deactivate(user=world.greta, by=world.ada)
    forum.refresh_from_db()
    assert (forum.secretary, forum.members.filter(pk=world.greta.pk).exists()) == (None, False)
    assert not improvement.invited.exists()
