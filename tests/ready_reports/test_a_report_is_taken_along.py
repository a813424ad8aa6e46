"""A report as a PDF with tags, as a spreadsheet with tables, and on slides."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from kvalitetslosen.paper import printing
from kvalitetslosen.reports import files, shown
from kvalitetslosen.reports.places import kind_named
from scripts.test import find_pango
from tests.people import World
from tests.ready_reports.conftest import Login, approved, drafted, this_month


@pytest.mark.skipif(find_pango() is None, reason="nothing to print with")
def test_the_pdf_is_tagged_and_says_what_the_picture_shows(month: World, login: Login) -> None:
    year = timezone.localdate().year
    url = f"{reverse('reports:live_pdf', args=['enhetens-ar'])}?fra={year}-01&til={year}-12"
    answer = login(month.leif).get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert "sandbox" not in answer["Content-Security-Policy"], "the browser’s own reader couldn’t start"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    pdf = PdfReader(io.BytesIO(answer.content))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"]  # type: ignore[index]
    assert "/StructTreeRoot" in root  # type: ignore[operator]
    assert b"/Alt" in answer.content or _alternatives(root["/StructTreeRoot"])  # type: ignore[index]
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "A unit’s year" in text
    assert Event.objects.filter(type="reports.taken").count() == 1


def _alternatives(node: object) -> list[str]:
    """The words that stand for pictures, wherever they are in the tree."""
    found: list[str] = []
    stack = [node]
    while stack:
        each = stack.pop()
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, dict):
            if "/Alt" in each:
                found.append(str(each["/Alt"]))
            if "/K" in each:
                stack.append(each["/K"])
        elif isinstance(each, list):
            stack.extend(each)
    return found


def test_the_spreadsheet_has_a_table_for_each_section(month: World, login: Login) -> None:
    report = approved(month)
    answer = login(month.leif).get(reverse("reports:report_xlsx", args=[report.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        assert sum(name.startswith("xl/tables/") for name in book.namelist()) >= 3


def test_its_first_sheet_says_what_it_is(month: World, login: Login) -> None:
    report = approved(month)
    answer = login(month.leif).get(reverse("reports:report_xlsx", args=[report.pk]))
    first = load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    said = {row[0]: row[1] for row in first.iter_rows(values_only=True)}
    assert said["Report"] == "The leaders’ meeting"
    assert said["Counted"] == "Cases about a leader are not counted."
    assert said["Approved"]


def test_what_several_sections_mean_is_said_once(month: World, login: Login) -> None:
    found = shown.live(User.objects.get(pk=month.rolf.pk), kind_named("gjennomgang"), month.municipality, this_month())
    told = files.definitions_of(found)
    assert len({words for _titles, words in told}) == len(told)
    assert any(" · " in titles for titles, _words in told)


def test_the_sum_below_a_table_is_of_what_is_shown(month: World, login: Login) -> None:
    """It follows when somebody filters, and reads as the same number before anybody does."""
    report = approved(month, name="enhetens-ar")
    answer = login(month.leif).get(reverse("reports:report_xlsx", args=[report.pk]))
    content = answer.getvalue()
    told, formulas = (
        openpyxl.load_workbook(io.BytesIO(content), data_only=only)["By month"] for only in (True, False)
    )
    last = told.max_row
    rows = [int(str(row[1].value)) for row in told.iter_rows(min_row=2, max_row=last) if row[0].value][:-1]
    assert told.cell(last, 1).value == "Together"
    assert told.cell(last, 2).value == sum(rows) == 8
    assert formulas.cell(last, 2).value == f"=SUBTOTAL(109,B2:B{len(rows) + 1})"


@pytest.mark.skipif(find_pango() is None, reason="nothing to print with")
def test_a_bar_on_paper_is_as_long_as_its_number(month: World) -> None:
    """In the table, where its number is: as the background, so that nothing is read out twice."""
    report = approved(month, name="enhetens-ar")
    part = next(each for each in shown.of(report, month.leif).told if each.name == "type")
    bars = BeautifulSoup(shown.printed(part), "html.parser").select("tbody tr")
    found = {row.select("td")[0].get_text(): row.select("td")[1].get("class") for row in bars}
    assert found == {"7": ["los-bar", "los-bar--100"], "1": ["los-bar", "los-bar--14"], "0": None}
    css = printing.style()
    assert all(f".los-bar--{share}{{" in css for share in range(1, 101))


def test_slides_go_one_by_one_and_all_together(month: World, login: Login) -> None:
    report = drafted(month)
    client, url = login(month.leif), reverse("reports:report_slides", args=[report.pk])
    first = BeautifulSoup(client.get(url).content, "html.parser")
    following = first.select_one('a[rel="next"]')
    assert following is not None
    second = BeautifulSoup(client.get(str(following["href"])).content, "html.parser")
    assert second.select_one('a[rel="prev"]') is not None
    assert len(BeautifulSoup(client.get(f"{url}?alle=1").content, "html.parser").select("section")) > 3
    assert client.get(f"{url}?nr=tull").status_code == 200
    assert "Leif Lund" not in str(second.select_one("main"))
