"""Two versions beside each other: any two for those who read them, what changed last for every reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from documents import actions, changes
from documents.models import Document, Version
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved
from tests.people import World

Login = Callable[[User], Client]


def renewed(world: World, document: Document, body: str, *, title: str = "", hides_old: bool = False) -> Version:
    draft = actions.new_version(document=document, by=world.leif)
    actions.save(
        version=draft,
        by=world.leif,
        title=title or draft.title,
        body=body,
        change_summary="Nytt nummer",
        hides_old=hides_old,
    )
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    return actions.approve(version=draft, by=world.sunniva)


@pytest.fixture
def document(world: World) -> Document:
    """Three versions of one text: 1.0, 2.0 and 3.0, which applies."""
    document = approved(world, body="<p>Ring vakta på nummer 111 ved fall.</p>").document
    renewed(world, document, "<p>Ring vakta på nummer 222 ved fall.</p>")
    renewed(world, document, "<p>Ring vakta på nummer 333 ved fall.</p>", title="Fall ute")
    return Document.objects.get(pk=document.pk)


def address(document: Document, old: Version | None = None, new: Version | None = None) -> str:
    query = f"?fra={old.pk}&til={new.pk}" if old and new else ""
    return reverse("documents:changes", args=[document.number]) + query


def test_a_reader_sees_what_the_version_in_force_changed(world: World, login: Login, document: Document) -> None:
    page = login(world.nora).get(address(document)).content.decode()
    assert "nummer <del>222</del><ins>333</ins> ved" in page
    assert "Fall <del>i hjemmet</del><ins>ute</ins>" in page, "the title too"
    assert "<select" not in page, "there is nothing else for a reader to choose"
    assert address(document) in login(world.nora).get(document.get_absolute_url()).content.decode()


def test_a_reader_sees_nothing_else_of_what_was_before(world: World, login: Login, document: Document) -> None:
    first, second, third = document.versions.order_by("pk")
    client = login(world.nora)
    for old, new in ((first, third), (first, second), (second, first)):
        assert client.get(address(document, old, new)).status_code == 403
    assert client.get(address(document, second, third)).status_code == 200
    draft = actions.new_version(document=document, by=world.leif)
    assert client.get(address(document, third, draft)).status_code == 403
    assert client.get(f"{address(document)}?fra=999999&til={third.pk}").status_code == 404
    assert login(world.mona).get(address(document)).status_code == 404
    assert client.post(address(document)).status_code == 405


def test_who_answers_for_it_compares_any_two(world: World, login: Login, document: Document) -> None:
    first, second, third = document.versions.order_by("pk")
    draft = actions.new_version(document=document, by=world.leif)
    actions.save(version=draft, by=world.leif, title="Fall", body="<p>Ring vakta på nummer 444 ved fall.</p>")
    client = login(world.leif)
    for old, new, shown in ((first, third, "<del>111</del><ins>333</ins>"), (third, draft, "<del>333</del><ins>444")):
        page = client.get(address(document, old, new)).content.decode()
        assert shown in page
        assert page.count("<option") == 8
    assert "<del>222</del><ins>333</ins>" in client.get(address(document)).content.decode()
    assert "different versions" in client.get(address(document, second, second)).content.decode()


def test_the_first_version_has_nothing_before_it(world: World, login: Login) -> None:
    document = approved(world).document
    assert "first version" in login(world.leif).get(address(document)).content.decode()
    assert login(world.nora).get(address(document)).status_code == 403
    assert "endringer" not in login(world.nora).get(document.get_absolute_url()).content.decode()


def test_what_nobody_should_read_any_more_is_not_shown_as_struck_out(world: World, login: Login) -> None:
    document = approved(world, body="<p>Gjelder bruker i Bakken 4.</p>").document
    renewed(world, document, "<p>Gjelder alle brukere.</p>", hides_old=True)
    assert login(world.nora).get(address(document)).status_code == 403
    assert "Bakken" not in login(world.nora).get(document.get_absolute_url()).content.decode()
    assert "Bakken" in login(world.leif).get(address(document)).content.decode()


def test_those_it_has_been_given_to_since_never_see_the_old_text(
    world: World, login: Login, document: Document
) -> None:
    second, third = document.versions.order_by("pk")[1:]
    assert changes.is_told_to_readers(second, third)
    actions.change_particulars(document=document, by=world.rolf, reach="municipality")
    assert not changes.is_told_to_readers(second, third)
    assert login(world.nora).get(address(document)).status_code == 403
    assert login(world.leif).get(address(document)).status_code == 200


def test_a_withdrawn_one_is_not_compared_for_readers(world: World, login: Login) -> None:
    document = approved(world, body="<p>Gammelt.</p>").document
    actions.withdraw(version=document.versions.get(), by=world.leif, note="x")
    renewed(world, document, "<p>Nytt igjen.</p>")
    assert login(world.nora).get(address(document)).status_code == 403


def test_a_pdf_is_compared_by_its_text(world: World) -> None:
    old = approved(world, body="<p>Ring vakta på nummer 111 ved fall.</p>")
    new = actions.new_version(document=old.document, by=world.leif)
    Version.objects.filter(pk=new.pk).update(
        body="", file="documents/x.pdf", text="Ring vakta på nummer 222 ved fall."
    )
    found = changes.changes_between(old, Version.objects.get(pk=new.pk))
    assert found.is_read_out
    assert "<del>111</del><ins>222</ins>" in found.text


def test_links_in_a_comparison_tell_no_more_than_in_the_text(world: World, login: Login) -> None:
    hidden = actions.create_document(by=world.leif, title="Hemmelig", kind="plan", unit=world.home_care).document
    document = approved(world, body="<p>Ring vakta.</p>").document
    renewed(world, document, f'<p>Ring vakta. Se <a data-document="{hidden.pk}"></a>.</p>')
    page = login(world.nora).get(address(document)).content.decode()
    assert "another document" in page
    assert "Hemmelig" not in page
    assert "Hemmelig" in login(world.leif).get(address(document)).content.decode()


def test_what_is_the_same_far_from_a_change_is_folded_away(world: World) -> None:
    same = "".join(f"<p>Punkt {n}.</p>" for n in range(8))
    old = approved(world, body=f"<h2>Først</h2>{same}<h2>Så</h2><p>Ring 111 straks nå.</p>{same}")
    new = actions.new_version(document=old.document, by=world.leif)
    actions.save(version=new, by=world.leif, title=new.title, body=old.body.replace("111", "222"))
    text = str(changes.changes_between(old, new).text)
    assert text.count("<details") == 2
    before, _fold, rest = text.partition("</details>")
    assert "Punkt 0" in before
    assert rest.startswith("<h2>Så</h2><p>Ring <del>111</del><ins>222</ins> straks nå.</p><p>Punkt 0.</p><details")
