"""Monday morning: what waits for each person in one mail, and for leaders how it stands in the units below."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.notifications import reminders, sending
from kvalitetslosen.notifications.models import Digest, DigestRound, Email, Reminder
from kvalitetslosen.notifications.settings_actions import change_mail_settings
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import MunicipalitySettings
from tests.notifications.conftest import SECRET_TEXT, Post, at
from tests.people import World

Report = Callable[..., Deviation]
Clock = time_machine.Traveller


@pytest.fixture
def quiet(clock: Clock, report: Report, post: Post, world: World) -> Deviation:
    """One case of Leif's that waits for nothing until 13 October."""
    organisation.choose_language(user=world.leif, language="en")
    organisation.choose_language(user=world.sunniva, language="en")
    case = report()
    actions.receive(deviation=case, by=world.leif)
    actions.write_message(deviation=case, by=world.leif, text="Vi ser på det", from_reporter=False)
    post.round()
    mail.outbox.clear()
    return case


def test_each_thing_that_waits_stands_in_its_group(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    overdue, asked, due = quiet, report(), report()
    for case in (asked, due):
        actions.receive(deviation=case, by=world.leif)
        actions.write_message(deviation=case, by=world.leif, text="Ja", from_reporter=False)
    clock.move_to(at("2026-10-02 09:00"))
    actions.ask_reporter(deviation=asked, by=world.leif, text="Hva skjedde?")
    Deviation.objects.filter(pk=overdue.pk).update(deadline=at("2026-10-01 16:00"))
    Deviation.objects.filter(pk=asked.pk).update(deadline=at("2026-11-01 16:00"))
    Deviation.objects.filter(pk=due.pk).update(deadline=at("2026-10-09 16:00"))
    unreceived = report()
    post.round()
    mail.outbox.clear()
    clock.move_to(at("2026-10-05 07:00"))
    post.round()
    (got,) = post.to(world.leif)
    assert got.subject == "Your week: what waits for you in KvalitetsLosen"
    body = got.body
    places = [
        body.index("1 case to receive"), body.index(unreceived.reference),
        body.index("1 case past its deadline"), body.index(overdue.reference),
        body.index("1 case whose deadline is near"), body.index(due.reference),
        body.index("1 case that waits for the reporter"), body.index(asked.reference),
    ]  # fmt: skip
    assert places == sorted(places)
    assert body.count("http://testserver/avvik/") == 5, "each case has its link, and the list"
    for case in (unreceived, overdue, due, asked):
        assert f"http://testserver{case.get_absolute_url()}\n" in body
    assert SECRET_TEXT not in body


def test_a_leader_reads_how_it_stands_in_each_unit_below(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    report()
    report(unit=world.nursing_home, by=world.greta)
    report(unit=world.school)
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    (got,) = [each for each in post.to(world.sunniva) if "week" in each.subject]
    assert "  Hjemmetjenesten: 1 to receive\n" in got.body, "what there is none of is left out"
    assert "  Sykehjemmet: 1 to receive\n" in got.body
    assert "skole" not in got.body, "not in her line"
    assert quiet.reference not in got.body, "the overview names units, not other people's cases"
    (of_leif,) = [each for each in post.to(world.leif) if "week" in each.subject]
    assert "In the units you lead" not in of_leif.body, "he leads one"


def test_a_case_about_the_leader_is_not_counted_to_that_leader(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    case = report(unit=world.health, about_leader=True)
    assert case.about == world.sunniva
    report(unit=world.nursing_home, by=world.greta)
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    (got,) = [each for each in post.to(world.sunniva) if "week" in each.subject]
    assert "Fjelldal:" not in got.body
    assert case.reference not in got.body


def test_whoever_has_nothing_waiting_gets_no_mail(clock: Clock, quiet: Deviation, post: Post, world: World) -> None:
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    assert mail.outbox == []
    assert DigestRound.objects.filter(week="2026-W37").count() == 2, "both municipalities are done"


def test_it_comes_once_a_week_at_seven(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    report()
    post.round()
    mail.outbox.clear()
    for moment, expected in (
        ("2026-09-07 06:59", 0), ("2026-09-07 07:00", 1), ("2026-09-07 07:15", 0), ("2026-09-08 07:00", 0),
        ("2026-09-14 07:00", 1),
    ):  # fmt: skip
        clock.move_to(at(moment))
        post.round()
        assert sum("week" in each.subject for each in post.to(world.leif)) == expected, moment
        mail.outbox.clear()


def test_a_missed_monday_is_made_up_for_on_tuesday_but_not_the_day_before_the_next(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    report()
    post.round()
    clock.move_to(at("2026-09-08 02:00"))
    reminders.remind()
    assert not Digest.objects.exists(), "nobody gets mail at night"
    clock.move_to(at("2026-09-08 07:00"))
    reminders.remind()
    told = set(Digest.objects.filter(week="2026-W37").values_list("user", flat=True))
    assert told == {world.leif.pk, world.sunniva.pk, world.rolf.pk}
    Digest.objects.all().delete()
    DigestRound.objects.all().delete()
    clock.move_to(at("2026-09-13 12:00"))
    reminders.remind()
    assert not Digest.objects.exists(), "on Sunday it is too late"


def test_what_somebody_gets_on_tuesday_waits_for_the_next_monday(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    clock.move_to(at("2026-09-08 09:00"))
    report(unit=world.nursing_home, by=world.greta)
    post.round()
    assert not Digest.objects.filter(user=world.hans).exists()


@pytest.mark.parametrize(
    ("week", "morning", "why"),
    [
        ("2027-W13", "2027-03-30 07:00", "Easter Monday is a holiday"),
        ("2027-W20", "2027-05-18 07:00", "17 May is a Monday, and Whit Monday too"),
        ("2026-W53", "2026-12-28 07:00", "the year has 53 weeks"),
        ("2027-W01", "2027-01-04 07:00", "and then comes the first"),
        ("2026-W44", "2026-10-26 07:00", "the clock went back on Sunday"),
        ("2027-W12", "2027-03-22 07:00", "the clock goes forward the Sunday after"),
    ],
)
def test_holidays_and_the_change_of_the_clock_are_minded(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World, week: str, morning: str, why: str
) -> None:
    due = at(morning)
    clock.move_to(due - datetime.timedelta(days=4))
    post.round()
    Digest.objects.all().delete()
    report()
    clock.move_to(due - datetime.timedelta(minutes=1))
    reminders.remind()
    assert not Digest.objects.filter(week=week).exists(), why
    clock.move_to(due)
    reminders.remind()
    assert Digest.objects.filter(week=week, user=world.leif).count() == 1, why
    assert Email.objects.get(digest__week=week, user=world.leif).created_at == due


def test_a_day_the_municipality_is_closed_moves_it(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    MunicipalitySettings.objects.filter(municipality=world.municipality).update(closed_days=["28.12", "29.12"])
    clock.move_to(at("2026-12-27 07:00"))
    report()
    for day in ("2026-12-28", "2026-12-29"):
        clock.move_to(at(f"{day} 09:00"))
        assert reminders.remind() == 0
    clock.move_to(at("2026-12-30 07:00"))
    reminders.remind()
    assert Digest.objects.filter(week="2026-W53", user=world.leif).exists()


def test_the_municipality_chooses_day_and_hour_or_none(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    report()
    change_mail_settings(municipality_id=world.municipality.pk, by=world.ada, digest_weekday=4, digest_hour=14)
    clock.move_to(at("2026-09-07 07:00"))
    reminders.remind()
    clock.move_to(at("2026-09-10 13:59"))
    reminders.remind()
    assert not Digest.objects.filter(week="2026-W37").exists()
    clock.move_to(at("2026-09-10 14:00"))
    reminders.remind()
    assert Digest.objects.filter(week="2026-W37").exists()
    change_mail_settings(municipality_id=world.municipality.pk, by=world.ada, digest=False)
    clock.move_to(at("2026-09-17 14:00"))
    reminders.remind()
    assert not Digest.objects.filter(week="2026-W38").exists()


def test_on_that_morning_nothing_is_said_twice(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    """A reminder that falls on Monday goes into the weekly mail: the case is named once, in one mail."""
    case = report(unit=world.home_care)
    post.round()
    Deviation.objects.filter(pk=case.pk).update(receive_by=at("2026-09-04 16:00"))
    mail.outbox.clear()
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    (got,) = post.to(world.leif)
    assert got.body.count(f"{case.reference} ·") == 1
    assert Reminder.objects.filter(rule="deviations.unreceived", email__digest__user=world.leif).count() == 1


def test_what_only_a_reminder_tells_stands_above_the_week(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    report(unit=world.nursing_home, by=world.greta)
    Deviation.objects.filter(pk=quiet.pk).update(deadline=at("2026-08-31 16:00"))
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    (got,) = [each for each in post.to(world.sunniva) if "week" in each.subject]
    assert got.body.index(quiet.reference) < got.body.index("In the units you lead")


def test_a_week_s_mail_that_waited_is_written_anew(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    case, other = report(), report()
    post.round()
    mail.outbox.clear()
    clock.move_to(at("2026-09-07 07:00"))
    reminders.remind()
    assert case.reference in Email.objects.get(digest__user=world.leif).body
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Løst")
    clock.move_to(at("2026-09-07 11:00"))
    sending.send_due_mail()
    (got,) = post.to(world.leif)
    assert case.reference not in got.body
    assert other.reference in got.body
    assert Email.objects.get(digest__user=world.leif).body == got.body


def test_ten_cases_cost_no_more_queries_than_one(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    def costs(week: str) -> int:
        clock.move_to(at(week))
        post.round()
        Digest.objects.all().delete()
        DigestRound.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            reminders.remind()
        return len(queries)

    report()
    first = costs("2026-09-07 07:00")
    for _ in range(10):
        report()
    post.round()
    assert costs("2026-09-07 08:00") <= first


def test_the_lists_one_follows_are_counted_with_ones_own_rights_and_nobodys_words(
    clock: Clock, quiet: Deviation, report: Report, post: Post, world: World
) -> None:
    row = actions.keep_list(
        by=world.sunniva, name="Kari sine saker", query="visning=omrade&status=", shared_with=world.health,
        key=uuid.uuid4(),
    )  # fmt: skip
    for who in (world.sunniva, world.leif, world.greta):
        actions.follow(kept=row, by=who)
        organisation.choose_language(user=who, language="en")
    report(unit=world.health, about_leader=True)  # which Sunniva, whom it is about, doesn't see
    report(unit=world.nursing_home, by=world.greta)
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    for who, said in ((world.sunniva, "Open · My area: 2 cases"), (world.leif, "Open · My area: 1 case"),
                      (world.greta, "Open · My area: 1 case")):  # fmt: skip
        (got,) = [each for each in post.to(who) if "week" in each.subject]
        assert f"  {said}\n  http://testserver{row.get_absolute_url()}\n" in got.body, who
        assert "Kari" not in got.body
        assert SECRET_TEXT not in got.body


def test_an_empty_list_and_one_that_is_not_shared_any_more(
    clock: Clock, quiet: Deviation, post: Post, world: World
) -> None:
    rows = [
        actions.keep_list(by=world.leif, name=name, query=query, shared_with=world.home_care, key=uuid.uuid4())
        for name, query in (("Sent", "visning=omrade&status=sent"), ("Alt", "visning=omrade&status=alle"))
    ]
    for row in rows:
        actions.follow(kept=row, by=world.nora)
    organisation.choose_language(user=world.nora, language="en")
    actions.change_list(kept=rows[1], by=world.leif, name="Alt", shared_with=None)
    clock.move_to(at("2026-09-07 07:00"))
    post.round()
    (got,) = [each for each in post.to(world.nora) if "week" in each.subject]
    assert "Late · My area: no cases" in got.body
    assert got.body.count("/avvik/lister/") == 1
