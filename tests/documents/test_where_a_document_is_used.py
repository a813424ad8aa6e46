"""What links to a document, what it links to, and which links lead nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents import actions, links
from documents.links import address_fault
from documents.models import Document, DocumentLink, Fault
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, drafted
from tests.documents.in_force import in_force
from tests.people import World

Login = Callable[[User], Client]
LIST = "/handbok/brutte-lenker/"


def link(document: Document, words: str = "", part: str = "") -> str:
    place = f' data-part="{part}"' if part else ""
    return f'<p>Se <a data-document="{document.pk}"{place}>{words}</a></p>'


def page(login: Login, user: User, document: Document) -> str:
    return " ".join(login(user).get(document.get_absolute_url()).content.decode().split())


@pytest.fixture
def target(world: World) -> Document:
    return approved(world, title="Brann", body="<h2>Varsling</h2><p>Ring 110.</p>").document


def test_links_are_kept_with_the_text_of_each_version(world: World, target: Document) -> None:
    version = approved(world, title="Natt", body=link(target, "brann") + link(target))
    rows = DocumentLink.objects.filter(version=version).order_by("pk")
    assert [(row.target, row.words, row.fault) for row in rows] == [(target, "brann", ""), (target, "", "")]
    draft = actions.new_version(document=version.document, by=world.leif)
    assert DocumentLink.objects.filter(version=draft).count() == 2, "a new version begins with them"
    actions.save(version=draft, by=world.leif, title="Natt", body="<p>Ingen.</p>")
    assert not DocumentLink.objects.filter(version=draft).exists()
    actions.put_text(version=draft, by=world.leif, html=link(target))
    assert DocumentLink.objects.filter(version=draft).count() == 1


def test_both_ends_tell_of_each_other_to_who_may_read_them(world: World, login: Login, target: Document) -> None:
    source = approved(world, title="Natt", body=link(target)).document
    drafted(world, title="Bare kladd", body=link(target))
    told = page(login, world.nora, target)
    assert "Linked to from" in told
    assert f'href="{source.get_absolute_url()}">Natt</a>' in told
    assert "Bare kladd" not in told
    assert "Leads to" in page(login, world.nora, source)
    elsewhere = in_force("Sykehjemmets egen", "x", unit=world.nursing_home, author=world.leif, approver=world.sunniva)
    version = elsewhere.versions.get()
    version.body = link(target)
    version.save()
    links.keep(version)
    assert "Sykehjemmets egen" not in page(login, world.nora, target), "not hers to read"


def test_a_link_breaks_when_what_it_leads_to_is_withdrawn(world: World, login: Login, target: Document) -> None:
    source = approved(world, title="Natt", body=link(target, "brannrutinen")).document
    assert "No link is broken" in login(world.leif).get(LIST).content.decode()
    actions.withdraw(version=target.versions.get(), by=world.leif, note="Slått sammen")
    why = f"“brannrutinen” leads to “Brann ({target.number})”, which doesn&#x27;t apply"
    assert why in page(login, world.leif, source)
    for page_of_all in (LIST, "/handbok/i-live/"):
        assert why in " ".join(login(world.leif).get(page_of_all).content.decode().split())
    assert "leads to" not in page(login, world.nora, source), "for the reader it is marked in the text"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<h2>Ansvar</h2><p><a href="#del-ansvar">opp</a></p>', None),
        ('<h2>Ansvar</h2><p><a href="#del-borte">opp</a></p>', Fault.ANCHOR),
        ('<p><a data-document="987654">x</a></p>', Fault.GONE),
        ('<p><a href="https://lovdata.no/dokument/NL/lov/2005-06-17-62">x</a></p>', None),
        ('<p><a href="htp:/lovdata">x</a></p>', Fault.ADDRESS),  # the cleaning takes the address, the words stay
        ('<p><a href="lovdata.no">x</a></p>', Fault.ADDRESS),
        ('<p><a href="https://lov data.no">x</a></p>', Fault.ADDRESS),
    ],
)
def test_each_fault_of_a_text_is_found(world: World, login: Login, body: str, fault: str | None) -> None:
    version = approved(world, title="Natt", body=body)
    assert [row.fault for row in DocumentLink.objects.filter(version=version)] == ([fault] if fault else [])
    listed = login(world.leif).get(LIST).content.decode()
    assert ("Natt" in listed) is bool(fault)


@pytest.mark.parametrize(
    ("address", "well"),
    [
        ("https://www.ks.no/sti?x=1#y", True), ("http://localhost:8000/x", True), ("http://10.0.0.1/", True),
        ("https://[2001:db8::1]/", True), ("https://blåbær.no/", True), ("mailto:post@aseral.kommune.no", True),
        ("tel:+47 38 28 58 00", True), ("/avvik/", True), ("", False), ("https://", False), ("https://kommune", False),
        ("https://a..no", False), ("http://[::1", False), ("mailto:post", False), ("tel:ring", False),
        ("../annet", False), ("//x.no", False), ("/finnes-ikke/her/", False), ("https://x.no:port/", False),
    ],
)  # fmt: skip
def test_an_address_is_judged_by_how_it_is_written(address: str, well: bool) -> None:
    assert (not address_fault(address, set())) is well


def test_a_heading_that_goes_breaks_the_links_to_it_and_mends_them_when_it_is_back(
    world: World, login: Login, target: Document
) -> None:
    source = approved(world, title="Natt", body=link(target, "varsling", "del-varsling")).document
    row = DocumentLink.objects.get(version__document=source)

    def renew(body: str) -> str:
        draft = actions.new_version(document=target, by=world.leif)
        actions.save(version=draft, by=world.leif, title="Brann", body=body, change_summary="x")
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
        actions.approve(version=draft, by=world.sunniva)
        row.refresh_from_db()
        return row.fault

    assert row.fault == ""
    assert renew("<h2>Rømning</h2>") == Fault.PART
    assert "heading that is no longer in “Brann" in page(login, world.leif, source)
    assert renew("<h2>Rømning</h2><h2>Varsling</h2>") == ""


def test_the_list_is_for_those_who_answer_and_tells_no_more_than_they_may_see(
    world: World, login: Login, target: Document
) -> None:
    secret = drafted(world, title="Hemmelig").document
    mine = in_force("Sykehjemmets", "x", unit=world.nursing_home, author=world.leif, approver=world.sunniva)
    Document.objects.filter(pk=mine.pk).update(owner=world.nora)
    version = mine.versions.get()
    version.body = link(secret, "den nye")
    version.save()
    links.keep(version)
    listed = login(world.nora).get(LIST).content.decode()
    assert "can&#x27;t see" in listed
    assert "Hemmelig" not in listed
    assert login(world.tiril).get(LIST).status_code == 403
    assert "Sykehjemmets" not in login(world.mona).get(LIST).content.decode()
    assert login(world.leif).post(LIST).status_code == 405


def test_the_pages_ask_as_much_of_the_database_for_many_links_as_for_few(
    world: World, login: Login, target: Document
) -> None:
    def count(address: str) -> int:
        client = login(world.leif)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    others = [approved(world, title=f"Nr {n}", body=link(target)).document for n in range(2)]
    source = approved(world, title="Natt", body="".join(link(each) for each in others)).document
    bad = approved(world, title="Brutt", body='<p><a href="x">x</a></p>')
    few = [count(each) for each in (source.get_absolute_url(), target.get_absolute_url(), LIST)]
    more = [approved(world, title=f"Mer {n}", body=link(target)).document for n in range(10)]
    version = source.versions.get()
    version.body = "".join(link(each) for each in [*others, *more])
    version.save()
    links.keep(version)
    DocumentLink.objects.bulk_create(
        DocumentLink(version=bad, address=f"x{n}", fault=Fault.ADDRESS) for n in range(40)
    )
    assert [count(each) for each in (source.get_absolute_url(), target.get_absolute_url(), LIST)] == few
