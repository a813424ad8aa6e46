"""Withdrawn and replaced versions: kept by the database itself, marked, and found by those who may read them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone

from documents import actions
from documents.models import Document, Version
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, drafted
from tests.people import World

Login = Callable[[User], Client]


def renewed(world: World, title: str) -> Document:
    document = approved(world, title=title).document
    draft = actions.new_version(document=document, by=world.leif)
    actions.save(version=draft, by=world.leif, title=title, body="<p>Nytt.</p>", change_summary="Nytt")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    return document


@pytest.mark.parametrize("state", ["in_force", "replaced", "withdrawn"])
def test_the_database_refuses_to_delete_what_applied(world: World, state: str) -> None:
    document = renewed(world, "Nøkler")
    if state == "withdrawn":
        actions.withdraw(version=document.versions.get(state="in_force"), by=world.leif, note="x")
    doomed = document.versions.filter(state=state).values_list("pk", flat=True)[0]
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_version WHERE id = %s", [doomed])
    assert Version.objects.filter(pk=doomed).exists()


def test_a_table_made_anew_keeps_its_guard(world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL changes its tables in place")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        names = {name for (name,) in cursor.fetchall()}
    assert {"documents_version_no_delete", "journal_no_delete", "journal_no_update"} <= names


def test_those_who_answer_find_what_applied_by_title_number_and_status(world: World, login: Login) -> None:
    renewed(world, "Nøkler")
    withdrawn = approved(world, title="Telefaks").document
    actions.withdraw(version=withdrawn.versions.get(), by=world.leif, note="Ingen har telefaks")
    address = reverse("documents:former")
    for query, titles in (
        ({}, {"Nøkler", "Telefaks"}),
        ({"q": "telef"}, {"Telefaks"}),
        ({"q": withdrawn.number}, {"Telefaks"}),
        ({"status": "erstattet"}, {"Nøkler"}),
        ({"status": "trukket-tilbake"}, {"Telefaks"}),
        ({"q": "finnes ikke"}, set()),
        ({"status": "tull", "side": "x"}, {"Nøkler", "Telefaks"}),
    ):
        page = login(world.leif).get(address, query)
        assert {each.title for each in page.context["versions"]} == titles, query
    assert {each.title for each in login(world.kaja).get(address).context["versions"]} == {"Nøkler", "Telefaks"}
    for who in ("hans", "ada", "mona"):
        assert login(getattr(world, who)).get(address).context["versions"] == [], who
    assert login(world.nora).get(address).status_code == 403


def test_the_page_of_a_document_says_from_when_to_when_an_earlier_version_applied(world: World, login: Login) -> None:
    document = renewed(world, "Nøkler")
    today = formats.date_format(timezone.localdate(), "j. F Y")
    page = " ".join(login(world.leif).get(document.get_absolute_url()).content.decode().split())
    assert f"applied from {today} to {today}" in page


def test_what_is_only_a_draft_is_not_among_them(world: World, login: Login) -> None:
    draft = drafted(world)
    actions.discard(version=draft, by=world.leif)
    assert login(world.leif).get(reverse("documents:former")).context["versions"] == []


def test_the_list_costs_the_same_however_long(world: World, login: Login) -> None:
    client, address = login(world.leif), reverse("documents:former")

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    for n in range(2):
        renewed(world, f"Rutine {n}")
    few = cost()
    for n in range(30):
        renewed(world, f"Prosedyre {n}")
    assert cost() == few
    assert 'rel="next"' in client.get(address).content.decode()
