"""The working environment committee has figures of the municipality, writes its report, and has no case behind it."""

from __future__ import annotations

import datetime
import io

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from openpyxl import load_workbook

from deviations import actions as cases
from deviations.models import Category, Kind, Topic
from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Report
from kvalitetslosen.workdays import OSLO
from tests.people import World
from tests.ready_reports.conftest import Login, approved, drafted, this_month, this_quarter

SMALL = {"1", "2", "3", "4"}


@pytest.fixture
def committee(world: World) -> User:
    """Somebody in the committee, in a month with three cases of violence and nine of something else."""
    member = world.greta
    organisation.grant_role(user=member, unit=world.municipality, role=Role.WORK_ENVIRONMENT)
    for name, n in (("Vold", 3), ("Støy", 9)):
        row = Category(municipality=world.municipality, name=name, topic=Topic.HSE)
        category = create(row, "deviations.category_added", by=None)
        for _each in range(n):
            cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Kveld", category=category)
    return User.objects.get(pk=member.pk)


def numbers(page: bytes) -> set[str]:
    return {cell.get_text() for cell in BeautifulSoup(page, "html.parser").select("main td.number")}


def test_what_a_leader_approved_is_read_without_small_numbers(world: World, committee: User, login: Login) -> None:
    report = approved(world, name="hms", by=world.rolf, unit=world.municipality, period=this_quarter())
    assert "3" in numbers(login(world.rolf).get(report.get_absolute_url()).content)
    page = login(committee).get(report.get_absolute_url())
    assert page.status_code == 200
    assert not numbers(page.content) & SMALL


@pytest.mark.parametrize("what", ["report", "write"])
def test_a_draft_has_none_either(world: World, committee: User, login: Login, what: str) -> None:
    report = drafted(world, name="hms", by=world.rolf, unit=world.municipality, period=this_quarter())
    page = login(committee).get(reverse(f"reports:{what}", args=[report.pk]))
    assert page.status_code == 200
    assert not numbers(page.content) & SMALL
    assert "Vold: 3" not in page.content.decode()


@pytest.mark.parametrize("kind", ["hms", "meldevilkar"])
def test_nor_has_it_live_or_as_a_file(world: World, committee: User, login: Login, kind: str) -> None:
    client, query = login(committee), f"?{this_month().query}"
    page = client.get(reverse("reports:live", args=[kind]) + query)
    assert page.status_code == 200
    assert not numbers(page.content) & SMALL
    slides = client.get(reverse("reports:live_slides", args=[kind]) + f"{query}&alle=1")
    assert not numbers(slides.content) & SMALL
    file = client.get(reverse("reports:live_xlsx", args=[kind]) + query)
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))  # type: ignore[attr-defined]
    told = {cell for sheet in book.worksheets[1:] for row in sheet.iter_rows(values_only=True) for cell in row}
    assert not told & {1, 2, 3, 4}


def test_no_period_a_month_longer_than_another_can_be_asked_for(world: World, committee: User, login: Login) -> None:
    client, url = login(committee), reverse("reports:live", args=["hms"])
    for first, last in (("2026-01", "2026-02"), ("2026-02", "2026-02"), ("2025-02", "2026-03")):
        shown = client.get(url, {"fra": first, "til": last}).context["shown"]
        assert (len(shown.period), shown.period.first.month) == (3, 1)
    client.post(reverse("reports:begin", args=["hms"]), {"fra": "2026-01", "til": "2026-02"})
    assert len(Report.objects.get().period) == 3
    assert len(login(world.rolf).get(url, {"fra": "2026-01", "til": "2026-02"}).context["shown"].period) == 2


def test_whoever_has_the_cases_reads_all(world: World, committee: User, login: Login) -> None:
    page = login(world.rolf).get(reverse("reports:live", args=["hms"]) + f"?{this_month().query}")
    assert "3" in numbers(page.content)


def test_nor_is_a_report_of_one_read_that_somebody_else_wrote_before_it_is_shared(
    world: World, committee: User, login: Login
) -> None:
    report = drafted(world, name="hms", by=world.rolf, unit=world.municipality)  # of a month
    client = login(committee)
    for _each in ("draft", "approved"):
        assert client.get(report.get_absolute_url()).status_code == 404
        if report.is_draft:
            actions.approve(report=report, by=world.rolf)
            report.refresh_from_db()
    assert report not in client.get(reverse("reports:list")).context["reports"]
    actions.share(report=report, by=world.rolf, role=Role.WORK_ENVIRONMENT)
    assert client.get(report.get_absolute_url()).status_code == 200


def test_no_quarter_less_two_of_its_months_is_read_where_figures_are_told_by_month(world: World, login: Login) -> None:
    """The explorer leaves out March, with two months of another quarter; all of the quarter would tell it."""
    with time_machine.travel(datetime.datetime(2026, 12, 20, 10, tzinfo=OSLO), tick=False):
        client = login(world.tiril)
        for month, n in ((1, 20), (2, 21), (3, 2), (4, 6), (5, 7)):
            at = datetime.datetime(2026, month, 3, 10, tzinfo=OSLO)
            for _each in range(n):
                cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Kveld", at=at)
        told = client.get(f"{reverse('figures:explore')}?om=avvik&per=maned&del=ingen&fra=2026-01&til=2026-12").content
        assert {"20", "21", "1–4", "56"} <= numbers(told)
        page = client.get(reverse("reports:live", args=["meldevilkar"]), {"fra": "2026-01", "til": "2026-03"})
        assert "56" in numbers(page.content)
        assert "43" not in numbers(page.content)
