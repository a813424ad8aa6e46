"""One number on the page, in its files, by the API and in the tables for other programs, for whoever asks."""

from __future__ import annotations

import csv
import io
import json
import random
import statistics
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from kvalitetslosen.figures.answer import OTHERS, Answer
from kvalitetslosen.figures.question import Question
from kvalitetslosen.open_figures.registry import tables
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.charts import Figures
from tests.figures import everything
from tests.figures.independent import MEASURES
from tests.figures.raw_tables import NONE, text
from tests.figures.test_every_answer_is_right import BEFORE_ANY_CASE, NOWS, period
from tests.open_figures import reading
from tests.people import World

Login = Callable[[User], Client]
Row = dict[str, Any]
READERS = ("leif", "sunniva", "rolf", "kaja", "kristin", "per")


def days(name: str) -> Callable[[Row], str]:
    return lambda row: NONE if row[name] is None else str(min(row[name], 21))


def column(name: str) -> Callable[[Row], str]:
    return lambda row: text(row[name])


ORIGINS = {"case": "sak", "improvement": "forbedring", "risk": "risiko", "meeting": "mote", "": NONE}
STAR: dict[str, tuple[str, str, dict[str, Callable[[Row], str]], dict[str, str]]] = {
    "avvik": (
        "fact_deviation",
        "reported_on",
        {
            "type": column("kind"),
            "kategori": column("category_key"),
            "alvor": column("severity"),
            "status": column("state"),
            "skade": column("harm"),
            "kilde": lambda row: row["source"] or "her",
            "tema": lambda row: row["topic"] or "vanlig",
            "prosedyre": column("document_key"),
            "hjalp": lambda row: {True: "ja", False: "nei", None: NONE}[row["helped"]],
            "mottak-tid": days("workdays_to_receipt"),
            "svar-tid": days("workdays_to_answer"),
            "utfall-tid": days("workdays_to_outcome"),
            "lukking-tid": days("workdays_to_closing"),
        },
        {
            "mottak": "workdays_to_receipt",
            "svar": "workdays_to_answer",
            "utfall": "workdays_to_outcome",
            "lukking": "workdays_to_closing",
        },
    ),
    "telling": (
        "fact_tick",
        "happened_on",
        {
            "kategori": column("category_key"),
            "skift": column("shift"),
            "skade": column("harm"),
            "sted": column("place"),
        },
        {},
    ),
    "tiltak": (
        "fact_action",
        "planned_on",
        {
            "status": column("state"),
            "styrke": column("strength"),
            "opphav": lambda row: ORIGINS[row["origin"]],
        },
        {},
    ),
    "dokumenter": ("fact_document", "in_force_on", {"status": column("state")}, {}),
    "lesing": ("fact_reading", "read_on", {"dokument": column("document_key")}, {}),
    "forbedring": (
        "fact_improvement",
        "begun_on",
        {"status": column("state")},
        {"tid": "workdays_to_finished"},
    ),
    "sporsmal": (
        "fact_inquiry",
        "asked_on",
        {"status": column("state"), "tema": column("topic")},
        {"tid": "workdays_to_answer"},
    ),
    "moter": ("fact_meeting", "held_on", {"type": column("kind"), "status": column("state")}, {}),
}
"""Each subject's table, its day, what its columns are to a dimension, and which of them are measured."""
UNKNOWN = {"lesing"}
"""Whose unit in the table is another than in the figures: where the reader worked that day, not where they do now."""


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(BEFORE_ANY_CASE, tick=False) as frozen:
        yield frozen


@pytest.fixture
def lot(world: World, clock: Any) -> random.Random:
    """A world in which everything has happened, and what is drawn from it: another each time."""
    seed = random.SystemRandom().randint(1, 2**32)
    print(f"seed {seed}")  # noqa: T201 - shown where the test fails
    drawn = random.Random(seed)
    clock.move_to(drawn.choice(NOWS))
    everything.happen(world, seed, 40)
    return drawn


def told_by(secret: str, path: str) -> Any:
    cache.clear()  # so many a minute
    return json.loads(reading.content(reading.read(secret, path)))


def test_every_fact_has_a_subject() -> None:
    assert {table for table, *_more in STAR.values()} == {each.key for each in tables() if each.is_fact}


def test_the_tables_for_other_programs_have_the_numbers_of_the_page(world: World, lot: random.Random) -> None:
    held = 0
    for name in lot.sample(READERS, 3):
        user = User.objects.get(pk=world.people[name].pk)
        secret = reading.token(user)
        units = {row["unit_key"]: row for row in told_by(secret, "tables/dim_unit.json")["rows"]}
        mains = {row["category_key"]: row for row in told_by(secret, "tables/dim_category.json")["rows"]}
        facts = {key: told_by(secret, f"tables/{table}.json")["rows"] for key, (table, *_more) in STAR.items()}
        for _each in range(25):
            key = lot.choice(list(STAR))
            _table, day, dimensions, measures = STAR[key]
            split = lot.choice([*dimensions, *(["hovedkategori"] if "kategori" in dimensions else [])])
            measure = lot.choice(["antall", *measures])
            first, last, _by = period(lot, timezone.localdate())
            address = f"om={key}&fra={first}&til={last}&per=alt&del={split}&mal={measure}"
            try:
                question = Question.asked(user, QueryDict(address), for_all=True)
            except PermissionDenied:
                continue
            if question.subject.key != key or question.sight.protected:
                continue
            held += 1
            answer = Answer.to(question)
            told: dict[str, list[Row]] = {}
            below = {
                pk
                for pk, row in units.items()
                if question.unit.pk in (pk, *(row[f"level_{n}_key"] for n in range(1, 5)))
            }
            below |= set(units) if question.unit.depth == 0 else set()
            known = set(question.rows().values_list("pk", flat=True)) if key in UNKNOWN else None
            for row in facts[key]:
                inside = row["unit_key"] in below if known is None else next(iter(row.values())) in known
                if not inside or not first.isoformat() <= row[day] <= last.isoformat():
                    continue
                if split == "hovedkategori":
                    main = mains.get(row["category_key"])
                    told.setdefault(text(main and main["main_category_key"]), []).append(row)
                else:
                    told.setdefault(dimensions[split](row), []).append(row)
            for line, part in zip(answer.figures.rows, answer.rows, strict=True):
                assert part.values is not None
                if part.values == (OTHERS,):
                    continue
                rows = told.pop(part.values[0], [])
                cell = line.cells[0]
                if measure == "antall":
                    assert cell.value == len(rows), (name, address, line.name)
                    continue
                numbers = [row[measures[measure]] for row in rows if row[measures[measure]] is not None]
                expected = statistics.median(numbers) if len(numbers) >= 5 else None
                assert cell.value == expected, (name, address, line.name)
            if measure == "antall":
                assert not told, (name, address)
    assert held > 10


def test_the_page_its_files_and_the_api_say_the_same(world: World, lot: random.Random, login: Login) -> None:
    for name in lot.sample((*READERS, "tiril"), 3):
        user = User.objects.get(pk=world.people[name].pk)
        client, secret = login(user), reading.token(user)
        for _each in range(3):
            key = lot.choice([each for each in MEASURES if may_ask(user, each)])
            first, last, by = period(lot, timezone.localdate())
            subject = Question.asked(user, QueryDict(f"om={key}")).subject
            splits = [each.key for each in lot.sample(list(subject.dimensions), lot.randint(0, 2))]
            address = f"om={key}&fra={first}&til={last}&per={by or 'alt'}&mal={lot.choice(MEASURES[key])}"
            address += "".join(f"&del={each}" for each in splits or ["ingen"]) + lot.choice(("", "&ifjor=1"))
            figures = Answer.to(Question.asked(user, QueryDict(address))).figures
            wanted = numbers(figures)
            assert on_page(client, address) == wanted, (name, address)
            assert in_csv(client, address) == wanted, (name, address)
            rows = wanted[: len(figures.rows)]  # a table that can be sorted has no foot
            assert in_workbook(client, address)[: len(rows)] == rows, (name, address)
            told = told_by(secret, f"answer?{address}")
            lines = [*told["rows"], *([told["foot"]] if told["foot"] else [])]
            by_api = [
                [word if value is None else value for value, word in zip(line["values"], line["words"], strict=True)]
                for line in lines
            ]
            assert by_api == wanted, (name, address)


def may_ask(user: User, subject: str) -> bool:
    return Question.asked(user, QueryDict(f"om={subject}")).subject.key == subject


def numbers(figures: Figures) -> list[list[Any]]:
    """As the answer has them, those of all together last: what isn't told is a word."""
    lines = [*figures.rows, *([figures.foot] if figures.foot else [])]
    return [[cell.words if cell.value is None else cell.value for cell in line.cells] for line in lines]


def read(word: str) -> Any:
    """A number as people write it, or a word; a dash where there is nothing."""
    if word == "–":
        return ""
    plain = word.strip().replace("\u00a0", "").replace("\u202f", "").replace(",", ".").removesuffix("%").strip()
    try:
        found = float(plain)
    except ValueError:
        return word.strip()
    return int(found) if found == int(found) else found


def on_page(client: Client, address: str) -> list[list[Any]]:
    page = BeautifulSoup(client.get(f"/rapporter/utforsk/?{address}").content, "html.parser")
    table = page.select_one("#svar table")
    if table is None:  # where there is nothing, it is said in words
        assert page.select_one("#svar") is not None
        return []
    rows = [row.select("td:not(.los-bar)") for row in table.select("tbody tr, tfoot tr")]
    return [[read(cell.get_text(" ", strip=True)) for cell in row] for row in rows]


def in_csv(client: Client, address: str) -> list[list[Any]]:
    content = client.get(f"/rapporter/utforsk.csv?{address}").getvalue().decode("utf-8-sig")
    return [[read(each) for each in line[1:]] for line in list(csv.reader(io.StringIO(content), delimiter=";"))[1:]]


def in_workbook(client: Client, address: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/rapporter/utforsk.xlsx?{address}").getvalue()))
    lines = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    return [["" if each is None else each for each in line[1:]] for line in lines]
