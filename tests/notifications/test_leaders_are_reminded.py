"""Reminders before, at and after the deadline, of cases nobody receives, of answers due, and to the leader above."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.utils import translation

from deviations import actions
from deviations.models import Deviation, HandlingRules
from deviations.settings_actions import set_rules
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.notifications import reminders
from kvalitetslosen.notifications.models import Email, Notification, Reminder
from kvalitetslosen.notifications.settings_actions import change_mail_settings
from kvalitetslosen.organisation import actions as organisation
from tests.notifications.conftest import SECRET_TEXT, Post, at
from tests.people import World

Report = Callable[..., Deviation]
Clock = time_machine.Traveller

pytestmark = pytest.mark.usefixtures("no_weekly_mail")


@pytest.fixture
def taken(clock: Clock, report: Report, world: World, post: Post) -> Deviation:
    """Leif's case, reported and received on 1 September, answered for now; the deadline is Tuesday 13 October."""
    case = report()
    actions.receive(deviation=case, by=world.leif)
    actions.write_message(deviation=case, by=world.leif, text="Vi ser på det", from_reporter=False)
    post.round()
    case.refresh_from_db()
    assert case.deadline == at("2026-10-13 16:00")
    return case


def reminded(post: Post) -> list[tuple[str, str]]:
    """What one round sends, as who and subject."""
    return [(each.to[0].partition("@")[0], str(each.subject)) for each in post.round()]


def test_before_at_and_after_the_deadline_then_the_leader_above(clock: Clock, taken: Deviation, post: Post) -> None:
    said = {}
    for moment in (
        "2026-10-07 07:00", "2026-10-08 06:59", "2026-10-08 07:00", "2026-10-08 07:15", "2026-10-12 07:00",
        "2026-10-13 07:00", "2026-10-14 07:00", "2026-10-19 07:00", "2026-10-20 07:00", "2026-10-21 07:00",
        "2026-10-27 07:00",
    ):  # fmt: skip
        clock.move_to(at(moment))
        with translation.override("en"):
            said[moment] = [who for who, _subject in reminded(post)]
    assert {moment: who for moment, who in said.items() if who} == {
        "2026-10-08 07:00": ["leif"],
        "2026-10-13 07:00": ["leif"],
        "2026-10-20 07:00": ["leif", "sunniva"],
        "2026-10-27 07:00": ["leif"],
    }


def test_the_words_follow_where_the_deadline_is(clock: Clock, taken: Deviation, post: Post, world: World) -> None:
    organisation.choose_language(user=world.leif, language="en")
    subjects = []
    for day in ("2026-10-08", "2026-10-13", "2026-10-20"):
        clock.move_to(at(f"{day} 07:00"))
        subjects += [subject for who, subject in reminded(post) if who == "leif"]
    assert subjects == [
        f"{taken.reference}: the deadline is 13 October 2026",
        f"{taken.reference}: the deadline is today",
        f"{taken.reference}: the deadline was 13 October 2026",
    ]
    body = post.to(world.leif)[-1].body
    assert "still open" in body
    assert f"http://testserver/avvik/{taken.reference}/" in body
    assert SECRET_TEXT not in body


def test_a_missed_night_is_caught_up_the_next_working_day(clock: Clock, taken: Deviation, post: Post) -> None:
    """The worker was down on Thursday and Friday; on Saturday it is up, and nobody is disturbed."""
    clock.move_to(at("2026-10-10 11:00"))
    assert reminded(post) == []
    clock.move_to(at("2026-10-12 06:00"))
    assert reminded(post) == []
    clock.move_to(at("2026-10-12 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]
    assert Reminder.objects.get().occasion == "before:2026-10-13"


def test_whoever_missed_three_mornings_is_reminded_once(clock: Clock, taken: Deviation, post: Post) -> None:
    clock.move_to(at("2026-10-29 09:00"))
    assert sorted(who for who, _ in reminded(post)) == ["leif", "sunniva"]
    assert reminded(post) == []


def test_nobody_is_reminded_late_in_the_evening(clock: Clock, taken: Deviation, post: Post) -> None:
    clock.move_to(at("2026-10-08 20:00"))
    assert reminded(post) == []
    clock.move_to(at("2026-10-09 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]


def test_nothing_comes_after_closing(clock: Clock, taken: Deviation, post: Post, world: World) -> None:
    actions.close(deviation=taken, by=world.leif, outcome="Løst")
    post.round()
    for day in ("2026-10-08", "2026-10-13", "2026-10-20"):
        clock.move_to(at(f"{day} 07:00"))
        assert reminded(post) == []


def test_a_reminder_in_the_queue_is_dropped_when_the_case_is_closed_first(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    clock.move_to(at("2026-10-08 07:00"))
    reminders.remind()
    queued = Email.objects.get(state=Email.State.QUEUED)
    actions.close(deviation=taken, by=world.leif, outcome="Løst")
    assert [who for who, _ in reminded(post)] == ["nora"]
    queued.refresh_from_db()
    assert queued.state == Email.State.WITHDRAWN


def test_a_reminder_in_the_queue_is_dropped_when_the_case_goes_to_somebody_else(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    clock.move_to(at("2026-10-13 07:00"))
    reminders.remind()
    actions.take_over(deviation=taken, by=world.sunniva)
    assert reminded(post) == [], "Leif has it no more, and Sunniva has just looked at it"
    clock.move_to(at("2026-10-20 07:00"))
    assert sorted(who for who, _ in reminded(post)) == ["rolf", "sunniva"]


def test_a_new_deadline_is_a_new_occasion(clock: Clock, taken: Deviation, post: Post, world: World) -> None:
    clock.move_to(at("2026-10-08 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]
    actions.close(deviation=taken, by=world.leif, outcome="Løst")
    actions.reopen(deviation=taken, by=world.nora, note="Ikke løst")
    post.round()
    clock.move_to(at("2026-10-13 07:00"))
    assert reminded(post) == [], "the old deadline is gone"
    taken.refresh_from_db()
    assert taken.deadline > at("2026-11-18 00:00")
    clock.move_to(at("2026-11-16 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]


def test_a_deadline_that_moves_into_the_past_reminds_nobody_who_just_moved_it(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    clock.move_to(at("2026-10-07 09:00"))
    actions.assess(deviation=taken, by=world.leif, consequence=5, probability=5)
    taken.refresh_from_db()
    assert taken.deadline == at("2026-09-29 16:00")
    assert [who for who, _ in reminded(post)] == ["sunniva"], "the leader above did not know"
    clock.move_to(at("2026-10-13 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"], "the second repeat"


def test_the_leader_above_is_told_once_and_the_case_stays_where_it_is(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    for day in ("2026-10-20", "2026-10-21", "2026-10-27", "2026-11-10"):
        clock.move_to(at(f"{day} 07:00"))
        post.round()
    assert len(post.to(world.sunniva)) == 1
    taken.refresh_from_db()
    assert taken.handler == world.leif
    (event,) = Event.objects.about(taken).filter(type="deviations.overdue_told")
    with translation.override("en"):
        assert tell([event], world.nora)[0].sentence == "The deadline had passed, and Sunniva Sand was told."


def test_the_deputy_of_the_leader_above_is_told_only_if_they_may_see_the_case(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    first, last = at("2026-10-19 00:00").date(), at("2026-10-30 00:00").date()
    organisation.appoint_deputy(
        principal=world.sunniva, deputy=world.greta, valid_from=first, valid_to=last, by=world.ada
    )
    clock.move_to(at("2026-10-20 07:00"))
    post.round()
    assert Email.objects.filter(user=world.greta).exclude(name="notifications.stands_in").count() == 0
    assert Email.objects.filter(user=world.sunniva, state="sent").count() == 1


def test_a_case_nobody_receives_is_reminded_of_after_two_working_days(
    clock: Clock, report: Report, post: Post, world: World
) -> None:
    case = report()
    post.round()
    assert case.receive_by == at("2026-09-03 16:00")
    said = {}
    for day in (2, 3, 4, 5, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18):
        clock.move_to(at(f"2026-09-{day:02} 07:00"))
        said[day] = sorted(who for who, _ in reminded(post))
    assert {day: who for day, who in said.items() if who} == {
        4: ["leif"],
        10: ["sunniva"],
        11: ["leif"],
        18: ["leif"],
    }
    assert Event.objects.about(case).filter(type="deviations.unreceived_told").count() == 1
    actions.receive(deviation=case, by=world.leif)
    post.round()
    clock.move_to(at("2026-09-25 07:00"))
    assert list(Reminder.objects.filter(at__gte=at("2026-09-25 00:00")).values_list("rule", flat=True)) == []


def test_a_weekend_is_no_time_to_receive_in(clock: Clock, report: Report, post: Post) -> None:
    clock.move_to(at("2026-09-04 23:00"))
    case = report()
    post.round()
    assert case.receive_by == at("2026-09-08 16:00")
    clock.move_to(at("2026-09-08 07:00"))
    assert reminded(post) == []
    clock.move_to(at("2026-09-09 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]


def test_a_first_answer_that_is_due_is_reminded_of(clock: Clock, report: Report, post: Post, world: World) -> None:
    case = report()
    actions.receive(deviation=case, by=world.leif)
    post.round()
    assert case.answer_by == at("2026-09-07 16:00")
    clock.move_to(at("2026-09-07 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]
    clock.move_to(at("2026-09-14 07:00"))
    assert [who for who, _ in reminded(post)] == ["leif"]
    actions.write_message(deviation=case, by=world.leif, text="Vi ser på det", from_reporter=False)
    post.round()
    clock.move_to(at("2026-09-21 07:00"))
    assert reminded(post) == []


def test_all_of_a_morning_is_one_mail(clock: Clock, report: Report, post: Post, world: World) -> None:
    cases = [report() for _ in range(3)]
    post.round()
    clock.move_to(at("2026-09-04 07:00"))
    (mail,) = post.round()
    assert all(case.reference in mail.body for case in cases)
    assert Notification.objects.filter(user=world.leif, name="deviations.unreceived").count() == 3
    assert Reminder.objects.filter(email__isnull=False).count() == 3


def test_what_was_settled_meanwhile_is_left_out_of_the_mail(
    clock: Clock, report: Report, post: Post, world: World
) -> None:
    settled, left = report(), report()
    post.round()
    clock.move_to(at("2026-09-04 07:00"))
    reminders.remind()
    actions.receive_and_close(deviation=settled, by=world.leif, outcome="Løst")
    post.round()
    mail = post.to(world.leif)[-1]
    assert settled.reference not in mail.body
    assert mail.subject.startswith(left.reference)


def test_the_municipality_chooses_hours_days_and_words(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    set_rules(municipality_id=world.municipality.pk, by=world.ada, remind_days_before=5, repeat_days=2)
    change_mail_settings(
        municipality_id=world.municipality.pk,
        by=world.ada,
        reminder_hour=9,
        texts={"deviations.deadline": {"nb": "Ring Kristin om du står fast.", "nn": "Ring Kristin."}},
    )
    clock.move_to(at("2026-10-06 08:59"))
    assert reminded(post) == []
    clock.move_to(at("2026-10-06 09:00"))
    (mail,) = post.round()
    assert "Ring Kristin om du står fast." in mail.body
    clock.move_to(at("2026-10-15 09:00"))
    post.round()
    assert Reminder.objects.filter(occasion="after:2026-10-13:1").exists()


def test_no_notice_before_the_deadline_where_none_is_wanted(
    clock: Clock, taken: Deviation, post: Post, world: World
) -> None:
    create = HandlingRules(municipality=world.municipality)
    set_rules(municipality_id=create.municipality_id, by=world.ada, remind_days_before=0, repeat_days=0)
    for day in ("2026-10-08", "2026-10-13", "2026-10-30"):
        clock.move_to(at(f"{day} 07:00"))
        post.round()
    assert set(Reminder.objects.filter(user=world.leif).values_list("occasion", flat=True)) == {"at:2026-10-13"}


def test_whoever_it_is_about_is_never_reminded(clock: Clock, report: Report, post: Post, world: World) -> None:
    case = report(about_leader=True)
    post.round()
    assert case.handler == world.sunniva
    for day in ("2026-09-04", "2026-09-10", "2026-10-13", "2026-10-20"):
        clock.move_to(at(f"{day} 07:00"))
        post.round()
    assert post.to(world.sunniva)
    assert not post.to(world.leif)


def test_a_hidden_reporter_who_leads_above_is_not_told_of_their_own_case(
    clock: Clock, report: Report, post: Post, world: World
) -> None:
    """Sunniva reports under a hidden name; the leader above Leif would be her, so it is Rolf who is told."""
    report(by=world.sunniva, hide_name=True)
    post.round()
    for day in ("2026-09-04", "2026-09-10"):
        clock.move_to(at(f"{day} 07:00"))
        post.round()
    assert not post.to(world.sunniva)
    assert len(post.to(world.rolf)) == 1


def test_a_mail_of_hundreds_helps_nobody(clock: Clock, report: Report, post: Post, world: World) -> None:
    for _ in range(reminders.IN_ONE_MAIL + 5):
        report()
    post.round()
    organisation.choose_language(user=world.leif, language="en")
    clock.move_to(at("2026-09-04 07:00"))
    (mail,) = post.round()
    assert mail.body.count("http://testserver/avvik/") == reminders.IN_ONE_MAIL
    assert "There is more. All of it is on your front page:\nhttp://testserver/\n" in mail.body
    assert Notification.objects.filter(name="deviations.unreceived").count() == reminders.IN_ONE_MAIL + 5
    assert reminded(post) == []
