"""The list in columns and in order, and the file of exactly what it shows."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions
from deviations.columns import COLUMNS
from deviations.models import Deviation
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]


def table(page: str) -> tuple[list[str], list[list[str]]]:
    found = BeautifulSoup(page, "html.parser").find("table")
    assert found is not None
    cells = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")]
    return cells[0], cells[1:]


@pytest.fixture
def four(world: World) -> list[Deviation]:
    rows = []
    for days, more in ((1, {}), (3, {"category": cases.category(world, "Fall")}), (2, {}), (5, {})):
        rows.append(cases.ordinary(world, at=timezone.now() - datetime.timedelta(days=days), **more))
    return rows


def streamed(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def workbook(answer: object) -> list[tuple[object, ...]]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(streamed(answer))).worksheets
    return list(sheet.iter_rows(values_only=True))


def test_every_column_can_be_shown_and_is_in_both_files(world: World, login: Login, four: list[Deviation]) -> None:
    client = login(world.leif)
    query = "&".join(f"kolonne={key}" for key in COLUMNS)
    heads, rows = table(client.get(f"/avvik/?{query}").text)
    assert heads == ["Reference", *(str(column.label) for column in COLUMNS.values())]
    assert len(rows) == 4
    first, *_rest = workbook(client.get(f"/rapporter/saker.xlsx?{query}"))
    assert [str(cell) for cell in first] == heads
    text = streamed(client.get(f"/rapporter/saker.csv?{query}")).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text), delimiter=";")) == heads


@pytest.mark.parametrize("order", ["", "eldst", "frist"])
def test_the_files_are_exactly_what_the_list_shows(
    world: World, login: Login, four: list[Deviation], order: str
) -> None:
    client = login(world.leif)
    Deviation.objects.filter(pk=four[1].pk).update(deadline=timezone.now() - datetime.timedelta(days=1))
    query = f"visning=omrade&kategori=-&kolonne=hvor&kolonne=type&rekkefolge={order}"
    heads, rows = table(client.get(f"/avvik/?{query}").text)
    assert len(rows) == 3, "one has a category"
    assert [tuple(heads), *map(tuple, rows)] == workbook(client.get(f"/rapporter/saker.xlsx?{query}"))
    text = streamed(client.get(f"/rapporter/saker.csv?{query}")).decode("utf-8-sig")
    assert [heads, *rows] == list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_order_is_the_one_chosen(world: World, login: Login, four: list[Deviation]) -> None:
    client = login(world.leif)

    def shown(query: str) -> list[str]:
        return [row[0] for row in table(client.get(f"/avvik/?kolonne=frist&{query}").text)[1]]

    newest = [four[n].reference for n in (0, 2, 1, 3)]
    assert shown("") == newest
    assert shown("rekkefolge=eldst") == newest[::-1]
    Deviation.objects.filter(pk=four[2].pk).update(deadline=timezone.now() - datetime.timedelta(days=9))
    assert shown("rekkefolge=frist")[0] == four[2].reference
    assert shown("rekkefolge=frist&status=alle") == newest, "of the closed ones the deadline says nothing any more"
    assert shown("rekkefolge=tull") == newest


@pytest.mark.parametrize("order", ["", "eldst", "frist"])
def test_pages_in_any_order_leave_nothing_out_and_show_nothing_twice(world: World, login: Login, order: str) -> None:
    now = timezone.now()
    for n in range(60):
        cases.ordinary(world, at=now - datetime.timedelta(hours=n // 2))
    client, address = login(world.leif), f"?kolonne=hvor&rekkefolge={order}"
    seen: list[str] = []
    while address:
        page = client.get(f"/avvik/{address}")
        seen += [row[0] for row in table(page.text)[1]]
        last, address = address, page.context["page_of_cases"].older
    assert len(seen) == len(set(seen)) == 60
    back = client.get(f"/avvik/{client.get(f'/avvik/{last}').context['page_of_cases'].newer}")
    assert [row[0] for row in table(back.text)[1]] == seen[25:50]


def test_whoever_oversees_nothing_takes_nothing_home(world: World, login: Login) -> None:
    assert login(world.nora).get("/rapporter/saker.xlsx").status_code == 403
    assert login(world.leif).post("/rapporter/saker.xlsx").status_code == 405


def test_a_case_about_the_leader_is_in_neither_list_nor_file(world: World, login: Login) -> None:
    secret = cases.about_the_leader(world)
    client = login(world.leif)
    assert workbook(client.get("/rapporter/saker.xlsx?status=alle&kolonne=hvor"))[1:] == []
    assert secret.reference not in client.get("/avvik/?status=alle&kolonne=hvor").text


def test_several_are_chosen_in_the_table_too(world: World, login: Login, four: list[Deviation]) -> None:
    page = login(world.leif).get("/avvik/?kolonne=hvor&velg=1").text
    boxes = BeautifulSoup(page, "html.parser").find_all("input", attrs={"name": "sak"})
    assert len(boxes) == 4
    assert all(BeautifulSoup(page, "html.parser").find(id=box["aria-labelledby"]) for box in boxes)


def test_a_table_costs_as_many_questions_as_lines(
    world: World, login: Login, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    for n in range(12):
        cases.ordinary(world, category=cases.category(world, f"Kategori {n}"))
        actions.report(by=world.leif, unit=world.home_care, kind="risk", text="Is på trappa")
    client = login(world.sunniva)
    query = "&".join(f"kolonne={key}" for key in COLUMNS)
    client.get(f"/avvik/?{query}")
    with django_assert_max_num_queries(7):
        client.get(f"/avvik/?{query}")
