"""Another program reads figures: just what the person of the token reads on the page, or figures and no rows."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations.models import Deviation, Kind
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.question import Question
from kvalitetslosen.journal.models import Event
from kvalitetslosen.open_figures import actions, api, openapi
from kvalitetslosen.open_figures.models import ReportToken
from kvalitetslosen.open_figures.registry import tables
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO
from tests.deviations import cases
from tests.open_figures.reading import API, content, read, rows, token
from tests.people import World

Login = Callable[[User], Client]
pytestmark = pytest.mark.xdist_group("counts in the cache")

QUESTIONS = (
    "om=avvik",
    "om=avvik&per=alt&del=type&del=status",
    "om=avvik&per=maned&del=hovedkategori&ifjor=1",
    "om=avvik&mal=mottak&per=kvartal&del=ingen",
    "om=avvik&per=alt&del=time&type=risk",
    "om=telling&per=alt",
)


@pytest.fixture(autouse=True)
def clock() -> Any:
    cache.clear()
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


@pytest.fixture
def happened(world: World) -> World:
    for _each in range(3):
        cases.ordinary(world)
    cases.ordinary(world, kind=Kind.RISK)
    cases.ordinary(world, unit=world.nursing_home, by=world.greta)
    cases.hse(world)
    cases.hidden_name(world)
    cases.about_the_leader(world)
    return world


def on_the_page(user: User, question: str) -> dict[str, Any]:
    answer = Answer.to(Question.asked(User.objects.get(pk=user.pk), QueryDict(question)))
    return {
        "head": list(answer.figures.head),
        "rows": [[row.name, [cell.value for cell in row.cells]] for row in answer.figures.rows],
        "sentence": answer.sentence,
    }


@pytest.mark.parametrize("who", ["leif", "sunniva", "rolf", "kaja", "vidar", "per", "tiril"])
def test_a_number_is_that_of_the_page(happened: World, who: str) -> None:
    user = happened.people[who]
    secret = token(user)
    for question in QUESTIONS:
        told = read(secret, f"answer?{question}").json()
        found = {
            "head": told["head"],
            "rows": [[row["name"], row["values"]] for row in told["rows"]],
            "sentence": told["sentence"],
        }
        assert found == on_the_page(user, question), question
        assert told["definitions"]["subject"]


def test_the_csv_file_is_that_of_the_page(happened: World, login: Login) -> None:
    secret = token(happened.leif)
    question = "om=avvik&per=alt&del=type"
    page: Any = login(happened.leif).get(f"/rapporter/utforsk.csv?{question}")
    assert content(read(secret, f"answer.csv?{question}")) == content(page)


@pytest.mark.parametrize("who", ["leif", "sunniva", "rolf", "hans", "kaja", "vidar", "per", "tiril"])
def test_rows_are_those_the_person_may_open_without_cases_about_a_leader(happened: World, who: str) -> None:
    user = User.objects.get(pk=happened.people[who].pk)
    seen = Deviation.objects.visible_to(user).filter(about=None).order_by("pk")
    found = rows(token(user), "fact_deviation")
    assert [row["deviation_key"] for row in found] == [case.pk for case in seen]


def test_facts_tell_no_text_and_no_person(happened: World) -> None:
    secret = token(happened.rolf)
    people = {user.name for user in User.objects.all()} | {user.email for user in User.objects.all()}
    for table in tables():
        told = content(read(secret, f"tables/{table.key}.csv")).decode()
        assert cases.TEXT not in told, table.key
        assert not [name for name in people if name in told], table.key
        assert not [name for name in table.names if re.search(r"user|person|reporter|handler|owner|text", name)]


def test_a_token_for_figures_reads_sums_without_small_numbers_and_no_rows(happened: World) -> None:
    secret = token(happened.ada, happened.municipality)
    told = read(secret, "answer?om=avvik&per=alt&del=type").json()
    assert told["rows"], told
    values = [value for row in told["rows"] for value in row["values"]]
    assert not [value for value in values if value is not None and 1 <= value <= 4]
    assert told["unit"]["unit_key"] == happened.municipality.pk
    same = on_the_page(happened.tiril, "om=avvik&per=alt&del=type")
    assert [[row["name"], row["values"]] for row in told["rows"]] == same["rows"]
    for table in tables():
        status = read(secret, f"tables/{table.key}.csv").status_code
        assert status == (200 if table.key in ("dim_unit", "dim_date", "dim_category") else 403), table.key
    assert read(secret, "tables/fact_deviation.csv").json()["error"]["code"] == "figures_only"
    assert {each["key"] for each in read(secret, "subjects").json()["subjects"]} == {"avvik", "telling"}


def test_no_question_gives_a_token_for_figures_more_than_a_year_split_one_way(happened: World) -> None:
    secret = token(happened.ada, happened.municipality)
    for question in (
        "om=avvik&per=dag",
        "om=avvik&fra=2026-11-20&til=2026-11-20",
        "om=avvik&del=type&del=time&per=alt",
    ):
        told = read(secret, f"answer?{question}").json()
        assert told["period"] == {"first": "2026-01-01", "last": "2026-12-31"}
    kinds = read(secret, "answer?om=avvik&per=alt&type=risk").json()
    assert kinds["rows"][0]["values"] in ([7], [None]), kinds["rows"]


def test_a_token_for_the_figures_of_a_unit_reads_that_unit_alone(happened: World) -> None:
    secret = token(happened.ada, happened.home_care)
    told = read(secret, "answer?om=avvik&per=alt").json()
    assert told["unit"]["name"] == happened.home_care.name
    assert told["rows"][0]["values"] == [6]  # the seventh is about the leader, the eighth elsewhere
    for unit in (happened.municipality, happened.health, happened.nursing_home):
        assert read(secret, f"answer?om=avvik&enhet={unit.pk}").status_code == 403
    assert read(secret, f"answer?om=avvik&enhet={happened.other_school.pk}").status_code == 404
    assert {row["unit_key"] for row in rows(secret, "dim_unit")} == {happened.home_care.pk}


def test_a_person_reads_nothing_of_another_municipality(happened: World) -> None:
    secret = token(happened.mona)
    assert rows(secret, "fact_deviation") == []
    assert read(secret, f"answer?om=avvik&enhet={happened.home_care.pk}").status_code == 404
    told = {row["municipality_key"] for row in rows(secret, "dim_unit")}
    assert told == {happened.other_municipality.pk}


def test_the_rights_are_those_of_today(happened: World) -> None:
    secret = token(happened.leif)
    assert read(secret, "answer?om=avvik").status_code == 200
    for membership in happened.leif.memberships.all():
        organisation.end_role(membership=membership, by=None, last_day=timezone.localdate() - datetime.timedelta(1))
    assert read(secret, "answer?om=avvik").status_code == 403
    assert read(secret, "subjects").json() == {"subjects": []}


def test_a_token_dies_with_its_person_and_stays_dead(happened: World) -> None:
    secret = token(happened.leif)
    assert read(secret, "subjects").status_code == 200
    for forget in handover.on_left:
        forget(happened.leif)
    assert read(secret, "subjects").status_code == 401
    other = token(happened.sunniva)
    User.objects.filter(pk=happened.sunniva.pk).update(is_active=False)
    assert read(other, "subjects").status_code == 401


def test_a_token_ends_on_its_last_day(world: World, clock: Any) -> None:
    secret = token(world.leif, days=2)
    clock.shift(datetime.timedelta(days=2))
    assert read(secret, "subjects").status_code == 200
    clock.shift(datetime.timedelta(days=1))
    assert read(secret, "subjects").status_code == 401


def test_a_wrong_or_revoked_token_opens_nothing(world: World) -> None:
    secret = token(world.leif)
    for wrong in ("", "klt_", secret[:-1], ReportToken.objects.get().token_hash):
        assert read(wrong, "subjects").status_code == 401
    assert Client().get(f"{API}subjects")["WWW-Authenticate"] == "Bearer"
    actions.revoke_token(token=ReportToken.objects.get(), by=world.leif)
    assert read(secret, "subjects").status_code == 401


def test_who_guesses_waits_and_nobody_else(world: World) -> None:
    secret = token(world.leif)
    for _each in range(api.WRONG.times):
        assert read("klt_guess", "subjects").status_code == 401
    answer = read("klt_guess", "subjects")
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert read(secret, "subjects").status_code == 200


def test_sixty_a_minute(world: World) -> None:
    secret = token(world.leif)
    for _each in range(api.A_MINUTE):
        assert read(secret, "tables").status_code == 200
    assert read(secret, "tables").status_code == 429


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_changed_here(world: World, method: str) -> None:
    secret = token(world.leif)
    for path in ("openapi.json", "subjects", "answer", "answer.csv", "tables", "units", "tables/fact_tick.csv"):
        assert read(secret, path, method).status_code == 405


def test_that_it_was_used_is_noted_once_a_day(world: World, clock: Any) -> None:
    secret = token(world.leif)
    for _each in range(3):
        read(secret, "subjects")
    found = ReportToken.objects.get()
    assert found.used_on == timezone.localdate()
    assert Event.objects.filter(type="open_figures.token_used").count() == 1
    clock.shift(datetime.timedelta(days=1))
    read(secret, "subjects")
    assert Event.objects.filter(type="open_figures.token_used").count() == 2


def test_a_table_is_read_page_by_page(happened: World) -> None:
    secret = token(happened.rolf)
    whole = [json.loads(line) for line in content(read(secret, "tables/fact_deviation.jsonl")).splitlines()]
    found, path = [], f"{API}tables/fact_deviation.jsonl?limit=3"
    while path:
        answer = read(secret, path.removeprefix(API))
        found += [json.loads(line) for line in content(answer).splitlines()]
        link = re.match(r"<http://testserver(.*)>; rel=\"next\"", answer.get("Link", ""))
        path = link[1] if link else ""
    assert found == whole
    assert len(found) == 7
    for nonsense in ("after=x", "limit=0", "limit=9999999", "limit=-1"):
        assert read(secret, f"tables/fact_deviation.csv?{nonsense}").status_code == 400
    days = content(read(secret, "tables/dim_date.csv?after=2026-11-27&limit=2")).decode().splitlines()
    assert [day.rpartition(",")[0] for day in days[1:]] == [
        "2026-11-28,2026,4,11,2026,48,6,false",
        "2026-11-29,2026,4,11,2026,48,7,false",
    ]


def test_a_table_takes_as_many_queries_at_many_rows_as_at_few(happened: World) -> None:
    secret = token(happened.leif)
    read(secret, "subjects")
    with CaptureQueriesContext(connection) as few:
        content(read(secret, "tables/fact_deviation.csv"))
    for _each in range(20):
        cases.ordinary(happened)
    with CaptureQueriesContext(connection) as many:
        content(read(secret, "tables/fact_deviation.csv"))
    assert len(many) == len(few)


def test_what_isnt_there_is_said_in_words(world: World) -> None:
    secret = token(world.leif)
    for path in ("tables/fact_secret.csv", "tables/fact_tick.xml", "figures", "tables/"):
        answer = read(secret, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown")


def test_the_description_names_each_address_and_each_column(world: World) -> None:
    told = Client().get(f"{API}openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert told == json.loads(json.dumps(openapi.document()))
    secret = token(world.rolf)
    references = set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(told)))
    assert all(name in told["components"][kind] for kind, name in references)
    names = [path["get"]["operationId"] for path in told["paths"].values()]
    assert len(names) == len(set(names))
    for path, described in told["paths"].items():
        assert set(described) == {"get"}
        assert read(secret, path.lstrip("/")).status_code == 200, path
        for parameter in described["get"]["parameters"]:
            assert parameter["in"] == "query"
            assert parameter["schema"]
        cache.clear()
    for table in tables():
        assert list(told["components"]["schemas"][table.key]["properties"]) == table.names


def test_an_answer_is_as_it_is_described(happened: World) -> None:
    schema = openapi.document()["components"]["schemas"]
    told = read(token(happened.leif), "answer?om=avvik&ifjor=1").json()
    assert set(told) == set(schema["Answer"]["properties"])
    assert set(told["rows"][0]) == set(schema["Row"]["properties"])
    subject = read(token(happened.leif), "subjects").json()["subjects"][0]
    assert set(subject) == set(schema["Subject"]["properties"])


def test_the_paper_names_each_table() -> None:
    paper = (Path(__file__).parents[2] / "docs" / "reporting-api.md").read_text(encoding="utf-8")
    for table in tables():
        assert table.key in paper
        assert table.view in paper


def test_the_answer_is_in_the_language_of_whose_token_it_is(world: World) -> None:
    User.objects.filter(pk=world.leif.pk).update(language="nn")
    assert read(token(world.leif), "subjects")["Content-Language"] == "nn"
