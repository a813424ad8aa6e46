"""A walk over every address the product has, as nobody, as a stranger and as each role: none fails, none leaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

OPEN_TO_ALL = re.compile(
    r"^(api/|healthz|readyz|konto/|sak/|si-fra/|varsle/|tilgjengelighet/|organisasjon/sprak/|stil/|static/|arbeider\.js|app\.webmanifest)"
)


def addresses(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path, pattern


def filled_in(path: str, reference: str) -> str:
    """An address with something in its places: a case that exists, and numbers that hardly do."""
    path = path.replace("<str:reference>", reference).replace("<str:name>", "receive")
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "1", path)
    path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
    return "/" + re.sub(r"<(?:\w+:)?\w+>", "1", path).replace("\\", "")


WHO = ["nora", "leif", "sunniva", "rolf", "greta", "kristin", "vidar", "tiril", "per", "ada", "mona"]  # each role
ALL = sorted({path for path, _pattern in addresses()})


def test_the_walk_finds_the_products_addresses() -> None:
    assert {"meld/", "avvik/", "organisasjon/", "varsler/"} <= set(ALL)


@pytest.mark.one_kind
@pytest.mark.parametrize("path", [path for path in ALL if not OPEN_TO_ALL.match(path)])
def test_nobody_is_asked_to_log_in(db: None, client: Client, path: str) -> None:
    for answer in (client.get(filled_in(path, "FJE-2026-0001")), client.post(filled_in(path, "FJE-2026-0001"))):
        assert answer.status_code in (302, 405, 404), path
        if answer.status_code == 302:
            assert answer["Location"].startswith("/konto/login/"), path


SEE_THE_CASE = {"nora", "leif", "sunniva", "rolf", "kaja", "kristin"}


@pytest.mark.one_kind
@pytest.mark.parametrize("who", WHO)
def test_a_stranger_and_each_role_get_pages_and_no_faults(
    world: World, login: Callable[[User], Client], who: str
) -> None:
    deviation = cases.ordinary(world)
    client = login(world.people[who])
    for path in ALL:
        if path.startswith(("konto/logout", "stil/")):
            continue
        answer = client.get(filled_in(path, deviation.reference))
        # Other programs show a token, which no log-in stands for; who asks often without one waits.
        expected = (200, 401, 405, 429) if path.startswith("api/") else (200, 302, 403, 404, 405)
        assert answer.status_code in expected, (path, answer.status_code)
        if who not in SEE_THE_CASE and not answer.streaming:
            assert deviation.text.encode() not in answer.content, path
            assert answer.status_code != 200 or deviation.reference.encode() not in answer.content, path
    assert client.get("/").status_code == 200, "logged out on the way"


def test_everybody_walks(world: World) -> None:
    assert set(world.people) - set(WHO) == {"hans", "kaja"}, "who are what Greta, Leif and Kristin are, elsewhere"
