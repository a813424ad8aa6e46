"""Each number of the duties to tell leads to as many of them: of the unit, the period and the question."""

from __future__ import annotations

import datetime

import pytest
from bs4 import BeautifulSoup, Tag
from django.urls import reverse
from django.utils import timezone

from deviations import duties as triages
from deviations.models import Deviation, Duty
from tests.deviations import cases
from tests.deviations.duties import yes
from tests.people import World
from tests.ready_reports.conftest import Login


@pytest.mark.parametrize("name", ["personvern", "kommunestyret"])
def test_each_number_opens_as_many(world: World, login: Login, name: str) -> None:
    many = [cases.privacy(world) for _each in range(4)]
    for case in many:
        yes(case, world.leif, triages.PRIVACY)
    yes(cases.hse(world), world.leif, triages.EMPLOYEE)
    past, hidden = many[0], many[1]
    ago = timezone.now() - datetime.timedelta(hours=1)
    Duty.objects.filter(deviation=past).update(clock_from=ago - datetime.timedelta(hours=1), due_at=ago)
    Deviation.objects.filter(pk=hidden.pk).update(about=world.leif)
    client = login(world.rolf)
    page = BeautifulSoup(client.get(reverse("reports:live", args=[name])).content, "html.parser")
    section = page.find(id="varslingsplikter")
    assert isinstance(section, Tag)
    links = section.select("td.number a")
    found = [int(link.get_text()) for link in links]
    assert found[-1] == sum(found[:-1]) > 0
    for link, n in zip(links, found, strict=True):
        listed = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
        assert len(listed.select("main .los-cases > li")) == n
        assert hidden.reference not in listed.get_text()


def test_nonsense_and_strangers_find_nothing(world: World, login: Login) -> None:
    client, here = login(world.rolf), reverse("deviations:duties")
    for query in ("enhet=tull", f"enhet={world.health.pk}", f"enhet={world.health.pk}&fra=tull&til=2026-11"):
        assert client.get(f"{here}?{query}").status_code == 404
    assert client.get(f"{here}?enhet={world.other_school.pk}&fra=2026-11&til=2026-11").status_code == 404
    answer = client.get(f"{here}?enhet={world.health.pk}&fra=2026-11&til=2026-10&hva=tull&slag=tull")
    assert answer.status_code == 200
