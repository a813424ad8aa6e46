"""A story that Leif tells from a closed case of Nora's, and Kaja publishes."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from improvement.models import Audience, LearningStory
from kvalitetslosen.notifications import deliver
from tests.people import World

TITLE = "Vest på medisinrunden"
TOLD: dict[str, Any] = {
    "title": TITLE,
    "happened": "En dose ble gitt to ganger.",
    "made_sense": "Den som delte ut, ble avbrutt tre ganger.",
    "changed": "Den som deler ut, har vest og blir ikke forstyrret.",
    "helped": "Dobbeltdoser har ikke skjedd siden.",
}


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def closed(world: World, case: Deviation) -> Deviation:
    cases.close(deviation=case, by=world.leif, outcome="Vi har innført vest.")
    case.refresh_from_db()
    deliver.take_as_told()
    return case


@pytest.fixture
def draft(world: World, closed: Deviation) -> LearningStory:
    return actions.begin_story(by=world.leif, deviation=closed, audience=Audience.MUNICIPALITY, **TOLD)


@pytest.fixture
def story(world: World, draft: LearningStory) -> LearningStory:
    return published(world, draft)


def published(world: World, draft: LearningStory) -> LearningStory:
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    actions.publish_story(story=draft, by=world.kaja)
    return draft
