"""What is counted is one tap away from every section with figures, also when it is approved, shared or on paper."""

from __future__ import annotations

import re
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup, Tag
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from kvalitetslosen.figures import rules
from kvalitetslosen.organisation.models import User
from kvalitetslosen.reports import files, shown
from kvalitetslosen.reports.registry import kinds
from tests.deviations import cases
from tests.people import World
from tests.ready_reports.conftest import Login, approved

LIVE = [kind.name for kind in kinds()]


def sections(client: Any, url: str) -> list[Tag]:
    page = BeautifulSoup(client.get(url).content, "html.parser")
    return [each for each in page.select("section.los-card") if each.select("table")]


@pytest.mark.parametrize("name", LIVE)
def test_each_section_leads_to_its_definition(month: World, login: Login, name: str) -> None:
    for make in (cases.hse, cases.privacy, cases.closed):
        make(month)
    client = login(month.rolf)
    definitions = BeautifulSoup(client.get(reverse("figures:definitions")).content, "html.parser")
    for section in sections(client, reverse("reports:live", args=[name])):
        link = section.select_one(".los-defined a")
        assert link is not None, section["id"]
        anchor = str(link["href"]).partition("#")[2]
        found = definitions.find(id=anchor)
        assert found is not None, anchor
        assert found.find_next("dd")


def test_an_approved_report_keeps_what_was_meant_then(
    month: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = approved(month, name="enhetens-ar")
    words = rules.definition("maned")
    for section in sections(login(month.leif), report.get_absolute_url()):
        fold = section.select_one("details.los-fold:not(.los-since) summary")
        assert fold is not None, section["id"]
        assert fold.get_text() == "What is counted"
    monkeypatch.setitem(
        rules._sections, "maned", rules.Section("maned", "By month", "Something else now.", "", lambda _user: True)
    )
    page = login(month.leif).get(report.get_absolute_url()).content.decode()
    assert "Something else now." not in page
    reader = User.objects.get(pk=month.leif.pk)
    with translation.override("en"):
        found = shown.of(report, reader)
        paper = render_to_string(
            "reports/paper.html", {**files.context_of(found, reader), "printed": timezone.localtime()}
        )
        sheet = openpyxl.load_workbook(files.workbook(found, reader))["What is counted"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert said["By month"] == words
    assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", BeautifulSoup(paper, "html.parser").get_text())


def test_the_numbers_of_the_review_are_those_its_points_tell(month: World, login: Login) -> None:
    """Cases about a leader are in neither, though whoever reads it may open them."""
    cases.about_the_leader(month)
    client = login(month.rolf)
    page = BeautifulSoup(client.get(reverse("reports:live", args=["gjennomgang"])).content, "html.parser")
    point, table = page.find(id="punkt-4"), page.find(id="maned")
    assert isinstance(point, Tag)
    assert isinstance(table, Tag)
    foot = table.select_one("tfoot td.number")
    assert foot is not None
    assert foot.get_text() == "11"
    assert "11 " in point.get_text()
    link = foot.select_one("a")
    assert link is not None
    rows = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    assert len(rows.select("main .los-list > li, main tbody tr, main .los-cases > li")) == 11
