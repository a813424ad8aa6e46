"""Files that belong to a version: approved with it, carried on, taken away, handed out by its rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, TestCase

from documents import actions, search
from documents.changes import changes_between
from documents.models import Document, Version
from documents.paper import copies
from kvalitetslosen.files import actions as files
from kvalitetslosen.files import store
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.files.uploads import examine
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.templatetags.ui import file_size
from tests.documents.conftest import TEXT, drafted
from tests.people import World

Login = Callable[[User], Client]


def upload(content: bytes = b"Skjema", name: str = "skjema.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def with_file(world: World, version: Version, *uploads: SimpleUploadedFile) -> Version:
    return actions.save(
        version=version,
        by=world.leif,
        title=version.title,
        body=version.body,
        change_summary="Skjema",
        attach=[examine(each) for each in uploads or (upload(),)],
    )


def in_force(world: World, version: Version) -> Version:
    actions.send(version=version, by=world.leif, approver=world.sunniva)
    return actions.approve(version=version, by=world.sunniva)


def names(version: Version) -> list[str]:
    return [each.name for each in files_of(version)]


@pytest.fixture
def procedure(world: World) -> Document:
    return in_force(world, with_file(world, drafted(world))).document


def test_it_is_sent_with_the_text_and_shown_to_readers_with_its_size(world: World, login: Login) -> None:
    draft = drafted(world)
    before = draft.events_count
    sent = {
        "title": draft.title,
        "body": TEXT,
        "seen": before,
        "then": "stay",
        "attach": [upload(), upload(b"2", "to.txt")],
    }
    assert login(world.leif).post(draft.get_absolute_url(), sent).status_code == 302
    draft.refresh_from_db()
    assert names(draft) == ["skjema.txt", "to.txt"]
    told = Event.objects.about(draft).filter(number__gt=before).values_list("type", "by")
    assert list(told) == [("documents.draft_saved", world.leif.pk), ("files.attached", world.leif.pk)]
    document = in_force(world, draft).document
    page = login(world.nora).get(document.get_absolute_url()).content.decode()
    assert "skjema.txt</a>" in page
    assert file_size(6) in page


def test_who_attaches_has_written_and_does_not_approve(world: World) -> None:
    draft = drafted(world)
    actions.save(version=draft, by=world.sunniva, title=draft.title, body=TEXT, attach=[examine(upload())])
    assert draft.edited_by == world.sunniva
    with pytest.raises(Exception, match="approve"):
        actions.send(version=draft, by=world.leif, approver=world.sunniva)


def test_what_is_refused_leaves_the_text_in_the_form(world: World, login: Login) -> None:
    draft = drafted(world)
    bad = SimpleUploadedFile("x.exe", b"MZ\x00\x01")
    sent = {"title": draft.title, "body": "<p>Nytt</p>", "seen": draft.events_count, "attach": [bad]}
    answer = login(world.leif).post(draft.get_absolute_url(), sent)
    assert list(answer.context["form"].errors) == ["attach"]
    assert "Nytt" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_the_next_version_has_it_too_and_the_bytes_lie_there_once(world: World, procedure: Document) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        draft = actions.new_version(document=procedure, by=world.leif)
    old = procedure.versions.exclude(pk=draft.pk).get()
    (mine,), (theirs,) = files_of(draft), files_of(old)
    assert (mine.name, mine.stored_as, mine.sha256) == (theirs.name, theirs.stored_as, theirs.sha256)
    assert mine.key != theirs.key
    with mine.open() as content:
        assert content.read() == b"Skjema"


def test_taken_away_in_the_draft_it_is_still_there_for_what_applies(
    world: World, login: Login, procedure: Document
) -> None:
    draft = actions.new_version(document=procedure, by=world.leif)
    (attached,) = files_of(draft)
    sent = {
        "title": draft.title,
        "body": TEXT,
        "seen": draft.events_count,
        "change_summary": "x",
        "detach": [attached.pk],
    }
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert login(world.leif).post(draft.get_absolute_url(), sent).status_code == 302
    assert names(draft) == []
    assert Event.objects.about(draft).last().type == "files.removed"  # type: ignore[union-attr]
    (left,) = files_of(procedure.versions.exclude(pk=draft.pk).get())
    assert store.open_stored(left.stored_as).read() == b"Skjema", "the bytes stay while somebody needs them"
    with TestCase.captureOnCommitCallbacks(execute=True):
        files.remove(owner=procedure.versions.get(pk=left.owner_id), attachment=left, by=None, reason="")
    with pytest.raises(FileNotFoundError):
        store.open_stored(left.stored_as)


def test_an_attachment_of_another_version_can_not_be_taken_away(
    world: World, login: Login, procedure: Document
) -> None:
    (attached,) = files_of(procedure.versions.get())
    draft = drafted(world, title="Annet")
    with_file(world, draft)
    sent = {"title": draft.title, "body": TEXT, "seen": draft.events_count, "detach": [attached.pk]}
    answer = login(world.leif).post(draft.get_absolute_url(), sent)
    assert list(answer.context["form"].errors) == ["detach"]
    assert Attachment.objects.filter(pk=attached.pk).exists()


def test_it_is_handed_out_by_the_rule_of_its_version(world: World, login: Login, procedure: Document) -> None:
    (attached,) = files_of(procedure.versions.get())
    for user, status in ((world.nora, 200), (world.leif, 200), (world.mona, 404)):
        assert login(user).get(attached.url).status_code == status
    draft = actions.new_version(document=procedure, by=world.leif)
    (of_draft,) = files_of(draft)
    assert login(world.leif).get(of_draft.url).status_code == 200
    assert login(world.nora).get(of_draft.url).status_code == 404
    in_force(world, with_file(world, draft, upload(b"Nytt", "nytt.txt")))
    assert login(world.nora).get(attached.url).status_code == 404, "replaced with its version"


def test_what_became_of_each_is_told_when_versions_are_compared(world: World, login: Login) -> None:
    first = [upload(b"1", "a.txt"), upload(b"2", "b.txt"), upload(b"3", "c.txt"), upload(b"4", "d.txt")]
    old = in_force(world, with_file(world, drafted(world), *first))
    new = actions.new_version(document=old.document, by=world.leif)
    attached = {each.name: each.pk for each in files_of(new)}
    actions.save(
        version=new,
        by=world.leif,
        title=new.title,
        body=new.body,
        change_summary="Vedlegg",
        detach=[attached["b.txt"], attached["c.txt"], attached["d.txt"]],
        attach=[examine(each) for each in (upload(b"22", "b.txt"), upload(b"3", "cc.txt"), upload(b"5", "e.txt"))],
    )
    found = changes_between(old, new, reader=world.leif)
    assert [(each.what, each.name, each.before) for each in found.files] == [
        ("removed", "d.txt", ""),
        ("replaced", "b.txt", ""),
        ("renamed", "cc.txt", "c.txt"),
        ("added", "e.txt", ""),
    ]
    assert (found.is_text_changed, found.is_empty) == (False, False)
    actions.send(version=new, by=world.leif, approver=world.sunniva)
    page = login(world.sunniva).get(new.get_absolute_url()).content.decode()
    assert "d.txt: removed" in " ".join(page.split())
    assert "e.txt</a>" in page, "whoever approves opens what they approve"


def test_it_is_found_by_its_name_and_named_on_the_paper_copy(
    world: World, procedure: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    renewed = with_file(
        world,
        actions.new_version(document=procedure, by=world.leif),
        upload(b"Ark", "Dosett_kontrollskjema.txt"),
    )
    assert not search.find(world.nora, "kontrollskjema").hits, "not before it applies"
    in_force(world, renewed)
    for again in (False, True):
        if again:
            call_command("reindex_handbook")
            assert capsys.readouterr().out == "1 documents are found.\n"
        assert [hit.number for hit in search.find(world.nora, "kontrollskjema").hits] == [procedure.number]
    page = render_to_string("documents/paper/copy.html", copies.context_of(renewed, "Fjelldal"))
    assert "<li>skjema.txt</li>" in page
    assert "<li>Dosett_kontrollskjema.txt</li>" in page
