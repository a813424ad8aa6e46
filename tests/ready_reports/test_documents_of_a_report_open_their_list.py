"""What is in force and what is past its review: the number of the report is that of the list it leads to."""

from __future__ import annotations

import datetime

import pytest
from bs4 import BeautifulSoup, Tag
from django.urls import reverse
from django.utils import timezone

from documents.models import Document
from tests.documents.in_force import in_force
from tests.people import World
from tests.ready_reports.conftest import Login


@pytest.mark.parametrize("who", ["sunniva", "rolf", "kaja"])
def test_each_number_opens_as_many(world: World, login: Login, who: str) -> None:
    made = [
        in_force(f"Rutine for {unit.name}", "Slik gjør vi.", unit=unit, author=world.leif, approver=world.sunniva)
        for unit in (world.home_care, world.home_care, world.nursing_home, world.school)
    ]
    late = timezone.localdate() - datetime.timedelta(days=3)
    Document.objects.filter(pk__in=[made[0].pk, made[2].pk]).update(review_on=late)
    client = login(world.people[who])
    url = f"{reverse('reports:live', args=['handboka'])}?enhet={world.health.pk}"
    page = BeautifulSoup(client.get(url).content, "html.parser")
    found = []
    for key in ("handboka", "handboka-enheter"):
        section = page.find(id=key)
        assert isinstance(section, Tag)
        for link in section.select("td.number a[href^='/rapporter/utforsk/liste/']"):
            listed = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
            assert len(listed.select("main .los-list > li")) == int(link.get_text())
            found.append(int(link.get_text()))
    assert found == [3, 2, 2, 1, 1, 1]
