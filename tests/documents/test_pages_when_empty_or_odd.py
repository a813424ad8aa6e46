"""Every page when there is nothing, when it is a PDF, when it is over: it opens, and says what one can do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from documents import actions
from documents.models import Document, Version
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import drafted
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture
def of_pdf(world: World) -> Version:
    draft = drafted(world)
    file = ContentFile(b"%PDF-1.7 x")
    return actions.put_file(version=draft, by=world.leif, file=file, name="rutine.pdf", text="Om nattevakten")


@pytest.mark.parametrize("who", ["nora", "leif"])
@pytest.mark.parametrize(
    "query", ["", "?q=finnesikke", "?type=plan", "?q=x&type=plan", "?enhet=abc&side=99&type=tull", "?visning=arbeid"]
)
def test_an_empty_handbook_says_so(world: World, login: Login, who: str, query: str) -> None:
    page = login(getattr(world, who)).get(reverse("documents:list") + query)
    assert page.status_code == 200
    assert "los-empty" in page.content.decode()


def test_who_may_write_is_offered_to_write_what_is_not_there(world: World, login: Login) -> None:
    address = reverse("documents:list") + "?q=vask%20%26%20stell"
    offer = f'href="{reverse("documents:new")}?tittel=vask%20%26%20stell"'
    assert offer in login(world.leif).get(address).content.decode()
    assert offer not in login(world.nora).get(address).content.decode()


def test_the_list_is_narrowed_by_kind_and_unit(world: World, login: Login, procedure: Document) -> None:
    client, address = login(world.leif), reverse("documents:list")
    for query, found in (
        ({"type": "procedure"}, True),
        ({"type": "plan"}, False),
        ({"enhet": str(world.home_care.pk)}, True),
        ({"enhet": str(world.health.pk)}, True),
        ({"enhet": str(world.school.pk)}, False),
        ({"q": "nattevakt", "enhet": str(world.school.pk)}, False),
    ):
        assert (procedure.title in client.get(address, query).content.decode()) is found, query


def test_a_long_handbook_has_pages(world: World, login: Login) -> None:
    for n in range(27):
        draft = drafted(world, title=f"Rutine {n:02d}")
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
        actions.approve(version=draft, by=world.sunniva)
    first = login(world.nora).get(reverse("documents:list") + "?visning=alle").content.decode()
    second = login(world.nora).get(reverse("documents:list") + "?side=1").content.decode()
    assert ("Rutine 24" in first, "Rutine 25" in first, 'rel="next"' in first) == (True, False, True)
    assert ("Rutine 26" in second, "Rutine 24" in second, 'rel="prev"' in second) == (True, False, True)


def test_a_pdf_has_its_pages_from_draft_to_past(world: World, login: Login, of_pdf: Version) -> None:
    leif, sunniva = login(world.leif), login(world.sunniva)
    number = of_pdf.document.number
    link = reverse("documents:file", args=[number, of_pdf.pk])
    assert link in leif.get(reverse("documents:draft", args=[number])).content.decode()
    actions.send(version=of_pdf, by=world.leif, approver=world.sunniva)
    assert link in sunniva.get(reverse("documents:approval", args=[number])).content.decode()
    actions.approve(version=of_pdf, by=world.sunniva)
    page = login(world.nora).get(of_pdf.document.get_absolute_url()).content.decode()
    assert link in page
    assert "<p>Om nattevakten</p>" in page, "on a phone a file is hard to read"
    following = actions.new_version(document=of_pdf.document, by=world.leif)
    actions.save(version=following, by=world.leif, title="Fall", change_summary="Skrevet om")
    actions.put_text(version=following, by=world.leif, html="<p>Nå som tekst.</p>")
    actions.send(version=following, by=world.leif, approver=world.sunniva)
    assert sunniva.get(reverse("documents:approval", args=[number])).status_code == 200
    actions.approve(version=following, by=world.sunniva)
    assert link in leif.get(reverse("documents:version", args=[number, of_pdf.pk])).content.decode()
    assert "Nå som tekst." in login(world.nora).get(of_pdf.document.get_absolute_url()).content.decode()


def test_what_is_withdrawn_says_so_to_those_who_answer_for_it(world: World, login: Login, procedure: Document) -> None:
    version = procedure.versions.get()
    answer = login(world.leif).post(
        reverse("documents:step", args=[procedure.number, "withdraw"]),
        {"note": "Slått sammen.", "seen": version.events_count},
    )
    assert answer["Location"] == procedure.get_absolute_url()
    page = login(world.leif).get(procedure.get_absolute_url()).content.decode()
    assert reverse("documents:version", args=[procedure.number, version.pk]) in page
    assert login(world.leif).get(version.get_absolute_url()).status_code in (200, 302)
    assert login(world.nora).get(procedure.get_absolute_url()).status_code == 404


def test_a_step_taken_twice_is_done_once_and_says_so(world: World, login: Login, waiting: Version) -> None:
    address = reverse("documents:step", args=[waiting.document.number, "approve"])
    client = login(world.sunniva)
    assert client.post(address, {"seen": waiting.events_count}).status_code == 302
    again = client.post(address, {"seen": waiting.events_count}, follow=True)
    assert 'data-color="warning"' in again.content.decode()
    assert waiting.document.versions.in_force().count() == 1


def test_an_approver_who_wrote_in_it_instead_leaves_the_page_whole(
    world: World, login: Login, waiting: Version
) -> None:
    actions.want_changes(version=waiting, by=world.sunniva, note="Kortere.")
    actions.save(version=waiting, by=world.sunniva, title="Fall", body="<p>Kort.</p>")
    page = login(world.leif).get(reverse("documents:draft", args=[waiting.document.number]))
    assert "Kortere." in page.content.decode()


def test_unknown_steps_and_numbers_are_not_found(world: World, login: Login, procedure: Document) -> None:
    client = login(world.leif)
    for path in ("P-9999/", f"{procedure.number}/steg/replace/", f"{procedure.number}/versjon/999999/"):
        assert client.get(f"/handbok/{path}").status_code == 404


@pytest.mark.parametrize("name", ["nora", "leif", "kaja", "kristin", "vidar", "ada", "rolf"])
def test_every_way_into_the_handbook_opens_for_who_is_shown_it(
    world: World, login: Callable[[User], Client], name: str
) -> None:
    client = login(getattr(world, name))
    seen: dict[str, bool] = {}
    left = ["/handbok/"]
    while left:
        address = left.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        ways = [*answer.context["tabs"], *answer.context["orders"]]
        assert [words for words, url, current in ways if current and url == address], address
        assert len(answer.context["tabs"]) <= 6, "more than that aren't seen side by side"
        seen[address] = True
        left += [url for _words, url, _current in ways if url not in seen and url not in left]
    assert ("/handbok/i-live/" in seen) is (name not in ("nora", "vidar", "ada"))
    assert ("/handbok/tidligere/" in seen) is (name not in ("nora", "vidar"))
