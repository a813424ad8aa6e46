"""What the JSON files of a handbook look like, made from its nouns. ``docs/handbook.schema.json`` tells others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import fastjsonschema
from django.db import models

from documents.exchange.nouns import ATTACHMENTS, DOCUMENTS, VERSIONS, Level, Noun, of_level

FORMAT = "kvalitetslosen-handbook"
EDITION = 1  # a reader refuses what has a higher one
Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "integer", "minimum": 1}
SUM: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
PATH: Schema = {"type": "string", "pattern": r"^[^/\\:][^\\:]*$", "maxLength": 300}
EVENT: Schema = {
    "type": "object",
    "required": ["number", "type", "at", "by", "data"],
    "properties": {
        "number": NAME,
        "type": {"type": "string", "pattern": r"^[a-z_]+\.[a-z_]+$", "maxLength": 60},
        "at": TEXT,
        "by": {"type": ["integer", "null"]},
        "data": {"type": "object"},
        "hash": SUM,
    },
    "additionalProperties": False,
}
PART: Schema = {
    "type": "object",
    "required": ["path", "sha256"],
    "properties": {"path": PATH, "sha256": SUM},
    "additionalProperties": False,
}


def _typed(kind: Any) -> Schema:
    if isinstance(kind, models.BooleanField):
        named = "boolean"
    elif isinstance(kind, models.IntegerField):
        named = "integer"
    elif isinstance(kind, models.JSONField):
        return {"type": "object"} if kind.default is dict else {"type": "array", "items": TEXT}
    else:
        named = "string"
    return {"type": [named, "null"] if kind.null else named}


def _named_by(noun: str) -> Schema:
    return {"type": ["string" if noun in ("units", "documents") else "integer", "null"]}


def of_noun(noun: Noun, **more: Schema) -> Schema:
    """One row of a noun."""
    properties: Schema = {name: _typed(noun.model._meta.get_field(name)) for name in noun.fields}
    properties |= {name: _named_by(to) for name, to in noun.refs.items()}
    if noun.shared:
        properties["comes_with_product"] = {"type": "boolean"}
    required = [*properties, *more]
    properties |= more
    if noun.has_events:
        properties |= {"key": TEXT, "head": TEXT, "events": {"type": "array", "items": EVENT}}
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _rows(noun: Noun) -> Schema:
    return {"type": "array", "items": of_noun(noun)}


def _object(properties: Schema, *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def schemas() -> Schema:
    """Of handbook.json, of each document.json, and of each version's file."""
    person = _object({"name": TEXT, "email": TEXT, "title": TEXT, "language": TEXT})
    unit = _object(
        {
            "code": TEXT,
            "name": TEXT,
            "kind": TEXT,
            "parent": {"type": ["string", "null"]},
            "language": TEXT,
            "closed_on": {"type": ["string", "null"]},
        }
    )
    in_list = _object({"number": TEXT, "path": PATH, "sha256": SUM})
    left_out = _object({"number": TEXT, "what": TEXT, "why": TEXT})
    handbook = {
        "format": {"const": FORMAT},
        "edition": NAME,
        "made_at": TEXT,
        "complete": {"type": "boolean"},
        "municipality": _object({"name": TEXT, "code": TEXT, "language": TEXT}),
        "unit": TEXT,
        "units": {"type": "array", "items": unit},
        "people": {"type": "array", "items": person},
        **{noun.name: _rows(noun) for noun in of_level(Level.HANDBOOK)},
        "documents": {"type": "array", "items": in_list},
        "left_out": {"type": "array", "items": left_out},
    }
    document = of_noun(
        DOCUMENTS,
        **{noun.name: _rows(noun) for noun in of_level(Level.DOCUMENT)},
        versions={"type": "array", "items": PART, "minItems": 1},
    )
    attachment = of_noun(ATTACHMENTS, path=PATH)
    version = of_noun(
        VERSIONS,
        label=TEXT,
        file={"anyOf": [{"type": "null"}, PART]},
        attachments={"type": "array", "items": attachment},
        **{noun.name: _rows(noun) for noun in of_level(Level.VERSION)},
    )
    return {"handbook": _object(handbook), "document": document, "version": version}


@cache
def checks() -> dict[str, Callable[[Any], Any]]:
    """By each schema's name, what raises ``fastjsonschema.JsonSchemaException`` for what doesn't fit it."""
    return {name: fastjsonschema.compile(schema) for name, schema in schemas().items()}
