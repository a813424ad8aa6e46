"""The API described as OpenAPI 3.1, from what can be read: no address or table is left out of it or too many."""

from __future__ import annotations

from typing import Any

from kvalitetslosen.figures import registry as figures
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.open_figures import registry

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TYPES: dict[registry.Holds, Schema] = {
    registry.Holds.NUMBER: {"type": ["integer", "null"]},
    registry.Holds.TEXT: {"type": ["string", "null"]},
    registry.Holds.DAY: {"type": ["string", "null"], "format": "date"},
    registry.Holds.YES_NO: {"type": ["boolean", "null"]},
}


def document() -> Schema:
    """The whole of it, in the active language."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "KvalitetsLosen: figures",
            "version": "1",
            "description": "Read-only. What a token may read is told in docs/reporting-api.md.",
        },
        "servers": [{"url": absolute("/api/tall/v1")}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "Refused": _content("Why it isn’t answered.", _reference("Error")),
                "NoToken": {
                    **_content("No token in force.", _reference("Error")),
                    "headers": {"WWW-Authenticate": _header("Bearer.")},
                },
                "TooMany": {
                    **_content("Too many requests.", _reference("Error")),
                    "headers": {"Retry-After": _header("So many seconds later.", {"type": "integer"})},
                },
            },
            "schemas": _schemas(),
        },
    }


def _paths() -> Schema:
    found = {
        "/openapi.json": {
            "get": {
                "operationId": "openapi",
                "summary": "This description",
                "security": [],
                "parameters": [],
                "responses": {
                    "200": _content("OpenAPI 3.1.", {"type": "object"}),
                    "405": {"$ref": "#/components/responses/Refused"},
                },
            }
        },
        "/subjects": {
            "get": _operation(
                "subjects",
                "What figures the token reads, with definitions",
                _content("Subjects.", _list_of("subjects", "Subject")),
            )
        },
        "/answer": {
            "get": _operation(
                "answer",
                "The answer to a question, as on the page",
                _content("Figures.", _reference("Answer")),
                _question(),
            )
        },
        "/answer.csv": {
            "get": _operation(
                "answerAsCsv", "The same as the page’s CSV file", _content("The table.", TEXT, "text/csv"), _question()
            )
        },
        "/tables": {
            "get": _operation(
                "tables", "Which tables the token reads", _content("Tables.", _list_of("tables", "Table"))
            )
        },
        "/units": {"get": _paged("units", "The units", _content("Units.", _list_of("rows", "dim_unit")))},
        "/categories": {
            "get": _paged("categories", "The categories", _content("Categories.", _list_of("rows", "dim_category")))
        },
    }
    for table in registry.tables():
        for form, content in (
            ("csv", _content(table.definition, TEXT, "text/csv")),
            ("jsonl", _content(f"A line each: {table.key}.", TEXT, "application/jsonl")),
            ("json", _content(table.definition, _list_of("rows", table.key))),
        ):
            name = f"{table.key}_{form}"
            found[f"/tables/{table.key}.{form}"] = {"get": _paged(name, table.definition, content)}
    return found


def _operation(name: str, summary: str, content: Schema, parameters: list[Schema] | None = None) -> Schema:
    refusals = {"401": "NoToken", "403": "Refused", "404": "Refused", "405": "Refused", "429": "TooMany"}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": content,
            **{status: {"$ref": f"#/components/responses/{name}"} for status, name in refusals.items()},
        },
    }


def _paged(name: str, summary: str, content: Schema) -> Schema:
    """A table: whole, or some rows at a time."""
    headers = {"Link": _header('With limit, and where more rows follow: <address>; rel="next".')}
    found = _operation(name, summary, {**content, "headers": headers}, _paging())
    found["responses"]["400"] = {"$ref": "#/components/responses/Refused"}
    return found


def _header(description: str, schema: Schema | None = None) -> Schema:
    return {"description": description, "schema": schema or TEXT}


def _content(description: str, schema: Schema, kind: str = "application/json") -> Schema:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str, schema: str) -> Schema:
    return {
        "type": "object",
        "required": [name],
        "properties": {name: {"type": "array", "items": _reference(schema)}},
    }


def _parameter(name: str, description: str, schema: Schema | None = None) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema or TEXT}


def _question() -> list[Schema]:
    """The words of an address. What one is narrowed by has the key of its dimension as name."""
    subjects = figures.subjects()
    said = [
        _parameter(figures.SUBJECT, "What is counted.", {"type": "string", "enum": [each.key for each in subjects]}),
        _parameter(figures.UNIT, "unit_key of the unit; without it the reader’s own.", {"type": "integer"}),
        _parameter(figures.MEASURE, "Key of a measure of the subject; without it how many."),
        _parameter(figures.FROM, "First month or day: 2026-01 or 2026-01-31."),
        _parameter(figures.TO, "Last month or day."),
        _parameter(figures.BY, "dag, uke, maned, kvartal, ar, or alt for all of the period in one."),
        _parameter(
            figures.SPLIT, "Key of a dimension, at most two; ingen for none.", {"type": "array", "items": TEXT}
        ),
        _parameter(figures.COMPARED, "1 for the year before beside it."),
        _parameter(figures.RATE, "What the numbers are divided by, where that is known."),
    ]
    keys: dict[str, list[str]] = {}
    for subject in subjects:
        for dimension in subject.dimensions:
            keys.setdefault(dimension.key, []).append(subject.key)
    said += [
        _parameter(key, f"Only these values. For {', '.join(of)}.", {"type": "array", "items": TEXT})
        for key, of in keys.items()
    ]
    return said


def _paging() -> list[Schema]:
    return [
        _parameter("limit", "At most so many rows; the header Link leads to those that follow.", {"type": "integer"}),
        _parameter("after", "Only rows whose key comes after this one."),
    ]


def _schemas() -> Schema:
    tables = {
        each.key: {
            "type": "object",
            "description": each.definition,
            "required": each.names,
            "additionalProperties": False,
            "properties": {
                column.name: {**TYPES[column.holds], "description": column.definition} for column in each.columns
            },
        }
        for each in registry.tables()
    }
    return {**_told(), **tables}


def _told() -> Schema:
    return {
        "Error": _object(error=_object(code=TEXT, message=TEXT)),
        "Dimension": _object(key=TEXT, label=TEXT, definition=TEXT, values={"type": "array", "items": TEXT}),
        "Measure": _object(
            key=TEXT, label=TEXT, definition=TEXT, kind={"enum": [each.value for each in figures.Kind]}
        ),
        "Subject": _object(
            key=TEXT,
            label=TEXT,
            definition=TEXT,
            dimensions={"type": "array", "items": _reference("Dimension")},
            measures={"type": "array", "items": _reference("Measure")},
        ),
        "Table": _object(
            name=TEXT,
            definition=TEXT,
            columns={"type": "array", "items": _object(name=TEXT, holds=TEXT, definition=TEXT)},
        ),
        "Row": _object(
            name=TEXT,
            values={"type": "array", "items": {"type": ["number", "null"]}},
            words={"type": "array", "items": TEXT},
        ),
        "Answer": _object(
            title=TEXT,
            sentence=TEXT,
            head={"type": "array", "items": TEXT},
            rows={"type": "array", "items": _reference("Row")},
            foot={"anyOf": [_reference("Row"), {"type": "null"}]},
            unit=_object(unit_key={"type": "integer"}, name=TEXT),
            period=_object(first={"type": "string", "format": "date"}, last={"type": "string", "format": "date"}),
            definitions={"type": "object", "additionalProperties": TEXT},
            told={"type": "array", "items": TEXT},
            page={"type": "string", "format": "uri"},
            counted_at={"type": "string", "format": "date-time"},
        ),
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }
