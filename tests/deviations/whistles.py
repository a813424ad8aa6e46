"""Whistle-blowing for tests: Kaja and Tiril receive in Fjelldal, through the product's own verbs."""

from __future__ import annotations

import uuid
from typing import Any

from deviations.models import WhistleCase, WhistleRecipient
from deviations.whistle import actions
from kvalitetslosen.organisation.models import User
from tests.people import World

WORD = "blåmeispiperøyk"
"""Stands in no other text of the product or its tests."""
TEXT = f"Lederen fakturerer timer som ingen har jobbet. {WORD}"
RECIPIENTS = ("kaja", "tiril")


def appointed(world: World, *names: str) -> list[WhistleRecipient]:
    return [actions.appoint_recipient(user=world.people[name], by=world.ada) for name in names or RECIPIENTS]


def told(world: World, **more: Any) -> actions.Told:
    """A case from somebody without a name; with those who receive, unless somebody does already."""
    if not WhistleRecipient.objects.exists():
        appointed(world)
    what: dict[str, Any] = {"municipality": world.municipality, "text": TEXT, "key": uuid.uuid4()}
    return actions.blow_the_whistle(**what | more)


def case(world: World, **more: Any) -> WhistleCase:
    return told(world, **more).case


def acknowledged(world: World, **more: Any) -> WhistleCase:
    found = case(world, **more)
    actions.acknowledge(case=found, by=world.kaja, text="Vi har fått det.")
    return found


def concluded(world: World, **more: Any) -> WhistleCase:
    found = acknowledged(world, **more)
    actions.examine(case=found, by=world.kaja)
    actions.conclude(case=found, by=world.kaja, outcome="Timene er rettet.")
    return found


def again(user: User) -> User:
    """The person as a new request finds them."""
    return User.objects.get(pk=user.pk)
