"""Messages, the morning page, hand-over and closing of units: nobody is left with what nobody knows of."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import actions
from documents.lifecycle import LIFECYCLE
from documents.models import Document, Version
from kvalitetslosen.journal import sentences
from kvalitetslosen.months import same_day_after
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, asked, drafted, sent
from tests.documents.office_files import docx, paragraph, pdf
from tests.notifications.conftest import Post, post
from tests.people import World

__all__ = ["post"]
Login = Callable[[User], Client]
SECRET = "Storgata"


def test_the_approver_is_asked_and_the_writer_is_answered(world: World, post: Post) -> None:
    waiting = sent(world, body=f"<p>{SECRET}</p>")
    post.deliver()
    (asked,) = post.to(world.sunniva)
    assert waiting.document.number in asked.subject
    assert f"http://testserver{waiting.get_absolute_url()}" in asked.body
    actions.want_changes(version=waiting, by=world.sunniva, note=SECRET)
    post.deliver()
    (back,) = post.to(world.leif)
    assert f"http://testserver{reverse('documents:draft', args=[waiting.document.number])}" in back.body
    actions.send(version=waiting, by=world.leif, approver=world.sunniva)
    actions.approve(version=waiting, by=world.sunniva)
    post.deliver()
    assert len(post.to(world.leif)) == 2
    for email in Email.objects.all():
        assert SECRET not in email.subject + email.body
    for notice in Notification.objects.all():
        assert SECRET not in str(notice.text)


def test_a_message_about_what_was_taken_back_is_not_sent(world: World, post: Post) -> None:
    waiting = sent(world)
    actions.take_back(version=waiting, by=world.leif)
    post.deliver()
    assert post.to(world.sunniva) == []


def test_the_morning_page_shows_what_waits_for_whom(world: World, login: Login) -> None:
    waiting = sent(world, title="Ny rutine for nøkler")
    assert "Ny rutine for nøkler" in login(world.sunniva).get("/").content.decode()
    assert "Ny rutine for nøkler" not in login(world.leif).get("/").content.decode()
    actions.want_changes(version=waiting, by=world.sunniva, note="Kortere.")
    assert "Ny rutine for nøkler" not in login(world.sunniva).get("/").content.decode()
    assert "Ny rutine for nøkler" in login(world.leif).get("/").content.decode()


def test_the_owner_is_shown_what_is_past_its_review(world: World, login: Login, procedure: Document) -> None:
    assert procedure.title not in login(world.leif).get("/").content.decode()
    Document.objects.filter(pk=procedure.pk).update(review_on=timezone.localdate() - datetime.timedelta(days=1))
    assert procedure.title in login(world.leif).get("/").content.decode()
    assert procedure.title not in login(world.sunniva).get("/").content.decode()
    login(world.leif).post(reverse("documents:step", args=[procedure.number, "review"]), {"note": "Lest."})
    assert procedure.title not in login(world.leif).get("/").content.decode()


def test_nobody_leaves_with_documents_in_their_name(world: World) -> None:
    approved(world)
    drafted(world)
    left = {each.key: n for each, n in handover.outstanding(world.leif)}
    assert left["documents.owned"] == 2
    assert left["documents.drafts"] == 1
    heirs = {"documents.owned": world.nora, "documents.drafts": world.hans}
    handover.hand_over(user=world.leif, heirs=heirs, by=world.ada)
    left = {each.key: n for each, n in handover.outstanding(world.leif)}
    assert "documents.owned" not in left
    assert "documents.drafts" not in left
    assert set(Document.objects.values_list("owner", flat=True)) == {world.nora.pk}
    assert Version.objects.open().get().author == world.hans


def test_what_waits_goes_to_somebody_who_may_approve_it(world: World) -> None:
    waiting = sent(world)
    with pytest.raises(ValidationError):
        handover.hand_over(user=world.sunniva, heirs={"documents.approvals": world.hans}, by=world.ada)
    handover.hand_over(user=world.sunniva, heirs={"documents.approvals": world.rolf}, by=world.ada)
    waiting.refresh_from_db()
    assert asked(waiting) == [(world.rolf, None)]


def test_an_heir_who_was_asked_to_approve_the_draft_approves_it_no_longer(world: World) -> None:
    waiting = sent(world)
    handover.hand_over(user=world.leif, heirs={"documents.drafts": world.sunniva}, by=world.ada)
    waiting.refresh_from_db()
    assert (waiting.state, asked(waiting), waiting.author) == ("draft", [], world.sunniva)


def test_a_unit_with_documents_in_force_is_not_closed(world: World, procedure: Document) -> None:
    assert any("1" in obstacle for obstacle in organisation.closing_obstacles(world.home_care))


def test_a_document_follows_its_unit_when_that_moves(world: World, procedure: Document) -> None:
    organisation.move_unit(unit=world.home_care, parent=world.municipality, by=world.ada)
    procedure.refresh_from_db()
    assert procedure.level_1 == world.home_care.pk
    assert not Document.objects.visible_to(User.objects.get(pk=world.sunniva.pk)).filter(pk=procedure.pk).exists()
    assert Document.objects.visible_to(User.objects.get(pk=world.nora.pk)).filter(pk=procedure.pk).exists()


def test_everything_that_happens_is_told_in_words() -> None:
    for step in LIFECYCLE:
        assert sentences.known(step.event), step.event


def test_the_page_tells_what_has_happened_to_those_who_answer_for_it(
    world: World, login: Login, procedure: Document
) -> None:
    actions.change_particulars(document=procedure, by=world.leif, owner=world.nora)
    with translation.override("en"):
        page = login(world.kaja).get(procedure.get_absolute_url(), headers={"accept-language": "en"})
    said = [each.sentence for each in page.context["told"]]
    assert len(said) == 6, said
    assert any("Sunniva Sand" in sentence and "1.0" in sentence for sentence in said)
    assert any("Leif Lund" in sentence and "Nora Nygård" in sentence for sentence in said)


def test_a_word_document_becomes_the_text_of_the_draft(world: World, login: Login, draft: Version) -> None:
    content = docx(paragraph("Slik gjør du"), paragraph("Bruk alltid heisen."))
    answer = login(world.leif).post(
        reverse("documents:upload", args=[draft.document.number]),
        {"file": SimpleUploadedFile("rutine.docx", content)},
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert "Bruk alltid heisen." in draft.body
    assert "heisen" in draft.text
    assert not draft.file


def test_a_pdf_is_kept_found_and_handed_out(world: World, login: Login, draft: Version) -> None:
    content = pdf("Bruk alltid personheis")
    login(world.leif).post(
        reverse("documents:upload", args=[draft.document.number]),
        {"file": SimpleUploadedFile("rutine.pdf", content)},
    )
    draft.refresh_from_db()
    assert (draft.body, draft.file_name) == ("", "rutine.pdf")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    nora = login(world.nora)
    assert draft.title in nora.get(reverse("documents:list"), {"q": "personheis"}).content.decode()
    file = nora.get(reverse("documents:file", args=[draft.document.number, draft.pk]))
    assert b"".join(file) == content


def test_what_is_no_document_is_refused_with_a_sentence(world: World, login: Login, draft: Version) -> None:
    before = draft.events_count
    answer = login(world.leif).post(
        reverse("documents:upload", args=[draft.document.number]),
        {"file": SimpleUploadedFile("rutine.docx", b"MZ\x90\x00 not a document")},
    )
    assert answer.status_code == 200
    assert answer.context["upload_form"].errors["file"]
    draft.refresh_from_db()
    assert draft.events_count == before


def test_a_stranger_uploads_nothing(world: World, login: Login, draft: Version) -> None:
    address = reverse("documents:upload", args=[draft.document.number])
    for who, code in ((world.nora, 404), (world.mona, 404), (world.leif, 405)):
        client = login(who)
        answer = client.get(address) if who == world.leif else client.post(address)
        assert answer.status_code == code


def test_owner_unit_and_review_are_changed_by_those_who_answer_for_it(
    world: World, login: Login, procedure: Document
) -> None:
    address = reverse("documents:particulars", args=[procedure.number])
    given = {
        "kind": "routine", "unit": "Hjemmetjenesten", "reach": "unit", "owner": "Nora Nygård", "review_months": 12,
    }  # fmt: skip
    assert login(world.kaja).post(address, given).status_code == 403
    assert login(world.leif).post(address, given).status_code == 302
    procedure.refresh_from_db()
    assert (procedure.type.base, procedure.owner, procedure.number) == ("routine", world.nora, "P-0001")
    assert procedure.review_on == same_day_after(timezone.localdate(), 12)
