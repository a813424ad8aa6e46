"""Who works in two places reads in both: their leader here isn't told what the other place asks to be read."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from documents import actions
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from tests.documents.conftest import approved
from tests.people import World

LIST = "/rapporter/utforsk/liste/?om=lesing"


def test_the_reading_counts_and_its_title_stays_where_it_belongs(
    world: World, login: Callable[[User], Client]
) -> None:
    version = approved(world, title="Vaktliste med navn")
    organisation.grant_role(user=world.nora, unit=world.nursing_home, role=Role.EMPLOYEE)
    actions.confirm_reading(version=version, by=User.objects.get(pk=world.nora.pk))
    here = login(world.leif).get(LIST).content.decode()
    assert "Vaktliste med navn" in here
    there = login(world.hans).get(LIST).content.decode()
    assert "Nora" in there
    assert "Vaktliste" not in there
    assert "A document you can’t open" in there
    assert version.document.number not in there
