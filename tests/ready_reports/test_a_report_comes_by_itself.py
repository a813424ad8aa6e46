"""A report that comes each month: a mail with a link once the month is over, to those who have it, once."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kvalitetslosen.notifications import deliver, sending
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.paper.press import Press
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Schedule
from kvalitetslosen.reports.places import kind_named
from kvalitetslosen.reports.tasks import tell_what_is_ready
from tests.notifications.conftest import Post, at
from tests.notifications.mail_server import MailServer
from tests.people import World
from tests.ready_reports.conftest import Login

NEXT_MONTH = "2026-10-01 09:00"


def planned(world: World, **more: Any) -> Schedule:
    usual: dict[str, Any] = {"roles": [Role.LEADER], "rhythm": "month", "by": world.leif, "unit": world.home_care}
    row = actions.schedule(kind=kind_named("ledermote"), **usual | more)
    deliver.take_as_told()
    return row


def test_it_is_planned_changed_and_stopped(clock: time_machine.Traveller, world: World, login: Login) -> None:
    client, url = login(world.leif), reverse("reports:schedule")
    asked = {"kind": "ledermote", "unit": world.home_care.pk, "rhythm": "month", "roles": ["leader"]}
    client.post(url, asked)
    client.post(url, asked | {"roles": ["leader", "quality_contact"]})
    row = Schedule.objects.get()
    assert row.roles == ["leader", "quality_contact"]
    assert b"leaders" in client.get(reverse("reports:list")).content
    wrong = client.post(url, asked | {"unit": world.home_care.pk, "roles": ["union_rep"]})
    assert b"Nobody with this role has the report" in wrong.content
    stop = reverse("reports:stop_schedule", args=[row.pk])
    assert client.get(stop).status_code == 405
    assert login(world.hans).post(stop).status_code == 404
    assert login(world.vidar).get(url).status_code == 403
    client.post(stop)
    client.post(stop)
    row.refresh_from_db()
    assert row.ended_at is not None


def test_whoever_only_reads_a_report_changes_nothing_of_what_is_planned(
    clock: time_machine.Traveller, world: World, login: Login
) -> None:
    """Leif leads home care, and reads the conditions of the whole municipality as a union representative."""
    kind, unit = kind_named("meldevilkar"), world.municipality
    row = actions.schedule(kind=kind, roles=[Role.LEADER], rhythm="quarter", by=world.rolf, unit=unit, with_file=True)
    organisation.grant_role(user=world.leif, unit=unit, role=Role.UNION_REP)
    asked = {"kind": "meldevilkar", "unit": unit.pk, "rhythm": "quarter", "roles": ["union_rep"]}
    answer = login(world.leif).post(reverse("reports:schedule"), asked)
    assert "unit" in answer.context["form"].errors
    row.refresh_from_db()
    assert (row.roles, row.with_file) == (["leader"], True)


@pytest.mark.usefixtures("no_weekly_mail")
def test_it_comes_once_when_the_month_is_over(clock: time_machine.Traveller, world: World, post: Post) -> None:
    planned(world)
    assert tell_what_is_ready() == 0
    clock.move_to(at(NEXT_MONTH))
    assert tell_what_is_ready() == 1
    assert tell_what_is_ready() == 0
    post.deliver()
    post.deliver()
    (mail,) = post.to(world.leif)
    assert f"{reverse('reports:live', args=['ledermote'])}?enhet={world.home_care.pk}&fra=2026-09" in mail.body
    assert not mail.attachments
    assert post.to(world.sunniva)  # a leader above has it too
    assert not post.to(world.hans)


# By name


def named(schedule: Schedule) -> list[str]:
    return list(schedule.named.running().order_by("pk").values_list("person__name", flat=True))


def test_somebody_is_named_of_those_who_have_it_listed_and_removed(
    clock: time_machine.Traveller, world: World, login: Login
) -> None:
    client = login(world.leif)
    asked = {"kind": "ledermote", "unit": world.home_care.pk, "rhythm": "month"}
    answer = client.post(reverse("reports:schedule"), asked)
    row = Schedule.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Nobody gets it as it is now" in page
    offered = {each.get_text() for each in BeautifulSoup(page, "html.parser").select("[name=person] option")}
    assert any("Sunniva" in each for each in offered)
    assert not any("Vidar" in each or "Hans" in each or "Nora" in each or "Mona" in each for each in offered)
    client.post(row.get_absolute_url(), {"person": world.nora.pk})
    client.post(row.get_absolute_url(), {"person": world.mona.pk})
    assert named(row) == []
    client.post(row.get_absolute_url(), {"person": world.sunniva.pk})
    client.post(row.get_absolute_url(), {"person": world.sunniva.pk})
    assert named(row) == [world.sunniva.name]
    assert actions.name_recipient(schedule=row, by=world.leif, person=world.sunniva) is None
    assert world.sunniva.name in client.get(row.get_absolute_url()).content.decode()
    assert "1 by name" in client.get(reverse("reports:list")).content.decode()
    end = reverse("reports:end_recipient", args=[row.named.get().pk])
    assert client.get(end).status_code == 405
    for who, status in (("hans", 404), ("mona", 404), ("vidar", 404)):
        assert login(world.people[who]).post(end).status_code == status
        assert login(world.people[who]).get(row.get_absolute_url()).status_code == status
    client.post(end)
    events = row.named.get().events_count
    client.post(end)
    assert named(row) == []
    assert row.named.get().events_count == events
    actions.stop_schedule(schedule=row, by=world.leif)
    assert client.get(row.get_absolute_url())["Location"] == reverse("reports:list")
    assert actions.name_recipient(schedule=row, by=world.leif, person=world.sunniva) is None


@pytest.mark.usefixtures("no_weekly_mail")
def test_named_and_with_the_role_one_gets_one_mail(clock: time_machine.Traveller, world: World, post: Post) -> None:
    row = planned(world, roles=[Role.LEADER])
    actions.name_recipient(schedule=row, by=world.leif, person=world.sunniva)
    actions.name_recipient(schedule=row, by=world.leif, person=world.kaja)
    deliver.take_as_told()
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    post.deliver()
    assert [len(post.to(user)) for user in (world.leif, world.sunniva, world.kaja)] == [1, 1, 1]


@pytest.mark.usefixtures("no_weekly_mail")
def test_named_one_gets_nothing_without_the_right_once_removed_or_gone(
    clock: time_machine.Traveller, world: World, login: Login, post: Post
) -> None:
    row = planned(world, roles=[], with_file=True)
    people = (world.leif, world.sunniva, world.kaja, world.rolf)
    for person in people:
        actions.name_recipient(schedule=row, by=world.leif, person=person)
    deliver.take_as_told()
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    deliver.sweep()  # written, and not gone yet
    actions.end_recipient(recipient=row.named.get(person=world.kaja), by=world.leif)
    for held in world.sunniva.memberships.all():
        organisation.end_role(membership=held, by=None, last_day=timezone.localdate() - datetime.timedelta(days=1))
    for forget in handover.on_left:
        forget(world.rolf)
    post.deliver()
    assert [bool(post.to(user)) for user in people] == [True, False, False, False]
    page = login(world.leif).get(row.get_absolute_url()).content.decode()
    assert "have this report of this unit. Gets nothing" in page
    assert named(row) == [world.leif.name, world.sunniva.name]  # who has left isn't named any more


@pytest.mark.usefixtures("no_weekly_mail")
def test_without_an_address_it_stands_among_the_notices(
    clock: time_machine.Traveller, world: World, login: Login, post: Post
) -> None:
    row = planned(world, roles=[])
    actions.name_recipient(schedule=row, by=world.leif, person=world.kaja)
    deliver.take_as_told()
    User.objects.filter(pk=world.kaja.pk).update(email="")
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    post.deliver()
    assert Notification.objects.filter(user=world.kaja, name="reports.report_ready").count() == 1
    assert not Email.objects.filter(user=world.kaja, name="reports.report_ready").exists()
    assert "Has no e-mail address" in login(world.leif).get(row.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("no_weekly_mail")
def test_a_mail_that_was_refused_is_told_until_a_later_one_gets_there(
    clock: time_machine.Traveller, world: World, login: Login, mail_server: MailServer
) -> None:
    row, said = planned(world, roles=[Role.LEADER]), "The latest e-mail was refused"
    for month, refusal in ((NEXT_MONTH, "550 5.1.1 No such user"), ("2026-11-02 09:00", "")):
        mail_server.recipients["sunniva@fjelldal.example"] = refusal
        clock.move_to(at(month))
        tell_what_is_ready()
        deliver.sweep()
        sending.send_due_mail()
        page = login(world.leif).get(row.get_absolute_url()).content.decode()
        assert page.count(said) == bool(refusal)
    states = Email.objects.filter(user=world.sunniva, name="reports.report_ready").order_by("pk").values_list("state")
    assert list(states) == [(Email.State.FAILED,), (Email.State.SENT,)]


def test_whoever_has_figures_only_is_named_for_its_own_rhythm_alone(
    clock: time_machine.Traveller, world: World, login: Login
) -> None:
    kind, client = kind_named("meldevilkar"), login(world.rolf)
    for rhythm, may in (("year", True), ("quarter", False)):
        row = actions.schedule(kind=kind, unit=world.municipality, rhythm=rhythm, roles=[], by=world.rolf)
        page = client.get(row.get_absolute_url()).content.decode()
        assert ("Tiril" in page) is may
        client.post(row.get_absolute_url(), {"person": world.tiril.pk})
        assert bool(named(row)) is may


def test_the_list_asks_the_same_few_questions_however_many_get_it(
    clock: time_machine.Traveller, world: World, login: Login
) -> None:
    row, client = planned(world, roles=[]), login(world.leif)
    actions.name_recipient(schedule=row, by=world.leif, person=world.leif)
    client.get(row.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(row.get_absolute_url())
    for person in (world.sunniva, world.rolf, world.kaja):
        actions.name_recipient(schedule=row, by=world.leif, person=person)
    with CaptureQueriesContext(connection) as many:
        client.get(row.get_absolute_url())
    assert len(many) == len(few)


@pytest.mark.usefixtures("no_weekly_mail")
def test_whoever_has_left_gets_nothing_and_a_closed_unit_tells_nothing(
    clock: time_machine.Traveller, world: World, post: Post
) -> None:
    planned(world)
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    deliver.sweep()
    world.leif.is_active = False
    world.leif.save(update_fields=["is_active"])
    post.deliver()
    assert not post.to(world.leif)
    clock.move_to(at("2026-10-31 09:00"))  # a Saturday
    assert tell_what_is_ready() == 0


@pytest.mark.usefixtures("no_weekly_mail")
def test_the_file_comes_to_those_who_may_have_the_report_alone(
    clock: time_machine.Traveller, world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Press, "print", lambda *_args, **_more: b"%PDF-1.7 printed")
    kind = kind_named("meldevilkar")
    actions.schedule(
        kind=kind, unit=world.municipality, rhythm="year", roles=[Role.UNION_REP, Role.SAFETY_REP, Role.LEADER],
        by=world.rolf, with_file=True,
    )  # fmt: skip
    deliver.take_as_told()
    clock.move_to(at("2027-01-04 09:00"))
    tell_what_is_ready()
    post.deliver()
    (mail,) = post.to(world.tiril)
    ((name, content, _kind),) = mail.attachments
    assert (name.lower(), content[:5]) == ("conditions for reporting, fjelldal, 2026.pdf", b"%PDF-")
    assert not post.to(world.vidar)  # has no such report
    assert post.to(world.rolf)


@pytest.mark.usefixtures("no_weekly_mail")
def test_the_file_says_what_is_left_out_of_it(
    clock: time_machine.Traveller, world: World, post: Post, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def press(_self: Press, html: str, *_args: Any, **_more: Any) -> bytes:
        printed.append(html)
        return b"%PDF-1.7 printed"

    monkeypatch.setattr(Press, "print", press)
    planned(world, with_file=True)
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    post.deliver()
    assert post.to(world.leif)[0].attachments
    assert printed
    assert all("Cases about a leader are not counted." in html for html in printed)
    live = login(world.leif).get(reverse("reports:live_pdf", args=["ledermote"]))
    assert live.status_code == 200
    assert "Cases about a leader are not counted." not in printed[-1]  # their own look counts all they may see


def test_to_those_with_figures_only_it_comes_in_its_own_rhythm(world: World, login: Login) -> None:
    """A quarter and its months beside it would tell the small numbers that are left out of both."""
    client, url = login(world.rolf), reverse("reports:schedule")
    asked = {"kind": "hms", "unit": world.municipality.pk, "rhythm": "month", "roles": ["leader", "work_environment"]}
    assert b"figures only" in client.post(url, asked).content
    assert not Schedule.objects.exists()
    client.post(url, asked | {"roles": ["leader"]})
    client.post(url, asked | {"rhythm": "quarter"})
    assert set(Schedule.objects.values_list("rhythm", flat=True)) == {"month", "quarter"}


@pytest.mark.usefixtures("no_weekly_mail")
def test_nor_does_another_role_bring_it_to_them(clock: time_machine.Traveller, world: World, post: Post) -> None:
    organisation.grant_role(user=world.tiril, unit=world.municipality, role=Role.OCCUPATIONAL_HEALTH)
    actions.schedule(
        kind=kind_named("meldevilkar"), unit=world.municipality, rhythm="month", by=world.rolf,
        roles=[Role.OCCUPATIONAL_HEALTH, Role.LEADER],
    )  # fmt: skip
    deliver.take_as_told()
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    post.deliver()
    assert post.to(world.rolf)
    assert not post.to(world.tiril)
