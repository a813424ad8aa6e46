"""Spreadsheet and CSV: complete, only what the person may see, harmless to open, and never all of it in memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from deviations import actions, exports
from deviations.models import Category, Deviation, Kind, Topic
from deviations.report_sections import Report
from deviations.reports import Period
from kvalitetslosen.csv_files import COMMANDS
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.spreadsheet import XLSX
from tests.people import World
from tests.reports.histories import Life, categories, live

Login = Callable[[User], Client]
NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/c calc'!A1")


def report(world: World, text: str = "Noe hendte.", *, unit: Unit | None = None, **more: Any) -> Deviation:
    return actions.report(by=world.nora, unit=unit or world.home_care, kind=Kind.DEVIATION, text=text, **more)


def cases(client: Client, **query: Any) -> list[dict[str, str]]:
    answer = client.get(reverse("deviations:export"), {"status": "alle", **query})
    assert answer.streaming
    return read(sent(answer))


def sent(answer: Any) -> bytes:
    """The whole of a streamed answer."""
    return b"".join(answer.streaming_content)


def read(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_cases_come_as_a_file_a_norwegian_excel_opens(world: World, login: Login) -> None:
    case = report(world, 'Han sa "au"; så\nfalt han.', done_at_once="Løftet ham opp")
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Æ, ø og å", consequence=3, probability=3)
    answer = login(world.leif).get(reverse("deviations:export"), {"status": "alle"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    (row,) = read(sent(answer))
    values = list(row.values())
    assert values[0] == case.reference
    assert 'Han sa "au"; så\nfalt han.' in values
    assert {"Æ, ø og å", "Løftet ham opp", "Hjemmetjenesten", "Leif Lund", f"{case.deadline:%Y-%m-%d}"} <= set(values)
    assert values[14:17] == ["0", "0", "0"]


def test_choices_and_categories_are_in_the_readers_language(world: World) -> None:
    live(world, Life("nora", "home_care", "near_miss", 3, 1), categories(world))
    rows = Deviation.objects.visible_to(world.leif)
    with translation.override("nn"):
        (nynorsk,) = read(b"".join(exports.cases_as_csv(rows)))
    with translation.override("en"):
        (english,) = read(b"".join(exports.cases_as_csv(rows)))
    assert english["Kind"] == "Near miss"
    assert english["Category"] == "Ikke gitt"  # no English name: bokmål
    assert "Ikkje gjeve" in nynorsk.values()
    assert english["Severity"] == ""


def test_each_gets_the_cases_they_may_see_and_no_hidden_name(world: World, login: Login) -> None:
    category = create(
        Category(municipality=world.municipality, name="Vold", topic=Topic.HSE), "deviations.category_added", by=None
    )
    plain = report(world, hide_name=True)
    violent = report(world, category=category)
    elsewhere = report(world, unit=world.nursing_home)
    about = report(world)
    Deviation.objects.filter(pk=about.pk).update(about=world.leif)
    expected = {
        "leif": {plain, violent},
        "hans": {elsewhere},
        "sunniva": {plain, violent, elsewhere, about},
        "kaja": {plain, violent, elsewhere},
        "vidar": {violent},
        "per": set(),
    }
    column = {}
    for name, seen in expected.items():
        rows = cases(login(world.people[name]))
        column[name] = {next(iter(row.values())) for row in rows}
        assert column[name] == {case.reference for case in seen}, name
        assert all("Nora" not in cell for row in rows for cell in row.values())


def test_the_file_answers_the_same_question_as_the_list(world: World, login: Login) -> None:
    first, second = report(world), report(world)
    actions.receive_and_close(deviation=second, by=world.leif, outcome="Ordnet.")
    client = login(world.leif)
    assert len(cases(client)) == 2
    assert [next(iter(row.values())) for row in cases(client, status="")] == [first.reference]
    assert [next(iter(row.values())) for row in cases(client, status="closed")] == [second.reference]
    assert cases(client, type="proposal") == []
    assert len(cases(client, svar="0")) == 1


@pytest.mark.parametrize("nasty", NASTY)
def test_no_cell_is_run_by_a_spreadsheet(world: World, login: Login, nasty: str) -> None:
    change(world.home_care, "organisation.unit_renamed", by=None, name=nasty)
    case = report(world, nasty, done_at_once=nasty, suggestion=nasty)
    actions.receive_and_close(deviation=case, by=world.leif, outcome=nasty)
    client = login(world.leif)
    (row,) = cases(client)
    assert [cell for cell in row.values() if cell.startswith(COMMANDS)] == []
    assert list(row.values()).count(f"'{nasty}") == 6
    for line in read(client.get(reverse("deviations:figures_csv")).content):
        assert not any(cell.startswith(COMMANDS) for cell in line.values())
    book = workbook(client)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in found} <= {"s", "n", "d", "f"}  # text, numbers, dates, and sums of our own
    formulas = [str(cell.value) for cell in found if cell.data_type == "f"]
    assert [each for each in formulas if not re.fullmatch(r"=SUBTOTAL\(109,[A-Z]+2:[A-Z]+\d+\)", each)] == []


def workbook(client: Client, **query: Any) -> openpyxl.Workbook:
    answer = client.get(reverse("deviations:figures_xlsx"), query)
    assert answer["Content-Type"] == XLSX
    return openpyxl.load_workbook(io.BytesIO(sent(answer)))


def test_the_spreadsheet_has_a_table_for_each_part_and_the_cases(world: World, login: Login) -> None:
    chosen = categories(world)
    for n in range(4):
        life = Life("nora", "home_care", "deviation", n, 20 * n, (("receive_and_close", 30, n),))
        live(world, life, chosen)
    live(world, Life("greta", "nursing_home", "risk", 0, 3, hide_name=True), chosen)
    report_of = Report.of(User.objects.get(pk=world.sunniva.pk), "", Period.latest(12))
    book = workbook(login(world.sunniva))
    sheets = {sheet.title: sheet for sheet in book}
    with translation.override("nb"):
        titles = [figures.title for figures in report_of.sections]
    assert len(sheets) == len(titles) + 2
    tables = [table for sheet in book for table in sheet.tables.values()]
    assert len(tables) == len(titles)
    first = list(sheets.values())[1]
    numbers = [row[1] for row in first.iter_rows(min_row=2, max_row=13, values_only=True)]
    assert numbers == report_of.by_month.column(0)
    listed = list(sheets.values())[-1]
    assert listed.max_row == 1 + 5
    assert listed.auto_filter.ref
    references = {row[0] for row in listed.iter_rows(min_row=2, values_only=True)}
    assert references == set(Deviation.objects.values_list("reference", flat=True))


def test_a_workbook_takes_no_more_cases_than_it_can_carry(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_CASES", 3)
    newest = [report(world) for _ in range(5)][-3:]
    rows = list(list(workbook(login(world.leif)))[-1].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows[:3]} == {case.reference for case in newest}
    assert "3" in str(rows[3][0])
    assert len(rows) == 4


def test_the_figures_come_as_lines_with_every_number_of_the_page(world: World, login: Login) -> None:
    report(world)
    report(world, unit=world.nursing_home)
    client = login(world.sunniva)
    lines = read(client.get(reverse("deviations:figures_csv")).content)
    shown = Report.of(User.objects.get(pk=world.sunniva.pk), "", Period.latest(12))
    assert len(lines) == sum((len(part.rows) + bool(part.foot)) * (len(part.head) - 1) for part in shown.sections)
    assert sum(list(line.values())[-1] == "2" for line in lines) >= 3


def test_each_time_something_is_taken_home_it_is_noted(world: World, login: Login) -> None:
    report(world)
    report(world)
    client = login(world.leif)
    before = Event.objects.about(world.home_care).count()
    cases(client, alvor="-")
    client.get(reverse("deviations:figures_csv"))
    workbook(client)
    told = list(Event.objects.about(world.home_care))[before:]
    assert [(event.type, event.by, event.data["what"], event.data["rows"]) for event in told] == [
        ("deviations.exported", world.leif, "cases", 2),
        ("deviations.exported", world.leif, "figures", 2),
        ("deviations.exported", world.leif, "workbook", 2),
    ]
    assert told[0].data["asked"] == "status=alle&alvor=-"


def test_a_very_long_list_is_noted_without_being_counted_to_the_end(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "COUNTED", 2)
    for _ in range(4):
        report(world)
    assert len(cases(login(world.leif))) == 4
    told = list(Event.objects.about(world.home_care))[-1].data
    assert (told["rows"], told["more"]) == (2, True)


def test_the_journal_knows_before_the_first_byte_is_sent(world: World, login: Login) -> None:
    report(world)
    answer: Any = login(world.leif).get(reverse("deviations:export"))
    assert list(Event.objects.about(world.home_care))[-1].type == "deviations.exported"
    answer.close()


def test_cases_are_read_as_they_are_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_A_TIME", 2)
    for n in range(7):
        report(world, f"Nummer {n}")
    stream = exports.cases_as_csv(Deviation.objects.visible_to(world.leif))
    with CaptureQueriesContext(connection) as none:
        assert isinstance(stream, Iterator)
    assert len(none) == 0
    first = next(stream)
    assert first.count(b"Nummer") == 2
    rest = list(stream)
    assert [chunk.count(b"Nummer") for chunk in rest] == [2, 2, 1]
    assert len(read(first + b"".join(rest))) == 7


def test_a_person_who_leaves_halfway_leaves_nothing_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_A_TIME", 2)
    for _ in range(5):
        report(world)
    rows = Deviation.objects.visible_to(world.leif)
    stream = exports.cases_as_csv(rows)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert len(read(b"".join(exports.cases_as_csv(rows)))) == 5
    assert Deviation.objects.count() == 5


def test_an_empty_list_gives_a_file_with_its_heading(world: World, login: Login) -> None:
    answer = login(world.leif).get(reverse("deviations:export"))
    content = sent(answer).decode("utf-8-sig")
    assert content.count("\r\n") == 1
    assert content.count(";") == len(exports.columns()) - 1


@pytest.mark.postgresql
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_postgresql_writes_the_same_lines_as_python(world: World) -> None:
    chosen = categories(world)
    for n, text in enumerate([*NASTY, 'et "sitat"', "semi;kolon", "to\r\nlinjer", "  =1", "”–ø"]):
        live(
            world,
            Life("nora", "home_care", "risk", n % 5, n * 3, (("receive_and_close", n * 9, n),), hide_name=bool(n % 2)),
            chosen,
        )
        Deviation.objects.filter(pk=Deviation.objects.latest("pk").pk).update(text=text, suggestion=text[::-1])
    rows = Deviation.objects.visible_to(world.rolf)
    told = exports.columns()
    values = [exports.harmless(column.value) if column.written else column.value for column in told]
    cells = rows.order_by("-reported_at", "-pk").values_list(*values)
    by_database, by_python = (
        list(csv.reader(io.StringIO("".join(lines(told, cells)), newline=""), delimiter=";"))
        for lines in (exports._lines_by_postgresql, exports._lines_by_python)
    )
    assert by_database == by_python
    assert len(by_database) == 13
