"""Writing a report, approving it with its figures as they are, and what has changed since."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from deviations import actions as cases
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change
from kvalitetslosen.organisation.models import MunicipalitySettings, User
from kvalitetslosen.reports import actions, files, shown
from kvalitetslosen.reports.lifecycle import State
from kvalitetslosen.reports.models import Report
from tests.deviations.cases import about_the_leader, closed
from tests.people import World
from tests.ready_reports.conftest import Login, approved, drafted, reported


def sent(report: Report, **more: Any) -> dict[str, Any]:
    report.refresh_from_db()
    return {"seen": report.events_count, **more}


def count_of(report: Report) -> float | None:
    assert report.frozen is not None
    found = {part["name"]: part for part in report.frozen["parts"]}
    value: float | None = found["maned"]["figures"]["foot"]["cells"][0][0]
    return value


def test_a_leader_begins_writes_and_approves(month: World, login: Login) -> None:
    client = login(month.leif)
    begin = reverse("reports:begin", args=["ledermote"])
    answer = client.post(begin, {"enhet": month.home_care.pk})
    report = Report.objects.get()
    assert answer["Location"] == reverse("reports:write", args=[report.pk])
    client.post(begin, {"enhet": month.home_care.pk})
    assert Report.objects.count() == 1  # the same draft, not another
    client.post(answer["Location"], sent(report, tekst_sammendrag="Vi tar det opp."))
    report.refresh_from_db()
    assert report.texts == {"sammendrag": "Vi tar det opp."}
    approve = reverse("reports:approve", args=[report.pk])
    assert client.get(approve).status_code == 405
    client.post(approve, sent(report))
    report.refresh_from_db()
    assert (report.state, report.approver, count_of(report)) == (State.APPROVED, month.leif, 8)
    events = Event.objects.about(report).count()
    client.post(approve, sent(report))  # a second time it does nothing
    client.post(reverse("reports:write", args=[report.pk]), sent(report, tekst_sammendrag="Noe annet."))
    report.refresh_from_db()
    assert report.texts == {"sammendrag": "Vi tar det opp."}
    assert Event.objects.about(report).count() == events
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Vi tar det opp." in page
    assert "No number has changed since." in page


@pytest.mark.parametrize("name", ["write", "approve", "put_away", "withdraw", "share"])
def test_strangers_find_nothing_and_others_may_not(month: World, login: Login, name: str) -> None:
    report = drafted(month)
    url = reverse(f"reports:{name}", args=[report.pk])
    for who in ("mona", "hans", "nora", "tiril"):
        assert login(month.people[who]).post(url, sent(report)).status_code == 404, who
    actions.approve(report=report, by=month.leif)
    actions.share(report=report, by=month.leif, role="union_rep")
    assert login(month.tiril).post(url, sent(report)).status_code == 403


def test_two_who_write_at_once_are_warned_and_lose_nothing(month: World, login: Login) -> None:
    report = drafted(month)
    url, seen = reverse("reports:write", args=[report.pk]), report.events_count
    login(month.leif).post(url, {"seen": seen, "tekst_sammendrag": "Først."})
    client = login(month.sunniva)
    answer = client.post(url, {"seen": seen, "tekst_sammendrag": "Sist."})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Leif Lund has written here meanwhile" in page
    assert "Sist." in page
    report.refresh_from_db()
    assert report.texts == {"sammendrag": "Først."}
    client.post(url, {"seen": report.events_count, "tekst_sammendrag": "Sist."})
    report.refresh_from_db()
    assert report.texts == {"sammendrag": "Sist."}


def test_frozen_stays_and_what_changed_is_told(world: World, login: Login) -> None:
    reported(world, 2)
    done = closed(world)
    report = approved(world)
    before = report.frozen
    cases.reopen(deviation=done, by=world.leif, note="Det skjedde igjen.")
    reported(world, 4)
    report.refresh_from_db()
    assert report.frozen == before
    page = login(world.leif).get(report.get_absolute_url()).content.decode()
    assert "Together, Cases: 3 then, 7 now (+4)." in page
    assert "Open cases" in page or "What lies open" in page
    found = shown.of(report, world.leif, compare=True)
    names = {change.name: (change.then, change.now) for change in found.since["apne"].changes}
    assert names["Together"] == (2, 7)


def test_no_case_about_a_leader_is_counted_in_what_others_read(world: World, login: Login) -> None:
    reported(world, 5)
    about_the_leader(world)
    live = login(world.sunniva).get(f"{reverse('reports:live', args=['ledermote'])}?enhet={world.health.pk}")
    assert ">6<" in live.content.decode()
    report = approved(world, by=world.sunniva, unit=world.health)
    assert count_of(report) == 5
    assert report.frozen is not None
    listed = report.frozen["parts"][1]["figures"]["foot"]["cells"][0][1]
    assert "uten=om-leder" in listed


def test_a_draft_is_put_away_and_a_report_withdrawn_with_a_reason(month: World, login: Login) -> None:
    client = login(month.leif)
    draft = drafted(month)
    client.post(reverse("reports:put_away", args=[draft.pk]), sent(draft))
    assert client.get(draft.get_absolute_url()).status_code == 404
    report = approved(month)
    url = reverse("reports:withdraw", args=[report.pk])
    assert client.post(url, sent(report, note="")).status_code == 200
    client.post(url, sent(report, note="Tallene var feil."))
    report.refresh_from_db()
    assert report.state == State.WITHDRAWN
    assert "Tallene var feil." in client.get(report.get_absolute_url()).content.decode()


def test_those_who_only_read_it_begin_nothing_and_see_no_draft(month: World, login: Login) -> None:
    begin = reverse("reports:begin", args=["meldevilkar"])
    client = login(month.tiril)
    assert client.post(begin).status_code == 403
    draft = drafted(month, name="meldevilkar", by=month.rolf, unit=month.municipality)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert login(month.vidar).post(reverse("reports:begin", args=["hms"])).status_code == 403


def narrowed(world: World) -> None:
    rules = MunicipalitySettings.objects.get(municipality=world.municipality)
    change(rules, "organisation.settings_changed", by=None, narrow_upper_sight=True)


SAYS_SO = "only cases of high or critical severity are counted"


def test_one_made_by_a_leader_with_narrowed_sight_says_so_wherever_it_is_read(month: World, login: Login) -> None:
    narrowed(month)
    rolf = User.objects.get(pk=month.rolf.pk)
    report = approved(month, by=rolf, unit=month.municipality)
    actions.share(report=report, by=rolf, role="union_rep")
    for reader in (month.rolf, month.tiril):
        client = login(reader)
        assert SAYS_SO in client.get(report.get_absolute_url()).content.decode()
        assert SAYS_SO in client.get(reverse("reports:report_slides", args=[report.pk])).content.decode()
        found = shown.of(report, User.objects.get(pk=reader.pk))
        assert SAYS_SO in render_to_string(
            "reports/paper.html",
            {**files.context_of(found, reader), "printed": timezone.localtime(), "is_page": False},
        )
    live = reverse("reports:live", args=["ledermote"])
    assert SAYS_SO in login(month.rolf).get(live).content.decode()
    assert SAYS_SO not in login(month.leif).get(live).content.decode()  # sees all there is
    assert SAYS_SO not in login(month.kaja).get(live).content.decode()
    assert shown.of(approved(month), month.leif).narrowed is False


def test_a_leader_with_narrowed_sight_writes_nothing_two_levels_down(month: World, login: Login) -> None:
    report = approved(month)
    actions.share(report=report, by=month.leif, role="leader")
    narrowed(month)
    client = login(month.rolf)
    assert client.post(reverse("reports:begin", args=["ledermote"]), {"enhet": month.home_care.pk}).status_code == 403
    page = client.get(report.get_absolute_url()).content.decode()
    assert "small numbers are left out" in page  # as to others without the cases behind it
    assert reverse("reports:withdraw", args=[report.pk]) not in page
    assert login(month.sunniva).get(report.get_absolute_url()).status_code == 200


def test_whoever_comes_too_late_is_told_what_happened(month: World, login: Login) -> None:
    report = drafted(month)
    asked = sent(report)
    actions.write(report=report, by=month.sunniva, texts={"sammendrag": "Først."})
    answer = login(month.leif).post(reverse("reports:approve", args=[report.pk]), asked, follow=True)
    assert "Somebody was here before you: Sunniva" in answer.content.decode()
    report.refresh_from_db()
    assert report.is_draft
