"""What these tests share: a month of cases in home care, and how a report of it is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.reports import actions
from kvalitetslosen.reports.models import Report
from kvalitetslosen.reports.periods import Period
from kvalitetslosen.reports.places import kind_named
from tests.notifications.conftest import clock, mail_server, no_weekly_mail, post
from tests.people import World

__all__ = ["clock", "mail_server", "no_weekly_mail", "post"]

Login = Callable[[User], Client]


def reported(world: World, n: int, *, unit: Unit | None = None, kind: str = Kind.DEVIATION) -> list[Deviation]:
    place = unit or world.home_care
    return [cases.report(by=world.nora, unit=place, kind=kind, text="Feil dose") for _each in range(n)]


def this_month() -> Period:
    first = timezone.localdate().replace(day=1)
    return Period(first, first)


def this_quarter() -> Period:
    return Period.around("quarter", timezone.localdate())


def drafted(
    world: World,
    *,
    name: str = "ledermote",
    by: User | None = None,
    unit: Unit | None = None,
    period: Period | None = None,
) -> Report:
    return actions.begin(
        kind=kind_named(name),
        unit=unit or world.home_care,
        period=period or this_month(),
        by=by or world.leif,
        language="en",
    )


def approved(world: World, **more: object) -> Report:
    report = drafted(world, **more)  # type: ignore[arg-type]
    actions.approve(report=report, by=report.writer)
    return report


@pytest.fixture
def month(world: World) -> World:
    """Seven deviations and a near miss in home care, three deviations in the nursing home."""
    reported(world, 7)
    reported(world, 1, kind=Kind.NEAR_MISS)
    reported(world, 3, unit=world.nursing_home)
    return world
