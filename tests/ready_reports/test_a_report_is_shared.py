"""An approved report is shared with everybody who has a role: what they see of it, and what nobody tells them."""

from __future__ import annotations

import datetime
import io

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from deviations import actions as deviations
from deviations.models import Category, Kind
from kvalitetslosen.journal.record import create
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation.actions import end_role
from kvalitetslosen.organisation.models import Membership, Role
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Share
from tests.deviations import cases
from tests.notifications.conftest import Post
from tests.people import World
from tests.ready_reports.conftest import Login, approved, drafted, this_quarter


def test_those_with_the_role_get_a_mail_and_read_it(month: World, login: Login, post: Post) -> None:
    report = approved(month)
    deliver.take_as_told()
    assert login(month.tiril).get(report.get_absolute_url()).status_code == 404
    url = reverse("reports:share", args=[report.pk])
    client = login(month.leif)
    assert client.get(url).status_code == 405
    client.post(url, {"role": Role.UNION_REP})
    client.post(url, {"role": Role.UNION_REP})
    assert Share.objects.count() == 1
    post.deliver()
    post.deliver()
    (mail,) = post.to(month.tiril)
    assert report.get_absolute_url() in mail.body
    assert "8" not in mail.subject
    reader = login(month.tiril)
    assert report.get_absolute_url() in reader.get(reverse("reports:list")).content.decode()
    assert reader.get(report.get_absolute_url()).status_code == 200
    assert login(month.mona).get(report.get_absolute_url()).status_code == 404
    client.post(reverse("reports:stop_sharing", args=[Share.objects.get().pk]))
    assert reader.get(report.get_absolute_url()).status_code == 404


def test_only_what_is_approved_is_shared(month: World, login: Login) -> None:
    draft = drafted(month)
    login(month.leif).post(reverse("reports:share", args=[draft.pk]), {"role": Role.UNION_REP})
    assert not Share.objects.exists()
    report = approved(month)
    actions.share(report=report, by=month.leif, role=Role.UNION_REP)
    actions.withdraw(report=report, by=month.leif, note="Feil.")
    assert login(month.tiril).get(report.get_absolute_url()).status_code == 404


def test_nobody_who_has_left_the_role_gets_the_mail(month: World, post: Post) -> None:
    report = approved(month)
    deliver.take_as_told()
    actions.share(report=report, by=month.leif, role=Role.UNION_REP)
    deliver.sweep()
    held = Membership.objects.get(user=month.tiril)
    end_role(membership=held, by=month.ada, last_day=timezone.localdate() - datetime.timedelta(days=1))
    post.deliver()
    assert not post.to(month.tiril)


@pytest.mark.parametrize("name", ["report", "report_slides"])
def test_readers_see_frozen_figures_without_small_numbers_or_lists(month: World, login: Login, name: str) -> None:
    report = approved(month)
    actions.share(report=report, by=month.leif, role=Role.UNION_REP)
    query = "?alle=1" if name == "report_slides" else ""
    answer = login(month.tiril).get(reverse(f"reports:{name}", args=[report.pk]) + query)
    page = BeautifulSoup(answer.content, "html.parser")
    shown = [cell.get_text() for cell in page.select("td.number")]
    assert shown
    assert not {"1", "2", "3", "4"} & set(shown)
    assert not page.select("td.number a")
    assert "/avvik/" not in str(page.select_one("main"))
    assert "changed since" not in answer.content.decode()
    assert "has happened" not in answer.content.decode()


def test_a_leader_of_another_unit_reads_what_is_shared_with_leaders_without_small_numbers(
    month: World, login: Login
) -> None:
    report = approved(month, by=month.sunniva, unit=month.health)
    assert login(month.hans).get(report.get_absolute_url()).status_code == 404
    actions.share(report=report, by=month.sunniva, role=Role.LEADER)
    page = BeautifulSoup(login(month.hans).get(report.get_absolute_url()).content, "html.parser")
    assert not {"1", "2", "3", "4"} & {cell.get_text() for cell in page.select("td.number")}
    assert login(month.rolf).get(report.get_absolute_url()).status_code == 200


def test_whoever_has_the_report_but_other_cases_finds_no_way_into_the_approvers_lists(
    month: World, login: Login
) -> None:
    cases.overseers(month)
    cases.hse(month)
    report = approved(month, name="hms", by=month.rolf, unit=month.municipality, period=this_quarter())
    mine = BeautifulSoup(login(month.rolf).get(report.get_absolute_url()).content, "html.parser")
    theirs = BeautifulSoup(login(month.people["wanda"]).get(report.get_absolute_url()).content, "html.parser")
    assert mine.select("td.number a")
    assert theirs.select("td.number")
    assert not theirs.select("td.number a")
    live = login(month.people["wanda"]).get(reverse("reports:live", args=["hms"]))
    for page in (theirs, BeautifulSoup(live.content, "html.parser")):
        assert not {"1", "2", "3", "4"} & {cell.get_text() for cell in page.select("td.number")}


def test_no_point_of_a_review_says_in_words_what_the_table_below_it_leaves_out(world: World, login: Login) -> None:
    for name, n in (("Vold", 9), ("Tyveri", 4), ("Fall", 3)):
        row = create(Category(municipality=world.municipality, name=name), "deviations.category_added", by=None)
        for _each in range(n):
            deviations.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Kveld", category=row)
    report = approved(world, name="gjennomgang")
    actions.share(report=report, by=world.leif, role=Role.UNION_REP)
    assert "Fall 3" in login(world.leif).get(report.get_absolute_url()).content.decode()
    client = login(world.tiril)
    page = BeautifulSoup(client.get(report.get_absolute_url()).content, "html.parser")
    slides = client.get(f"{reverse('reports:report_slides', args=[report.pk])}?alle=1").content.decode()
    book = load_workbook(io.BytesIO(client.get(reverse("reports:report_xlsx", args=[report.pk])).getvalue()))
    told = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    for words in (page.get_text(), slides, " ".join(told)):
        assert "Fall 3" not in words
        assert "Tyveri 4" not in words
    counted, documents = page.select_one("#punkt-4"), page.select_one("#punkt-11")
    assert counted is not None
    assert documents is not None
    assert "These numbers are left out" in counted.get_text()
    assert "are in force" in documents.get_text()
    assert page.select_one("#punkt-1") is None  # says nothing: there is nothing to leave out
