"""Axe looks at every page a person can get to by links, on a phone in the light and on a desktop in the dark."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from html import unescape
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone
from playwright.sync_api import Page

from deviations import actions as deviations
from deviations.models import Question
from improvement import actions as improvement
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.axe import barriers, scrolls_sideways
from tests.deviations import asking, cases, whistles
from tests.deviations.test_ticking import tick
from tests.documents.conftest import approved, drafted, sent
from tests.people import World

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LOOKS: list[tuple[Literal["light", "dark"], int]] = [("light", 375), ("dark", 1280)]
TWICE = {"deviations:step", "improvement:step", "documents:step"}  # one address each, another page for each step


def a_lived_in_municipality(world: World) -> None:
    """Something of each kind, made through the product's own verbs."""
    today = timezone.localdate()
    cases.ordinary(world)
    cases.about_the_leader(world)
    cases.hidden_name(world)
    cases.from_outside(world)
    deviations.open_form(form=deviations.make_open_form(unit=world.health, by=world.ada), by=world.ada)
    taken = cases.received(world)
    deviations.ask_reporter(deviation=taken, by=world.leif, text="Hvilken dag?")
    improvement.plan(
        by=world.leif, what="Skriv ut lista", owner=world.nora, deadline=today - datetime.timedelta(3), deviation=taken
    )
    answered = cases.received(world)
    deviations.close(deviation=answered, by=world.leif, outcome="Takk. Lista skrives nå ut.")
    month_ago = today.replace(day=1) - datetime.timedelta(days=1)
    for day in (month_ago, today):
        tick(world, date=day)
    asks = asking.falls(world)
    asking.question(world, asking.draft(world, asks), "Var alarmen på?", "yes_no")
    floor = Question.objects.filter(set=asks.asks_id).first()
    assert floor is not None
    given = {floor: "wet"}
    cases.ordinary(world, category=asks, answered=deviations.Answered(floor.set_id, given))
    approved(world, title="Fall i hjemmet")
    sent(world, title="Nøkler")
    drafted(world, title="Vaktbytte")
    whistles.appointed(world, "kristin", "tiril")
    whistles.case(world, name="Nora Nygård", matter="work")
    organisation.appoint_deputy(
        principal=world.leif,
        deputy=world.hans,
        by=world.leif,
        valid_from=today,
        valid_to=today + datetime.timedelta(5),
    )


def name_of(address: str) -> str | None:
    """What kind of page it is, so that of a hundred cases one is looked at; nothing for what isn't ours."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    name = found.view_name
    return f"{name}:{found.kwargs.get('name', '')}" if name in TWICE else name


LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')


def pages_of(client: Client) -> dict[str, str]:
    """One address of each kind of page that links lead to, by its name, from the start page on."""
    found = {"today": "/"}
    waiting = [("/", client.get("/").text)]
    while waiting:
        here, text = waiting.pop(0)
        for href in LINK.findall(text):
            there = urljoin(here, unescape(href)).partition("#")[0]
            if urlsplit(there).netloc or not (name := name_of(there)) or name in found:
                continue
            page = client.get(there)
            if page.status_code == 200 and "text/html" in page.get("Content-Type", "") and not page.streaming:
                found[name] = there
                waiting.append((there, page.text))
    return found


PEOPLE = ["leif", "ada", "nora", "sunniva", "kristin"]
SHOW_EACH_THEIR_OWN = {"today", "deviations:list", "deviations:case", "documents:document", "improvement:actions"}
FOUND: dict[str, set[str]] = {}
"""Which pages somebody gets to: the same each time."""


def kinds_for(world: World, login: Callable[[User], Client], who: str) -> set[str]:
    if who not in FOUND:
        FOUND[who] = set(pages_of(login(world.people[who])))
    return FOUND[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_axe_finds_nothing_on_any_page(
    world: World,
    login: Callable[[User], Client],
    enter: Callable[[User], None],
    page: Page,
    live_server: Any,
    who: str,
) -> None:
    a_lived_in_municipality(world)
    user = world.people[who]
    before = {name for each in PEOPLE[: PEOPLE.index(who)] for name in kinds_for(world, login, each)}
    pages = pages_of(login(user))
    FOUND[who] = set(pages)
    assert len(pages) > 10, pages
    addresses = [address for name, address in pages.items() if name not in before - SHOW_EACH_THEIR_OWN]
    enter(user)
    found: list[tuple[str, str, list[str]]] = []
    for address in addresses:
        for n, (scheme, width) in enumerate(LOOKS):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 812})
            if n == 0:
                page.goto(live_server.url + address)
                page.evaluate("async () => { await document.fonts.ready }")
            said = barriers(page)
            if scrolls_sideways(page):
                said.append("the page scrolls sideways")
            if said:
                found.append((address, scheme, said))
    assert not found
