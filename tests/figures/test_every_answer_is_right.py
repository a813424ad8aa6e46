"""Whatever is asked and whoever asks: the answer is that of a count by hand, and of the list each number leads to."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import openpyxl
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deviations.models import Severity
from kvalitetslosen.figures import periods, written
from kvalitetslosen.figures.answer import OTHERS, Answer, Part
from kvalitetslosen.figures.question import Question
from kvalitetslosen.journal.record import change
from kvalitetslosen.organisation.models import MunicipalitySettings, Unit, User
from kvalitetslosen.ui.charts import Cell
from tests.figures import independent
from tests.figures.independent import Told
from tests.people import World
from tests.reports.histories import Life, categories, live, lives

READERS = ("leif", "sunniva", "rolf", "hans", "kaja", "kristin", "vidar", "per")
PLACES = ("municipality", "health", "home_care", "nursing_home", "school")
MEASURES = (
    "antall",
    "antall",
    "antall",
    "mottak",
    "svar",
    "utfall",
    "lukking",
    "mottak-innen",
    "svar-innen",
    "virkning",
)
SPLITS = (
    "type", "hovedkategori", "kategori", "alvor", "status", "skade", "kilde", "under", "time", "ukedag", "prosedyre",
    "tema", "hjalp",
)  # fmt: skip
FILTERS = st.dictionaries(
    st.sampled_from(["type", "alvor", "status", "ukedag"]),
    st.lists(
        st.sampled_from(["deviation", "risk", "-", "closed", "reported", "1", "5", *Severity.values]), max_size=2
    ),
    max_size=2,
)

RANDOM = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example is a whole world: shrinking one takes too long
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Undo(Exception):
    """Raised to leave the database as it was for the next example."""


@st.composite
def asked(draw: Any) -> list[tuple[str, str]]:
    """A question, as an address has it but for the unit."""
    last = timezone.localdate() - datetime.timedelta(days=draw(st.integers(-40, 500)))
    first = last - datetime.timedelta(days=draw(st.integers(0, 700)))
    if draw(st.booleans()):
        first, last = first.replace(day=1), periods.last_of_month(last)
    parts = [("fra", first.isoformat()), ("til", last.isoformat()), ("mal", draw(st.sampled_from(MEASURES)))]
    parts.append(("per", draw(st.sampled_from([*periods.STRETCHES, "alt"]))))
    splits = draw(st.lists(st.sampled_from(SPLITS), max_size=2, unique=True))
    parts += [("del", key) for key in splits] or [("del", "ingen")]
    parts += [(key, value) for key, values in draw(FILTERS).items() for value in values]
    if draw(st.booleans()):
        parts.append(("ifjor", "1"))
    return parts


def said(part: Part, question: Question, told: Told, *, second: bool = False) -> bool:
    """Whether a case belongs to a row or a column."""
    if part.stretch is not None and not part.stretch.first <= told.day <= part.stretch.last:
        return False
    if part.values is None:
        return True
    split = question.split[1:] if second else question.split
    return all(told.values[each.key] == value for each, value in zip(split, part.values, strict=False))


def cells(answer: Answer) -> Iterator[tuple[Cell, list[tuple[Part, bool]], str]]:
    """Each number, the row and the column it stands in, and which of the columns that is."""
    question, everything = answer.question, Part("")
    lines = list(zip(answer.figures.rows, answer.rows, strict=True))
    if answer.figures.foot:
        lines.append((answer.figures.foot, everything))
    for row, part in lines:
        numbers = list(row.cells)
        for place, column in enumerate(answer.columns):
            second = bool(answer.second_values) and column in answer.second_values
            yield numbers[place], [(part, False), (column, second)], "cell"
        yield numbers[len(answer.columns)], [(part, False)], "together"
        if question.compared:
            yield numbers[len(answer.columns) + 1], [(part, False)], "before"


@RANDOM
@given(
    history=st.lists(lives, max_size=10),
    reader=st.sampled_from(READERS),
    narrow=st.booleans(),
    place=st.sampled_from(PLACES),
    questions=st.lists(asked(), min_size=8, max_size=16),
)
def test_every_number_is_that_of_a_count_by_hand_and_of_its_list(
    world: World, history: list[Life], reader: str, narrow: bool, place: str, questions: list[list[tuple[str, str]]]
) -> None:
    try:
        with transaction.atomic():
            rules = MunicipalitySettings.objects.get(municipality=world.municipality)
            change(rules, "organisation.settings_changed", by=None, narrow_upper_sight=narrow)
            chosen = categories(world)
            for life in history:
                live(world, life, chosen)
            user, unit = User.objects.get(pk=world.people[reader].pk), getattr(world, place)
            for address in questions:
                compare(user, unit, address)
            raise Undo
    except Undo:
        pass


def compare(user: User, unit: Unit, address: list[tuple[str, str]]) -> None:
    query = QueryDict(urlencode([("om", "avvik"), ("enhet", str(unit.pk)), *address]))
    try:
        question = Question.asked(user, query)
    except PermissionDenied:
        return
    answer = Answer.to(question)
    known = [
        row
        for row in independent.cases(user, unit)
        if all(row.values[each.key] in values for each, values in question.filters)
    ]
    inside = [row for row in known if question.first <= row.day <= question.last]
    key = question.measure.key
    for cell, parts, kind in cells(answer):
        if any(part.values == (OTHERS,) for part, _second in parts):
            continue
        expected: list[Told] | None
        if kind == "before":
            expected = before(known, question, parts[0][0])
        else:
            expected = [
                row for row in inside if all(said(part, question, row, second=second) for part, second in parts)
            ]
        if expected is None:
            assert cell.value is None, (query.urlencode(), kind, parts)
            continue
        assert cell.value == independent.value(expected, key), (query.urlencode(), kind, parts)
        if cell.href:
            listed = Question.asked(user, QueryDict(cell.href.partition("?")[2]))
            assert listed.rows().count() == sum(key in row.measured for row in expected), cell.href
        elif kind != "before":
            assert not any(key in row.measured for row in expected)
    assert asked_again(user, question) == answer.figures
    files_agree(answer, user)


def before(known: list[Told], question: Question, row: Part) -> list[Told] | None:
    """The cases a year earlier that a row is compared with: its days one by one, each a year back.

    Week 53 and 29 February by themselves are compared with nothing, which isn't none.
    """
    days: set[datetime.date] = set()
    first, last = (row.stretch.first, row.stretch.last) if row.stretch else (question.first, question.last)
    day = first
    while day <= last:
        if question.by == periods.WEEK:
            year, week, weekday = day.isocalendar()
            last_week = datetime.date(year - 1, 12, 28).isocalendar().week
            if week <= last_week:
                days.add(datetime.date.fromisocalendar(year - 1, week, weekday))
        elif (day.month, day.day) != (2, 29):
            days.add(day.replace(year=day.year - 1))
        day += datetime.timedelta(days=1)
    if not days:
        return None
    if question.by != periods.WEEK and question.by != periods.DAY:
        # The last day of February has 29 February with it, in the years that have one.
        days |= {each + datetime.timedelta(days=1) for each in days if (each.month, each.day) == (2, 28)} & leap_days(
            last
        )
    return [each for each in known if each.day in days and said(Part("", None, row.values), question, each)]


def leap_days(last: datetime.date) -> set[datetime.date]:
    """29 February of the years before, unless the period itself ends on the 28th of a leap year."""
    found = set()
    for year in range(last.year - 6, last.year + 1):
        try:
            found.add(datetime.date(year, 2, 29))
        except ValueError:
            continue
    return found


def asked_again(user: User, question: Question) -> Any:
    """The answer to the address the question itself writes."""
    return Answer.to(Question.asked(user, QueryDict(question.address()))).figures


def files_agree(answer: Answer, user: User) -> None:
    """The same numbers by CSV and by XLSX."""
    figures = answer.figures
    assert all(len(row.cells) + 1 == len(figures.head) for row in figures.rows)
    lines = list(csv.reader(io.StringIO(written.as_csv(answer).decode("utf-8-sig")), delimiter=";"))
    book = openpyxl.load_workbook(written.as_workbook(answer, user))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    for place, row in enumerate(figures.rows, 1):
        for column, cell in enumerate(row.cells, 1):
            if cell.value is None:
                assert lines[place][column] == cell.words
                assert (sheet[place][column] or "") == cell.words
            else:
                assert float(lines[place][column].replace(",", ".").replace("\u00a0", "")) == cell.value
                assert sheet[place][column] == cell.value
