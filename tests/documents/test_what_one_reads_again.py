"""Favourites, what one read lately and what is new: for the person alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import actions, search, shelf
from documents.lifecycle import State
from documents.models import Document, Reach, Version, Visit, never_found, never_opened, readers_of
from kvalitetslosen.organisation.models import Unit, User
from tests.documents.in_force import in_force
from tests.people import World

Login = Callable[[User], Client]
Write = Callable[..., Document]


@pytest.fixture
def write(world: World) -> Write:
    def written(title: str, unit: Unit | None = None, **more: str) -> Document:
        return in_force(
            title, "Tekst.", unit=unit or world.home_care, author=world.leif, approver=world.sunniva, **more
        )

    return written


def test_a_favourite_stands_on_ones_own_first_page(world: World, login: Login, write: Write) -> None:
    document = write("Fall")
    address = f"/handbok/{document.number}/favoritt/"

    assert login(world.nora).get(address).status_code == 405
    assert login(world.mona).post(address).status_code == 404
    assert login(world.greta).post(address).status_code == 404
    for _time in range(2):
        assert login(world.nora).post(address, {"is": "yes"}).status_code == 302
    assert [book.title for book in shelf.favourites(world.nora)] == ["Fall"]
    assert shelf.favourites(world.leif) == []
    login(world.leif).post(address, {"is": "yes"})
    for user in (world.nora, world.leif):
        for page in ("/", "/handbok/"):
            assert document.get_absolute_url() in login(user).get(page).content.decode()
    assert document.get_absolute_url() not in login(world.sunniva).get("/").content.decode()
    for _time in range(2):
        login(world.nora).post(address, {"is": "no"})
    assert shelf.favourites(world.nora) == []


def test_what_no_longer_applies_is_off_the_shelf(world: World, write: Write) -> None:
    document = write("Fall")
    actions.add_favourite(document=document, by=world.nora)
    actions.visit(document=document, by=world.nora)
    Version.objects.filter(document=document).update(state=State.WITHDRAWN, ended_at=timezone.now())
    search.index(document)

    assert (
        shelf.favourites(world.nora) == shelf.recently_read(world.nora) == shelf.new_where_one_works(world.nora) == []
    )


def test_a_visit_is_written_once_in_half_an_hour(world: World, write: Write) -> None:
    document, now = write("Fall"), timezone.now()

    for minutes in (0, 10, 29, 45):
        actions.visit(document=document, by=world.nora, at=now + datetime.timedelta(minutes=minutes))

    row = Visit.objects.get()
    assert (row.times, row.last_at, row.found_at) == (2, now + datetime.timedelta(minutes=45), None)
    actions.visit(document=document, by=world.nora, found=True, at=now + datetime.timedelta(minutes=50))
    row.refresh_from_db()
    assert row.found_at == now + datetime.timedelta(minutes=50)


def test_the_page_remembers_what_was_read_and_whether_it_was_found(world: World, login: Login, write: Write) -> None:
    first, second = write("Fall"), write("Brann")
    client = login(world.nora)
    client.get(first.get_absolute_url())
    client.get(second.get_absolute_url(), headers={"referer": "http://testserver/handbok/?q=brann"})

    assert [book.title for book in shelf.recently_read(world.nora)] == ["Brann", "Fall"]
    assert shelf.recently_read(world.leif) == []
    assert [row.found_at is not None for row in Visit.objects.order_by("pk")] == [False, True]
    with CaptureQueriesContext(connection) as queries:
        client.get(first.get_absolute_url())
    assert sum("INTO documents_visit" in query["sql"] for query in queries) == 1


def test_new_is_what_came_into_force_lately_where_one_works(world: World, write: Write) -> None:
    for title, unit, reach, days in (
        ("Ny her", world.home_care, Reach.UNIT, 3),
        ("Ny over", world.health, Reach.UNIT, 2),
        ("Ny for alle", world.school, Reach.MUNICIPALITY, 1),
        ("Ny et annet sted", world.nursing_home, Reach.UNIT, 1),
        ("Gammel her", world.home_care, Reach.UNIT, 40),
    ):
        document = write(title, unit=unit, reach=reach)
        Version.objects.filter(document=document).update(in_force_from=timezone.now() - datetime.timedelta(days=days))
        search.index(document)

    assert [book.title for book in shelf.new_where_one_works(world.nora)] == ["Ny for alle", "Ny over", "Ny her"]
    assert "Ny et annet sted" not in {book.title for book in shelf.new_where_one_works(world.leif)}


def test_documents_nobody_but_the_owner_opens_or_finds_are_known(world: World, write: Write) -> None:
    unopened, opened, found = write("Uåpnet"), write("Åpnet"), write("Funnet")
    actions.visit(document=unopened, by=world.leif, found=True)  # who owns it
    actions.visit(document=opened, by=world.nora)
    actions.visit(document=found, by=world.nora, found=True)
    rows = Document.objects.order_by("pk")

    assert list(never_opened(rows)) == [unopened]
    assert list(never_found(rows)) == [unopened, opened]


def test_how_many_read_is_told_from_five_on(world: World, write: Write) -> None:
    few, many = write("Få", reach=Reach.MUNICIPALITY), write("Mange", reach=Reach.MUNICIPALITY)
    for name in ("nora", "leif", "greta", "hans", "tiril"):
        actions.visit(document=many, by=world.people[name])
        if name != "tiril":
            actions.visit(document=few, by=world.people[name])

    assert readers_of(Document.objects.order_by("pk")) == {many.pk: 5}


def test_a_visit_is_forgotten_after_a_year(world: World, write: Write) -> None:
    document, now = write("Fall"), timezone.now()
    actions.visit(document=document, by=world.nora, at=now - datetime.timedelta(days=366))
    actions.visit(document=document, by=world.leif, at=now - datetime.timedelta(days=360))

    actions.forget(now)
    actions.forget(now)

    assert [row.user for row in Visit.objects.order_by("pk")] == [world.leif]


def test_the_tree_counts_only_what_one_may_read(world: World, login: Login, write: Write) -> None:
    write("Fall")
    write("Vask", unit=world.nursing_home)
    subject = actions.add_subject(by=world.ada, name="Pleie")
    below = actions.add_subject(by=world.ada, name="Fall og sår", parent=subject)
    for document in Document.objects.order_by("pk"):
        actions.set_subjects(document=document, by=world.leif, subjects=[subject, below])

    for view in ("enheter", "emner"):
        for user, count in ((world.nora, 1), (world.sunniva, 2), (world.tiril, 0)):
            branches = login(user).get(f"/handbok/?visning={view}").context["branches"]
            assert [branch.count for branch in branches] == ([count] if count else []), (view, user)
    page = login(world.nora).get("/handbok/?visning=enheter").content.decode()
    assert "Sykehjemmet" not in page.partition("los-tree")[2]
    actions.set_subjects(document=Document.objects.get(title="Fall"), by=world.leif, subjects=[])
    assert "One document has no subject yet." in login(world.nora).get("/handbok/?visning=emner").content.decode()


def test_subjects_are_kept_by_the_administrator(world: World, login: Login) -> None:
    ada, data = login(world.ada), {"name": "Bygg", "position": "2", "is_active": "on"}
    for address in ("/handbok/emner/", "/handbok/emner/ny/", "/handbok/synonymer/"):
        assert login(world.leif).get(address).status_code == 403, address
    assert ada.get("/handbok/emner/standard/").status_code == 405
    assert ada.post("/handbok/emner/ny/", data).status_code == 302
    assert ada.post("/handbok/emner/ny/", data).status_code == 200  # it is there
    main = ada.get("/handbok/emner/").context["tree"][0][0]
    assert ada.post("/handbok/emner/ny/", data | {"name": "Brann", "parent": main.pk}).status_code == 302
    assert ada.post(f"/handbok/emner/{main.pk}/", data | {"name": "Bygg og brann"}).status_code == 302
    assert login(world.mona).get(f"/handbok/emner/{main.pk}/").status_code == 403
    assert ada.post("/handbok/synonymer/", {"words": "ett ord"}).status_code == 200
    assert ada.post("/handbok/synonymer/", {"words": "nøkkel, lås"}).status_code == 302
    row = ada.get("/handbok/synonymer/").context["rows"][0]
    assert ada.post(f"/handbok/synonymer/{row.pk}/", {"words": "nøkkel, lås, dør"}).status_code == 302
    row.refresh_from_db()
    assert (row.words, row.is_active) == ("nøkkel, lås, dør", False)
