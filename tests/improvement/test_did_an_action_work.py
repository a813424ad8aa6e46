"""An action that has no case has a look at its effect of its own, and asks for another where it did not work."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from improvement import actions
from improvement.lifecycle import EffectState
from improvement.models import Action, EffectCheck, Improvement
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
KEY = "3f1b8a52-0000-4000-8000-000000000901"
CRITERION = "Ingen nye på to måneder"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def later(days: int = 60) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def improvement(world: World) -> Improvement:
    deliver.take_as_told()
    return actions.begin_improvement(by=world.leif, title="Ro på vaktrommet", unit=world.home_care, owner=world.leif)


@pytest.fixture
def action(world: World, improvement: Improvement) -> Action:
    """Leif plans it as part of his improvement; Nora does it."""
    return actions.plan(by=world.leif, what="Lås", owner=world.nora, deadline=later(9), improvement=improvement)


@pytest.fixture
def check(world: World, action: Action) -> EffectCheck:
    return actions.plan_check_of(
        by=world.leif, action=action, owner=world.leif, criterion=CRITERION, opens_on=later(20)
    )


def opened(check: EffectCheck) -> EffectCheck:
    actions.open_due(timezone.now() + datetime.timedelta(days=21))
    check.refresh_from_db()
    return check


def test_it_is_planned_from_the_actions_page_once(world: World, login: Login, action: Action) -> None:
    client, path = login(world.leif), f"/tiltak/{action.pk}/effekt/"
    assert path in client.get(action.get_absolute_url()).text
    form = {"key": KEY, "criterion": CRITERION, "opens_on": later(), "owner": "Leif Lund"}
    assert client.post(path, form | {"opens_on": timezone.localdate()}).status_code == 200
    for key in (KEY, KEY, KEY[:-1] + "2"):
        assert client.post(path, form | {"key": key})["Location"] == action.get_absolute_url()
    check = EffectCheck.objects.get()
    assert (check.action, check.deviation, check.unit) == (action, None, world.home_care)
    page = client.get(action.get_absolute_url())
    assert CRITERION in text_of(page)
    assert path not in page.text, "one at a time"
    assert login(world.nora).get(path).status_code == 200, "whoever does it may plan it"
    assert login(world.kaja).get(path).status_code == 403
    assert login(world.hans).get(path).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectCheck.objects.update(action=None)


def test_it_worked_and_whoever_did_it_hears(world: World, login: Login, action: Action, check: EffectCheck) -> None:
    client = login(world.leif)
    opened(check)
    assert CRITERION in text_of(client.get("/"))
    page = text_of(client.get(check.get_absolute_url()))
    assert "Lås" in page
    client.post(f"{check.get_absolute_url()}steg/effective/", {"words": "Det er stille nå"})
    check.refresh_from_db()
    assert check.state == EffectState.EFFECTIVE
    deliver.sweep()
    assert Notification.objects.filter(user=world.nora, url=action.get_absolute_url()).exists()
    page = text_of(login(world.nora).get(action.get_absolute_url()))
    assert "Det er stille nå" in page
    assert "saw that it worked" in page


def test_it_did_not_work_and_another_action_is_asked_for(
    world: World, login: Login, action: Action, check: EffectCheck, improvement: Improvement
) -> None:
    client = login(world.leif)
    opened(check)
    answer = client.post(f"{check.get_absolute_url()}steg/ineffective/", {"words": "Like mye uro"})
    assert answer["Location"] == action.get_absolute_url()
    page = client.get(action.get_absolute_url())
    assert "Plan another action" in text_of(page)
    assert f"/tiltak/ny/?forbedring={improvement.pk}" in page.text
    actions.plan(by=world.leif, what="Dør", owner=world.nora, deadline=later(9), improvement=improvement)
    assert "Plan another action" not in text_of(client.get(action.get_absolute_url()))


def test_one_cannot_tell_yet_and_a_cancelled_action_is_not_looked_at(
    world: World, login: Login, action: Action, check: EffectCheck
) -> None:
    opened(check)
    client = login(world.leif)
    form = {"opens_on": later(30), "note": "For få uker"}
    client.post(f"{check.get_absolute_url()}steg/inconclusive/", form)
    check.refresh_from_db()
    assert (check.state, check.opens_on) == (EffectState.PLANNED, later(30))
    actions.cancel(action=action, by=world.leif, note="Vi flytter")
    check.refresh_from_db()
    assert check.state == EffectState.DROPPED
    with pytest.raises(actions.NothingToLookAt):
        actions.plan_check_of(by=world.leif, action=action, owner=world.leif, criterion="X", opens_on=later())


def test_who_sees_it(world: World, login: Login, check: EffectCheck) -> None:
    seen = {"leif", "nora", "sunniva", "rolf", "kaja", "kristin"}
    for who, user in world.people.items():
        status = login(user).get(check.get_absolute_url()).status_code
        assert status == (200 if who in seen else 404), who
    assert login(world.kaja).get(f"{check.get_absolute_url()}steg/drop/").status_code == 403
