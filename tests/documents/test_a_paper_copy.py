"""Somebody prints a procedure, hangs it up, and another sees on the wall whether it still applies."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from documents import actions
from documents.models import Document, Version
from documents.paper import copies
from kvalitetslosen.organisation.models import User
from kvalitetslosen.paper import press
from kvalitetslosen.paper import printing as prints
from kvalitetslosen.paper.press import Press, Unprintable
from scripts.test import find_pango
from tests.documents.conftest import approved, drafted, sent
from tests.people import World

needs_pango = pytest.mark.skipif(find_pango() is None, reason="no Pango here")  # which `make test` says loudly
TABLE = "<table><tbody><tr><th>Hva</th><th>Hvem</th></tr><tr><td>Nøkler</td><td>Vakta</td></tr></tbody></table>"
LONG = "<h2>Hva du gjør</h2>" + "<p>Ring nattevakten før du løfter noen, hvis ikke noen er der.</p>" * 60 + TABLE


@pytest.fixture(autouse=True)
def _nothing_is_printed_yet(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would be printed, where it is the page that counts and not the ink."""
    said: list[tuple[str, str]] = []

    def noted(self: Press, html: str, css: str, **more: Any) -> bytes:
        said.append((html, css))
        return b"%PDF-1.7 of the test"

    monkeypatch.setattr(Press, "print", noted)
    return said


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


# What comes out of the press ----------------------------------------------------------------------------------------


def fonts_of(reader: PdfReader) -> dict[str, bool]:
    """Every font of every page, and whether it is in the file."""
    found = {}
    for page in reader.pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            described = inner["/FontDescriptor"].get_object()
            found[str(font["/BaseFont"])] = any(
                each in described for each in ("/FontFile", "/FontFile2", "/FontFile3")
            )
    return found


def tags_of(element: Any) -> list[str]:
    """The roles of the document's structure, in reading order."""
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    here = [str(element["/S"])] if "/S" in element else []
    return here + [tag for kid in kids if not isinstance(kid, int) for tag in tags_of(kid)]


@needs_pango
def test_the_pdf_is_archival_tagged_and_says_everything_on_each_page(
    world: World, login: Callable[[User], Client]
) -> None:
    document = approved(world, body=LONG).document
    answer = login(world.nora).get(f"{document.get_absolute_url()}papir/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert "P-0001" in answer["Content-Disposition"]
    reader = PdfReader(io.BytesIO(answer.content))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()  # type: ignore[index]
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert "Fall i hjemmet" in metadata
    assert root["/Lang"] == "nb"  # type: ignore[index]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"  # type: ignore[index]
    assert "/ID" in reader.trailer
    fonts = fonts_of(reader)
    assert all(fonts.values()), fonts
    assert any("Inter" in name for name in fonts)
    tags = tags_of(root["/StructTreeRoot"])  # type: ignore[index]
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= set(tags)
    assert [each.title for each in reader.outline[0:1]] == ["Fall i hjemmet"]  # type: ignore[union-attr]
    assert len(reader.pages) > 1
    for page in reader.pages:
        text = " ".join(page.extract_text().split())
        for said in ("P-0001", "version 1.0", "approved by Sunniva Sand", "Valid when it was printed", "/d/"):
            assert said in text, (said, text)


@needs_pango
def test_a_text_made_to_occupy_the_press_is_stopped_and_the_next_is_printed() -> None:
    nested = "<table><tr><td>" * 17 + "x" + "</td></tr></table>" * 17
    with Press(seconds=1) as slow, pytest.raises(Unprintable, match="slow"):
        slow.print(f"<html lang=nb><title>x</title>{nested * 40}", "")
    with Press() as again:
        assert again.print("<html lang=nb><title>x</title><p>Kort", "").startswith(b"%PDF-1.7")


@needs_pango
def test_nothing_is_fetched_for_a_print_from_disk_or_net(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("JOURNAL_KEY=ikke-for-papir")
    with Press() as printing:
        pdf = printing.print(
            f'<html lang=nb><title>x</title><link rel=attachment href="file://{secret}"><img src="file://{secret}">'
            '<link rel=stylesheet href="http://127.0.0.1:9/x.css"><p>Hei',
            "",
        )
    assert b"ikke-for-papir" not in pdf
    assert "/EmbeddedFiles" not in str(PdfReader(io.BytesIO(pdf)).trailer["/Root"])


@needs_pango
def test_a_pdf_that_was_uploaded_follows_its_front_page(world: World, login: Callable[[User], Client]) -> None:
    brought = pypdfium2.PdfDocument.new()
    for _ in range(2):
        brought.new_page(300, 400)
    written = io.BytesIO()
    brought.save(written)
    draft = drafted(world)
    actions.put_file(version=draft, by=world.leif, file=ContentFile(written.getvalue()), name="plan.pdf", text="Plan")
    answer = login(world.leif).get(f"/handbok/P-0001/versjon/{draft.pk}/papir/")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert [round(float(page.mediabox.width)) for page in pages] == [595, 300, 300]
    assert "This is a draft" in pages[0].extract_text()


# What stands on it --------------------------------------------------------------------------------------------------


def test_a_copy_says_which_version_since_when_by_whom_and_until_when_to_trust_it(
    procedure: Document, world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    with time_machine.travel("2027-01-28 12:00", tick=False):
        login(world.nora).get("/handbok/P-0001/papir/")
    (html, css), text = printing[0], words(printing[0][0])
    assert "Valid when it was printed, 28.01.2027. See if it still applies:" in text
    assert f"testserver/d/{world.municipality.pk}/P-0001/1.0/" in text
    assert "Fjelldal · Hjemmetjenesten" in text
    assert 'src="data:image/svg+xml' in html
    assert "@page{background" not in css


def test_a_copy_of_what_does_not_apply_says_so_across_each_page(
    world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    first = approved(world)
    second = actions.new_version(document=first.document, by=world.leif)
    actions.save(version=second, by=world.leif, title="Fall i hjemmet", body="<p>Nytt.</p>", change_summary="Nytt")
    login(world.leif).get(f"/handbok/P-0001/versjon/{second.pk}/papir/")
    actions.send(version=second, by=world.leif, approver=world.sunniva)
    actions.approve(version=second, by=world.sunniva)
    login(world.leif).get(f"/handbok/P-0001/versjon/{first.pk}/papir/")
    actions.withdraw(version=second, by=world.leif, note="Ikke i bruk")
    login(world.leif).get(f"/handbok/P-0001/versjon/{second.pk}/papir/")
    for (html, css), mark in zip(printing, ("DRAFT", "REPLACED", "WITHDRAWN"), strict=True):
        assert mark in html
        assert "This does not apply" in words(html)
        assert "@page{background" in css


@pytest.mark.parametrize(
    ("text", "language"),
    [("Dette er ikke noe for deg.", "nb"), ("Dette er ikkje noko for deg.", "nn"), ("", "nb")],
)
def test_the_language_of_a_copy_is_that_of_its_text(text: str, language: str) -> None:
    assert copies.language_of(text) == language


def test_a_copy_is_printed_once_a_day(
    procedure: Document, world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    with time_machine.travel("2027-01-20 12:00", tick=False):
        for user in (world.nora, world.nora, world.leif):
            login(user).get("/handbok/P-0001/papir/")
    assert len(printing) == 1
    with time_machine.travel("2027-01-21 12:00", tick=False):
        login(world.nora).get("/handbok/P-0001/papir/")
    assert len(printing) == 2
    with time_machine.travel("2028-11-28 12:00", tick=False):
        assert prints.clear_old() == 2


def test_a_copy_costs_the_same_few_questions(
    procedure: Document, world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    client = login(world.nora)
    client.get("/handbok/P-0001/papir/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/handbok/P-0001/papir/")
    assert len(asked) <= 7, [each["sql"] for each in asked]


def test_where_the_libraries_are_missing_there_is_a_page_to_print(
    procedure: Document, world: World, login: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Press, html: str, css: str, **more: Any) -> bytes:
        raise Unprintable("missing")

    monkeypatch.setattr(Press, "print", missing)
    client = login(world.nora)
    for address in ("/handbok/P-0001/papir/", "/handbok/etiketter/?d=P-0001&skriv-ut=1"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "libpangoft2-1.0-0" in words(answer.content.decode())
        assert b"data-print" in answer.content
        assert b"<style" not in answer.content


@pytest.mark.parametrize("code", ["slow", "broken"])
def test_what_cannot_be_printed_is_said_on_the_page_one_came_from(
    procedure: Document, world: World, login: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def refused(self: Press, html: str, css: str, **more: Any) -> bytes:
        raise Unprintable(code)

    monkeypatch.setattr(Press, "print", refused)
    answer = login(world.nora).get("/handbok/P-0001/papir/", follow=True)
    assert answer.redirect_chain == [("/handbok/P-0001/", 302)]
    assert "be made into a PDF" in words(answer.content.decode())


def test_who_may_print_is_who_may_read(
    world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    waiting = sent(world)
    of_version = f"/handbok/P-0001/versjon/{waiting.pk}/papir/"
    assert login(world.sunniva).get(of_version).status_code == 200
    assert login(world.nora).get(of_version).status_code == 404
    actions.approve(version=waiting, by=world.sunniva)
    draft = actions.new_version(document=waiting.document, by=world.leif)
    assert login(world.nora).get("/handbok/P-0001/papir/").status_code == 200
    assert login(world.nora).get(f"/handbok/P-0001/versjon/{draft.pk}/papir/").status_code == 403
    assert login(world.nora).get("/handbok/P-0001/versjon/999999/papir/").status_code == 404
    for stranger in (world.greta, world.mona):
        assert login(stranger).get("/handbok/P-0001/papir/").status_code == 404
    assert login(world.nora).post("/handbok/P-0001/papir/").status_code == 405


# The code on the wall -----------------------------------------------------------------------------------------------


def test_the_code_leads_to_what_applies_and_tells_whether_the_paper_does(
    world: World, login: Callable[[User], Client]
) -> None:
    first = approved(world)
    target = f"/d/{world.municipality.pk}/P-0001/"
    client = login(world.nora)
    assert "still applies" in words(client.get(f"{target}1.0/", follow=True).content.decode())
    assert "still applies" not in words(client.get(target, follow=True).content.decode())
    renew(first, world)
    answer = client.get(f"{target}1.0/", follow=True)
    assert answer.redirect_chain == [("/handbok/P-0001/", 302)]
    assert "The paper is version 1.0. Version 2.0 applies now." in words(answer.content.decode())
    assert Client().get(target)["Location"].startswith("/konto/login/?next=/d/")
    assert client.post(target).status_code == 405


def renew(version: Version, world: World) -> Version:
    second = actions.new_version(document=version.document, by=world.leif)
    actions.save(version=second, by=world.leif, title=second.title, body="<p>Nytt.</p>", change_summary="Nytt")
    actions.send(version=second, by=world.leif, approver=world.sunniva)
    return actions.approve(version=second, by=world.sunniva)


def test_the_code_of_what_is_withdrawn_says_so_to_whom_it_once_applied(
    world: World, login: Callable[[User], Client]
) -> None:
    first = approved(world)
    actions.withdraw(version=first, by=world.leif, note="Sensitiv grunn")
    target = f"/d/{world.municipality.pk}/P-0001/1.0/"
    page = words(login(world.nora).get(target).content.decode())
    assert "Fall i hjemmet" in page
    assert "does not apply" in page
    assert "Sensitiv grunn" not in page
    assert "Open the document" not in page
    assert "Open the document" in words(login(world.leif).get(target).content.decode())
    for stranger in (world.greta, world.mona):
        assert login(stranger).get(target).status_code == 404
    assert login(world.mona).get(f"/d/{world.other_municipality.pk}/P-0001/").status_code == 404


def test_the_code_of_a_draft_shows_nobody_anything(world: World, login: Callable[[User], Client]) -> None:
    drafted(world)
    target = f"/d/{world.municipality.pk}/P-0001/"
    assert login(world.nora).get(target).status_code == 404
    assert login(world.leif).get(target)["Location"] == "/handbok/P-0001/"


# Labels -------------------------------------------------------------------------------------------------------------


def test_labels_are_made_of_chosen_documents(
    world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    approved(world)
    approved(world, title="Nøkler")
    client = login(world.nora)
    page = words(client.get("/handbok/etiketter/?d=P-0001&q=nøkler").content.decode())
    assert "Chosen Fall i hjemmet P-0001" in page
    assert "Documents Nøkler P-0002" in page
    answer = client.get("/handbok/etiketter/?d=P-0001&d=P-0002&antall=3&skriv-ut=1")
    assert answer["Content-Type"] == "application/pdf"
    html = printing[0][0]
    assert len(re.findall('class="paper-label"', html)) == 6
    assert f"testserver/d/{world.municipality.pk}/P-0002/" in words(html)
    assert client.post("/handbok/etiketter/").status_code == 405


def test_no_label_of_what_one_may_not_see(
    procedure: Document, world: World, login: Callable[[User], Client], printing: list[tuple[str, str]]
) -> None:
    for stranger in (world.greta, world.mona):
        page = login(stranger).get("/handbok/etiketter/?d=P-0001&q=fall&skriv-ut=1")
        assert "Fall i hjemmet" not in page.content.decode()
    assert not printing


@needs_pango
def test_ten_labels_stand_on_a_sheet(procedure: Document, world: World, login: Callable[[User], Client]) -> None:
    answer = login(world.nora).get("/handbok/etiketter/?d=P-0001&antall=10&skriv-ut=1")
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    assert page.extract_text().count("Scan to read what applies now.") == 10


def test_the_press_names_the_packages_that_set_up_installs() -> None:
    from scripts.setting_up import ROOT
    from scripts.test import DEBIAN_PACKAGES

    assert DEBIAN_PACKAGES["Pango"].split() == list(press.PACKAGES)
    assert " ".join(press.PACKAGES) in (ROOT / "Dockerfile").read_text()
