"""A procedure of home care: written by Leif, who leads it, and approved by Sunniva, who leads the sector above."""

from __future__ import annotations

import pytest

from documents import actions
from documents.models import Answer, Document, Version
from kvalitetslosen.organisation.models import User
from tests.people import World

TEXT = "<h2>Hva du gjør</h2><p>Ring nattevakten før du løfter noen.</p>"


def drafted(world: World, *, title: str = "Fall i hjemmet", body: str = TEXT) -> Version:
    draft = actions.create_document(by=world.leif, title=title, kind="procedure", unit=world.home_care)
    return actions.save(version=draft, by=world.leif, title=title, body=body)


def sent(world: World, **how: str) -> Version:
    return actions.send(version=drafted(world, **how), by=world.leif, approver=world.sunniva)


def approved(world: World, **how: str) -> Version:
    return actions.approve(version=sent(world, **how), by=world.sunniva)


def asked(version: Version) -> list[tuple[User, User | None]]:
    """Whose approval it waits for, and for whom they stand in."""
    return [
        (each.approver, each.approver_for)
        for each in version.approvals.filter(state=Answer.ASKED).select_related("approver", "approver_for").in_line()
    ]


@pytest.fixture
def draft(world: World) -> Version:
    return drafted(world)


@pytest.fixture
def waiting(world: World) -> Version:
    return sent(world)


@pytest.fixture
def procedure(world: World) -> Document:
    return approved(world).document
