"""Reviewed in one tap, marked for readers when it is late, and listed when somebody should do something with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import actions, keeping, likeness
from documents.models import Document, Fingerprint, ReadRequirement, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Membership, User
from tests.documents.conftest import approved
from tests.documents.in_force import in_force
from tests.people import World

Login = Callable[[User], Client]
LONG_AGO = timezone.now() - datetime.timedelta(days=60)
TEXT = (
    "Ring nattevakten før du løfter noen. Hent takheisen og sjekk batteriet. Vær alltid to når brukeren ikke kan stå."
    " Skriv i journalen etterpå, og si fra ved vaktskiftet om noe har endret seg siden forrige gang."
)


@pytest.fixture
def late(world: World) -> Document:
    document = approved(world).document
    Document.objects.filter(pk=document.pk).update(review_on=timezone.localdate() - datetime.timedelta(days=3))
    document.refresh_from_db()
    return document


@pytest.mark.parametrize(
    ("where", "back"),
    [("", "/handbok/{}/"), ("today", "/"), ("keeping", "/handbok/i-live/"), ("//evil", "/handbok/{}/")],
)
def test_reviewed_in_one_tap_and_back_where_one_was(
    world: World, login: Login, late: Document, where: str, back: str
) -> None:
    address = f"/handbok/{late.number}/steg/review/"
    leif = login(world.leif)
    for page in (late.get_absolute_url(), "/", "/handbok/i-live/"):
        assert f'action="{address}"' in leif.get(page).content.decode(), page
    assert leif.post(address, {"from": where})["Location"] == back.format(late.number)
    assert Event.objects.filter(type="documents.reviewed").count() == 1
    late.refresh_from_db()
    assert not late.is_past_review
    assert login(world.nora).post(address).status_code == 403


def test_readers_are_told_that_it_should_have_been_looked_over(world: World, login: Login, late: Document) -> None:
    organisation.choose_language(user=world.nora, language="en")
    nora = login(world.nora)
    assert "ask Leif Lund if you are in doubt" in nora.get(late.get_absolute_url()).content.decode()
    for address in ("/handbok/?visning=alle", "/handbok/?q=fall"):
        assert "Past its review" in nora.get(address).content.decode(), address
    actions.review_without_change(version=late.versions.get(), by=world.leif)
    for address in ("/handbok/?visning=alle", "/handbok/?q=fall", late.get_absolute_url()):
        page = nora.get(address).content.decode()
        assert "Past its review" not in page, address
        assert "in doubt" not in page, address


class TestLists:
    def names(self, user: User) -> dict[str, list[str]]:
        return {
            group.name: [row.document.title for row in group.rows]
            for group in keeping.groups(User.objects.get(pk=user.pk))
        }

    def test_only_for_those_who_answer_for_something(self, world: World, login: Login, late: Document) -> None:
        found = {name: login(user).get("/handbok/i-live/").status_code for name, user in world.people.items()}
        opens = {"leif", "sunniva", "rolf", "hans", "kaja", "kristin", "mona"}
        assert found == {name: 200 if name in opens else 403 for name in world.people}
        shown = {
            name for name in opens if late.title in login(world.people[name]).get("/handbok/i-live/").content.decode()
        }
        assert shown == {"leif", "sunniva", "rolf", "kaja", "kristin"}

    def test_the_owner_is_gone(self, world: World, late: Document) -> None:
        assert "eier" not in self.names(world.sunniva)
        Membership.objects.filter(user=world.leif).update(unit=world.school)
        assert self.names(world.sunniva)["eier"] == [late.title]
        User.objects.filter(pk=world.leif.pk).update(is_active=False)
        assert self.names(world.sunniva)["eier"] == [late.title]
        assert self.names(world.sunniva)["revisjon"] == [late.title]

    def test_two_that_may_be_one(self, world: World) -> None:
        def make(title: str, text: str, where: str) -> Document:
            return in_force(title, text, unit=getattr(world, where), author=world.sunniva, approver=world.rolf)

        make("Forflytning", TEXT, "home_care")
        make("Løft av brukere", TEXT.replace("to når", "minst to når"), "nursing_home")
        make("Brann", "Ring 110. Ta med deg alle ut. Møt ved postkassene og tell at alle er der.", "home_care")
        make("Brannøvelse", "Noe helt annet, uten et ord felles med den andre.", "nursing_home")
        make("Brann!", "Ingenting av det samme.", "school")
        found = {
            (pair.first.title, pair.second.title, pair.same_title)
            for pair in likeness.pairs(world.rolf, "SELECT id FROM documents_document", ())
        }
        assert found == {("Forflytning", "Løft av brukere", False), ("Brann", "Brann!", True)}
        assert "like" not in self.names(world.hans), "he may read only one of each two"

    def test_nobody_reads_or_opens_or_finds_it(self, world: World, login: Login) -> None:
        document = approved(world).document
        Version.objects.filter(document=document).update(in_force_from=LONG_AGO)
        assert self.names(world.leif)["uapnet"] == [document.title]
        actions.visit(document=document, by=world.nora)
        assert self.names(world.leif)["ikke-funnet"] == [document.title]
        actions.ask_to_read(
            document=document, by=world.leif, units=[world.home_care], due_on=timezone.localdate(), at=LONG_AGO
        )
        assert ReadRequirement.objects.get().asked_on < timezone.localdate()
        assert self.names(world.leif)["ulest"] == [document.title]
        actions.confirm_reading(version=document.versions.get(), by=world.nora)
        assert "ulest" not in self.names(world.leif)

    def test_the_type_asks_for_reading_and_nobody_is_asked(self, world: World) -> None:
        document = approved(world).document
        assert "ikke-bedt" not in self.names(world.leif)
        actions.change_type(type=document.type, by=world.ada, asks_reading=True)
        assert self.names(world.leif)["ikke-bedt"] == [document.title]
        actions.ask_to_read(document=document, by=world.leif, units=[world.home_care], due_on=timezone.localdate())
        assert "ikke-bedt" not in self.names(world.leif)

    def test_the_page_asks_the_same_for_few_and_many(self, world: World, login: Login) -> None:
        counts = []
        for many in (2, 9):
            for n in range(many):
                document = in_force(
                    f"Rutine {many} {n}", TEXT, unit=world.home_care, author=world.leif, approver=world.rolf
                )
                Document.objects.filter(pk=document.pk).update(
                    review_on=timezone.localdate() - datetime.timedelta(days=n + 1)
                )
            client = login(world.leif)
            client.get("/handbok/i-live/")
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/handbok/i-live/").status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1], counts

    def test_what_no_longer_applies_is_not_held_against_anything(self, world: World, late: Document) -> None:
        assert Fingerprint.objects.filter(document=late).exists()
        actions.withdraw(version=late.versions.get(), by=world.leif, note="Slutt")
        assert not Fingerprint.objects.filter(document=late).exists()
