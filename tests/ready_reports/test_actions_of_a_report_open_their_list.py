"""Each number of what came of it leads to as many actions: those of the period, and none of a case about a leader."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from improvement import actions
from improvement.filters import ActionFilter
from improvement.models import Action
from tests.deviations import cases
from tests.people import World
from tests.ready_reports.conftest import Login


def planned(world: World, **more: Any) -> Action:
    said: dict[str, Any] = {
        "by": world.leif, "owner": world.leif, "unit": world.home_care, "what": "Ny sjekkliste",
    }  # fmt: skip
    return actions.plan(**said, deadline=timezone.localdate() + datetime.timedelta(days=9), **more)


@pytest.mark.parametrize("who", ["leif", "sunniva", "kaja"])
def test_each_number_opens_as_many(month: World, login: Login, who: str) -> None:
    secret = cases.about_the_leader(month)
    for _each in range(2):
        planned(month)
    old, done, late = planned(month), planned(month), planned(month)
    before = timezone.now() - datetime.timedelta(days=400)
    Action.objects.filter(pk=old.pk).update(
        created_at=before, state="done", closed_at=before, done_note="Gjort.", closed_by=month.leif
    )
    Action.objects.filter(pk=done.pk).update(
        state="done", closed_at=timezone.now(), done_note="Gjort.", closed_by=month.leif
    )
    Action.objects.filter(pk=late.pk).update(deadline=timezone.localdate() - datetime.timedelta(days=2))
    hidden = planned(month)
    Action.objects.filter(pk=hidden.pk).update(deviation=secret)
    client = login(month.people[who])
    url = f"{reverse('reports:live', args=['ledermote'])}?enhet={month.home_care.pk}"
    section = BeautifulSoup(client.get(url).content, "html.parser").find(id="tiltak")
    assert isinstance(section, Tag)
    found = {}
    for row in section.select("tbody tr"):
        name, cell = row.select("th")[0].get_text(), row.select("td.number")[0]
        link = cell.select_one("a")
        if link is None or "/tiltak/" not in str(link["href"]):
            continue
        page = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
        assert len(page.select("main .los-list > li")) == int(cell.get_text())
        found[name] = int(cell.get_text())
    assert found == {
        "Actions planned in the period": 4,
        "Actions done in the period": 1,
        "Actions open now": 3,
        "Actions late now": 1,
    }


@pytest.mark.parametrize(
    "query", ["nar=gjort&fra=tull&til=2026-11", "nar=gjort&fra=2026-11", "nar=tull", "nar=planlagt"]
)
def test_a_period_that_makes_no_sense_is_left_out(world: World, query: str) -> None:
    asked = ActionFilter.of(world.leif, QueryDict(f"visning=ferdige&{query}"))
    assert (asked.when, asked.when_words, asked.addressed) == ("", "", [])
    assert not asked.is_filtered
