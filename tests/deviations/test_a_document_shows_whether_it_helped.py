"""On a document's page, to those who answer for it: the cases before and after its last version."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from deviations import actions as deviations
from deviations.after_version import Compared
from deviations.models import Deviation, Kind
from documents import actions
from documents.models import Document, Version
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved
from tests.people import World

Login = Callable[[User], Client]


@pytest.mark.parametrize(
    ("compared", "begins"),
    [
        (Compared(16, 365, 1, 170), "Fewer are reported"),
        (Compared(5, 170, 17, 170), "More are reported"),
        (Compared(8, 200, 6, 160), "No more of a difference"),
        (Compared(6, 365, 0, 365), "That is too few"),
        (Compared(40, 365, 0, 30), "That is too few, or too short"),
        (Compared(0, 10, 40, 300), "That is too few, or too short"),
    ],
)
def test_what_is_said_of_the_numbers(compared: Compared, begins: str) -> None:
    assert compared.verdict.startswith(begins)


def test_chance_is_reckoned_exactly() -> None:
    assert Compared(9, 100, 1, 100).by_chance == pytest.approx(22 / 1024)


@pytest.fixture
def changed(world: World) -> Document:
    """In force for ten months, changed four months ago; twelve cases before that, one after, one of them on Leif."""
    now = timezone.now()
    document = approved(world).document
    draft = actions.new_version(document=document, by=world.leif)
    actions.save(version=draft, by=world.leif, title=draft.title, body="<p>Nytt</p>", change_summary="Nytt")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    first, second = Version.objects.filter(document=document).order_by("pk")
    Version.objects.filter(pk=first.pk).update(in_force_from=now - datetime.timedelta(days=300))
    Version.objects.filter(pk=second.pk).update(in_force_from=now - datetime.timedelta(days=120))
    for days in (*range(130, 250, 10), 40):
        deviations.report(
            by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Ikke fulgt", breached_document=document,
            at=now - datetime.timedelta(days=days),
        )  # fmt: skip
    about_leif = deviations.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Lederen", breached_document=document,
        about_leader=True,
    )  # fmt: skip
    Deviation.objects.filter(pk=about_leif.pk).update(reported_at=now - datetime.timedelta(days=30))
    return document


def test_of_the_cases_the_reader_may_see_and_only_to_those_who_answer(
    world: World, login: Login, changed: Document
) -> None:
    for user in (world.leif, world.sunniva, world.nora):
        organisation.choose_language(user=user, language="en")
    pages = {
        name: login(world.people[name]).get(changed.get_absolute_url()).content.decode()
        for name in ("leif", "sunniva", "nora")
    }
    assert "Before that 12 cases in 6 months, after it 1 case in 4 months. Fewer are reported" in pages["leif"]
    assert "after it 2 cases in 4 months" in pages["sunniva"], "the case about Leif is hers to see"
    assert "Before and after version" not in pages["nora"]


def test_nothing_is_compared_with_nothing(world: World, login: Login) -> None:
    organisation.choose_language(user=world.leif, language="en")
    document = approved(world).document
    deviations.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Ikke fulgt", breached_document=document
    )
    page = login(world.leif).get(document.get_absolute_url()).content.decode()
    assert Deviation.objects.count() == 1
    assert "points to this document" in page
    assert "Before and after version" not in page
