"""The description of the API is OpenAPI, each answer is as it describes, and the paper says the same."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from kvalitetslosen.figures.registry import FROM, SHOWN, WORDS, subjects
from kvalitetslosen.open_figures import api, openapi
from kvalitetslosen.open_figures.registry import tables
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO
from tests.deviations import cases
from tests.open_figures.reading import API, content, read, token
from tests.people import World

PAPER = (Path(__file__).parents[2] / "docs" / "reporting-api.md").read_text(encoding="utf-8")
CODES = set(re.findall(r"`([^`\n]+)`", PAPER))
"""What stands in the paper as code."""
pytestmark = pytest.mark.xdist_group("counts in the cache")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    cache.clear()
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


@pytest.fixture
def happened(world: World) -> World:
    for _each in range(3):
        cases.ordinary(world)
    cases.hse(world)
    return world


def resolved(found: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in found:
        return found
    _root, _components, kind, name = found["$ref"].split("/")
    answer: dict[str, Any] = described["components"][kind][name]
    return answer


def faults(answer: Any, path: str, described: dict[str, Any]) -> list[str]:
    """Where an answer isn't as the description of its address and status has it."""
    responses = described["paths"][path]["get"]["responses"]
    if str(answer.status_code) not in responses:
        return [f"{path}: {answer.status_code} isn't described"]
    said = resolved(responses[str(answer.status_code)], described)
    found = [f"{path}: no header {name}" for name in said.get("headers", {}) if name != "Link" and name not in answer]
    kind = answer["Content-Type"].partition(";")[0]
    if kind not in said["content"]:
        return [*found, f"{path}: {kind} isn't described"]
    schema = {**said["content"][kind]["schema"], "components": described["components"]}
    check = OAS31Validator(schema, format_checker=oas31_format_checker)
    body = content(answer).decode()
    told: list[Any] = [body]
    if kind == "application/json":
        told = [json.loads(body)]
    elif kind == "application/jsonl":
        table = path.removeprefix("/tables/").partition(".")[0]
        schema = {"$ref": f"#/components/schemas/{table}", "components": described["components"]}
        check = OAS31Validator(schema, format_checker=oas31_format_checker)
        told = [json.loads(line) for line in body.splitlines()]
    return [*found, *(f"{path}: {fault.message[:200]}" for each in told for fault in check.iter_errors(each))]


def test_the_description_is_openapi() -> None:
    assert [str(each) for each in OpenAPIV31SpecValidator(openapi.document()).iter_errors()] == []


def test_a_description_that_is_wrong_is_found() -> None:
    """So that the two tests beside this one can fail."""
    wrong = openapi.document()
    wrong["paths"]["/subjects"]["get"]["responses"] = []
    assert list(OpenAPIV31SpecValidator(wrong).iter_errors())


def test_each_answer_is_as_it_is_described(happened: World) -> None:
    described = openapi.document()
    secret = token(happened.rolf)
    found: list[str] = []
    for path in described["paths"]:
        cache.clear()
        found += faults(read(secret, path.lstrip("/")), path, described)
    for question in (
        "om=avvik&per=alt&del=type&del=status",
        "om=avvik&per=maned&del=hovedkategori&ifjor=1&rate=ansatte",
        "om=avvik&mal=mottak&per=kvartal&del=ingen",
        "om=avvik&per=alt&del=tull&fra=aldri",
    ):
        found += faults(read(secret, f"answer?{question}"), "/answer", described)
        found += faults(read(secret, f"answer.csv?{question}"), "/answer.csv", described)
    assert found == []
    wrong = read(secret, "answer?om=avvik")
    for name, value in (("rows", "none"), ("counted_at", "yesterday")):
        answer = json.loads(wrong.content)
        schema = {**openapi._reference("Answer"), "components": described["components"]}
        check = OAS31Validator(schema, format_checker=oas31_format_checker)
        assert check.is_valid(answer)
        assert not check.is_valid({**answer, name: value})


def test_each_subject_answers_as_described(happened: World) -> None:
    described, secret = openapi.document(), token(happened.rolf)
    found: list[str] = []
    for subject in subjects():
        cache.clear()
        for measure in subject.measures:
            answer = read(secret, f"answer?om={subject.key}&mal={measure.key}&per=alt")
            found += faults(answer, "/answer", described)
    assert found == []


def test_each_refusal_is_as_it_is_described_and_has_its_code_in_the_paper(world: World) -> None:
    described, secret = openapi.document(), token(world.rolf)
    figures = token(User.objects.get(pk=world.ada.pk), world.municipality)
    refusals = [
        (400, "/tables/fact_tick.json", read(secret, "tables/fact_tick.json?limit=0")),
        (401, "/subjects", read("klt_wrong", "subjects")),
        (403, "/answer", read(token(world.nora), "answer")),
        (403, "/tables/fact_tick.json", read(figures, "tables/fact_tick.json")),
        (404, "/answer", read(secret, f"answer?enhet={world.other_municipality.pk}")),
        (405, "/subjects", read(secret, "subjects", "post")),
        (405, "/openapi.json", read(secret, "openapi.json", "post")),
    ]
    cache.clear()
    for _each in range(api.A_MINUTE):
        read(secret, "tables")
    refusals.append((429, "/tables", read(secret, "tables")))
    for status, path, answer in refusals:
        assert answer.status_code == status, path
        assert faults(answer, path, described) == []
        assert re.search(rf"\| {status} \|[^|\n]*`{answer.json()['error']['code']}`", PAPER), path
    told = {status for path in described["paths"].values() for status in path["get"]["responses"]} - {"200"}
    assert told == {str(status) for status, _path, _answer in refusals}
    assert told == set(re.findall(r"^\| (\d{3}) \|", PAPER, re.MULTILINE))


def test_a_page_of_a_table_says_where_the_next_is(happened: World) -> None:
    described = openapi.document()
    answer = read(token(happened.rolf), "tables/dim_unit.json?limit=1")
    assert faults(answer, "/tables/dim_unit.json", described) == []
    headers = described["paths"]["/tables/dim_unit.json"]["get"]["responses"]["200"]["headers"]
    assert [name for name in headers if name in answer] == ["Link"]


# The paper


def fields(schema: Any) -> Iterator[str]:
    """The names in a schema of the API's own, not those of the tables."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for each in schema.values():
            yield from fields(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from fields(each)


def test_the_paper_has_each_address_and_no_other() -> None:
    paths = [path.lstrip("/") for path in openapi.document()["paths"]]
    forms = {"csv", "jsonl", "json"}
    plain = {path for path in paths if not path.startswith("tables/")}
    assert plain <= CODES
    assert {f"tables/{table.key}.{form}" for table in tables() for form in forms} == set(paths) - plain
    assert {"tables/NAME.csv", ".jsonl", ".json"} <= CODES
    rows = re.findall(r"^\| (`.*?) \|", PAPER.partition("| address | gives |")[2].partition("\n\n")[0], re.MULTILINE)
    named = {code for row in rows for code in re.findall(r"`([^`]+)`", row)}
    assert named == plain | {"tables/NAME.csv", ".jsonl", ".json"}
    assert API.strip("/") in PAPER


def test_the_paper_has_each_field_and_each_word_of_a_question() -> None:
    described = openapi.document()
    own = {name: each for name, each in described["components"]["schemas"].items() if name[0].isupper()}
    assert set(fields(own)) | {"subjects", "tables", "rows"} <= CODES
    assert set(fields(described["paths"])) <= CODES
    parameters = {
        each["name"]: each["description"] for path in described["paths"].values() for each in path["get"]["parameters"]
    }
    dimensions = {dimension.key for subject in subjects() for dimension in subject.dimensions}
    words = set(parameters) - dimensions
    assert words == (WORDS - {SHOWN, "etter", "for"}) | {"limit", "after"}
    assert FROM in words
    assert words - {"limit", "after"} <= CODES
    assert "`limit=" in PAPER
    assert "`after`" in PAPER
    assert all(parameters.values())
    assert dimensions <= set(parameters)


def test_each_column_is_defined() -> None:
    for name, schema in openapi.document()["components"]["schemas"].items():
        if not name[0].isupper():
            assert all(each["description"] for each in schema["properties"].values()), name
