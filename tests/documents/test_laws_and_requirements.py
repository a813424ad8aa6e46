"""What the law asks, which documents say how it is done, and what nobody has written yet."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from documents import actions, laws
from documents.actions.requirements import Place
from documents.law_register import REQUIREMENTS
from documents.models import Document, LegalBasis, Requirement, Source
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.documents.in_force import in_force
from tests.people import World

Login = Callable[[User], Client]


def named(world: World, text: str) -> list[Place]:
    return actions.places_named(text, actions.sources_for(world.municipality.pk))


def source(short: str) -> Source:
    return Source.objects.get(short=short)


@pytest.fixture
def fall(world: World) -> Document:
    return in_force("Fall", "Ring.", unit=world.home_care, author=world.leif, approver=world.sunniva)


def test_a_document_covers_the_requirements_at_the_places_it_rests_on(world: World, fall: Document) -> None:
    places = named(world, "Kvalitetsforskriften § 7 c, kommuneloven § 25-1 b og arbeidsmiljøloven § 4-1")

    assert actions.set_legal_bases(document=fall, by=world.leif, places=places)
    assert not actions.set_legal_bases(document=fall, by=world.leif, places=places)  # nothing the second time

    rows = LegalBasis.objects.filter(document=fall).select_related("source").order_by("source__position", "pk")
    assert [(str(row), row.requirement is not None) for row in rows] == [
        ("Kommuneloven § 25-1 bokstav b", True),
        (
            "Forskrift om ledelse og kvalitetsforbedring i helse- og omsorgstjenesten § 7 bokstav c",
            True,
        ),
        ("Arbeidsmiljøloven § 4-1", False),
    ]
    assert rows[0].address == "https://lovdata.no/lov/2018-06-22-83/§25-1"
    event = Event.objects.about(fall).filter(type="documents.bases_set").get()
    assert len(event.data["added"]) == 3
    # What is written of a place is understood again.
    assert actions.set_legal_bases(document=fall, by=world.leif, places=[])
    assert LegalBasis.objects.count() == 0


def test_what_the_form_shows_is_what_it_takes_back(world: World, login: Login, fall: Document) -> None:
    for each in REQUIREMENTS:
        rows = Requirement.objects.filter(source__short=each).select_related("source").order_by("pk")
        places = [(row.source, row.place) for row in rows]
        actions.set_legal_bases(document=fall, by=world.leif, places=places)
        client, address = login(world.leif), f"/handbok/{fall.number}/plassering/"
        page = client.get(address).context["form"]
        answer = client.post(address, {"laws": page["laws"].value()})
        assert answer.status_code == 302, (each, answer.context["form"].errors)
        assert set(LegalBasis.objects.values_list("requirement", flat=True)) == {row.pk for row in rows}, each


def test_those_who_write_say_where_a_document_belongs(world: World, login: Login, fall: Document) -> None:
    address = f"/handbok/{fall.number}/plassering/"
    subjects = [actions.add_subject(by=world.ada, name=name) for name in ("Fall", "Bygg", "Mat", "Brann")]
    given = {"laws": "kommuneloven § 25-1 c", "look_up": "Arbeidsmiljøloven § 2 A-6", "subject": subjects[0].pk}

    assert login(world.mona).get(address).status_code == 404
    assert login(world.nora).post(address, given).status_code == 403
    assert login(world.leif).post(address, given).status_code == 302

    page = login(world.nora).get(fall.get_absolute_url()).content.decode()
    assert "Kommuneloven § 25-1 bokstav c" in page
    assert "Arbeidsmiljøloven § 2 A-6" in page
    assert f"?emne={subjects[0].pk}" in page
    for wrong in ({"laws": "noe vi har hørt"}, {"subject": "999999"}):
        assert login(world.leif).post(address, wrong).status_code == 200
    assert LegalBasis.objects.count() == 2
    suggested = login(world.leif).get("/handbok/lover/forslag/?look_up=avvik kommuneloven").content.decode()
    assert "Kommuneloven § 25-1 bokstav c" in suggested
    assert login(world.nora).get("/handbok/lover/forslag/?look_up=avvik").status_code == 403


def test_the_register_shows_only_documents_one_may_read(world: World, login: Login, fall: Document) -> None:
    actions.set_legal_bases(document=fall, by=world.leif, places=named(world, "kommuneloven § 25-1 c, aml § 4-1"))
    koml, aml = source("kommuneloven"), source("arbeidsmiljøloven")

    for law in (koml, aml):
        page = login(world.nora).get(f"/handbok/lover/{law.pk}/").content.decode()
        assert fall.title in page
        for who in (world.greta, world.tiril, world.mona):
            assert fall.get_absolute_url() not in login(who).get(f"/handbok/lover/{law.pk}/").content.decode()
    counted = "los-list__meta"
    assert login(world.nora).get("/handbok/lover/").content.decode().count(counted) == 2
    assert login(world.greta).get("/handbok/lover/").content.decode().count(counted) == 0


def test_coverage_tells_what_is_covered_late_or_by_none(world: World, login: Login, fall: Document) -> None:
    late = in_force("Gammel", "Tekst.", unit=world.health, author=world.sunniva, approver=world.rolf)
    Document.objects.filter(pk=late.pk).update(review_on=timezone.localdate() - datetime.timedelta(days=3))
    actions.set_legal_bases(document=fall, by=world.leif, places=named(world, "kommuneloven § 25-1 c"))
    actions.set_legal_bases(document=late, by=world.sunniva, places=named(world, "kommuneloven § 25-1 d"))

    def states(user: User) -> dict[str, str]:
        sets = login(user).get("/handbok/lover/dekning/").context["sets"]
        return {
            each.requirement.place: each.state
            for law, rows, *_n in sets
            if law.short == "kommuneloven"
            for each in rows
        }

    for who in (world.rolf, world.kristin, world.sunniva):
        found = states(who)
        assert (found["§ 25-1 bokstav c"], found["§ 25-1 bokstav d"], found["§ 25-1 bokstav a"]) == (
            "covered", "late", "none",
        )  # fmt: skip
    assert set(states(world.mona).values()) == {"none"}
    for who in (world.nora, world.ada, world.vidar):
        assert login(who).get("/handbok/lover/dekning/").status_code == 403


def test_a_municipality_adds_its_own_rules_and_what_they_ask(world: World, login: Login, fall: Document) -> None:
    kristin = login(world.kristin)
    added = {"title": "Nøkkelreglementet", "kind": "own", "names": "nøkkelreglene"}
    for address in ("/handbok/lover/ny/", f"/handbok/lover/{source('kommuneloven').pk}/nytt-krav/"):
        assert login(world.leif).get(address).status_code == 403
    assert kristin.post("/handbok/lover/ny/", added).status_code == 302
    assert kristin.post("/handbok/lover/ny/", added).status_code == 200  # it is there already
    own = source("Nøkkelreglementet")
    actions.set_legal_bases(document=fall, by=world.leif, places=named(world, "Se nøkkelreglene § 2"))
    assert LegalBasis.objects.get().requirement is None

    requirement = {"place": "§ 2", "text": "Nøkler skal telles hver kveld."}
    assert kristin.post(f"/handbok/lover/{own.pk}/nytt-krav/", requirement | {"place": "et sted"}).status_code == 200
    assert kristin.post(f"/handbok/lover/{own.pk}/nytt-krav/", requirement).status_code == 302
    assert kristin.post(f"/handbok/lover/{own.pk}/nytt-krav/", requirement).status_code == 200
    row = Requirement.objects.get(source=own)
    assert LegalBasis.objects.get().requirement == row

    moved = {"place": "§ 3", "text": row.text, "is_active": "on"}
    assert kristin.post(f"/handbok/lover/krav/{row.pk}/", moved).status_code == 302
    assert LegalBasis.objects.get().requirement is None
    # Theirs alone.
    mona = login(world.mona)
    assert mona.get(f"/handbok/lover/{own.pk}/").status_code == 404
    assert "Nøkkelreglementet" not in mona.get("/handbok/lover/").content.decode()
    assert (
        kristin.post(f"/handbok/lover/{own.pk}/endre/", added | {"title": "Nøkler", "is_active": "on"}).status_code
        == 302
    )
    assert kristin.get(f"/handbok/lover/{source('kommuneloven').pk}/endre/").status_code == 404


def test_the_shared_register_is_laid_once_and_put_right(world: World) -> None:
    count = (Source.objects.count(), Requirement.objects.count())
    Source.objects.filter(short="kommuneloven").update(title="Noe annet")

    laws.lay(Source, Requirement)

    assert (Source.objects.count(), Requirement.objects.count()) == count
    assert source("kommuneloven").title == "Kommuneloven"
