"""Somebody takes a procedure along to where there is no signal, and nobody else finds it on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents import actions
from documents.models import Document, KeptOffline
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, drafted
from tests.people import World

LIST = "/handbok/uten-nett/liste/"
WORKER: dict[str, Any] = {"headers": {"X-Offline-Copy": "1"}}


def words(html: bytes) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_one_chooses_a_document_and_takes_it_away_again(
    procedure: Document, world: World, login: Callable[[User], Client]
) -> None:
    client = login(world.nora)
    assert client.get(LIST).json()["pages"] == []
    answer = client.post("/handbok/P-0001/uten-nett/velg/", follow=True)
    assert answer.redirect_chain == [("/handbok/P-0001/", 302)]
    client.post("/handbok/P-0001/uten-nett/velg/")
    assert KeptOffline.objects.count() == 1
    assert "Fall i hjemmet" in words(client.get("/handbok/uten-nett/").content)
    said = client.get(LIST).json()
    assert said["user"] == str(world.nora.pk)
    assert said["pages"] == ["/handbok/P-0001/uten-nett/"]
    assert said["files"] == []
    assert all(address.startswith("/static/") for address in said["assets"])
    assert login(world.leif).get(LIST).json()["pages"] == []
    client.post("/handbok/P-0001/uten-nett/fjern/")
    client.post("/handbok/P-0001/uten-nett/fjern/", {"next": "list"})
    assert not KeptOffline.objects.exists()


def test_the_page_that_is_kept_has_the_text_and_nothing_about_people(
    procedure: Document, world: World, login: Callable[[User], Client]
) -> None:
    client = login(world.nora)
    page = client.get("/handbok/P-0001/uten-nett/", **WORKER).content
    said = words(page)
    for expected in (
        "Fall i hjemmet",
        "P-0001",
        "This is version 1.0, fetched",
        "Ring nattevakten før du løfter noen.",
    ):
        assert expected in said
    for name in (*world.people, *(user.name for user in world.people.values())):
        assert name not in said
    assert b"csrf" not in page
    assert client.get("/handbok/P-0001/uten-nett/")["Location"] == "/handbok/P-0001/"
    assert client.get("/handbok/uten-nett/side/")["Location"] == "/handbok/uten-nett/"


def test_a_pdf_comes_along_if_it_is_small_enough(world: World, login: Callable[[User], Client]) -> None:
    draft = drafted(world)
    actions.put_file(version=draft, by=world.leif, file=ContentFile(b"%PDF-1.7"), name="plan.pdf", text="Planen")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    client = login(world.nora)
    client.post("/handbok/P-0001/uten-nett/velg/")
    address = f"/handbok/P-0001/versjon/{draft.pk}/fil/"
    assert client.get(LIST).json()["files"] == [address]
    assert address in client.get("/handbok/P-0001/uten-nett/", **WORKER).content.decode()
    type(draft).objects.filter(pk=draft.pk).update(file_size=50_000_000)
    assert client.get(LIST).json()["files"] == []


def test_what_one_may_no_longer_read_leaves_the_list(world: World, login: Callable[[User], Client]) -> None:
    version = approved(world)
    client = login(world.nora)
    client.post("/handbok/P-0001/uten-nett/velg/")
    actions.withdraw(version=version, by=world.leif, note="Ikke i bruk")
    assert client.get(LIST).json()["pages"] == []
    assert client.get("/handbok/P-0001/uten-nett/", **WORKER).status_code == 404
    assert "Fall i hjemmet" not in words(client.get("/handbok/uten-nett/side/", **WORKER).content)
    assert client.post("/handbok/P-0001/uten-nett/fjern/")["Location"] == "/handbok/"
    assert not KeptOffline.objects.exists()


def test_strangers_and_drafts(procedure: Document, world: World, login: Callable[[User], Client]) -> None:
    for stranger in (world.greta, world.mona):
        assert login(stranger).post("/handbok/P-0001/uten-nett/velg/").status_code == 404
        assert login(stranger).get("/handbok/P-0001/uten-nett/", **WORKER).status_code == 404
    drafted(world, title="Bare en kladd")
    assert login(world.leif).post("/handbok/P-0002/uten-nett/velg/").status_code == 404
    for address in ("velg", "fjern"):
        assert login(world.nora).get(f"/handbok/P-0001/uten-nett/{address}/").status_code == 405
    for address in (LIST, "/handbok/uten-nett/", "/handbok/uten-nett/side/"):
        assert login(world.nora).post(address).status_code == 405


def test_there_is_an_end_to_what_fits(
    world: World, login: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.actions.offline.MOST", 1)
    approved(world)
    approved(world, title="Nøkler")
    client = login(world.nora)
    client.post("/handbok/P-0001/uten-nett/velg/")
    assert (
        b"as many documents without net as fit" in client.post("/handbok/P-0002/uten-nett/velg/", follow=True).content
    )
    assert KeptOffline.objects.count() == 1


def test_the_list_costs_the_same_for_many(world: World, login: Callable[[User], Client]) -> None:
    client = login(world.nora)
    costs = []
    for _ in range(2):
        for _ in range(3):
            actions.keep_offline(document=approved(world).document, by=world.nora)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 4


def test_the_worker_looks_after_the_whole_site_and_is_the_same_for_everybody(db: None, client: Client) -> None:
    answer = client.get("/arbeider.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert b'"/static/js/worker.js", "/static/js/handbook-worker.js"' in answer.content
    said = client.get("/app.webmanifest")
    assert said["Content-Type"] == "application/manifest+json"
    assert {icon["sizes"] for icon in said.json()["icons"]} == {"192x192", "512x512"}
