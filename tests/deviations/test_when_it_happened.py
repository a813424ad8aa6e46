"""«Now» is read days later: the page says when that was."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from deviations.models import When
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.people import World

REPORTED = datetime.datetime(2031, 11, 12, 14, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


@pytest.mark.parametrize(
    ("more", "same_day", "next_day", "later"),
    [
        ({"happened": When.NOW}, "today 14:05", "yesterday 14:05", "12 November 14:05"),
        ({"happened": When.TODAY}, "today", "yesterday", "12 November"),
        ({"happened": When.SHIFT}, "today, during the shift", "yesterday, during the shift",
         "12 November, during the shift"),
        ({"happened": When.DATE, "happened_on": datetime.date(2031, 11, 9)}, *["9 November 2031"] * 3),
        ({"happened": When.UNKNOWN}, *["Don't know"] * 3),
    ],
)  # fmt: skip
def test_it_is_said_as_on_the_day_one_reads_it(
    world: World,
    login: Callable[[User], Client],
    more: dict[str, Any],
    same_day: str,
    next_day: str,
    later: str,
) -> None:
    world.leif.language = "en"
    world.leif.save()
    deviation = cases.ordinary(world, at=REPORTED, **more)
    for day, expected in ((0, same_day), (1, next_day), (9, later)):
        with time_machine.travel(REPORTED + datetime.timedelta(days=day), tick=False):
            page = BeautifulSoup(login(world.leif).get(deviation.get_absolute_url()).content, "html.parser")
        label = next(each for each in page.select("dt") if each.get_text() == "When")
        answer = label.find_next_sibling("dd")
        assert answer is not None
        assert answer.get_text().strip() == expected
