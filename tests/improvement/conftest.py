"""What these tests share: a case that Leif handles, actions in it, and the post."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Action
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation.models import Membership
from tests.browser import browser_context_args, browser_type_launch_args, complaints, enter
from tests.improvement.stories import closed, draft, story
from tests.notifications.conftest import clock, no_weekly_mail, post
from tests.people import World

__all__ = [
    "browser_context_args", "browser_type_launch_args", "clock", "closed", "complaints", "draft", "enter",
    "no_weekly_mail", "post", "story",
]  # fmt: skip

SECRET_TEXT = "Heng opp ny dosett hos brukeren i Storgata 5."


@pytest.fixture
def just_begun(world: World) -> None:
    """Everybody has got their part today."""
    Membership.objects.update(valid_from=timezone.localdate())


@pytest.fixture
def case(world: World) -> Deviation:
    """Nora's report from home care, received by Leif."""
    reported = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    cases.receive(deviation=reported, by=world.leif)
    deliver.take_as_told()
    return reported


@pytest.fixture
def case_about_leif(world: World) -> Deviation:
    """Nora's report about her leader, received by Sunniva, who is above him."""
    reported = cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om lederen", about_leader=True
    )
    assert reported.about == world.leif
    cases.receive(deviation=reported, by=world.sunniva)
    deliver.take_as_told()
    return reported


@pytest.fixture
def plan(world: World) -> Callable[..., Action]:
    """Leif plans something in home care for Greta, who works elsewhere and sees no case of his."""
    deliver.take_as_told()

    def planned(**how: Any) -> Action:
        usual: dict[str, Any] = {
            "by": world.leif,
            "owner": world.greta,
            "what": SECRET_TEXT,
            "deadline": timezone.localdate() + datetime.timedelta(days=14),
        }
        if "deviation" not in how:
            usual["unit"] = world.home_care
        return actions.plan(**(usual | how))

    return planned
