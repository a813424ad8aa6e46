"""A report that comes each month: a mail with a link once the month is over, to those who have it, once."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role
from kvalitetslosen.paper.press import Press
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Schedule
from kvalitetslosen.reports.places import kind_named
from kvalitetslosen.reports.tasks import tell_what_is_ready
from tests.notifications.conftest import Post, at
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
        kind=kind, unit=world.municipality, rhythm="quarter", roles=[Role.UNION_REP, Role.SAFETY_REP, Role.LEADER],
        by=world.rolf, with_file=True,
    )  # fmt: skip
    deliver.take_as_told()
    clock.move_to(at(NEXT_MONTH))
    tell_what_is_ready()
    post.deliver()
    (mail,) = post.to(world.tiril)
    ((name, content, _kind),) = mail.attachments
    assert (name.lower(), content[:5]) == ("conditions for reporting, fjelldal, quarter 3 of 2026.pdf", b"%PDF-")
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
