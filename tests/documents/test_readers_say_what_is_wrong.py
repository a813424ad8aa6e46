"""A reader says that something is wrong; the owner answers; the reader hears. Colleagues never see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from documents import actions
from documents.lifecycle import CommentState
from documents.models import Comment, Document, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import Role, User
from tests.documents.conftest import approved
from tests.notifications.conftest import Post, at, clock, no_weekly_mail, post
from tests.people import World

__all__ = ["clock", "no_weekly_mail", "post"]

Clock = time_machine.Traveller
Login = Callable[[User], Client]
SAID = "Nummeret til nattevakten er gammelt."
IDENTITY = "13097248022"


@pytest.fixture
def document(world: World) -> Document:
    document = approved(world).document
    organisation.grant_role(user=world.greta, unit=world.home_care, role=Role.EMPLOYEE)
    return document


@pytest.fixture
def comment(world: World, document: Document) -> Comment:
    return actions.send_comment(
        version=document.versions.get(), by=world.nora, kind="wrong", text=SAID, heading="Hva du gjør"
    )


def address(comment: Comment, step: str = "") -> str:
    base = f"/handbok/{comment.document.number}/innspill/"
    return f"{base}{comment.pk}/{step}/" if step else base


def test_a_reader_says_it_and_the_owner_hears(world: World, login: Login, document: Document, post: Post) -> None:
    deliver.take_as_told()
    where = f"/handbok/{document.number}/innspill/"
    organisation.choose_language(user=world.nora, language="en")
    page = login(world.nora).get(where).content.decode()
    assert "Hva du gjør" in page, "the headings to choose from"
    assert "Leif Lund, who owns the document, sees your name" in page
    assert where in login(world.nora).get(document.get_absolute_url()).content.decode()
    said = {"kind": "wrong", "heading": "Hva du gjør", "text": SAID}
    for _again in range(2):
        assert login(world.nora).post(where, said)["Location"] == where
    comment = Comment.objects.get()
    assert (comment.heading, comment.author, comment.state) == ("Hva du gjør", world.nora, CommentState.SENT)
    post.deliver()
    (mail,) = post.to(world.leif)
    assert "Nora Nygård" in mail.body
    assert SAID not in mail.body
    assert SAID in login(world.leif).get(where).content.decode()
    assert document.title in login(world.leif).get("/").content.decode()
    assert SAID in login(world.leif).get("/handbok/innspill/").content.decode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "wrong", "text": f"Gjelder {IDENTITY}"}, "an identity number"),
        ({"kind": "wrong", "text": "  "}, "no words"),
        ({"kind": "rude", "text": "Nei"}, "no such kind"),
        ({"kind": "wrong", "text": "Nei", "heading": "Finnes ikke"}, "no such heading"),
    ],
)
def test_what_is_not_taken(world: World, login: Login, document: Document, said: dict[str, str], why: str) -> None:
    answer = login(world.nora).post(f"/handbok/{document.number}/innspill/", said)
    assert answer.status_code == 200, why
    assert not Comment.objects.exists(), why
    if "text" in said:
        with pytest.raises(ValidationError):
            actions.send_comment(
                version=document.versions.get(),
                by=world.nora,
                kind="wrong",
                text=f"{IDENTITY}" if why[:2] == "an" else "",
            )


def test_who_sees_it(world: World, login: Login, comment: Comment) -> None:
    found = {}
    for name, user in world.people.items():
        answer = login(user).get(address(comment))
        found[name] = (answer.status_code, SAID in answer.content.decode())
    sees = {"nora", "leif", "sunniva", "rolf", "kaja", "kristin"}
    assert {name for name, (_status, shown) in found.items() if shown} == sees
    assert found["greta"] == (200, False), "a colleague may say something, and sees nothing of what others say"
    assert {found[name][0] for name in ("hans", "ada", "mona")} == {404}


def test_who_answers(world: World, login: Login, comment: Comment) -> None:
    answers = {name: login(user).get(address(comment, "decline")).status_code for name, user in world.people.items()}
    assert {name for name, status in answers.items() if status == 200} == {"leif", "sunniva", "rolf"}
    assert {answers[name] for name in ("nora", "kaja", "kristin")} == {403}
    assert {answers[name] for name in ("greta", "hans", "mona")} == {404}
    assert login(world.nora).get(address(comment, "take_back")).status_code == 405
    assert login(world.leif).post(address(comment, "take_back")).status_code == 403
    assert login(world.leif).get(address(comment, "settle")).status_code == 404


def test_accepted_it_stands_beside_the_draft_and_the_reader_hears_twice(
    world: World, login: Login, comment: Comment, post: Post
) -> None:
    organisation.choose_language(user=world.nora, language="en")
    deliver.take_as_told()
    leif = login(world.leif)
    answer = leif.post(address(comment, "accept"), {"answer": "Takk!", "then": "draft"})
    assert answer["Location"] == f"/handbok/{comment.document.number}/utkast/"
    assert SAID in leif.get(answer["Location"]).content.decode()
    assert SAID in leif.get(f"/handbok/{comment.document.number}/utkast/").content.decode()
    post.deliver()
    assert post.subjects(world.nora) == ["P-0001: what you said is accepted"]
    assert "Takk!" in login(world.nora).get("/handbok/innspill/").content.decode()
    draft = Version.objects.open().get()
    actions.save(version=draft, by=world.leif, title=draft.title, body="<p>Nytt</p>", change_summary="Nytt nummer")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    late = actions.send_comment(version=comment.version, by=world.greta, kind="unclear", text="Og dette?")
    actions.accept_comment(comment=late, by=world.leif)
    actions.approve(version=draft, by=world.sunniva)
    comment.refresh_from_db()
    late.refresh_from_db()
    assert (comment.state, comment.settled_in) == (CommentState.SETTLED, draft)
    assert late.state == CommentState.ACCEPTED, "accepted after the draft was sent: the next one deals with it"
    post.deliver()
    assert post.subjects(world.nora)[1:] == ["P-0001: version 2.0 deals with what you said"]


def test_declined_with_a_reason_once(world: World, login: Login, comment: Comment, post: Post) -> None:
    organisation.choose_language(user=world.nora, language="en")
    deliver.take_as_told()
    where = address(comment, "decline")
    assert login(world.leif).post(where, {"answer": ""}).status_code == 200
    assert login(world.leif).post(where, {"answer": f"Se {IDENTITY}"}).status_code == 200
    for answer in ("Nummeret er riktig.", "Nei."):
        login(world.leif).post(where, {"answer": answer})
    comment.refresh_from_db()
    assert comment.answer == "Nummeret er riktig."
    assert Event.objects.filter(type="documents.comment_declined").count() == 1
    post.deliver()
    assert post.subjects(world.nora) == ["P-0001: it stays as it is, and you are told why"]
    assert "riktig" not in post.to(world.nora)[0].body
    assert "Nummeret er riktig." in login(world.nora).get("/handbok/innspill/").content.decode()


def test_praise_is_answered_and_what_one_said_can_be_taken_back(
    world: World, login: Login, document: Document
) -> None:
    first, second = (
        actions.send_comment(version=document.versions.get(), by=world.nora, kind="praise", text=text)
        for text in ("Så fin!", "Feil sted")
    )
    login(world.leif).post(address(first, "thank"), {"answer": "Takk!"})
    login(world.nora).post(address(second, "take_back"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (CommentState.SETTLED, CommentState.WITHDRAWN)
    assert login(world.nora).post(address(first, "take_back")).status_code == 302
    assert Event.objects.filter(type="documents.comment_taken_back").count() == 1


def test_the_owner_cannot_say_anything_to_themselves(world: World, login: Login, document: Document) -> None:
    where = f"/handbok/{document.number}/innspill/"
    assert login(world.leif).get(where).status_code == 200
    assert login(world.leif).post(where, {"kind": "wrong", "text": "Hei"}).status_code == 403


@pytest.mark.usefixtures("no_weekly_mail")
def test_the_owner_is_reminded_until_there_is_an_answer_and_it_follows_the_document(
    clock: Clock, world: World, comment: Comment, post: Post
) -> None:
    deliver.take_as_told()
    heard = {}
    for day in ("09-02", "09-08", "09-09"):
        clock.move_to(at(f"2026-{day} 07:00"))
        heard[day] = [each.to[0].partition("@")[0] for each in post.round()]
    assert {day: who for day, who in heard.items() if who} == {"09-08": ["leif"]}
    handover.hand_over(user=world.leif, heirs={"documents.owned": world.hans}, by=world.ada)
    assert list(Comment.objects.to_answer(world.hans)) == [comment]
    assert not Comment.objects.to_answer(world.leif).exists()
    deliver.take_as_told()
    clock.move_to(at("2026-09-15 07:00"))
    assert [each.to[0].partition("@")[0] for each in post.round()] == ["hans"]
    actions.thank_for_comment(comment=comment, by=world.hans, answer="Sett.")
    deliver.take_as_told()
    clock.move_to(at("2026-09-22 07:00"))
    assert post.round() == []
