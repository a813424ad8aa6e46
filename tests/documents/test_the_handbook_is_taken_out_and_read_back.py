"""A handbook leaves as a file, and comes back as the same handbook; a file that isn't one changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import actions, search
from documents.actions import exports
from documents.exchange import nouns as nouns_of
from documents.exchange import reading, writing
from documents.exchange.nouns import Level
from documents.exchange.reading import Refused, read
from documents.exchange.schema import schemas
from documents.models import Document, HandbookExport, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.notifications.models import Delivery
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import LEVELS, Unit, User
from kvalitetslosen.paper.press import Press, Unprintable
from scripts.setting_up import ROOT
from tests.documents.conftest import approved
from tests.documents.handbooks import HOSTILE, a_handbook, changed, contents, first_version, said, taken_out
from tests.people import World


@pytest.fixture(autouse=True)
def _the_press_stands_still(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """What PDFs look like is tested elsewhere."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(Press, "print", lambda self, html, css, **more: b"%PDF-1.7 of the test")


# Out and back -------------------------------------------------------------------------------------------------------


def test_what_is_read_back_is_the_same_handbook(world: World) -> None:
    a_handbook(world)
    first = taken_out(world.municipality)
    elsewhere = organisation.found_municipality(name="Nyvik", code="NYV", language="nn")
    done = read(first, municipality=elsewhere)
    again = taken_out(elsewhere)
    before, after = said(first), said(again)
    assert before.keys() == after.keys()
    for name in before:
        assert before[name] == after[name], name
    assert done.documents == 7
    assert done.versions == 8
    files = {name: data for name, data in contents(first).items() if "original" in name or "/vedlegg/" in name}
    assert len(files) == 2
    assert {name: contents(again)[name] for name in files} == files


def test_what_is_read_back_works(world: World, login: Callable[[User], Client]) -> None:
    a_handbook(world)
    read(taken_out(world.municipality), municipality=world.other_municipality, answerable=world.mona)
    assert list(verify(Count())) == []
    here = Document.objects.filter(level_0=world.other_municipality.pk)
    assert {each.owner for each in here} == {world.mona}
    client = login(world.mona)
    number = Version.objects.in_force().filter(document__in=here, title="Fall i heimen").get().document.number
    page = client.get(f"/handbok/{number}/").content.decode()
    assert "/handbok/P-0002/" in page
    assert "sjekk.txt" in page
    assert "Leif Lund" in page
    hits = search.find(world.mona, "nøkler", limit=5).hits
    assert [hit.title for hit in hits][:1] == ["Nøkler"]
    # Numbers go on where they were.
    new = actions.create_document(by=world.mona, title="Ny", kind="procedure", unit=world.other_school)
    assert new.document.number == "P-0008"
    # Nobody is told of what happened long ago, and nobody new can log in.
    of_here = Event.objects.filter(municipality_id=world.other_municipality.pk, type="documents.approved")
    assert of_here.count() == Delivery.objects.filter(event__in=of_here).count() > 0
    assert not User.objects.filter(municipality=world.other_municipality, is_active=True).exclude(pk=world.mona.pk)


def test_people_with_the_same_address_are_the_same_people(world: World) -> None:
    approved(world)
    file = taken_out(world.municipality)
    User.objects.filter(pk=world.leif.pk).update(email="gammel@fjelldal.example")
    User.objects.filter(pk=world.mona.pk).update(email="leif@fjelldal.example")
    done = read(file, municipality=world.other_municipality)
    assert done.new_people == 1
    document = Document.objects.get(level_0=world.other_municipality.pk)
    assert document.owner == world.mona


def test_the_same_by_command(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(world)
    path = tmp_path / "handbok.zip"
    call_command("write_handbook", str(path), municipality="fje")
    with pytest.raises(CommandError, match="has documents already"):
        call_command("read_handbook", str(path), municipality="FJE")
    with pytest.raises(CommandError, match="Nobody in Sjøvik"):
        call_command("read_handbook", str(path), municipality="SJO", answerable="leif@fjelldal.example")
    call_command("read_handbook", str(path), municipality="SJO", answerable="mona@sjovik.example")
    assert "1 documents, 1 versions" in capsys.readouterr().out
    assert Event.objects.filter(type="documents.handbook_read_back").get().data["documents"] == 1
    for wrong in ("write_handbook", "read_handbook"):
        with pytest.raises(CommandError, match="no municipality"):
            call_command(wrong, str(path), municipality="XXX")


# What is in it ------------------------------------------------------------------------------------------------------


def test_the_file_can_be_read_as_it_lies_there(world: World) -> None:
    a_handbook(world)
    parts = contents(taken_out(world.municipality))
    index = BeautifulSoup(parts["index.html"], "html.parser")
    links = [str(link["href"]) for link in index.select("a[href]")]
    assert "dokumenter/P-0001/versjon-2.0.html" in links
    assert "dokumenter/P-0001/versjon-2.0.pdf" in links
    for name, data in parts.items():
        if not name.endswith(".html"):
            continue
        page = BeautifulSoup(data, "html.parser")
        assert not page.select("use"), f"{name} has an icon that lies in a file of the product's"
        for link in page.select("a[href], link[href]"):
            target = os.path.normpath(os.path.join(os.path.dirname(name), str(link["href"]).partition("#")[0]))  # noqa: PTH118, PTH120
            assert target in parts, (name, target)
    sums = dict(line.split("  ")[::-1] for line in parts.pop("checksums.sha256").decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}


def test_one_gets_what_one_may_read_and_no_more(world: World) -> None:
    a_handbook(world)

    def titles(reader: User, unit: Unit | None = None) -> set[str]:
        file = taken_out(world.municipality, unit=unit, reader=reader)
        text = b"".join(contents(file).values()).decode("utf-8", "replace")
        known = ("Fall i heimen", "Nøkler", "Brannplan", "Gammel rutine", "Venter", "Bare en kladd", "Forkastet")
        return {title for title in known if title in text}

    in_force = {"Fall i heimen", "Nøkler", "Brannplan"}
    assert titles(world.leif) == in_force | {"Gammel rutine", "Venter", "Bare en kladd", "Forkastet"}
    assert titles(world.kristin) == in_force | {"Gammel rutine"}
    assert titles(world.ada) == set()
    assert titles(world.hans, world.nursing_home) == set()
    own = taken_out(world.municipality, reader=world.nora)
    row = json.loads(contents(own)["dokumenter/P-0001/document.json"])
    assert "events" not in row
    assert len(row["versions"]) == 1


def test_the_schema_in_the_documentation_is_that_of_the_file(world: World) -> None:
    """After changing a noun: WRITE_SCHEMA=1 pytest on this file writes it anew."""
    page = ROOT / "docs" / "handbook.schema.json"
    if os.environ.get("WRITE_SCHEMA"):
        page.write_text(json.dumps(schemas(), indent=1, ensure_ascii=False) + "\n")
    assert json.loads(page.read_text()) == schemas()


def test_no_noun_and_no_field_of_the_handbook_is_forgotten() -> None:
    """Whoever adds one says in ``documents/exchange/nouns.py`` how it is taken out, or that it isn't."""
    nouns = [nouns_of.DOCUMENTS, nouns_of.VERSIONS, *(each for level in Level for each in nouns_of.of_level(level))]
    known = {noun.model for noun in nouns} | nouns_of.NOT_TAKEN
    assert not [each for each in apps.get_app_config("documents").get_models() if each not in known]
    always = {"id", "key", "events_count", "events_head", *LEVELS, "file", "municipality", "document", "version"}
    for noun in nouns:
        told = {*noun.fields, *noun.refs, *noun.left}
        there = {each.name for each in noun.model._meta.concrete_fields} - always
        assert there <= told, (noun.name, there - told)


def test_documents_cost_the_same_number_of_questions_each(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            taken_out(world.municipality, reader=world.leif)
        return len(asked)

    approved(world)
    cost()
    one = cost()
    for _ in range(4):
        approved(world)
    assert (cost() - one) / 4 <= 17


# What isn't a handbook ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", HOSTILE)
def test_a_file_that_was_tampered_with_is_refused_whole(world: World, sort: str) -> None:
    approved(world)
    changes, why = HOSTILE[sort]
    file = taken_out(world.municipality)
    broken = changes == {"handbook.json": changes.get("handbook.json")} and isinstance(
        changes.get("handbook.json"), bytes
    )
    made = io.BytesIO()
    if broken:
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("handbook.json", changes["handbook.json"])
        made.seek(0)
    else:
        made = changed(file, changes)
    people, events = User.objects.count(), Event.objects.count()
    with pytest.raises(Refused, match=why):
        read(made, municipality=world.other_municipality)
    assert not Document.objects.filter(level_0=world.other_municipality.pk).exists()
    assert (User.objects.count(), Event.objects.count()) == (people, events)


def test_scripts_in_a_text_do_not_come_in(world: World) -> None:
    approved(world)
    bad = '<p onclick="x()">Hei<script>alert(1)</script><img src="https://x.example/a.png"></p>'
    file = changed(taken_out(world.municipality), first_version(lambda row: row.update(body=bad)))
    read(file, municipality=world.other_municipality)
    body = Version.objects.get(document__level_0=world.other_municipality.pk).body
    assert body == "<p>Hei</p>"


def test_what_drafts_begin_with_leads_to_the_documents_that_are_read_back(world: World) -> None:
    target = approved(world, title="Brann i bygget").document
    draft = '<p>Se <a data-document="{}"></a> og <a data-document="0">en annen</a>.</p>'
    plan = actions.type_of(world.municipality.pk, "plan")
    text = draft.replace('"0"', '"999999999"').format(target.pk)
    actions.change_type(type=plan, by=world.ada, name="Plan", template=text)
    file = taken_out(world.municipality)
    (written,) = [each for each in said(file)["handbook.json"]["types"] if each["base"] == "plan"]
    assert written["template"] == draft.format(target.number)
    elsewhere = organisation.found_municipality(name="Nyvik", code="NYV", language="nn")
    read(file, municipality=elsewhere)
    here = Document.objects.get(level_0=elsewhere.pk)
    assert actions.type_of(elsewhere.pk, "plan").template == draft.format(here.pk)
    assert actions.type_of(world.municipality.pk, "plan").template == text, "the first keeps its own"
    assert list(verify(Count())) == []


@pytest.mark.parametrize(
    ("template", "kept"),
    [
        ('<p onclick="x()">Hei<script>alert(1)</script><img src="https://x.example/a.png"></p>', "<p>Hei</p>"),
        ("<p>13097248022</p>", None),
    ],
)
def test_nothing_active_and_no_identity_number_comes_in_with_what_drafts_begin_with(
    world: World, template: str, kept: str | None
) -> None:
    approved(world)

    def change(row: dict[str, Any]) -> None:
        next(each for each in row["types"] if each["base"] == "plan")["template"] = template

    file = changed(taken_out(world.municipality), {"handbook.json": change})
    if kept is None:
        with pytest.raises(Refused, match="identity number"):
            read(file, municipality=world.other_municipality)
        return
    read(file, municipality=world.other_municipality)
    assert actions.type_of(world.other_municipality.pk, "plan").template == kept


def test_a_history_with_events_of_others_tells_nobody_and_stops_no_mail(world: World) -> None:
    approved(world)

    def renamed(row: dict[str, Any]) -> None:
        for event in row["events"]:
            event["type"] = "deviations.reported"

    read(changed(taken_out(world.municipality), first_version(renamed)), municipality=world.other_municipality)
    brought = Event.objects.filter(municipality_id=world.other_municipality.pk, type="deviations.reported")
    assert brought.exists()
    assert not brought.filter(~Exists(Delivery.objects.filter(event=OuterRef("pk")))).exists()


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_left_on_the_disk(
    world: World, settings: Any
) -> None:
    a_handbook(world)
    good = taken_out(world.municipality)
    name = next(each for each in contents(good) if each.endswith("-original.pdf"))
    version = name.replace("-original.pdf", ".json")
    page = b"<html><script>x</script></html>"

    def point(row: dict[str, Any]) -> None:
        row["file"]["sha256"] = hashlib.sha256(page).hexdigest()

    before = {each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()}
    with pytest.raises(Refused, match="isn't the kind of file"):
        read(changed(good, {name: page, version: point}), municipality=world.other_municipality)
    assert {each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()} == before


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "isn't a zip"), (b"PK\x03\x04 and then nothing", "isn't a zip"), (b"x" * 1000, "isn't a zip")],
)
def test_what_is_no_zip_is_refused(world: World, data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(io.BytesIO(data), municipality=world.other_municipality)


def test_a_zip_that_unpacks_to_more_than_it_says_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(world)
    file = taken_out(world.municipality)
    monkeypatch.setattr(reading, "MOST_JSON", 500)
    with pytest.raises(Refused, match="too large"):
        read(file, municipality=world.other_municipality)
    monkeypatch.setattr(reading, "MOST_FILES", 3)
    with pytest.raises(Refused, match="too many parts"):
        read(file, municipality=world.other_municipality)


def test_a_zip_that_lists_too_much_is_refused_before_the_list_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(world)
    file = taken_out(world.municipality)
    monkeypatch.setattr(reading, "MOST_LISTED", 100)
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda _: pytest.fail("the list was read"))
    with pytest.raises(Refused, match="too many parts"):
        read(file, municipality=world.other_municipality)


# The page -----------------------------------------------------------------------------------------------------------


def test_a_leader_takes_out_their_units_handbook(world: World, login: Callable[[User], Client]) -> None:
    approved(world)
    client = login(world.leif)
    assert client.post("/handbok/ta-ut/", {"unit": world.home_care.pk})["Location"] == "/handbok/ta-ut/"
    client.post("/handbok/ta-ut/", {"unit": world.home_care.pk})  # a double click
    export = HandbookExport.objects.get()
    assert "begins in a moment" in client.get("/handbok/ta-ut/").content.decode()
    assert b"hx-get" in client.get(f"/handbok/ta-ut/{export.pk}/", headers={"HX-Request": "true"}).content
    assert actions.make_export(export.pk)
    assert not actions.make_export(export.pk)
    assert f"/handbok/ta-ut/{export.pk}/fil/" in client.get("/handbok/ta-ut/").content.decode()
    answer = client.get(f"/handbok/ta-ut/{export.pk}/fil/")
    assert answer["Content-Type"] == "application/zip"
    assert "handbok-hjemmetjenesten-" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert "dokumenter/P-0001/versjon-1.0.pdf" in archive.namelist()
    told = [event.type.partition(".")[2] for event in Event.objects.about(export)]
    assert told == ["export_asked", "export_made", "export_fetched"]


def test_nobody_else_fetches_it(world: World, login: Callable[[User], Client]) -> None:
    export = actions.ask_export(by=world.leif, unit=world.home_care)
    actions.make_export(export.pk)
    for other in (world.sunniva, world.kristin, world.ada, world.nora, world.mona):
        assert login(other).get(f"/handbok/ta-ut/{export.pk}/fil/").status_code == 404
        assert login(other).get(f"/handbok/ta-ut/{export.pk}/").status_code == 404
    for member in world.leif.memberships.all():
        type(member).objects.filter(pk=member.pk).update(withdrawn=True)
    assert login(User.objects.get(pk=world.leif.pk)).get(f"/handbok/ta-ut/{export.pk}/fil/").status_code == 403


def test_who_may_take_out_what(world: World, login: Callable[[User], Client]) -> None:
    for who, units in {
        "leif": {world.home_care},
        "kristin": {world.municipality},
        "ada": {world.municipality},
        "kaja": {world.health},
        "rolf": {world.municipality},
    }.items():
        page = BeautifulSoup(login(world.people[who]).get("/handbok/ta-ut/").content, "html.parser")
        assert {str(unit.pk) for unit in units} == {str(each["value"]) for each in page.select("#unit option")}
    assert login(world.nora).get("/handbok/ta-ut/").status_code == 403
    assert login(world.leif).post("/handbok/ta-ut/", {"unit": world.health.pk}).status_code == 403
    assert login(world.leif).post("/handbok/ta-ut/1/fil/").status_code == 405
    assert "Take the handbook out" in login(world.leif).get("/handbok/").content.decode()
    assert "Take the handbook out" not in login(world.nora).get("/handbok/").content.decode()


def test_it_is_deleted_after_some_days(world: World, login: Callable[[User], Client], settings: Any) -> None:
    export = actions.ask_export(by=world.leif, unit=world.home_care)
    actions.sweep_exports()
    export.refresh_from_db()
    path = Path(settings.MEDIA_ROOT) / str(export.file.name)
    assert path.exists()
    actions.sweep_exports(timezone.now() + HandbookExport.LIFE * 2)
    assert not path.exists()
    answer = login(world.leif).get(f"/handbok/ta-ut/{export.pk}/fil/", follow=True)
    assert b"The file is no longer here" in answer.content
    assert b"deleted since" in answer.content


def test_one_that_a_worker_left_is_taken_up_and_one_that_always_fails_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch, login: Callable[[User], Client]
) -> None:
    export = actions.ask_export(by=world.leif, unit=world.home_care)
    HandbookExport.objects.update(heard_at=timezone.now())
    assert not actions.make_export(export.pk), "another worker is at it"
    HandbookExport.objects.update(heard_at=timezone.now() - HandbookExport.SILENCE * 2)

    def broken(*args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(exports, "write", broken)
    for _ in range(exports.MOST_TRIES):
        assert not actions.make_export(export.pk)
    actions.sweep_exports()
    export.refresh_from_db()
    assert export.failed_at
    assert b"could not be made" in login(world.leif).get("/handbok/ta-ut/").content


def test_a_server_without_a_press_leaves_the_pdfs_out_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Press, html: str, css: str, **more: Any) -> bytes:
        raise Unprintable("missing")

    monkeypatch.setattr(Press, "print", missing)
    approved(world)
    approved(world, title="Nøkler")
    parts = contents(taken_out(world.municipality))
    assert not [name for name in parts if name.endswith(".pdf")]
    assert len(json.loads(parts["handbook.json"])["left_out"]) == 1
    assert "can't make PDFs" in parts["index.html"].decode().replace("&#x27;", "'")
    assert writing.MANIFEST in parts
