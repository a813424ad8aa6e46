"""A draft out for hearing: who is asked, who sees it, what is said and answered, and how it closes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from documents import actions, pages
from documents.lifecycle import State
from documents.models import Document, Hearing, Outcome, Response, Version
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import Role, User
from tests.documents.conftest import drafted
from tests.morning import shown
from tests.notifications.conftest import Post, at, clock, no_weekly_mail, post
from tests.people import World

__all__ = ["clock", "no_weekly_mail", "post"]
Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)
EVERYBODY = (
    "nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "tiril", "per", "ada", "mona",
)  # fmt: skip


def heard(world: World, draft: Version | None = None, **how: Any) -> Hearing:
    """Out for hearing at Nora, who works there, and at the safety, union and data protection representatives."""
    given: dict[str, Any] = {
        "version": draft or drafted(world),
        "by": world.leif,
        "deadline": timezone.localdate() + 14 * DAY,
        "people": [world.nora],
        "unit": world.home_care,
        "roles": [Role.SAFETY_REP, Role.UNION_REP, Role.DPO],
        "question": "Er dette til å leve med?",
    }
    return actions.ask_hearing(**{**given, **how})


@pytest.fixture
def hearing(world: World) -> Hearing:
    return heard(world)


def address(hearing: Hearing, name: str = "hearing", *more: int) -> str:
    return reverse(f"documents:{name}", args=[hearing.version.document.number, hearing.pk, *more])


def test_those_with_the_roles_are_asked_also_those_who_cover_the_unit_from_above(hearing: Hearing) -> None:
    asked = {each.user.name: each.part for each in hearing.invitations.select_related("user")}
    assert asked == {
        "Nora Nygård": "", "Vidar Vik": "Safety representative", "Tiril Tveit": "Union representative",
        "Per Pettersen": "Data protection officer",
    }  # fmt: skip


def test_who_sees_the_draft_and_the_hearing(world: World, login: Login, hearing: Hearing) -> None:
    sees = {"nora", "vidar", "tiril", "per", "leif", "sunniva", "rolf"}
    for name in EVERYBODY:
        answer = login(getattr(world, name)).get(address(hearing))
        assert answer.status_code == (200 if name in sees else 404), name
        assert ("nattevakten" in answer.content.decode()) == (name in sees), name
    draft = reverse("documents:draft", args=[hearing.version.document.number])
    assert login(world.vidar).get(draft).status_code in (302, 403)


def test_once_closed_those_asked_see_what_was_said_but_no_longer_the_draft(
    world: World, login: Login, hearing: Hearing
) -> None:
    actions.respond(hearing=hearing, by=world.vidar, text="Mangler varsling")
    actions.close_hearing(hearing=hearing, by=world.leif)
    page = login(world.nora).get(address(hearing)).content.decode()
    assert "Mangler varsling" in page
    assert "nattevakten" not in page
    assert "closed before you answered" in page
    assert "closed before you answered" not in login(world.vidar).get(address(hearing)).content.decode()


def test_when_the_draft_is_given_up_those_asked_see_nothing(world: World, login: Login, hearing: Hearing) -> None:
    actions.close_hearing(hearing=hearing, by=world.leif)
    hearing.version.refresh_from_db()
    actions.discard(version=hearing.version, by=world.leif)
    assert login(world.vidar).get(address(hearing)).status_code == 404
    assert login(world.vidar).get(hearing.version.document.get_absolute_url()).status_code == 404


TABLE = {  # who may do what: 302 done, 403 insider without the right, 404 stranger
    "hearing": {"nora": 302, "vidar": 302, "leif": 403, "sunniva": 403, "kaja": 404, "greta": 404, "mona": 404},
    "say_nothing": {"nora": 302, "vidar": 302, "leif": 403, "sunniva": 403, "kaja": 404, "greta": 404, "mona": 404},
    "close_hearing": {"nora": 403, "vidar": 403, "leif": 302, "sunniva": 302, "kaja": 404, "greta": 404, "mona": 404},
    "extend_hearing": {"nora": 403, "vidar": 403, "leif": 302, "sunniva": 302, "kaja": 404, "greta": 404, "mona": 404},
    "invite": {"nora": 403, "vidar": 403, "leif": 302, "sunniva": 302, "kaja": 404, "greta": 404, "mona": 404},
    "answer_response": {
        "nora": 403, "vidar": 403, "leif": 302, "sunniva": 302, "kaja": 404, "greta": 404, "mona": 404,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_may_do_what(world: World, login: Login, hearing: Hearing, name: str) -> None:
    response = actions.respond(hearing=hearing, by=world.vidar, text="Mangler varsling")
    more = [response.pk] if name == "answer_response" else []
    given = {
        "text": "Bra", "deadline": str(timezone.localdate() + 20 * DAY), "person": "Hans Haug", "outcome": "taken_in",
    }  # fmt: skip
    for who, code in sorted(TABLE[name].items(), key=lambda each: each[1], reverse=True):
        answer = login(getattr(world, who)).post(address(hearing, name, *more), given)
        assert answer.status_code == code, (name, who)
    if name not in ("hearing", "invite"):
        assert login(world.leif).get(address(hearing, name, *more)).status_code == 405


@pytest.mark.parametrize(("who", "code"), [("nora", 404), ("kaja", 404), ("mona", 404), ("leif", 200), ("rolf", 200)])
def test_who_may_ask_for_one(world: World, login: Login, who: str, code: int) -> None:
    draft = drafted(world)
    assert (
        login(getattr(world, who)).get(reverse("documents:ask_hearing", args=[draft.document.number])).status_code
        == code
    )


def test_many_are_asked_by_name_one_on_each_line(world: World, login: Login) -> None:
    draft = drafted(world)
    ask = reverse("documents:ask_hearing", args=[draft.document.number])
    leif = login(world.leif)
    given = {"seen": draft.events_count, "deadline": str(timezone.localdate() + 10 * DAY)}
    wrong = leif.post(ask, {**given, "others": "Nora Nygård\nKari Nordmann\na"}).content.decode()
    assert "Nobody here is called “Kari Nordmann”." in wrong
    assert "“a” fits several" in wrong
    assert "Nora Nygård\nKari Nordmann" in wrong, "what was typed is kept"
    names = ["nora nygård", "- Hans Haug,", "", "Vidar", "Tiril Tveit", "Per Pettersen", "Nora Nygård"]
    assert leif.post(ask, {**given, "others": "\r\n".join(names), "person": "Hans Haug"}).status_code == 302
    asked = {each.user for each in Hearing.objects.get().invitations.select_related("user")}
    assert asked == {world.nora, world.hans, world.vidar, world.tiril, world.per}


def test_asked_from_the_page_and_answered_all_the_way(world: World, login: Login) -> None:
    draft = drafted(world)
    number = draft.document.number
    leif = login(world.leif)
    ask = reverse("documents:ask_hearing", args=[number])
    given = {
        "seen": draft.events_count, "roles": ["safety_rep"], "unit": "Hjemmetjenesten", "person": "Nora Nygård",
        "deadline": str(timezone.localdate() + 10 * DAY), "question": "Hva mangler?",
    }  # fmt: skip
    for wrong in ({"roles": [], "person": ""}, {"deadline": str(timezone.localdate())}, {"roles": ["union_rep"]}):
        if wrong.get("roles") != ["union_rep"]:
            assert leif.post(ask, {**given, **wrong}).status_code == 200, wrong
    assert leif.post(ask, given).status_code == 302
    hearing = Hearing.objects.get()
    draft.refresh_from_db()
    assert (draft.state, hearing.invitations.count()) == (State.HEARING, 2)
    assert leif.post(draft.get_absolute_url()).status_code == 405
    vidar = login(world.vidar)
    assert hearing.version.title in vidar.get("/").content.decode()
    page = vidar.get(address(hearing)).content.decode()
    assert "Hva mangler?" in page
    assert "Hva du gjør" in page, "a heading one can choose"
    vidar.post(address(hearing), {"heading": "Hva du gjør", "text": "Hvem ringer en om natta?"})
    assert hearing.version.title not in vidar.get("/").content.decode()
    row = Response.objects.get()
    assert (row.heading, row.by) == ("Hva du gjør", world.vidar)
    leif.post(address(hearing, "close_hearing"))
    assert hearing.version.title in leif.get("/").content.decode(), "what waits for an answer"
    send = reverse("documents:step", args=[number, "send"])
    assert "Answer what was said" in leif.post(send, {"approver": world.sunniva.pk}).content.decode()
    answer = address(hearing, "answer_response", row.pk)
    assert "why it isn" in leif.post(answer, {"outcome": "not_taken_in"}).content.decode()
    assert leif.post(answer, {"outcome": "taken_in", "answer": "Nattevakta."}).status_code == 302
    assert leif.post(send, {"approver": world.sunniva.pk}).status_code == 302
    approval = login(world.sunniva).get(reverse("documents:approval", args=[number])).content.decode()
    assert "Hvem ringer en om natta?" in approval, "the approver sees the hearing"
    assert "Nattevakta." in approval
    assert login(world.sunniva).get(address(hearing)).status_code == 200


def test_it_tells_those_asked_and_those_who_wrote_it_never_what_was_said(
    world: World, post: Post, hearing: Hearing
) -> None:
    post.deliver()
    assert [len(post.to(who)) for who in (world.nora, world.vidar, world.tiril, world.per, world.leif)] == [1] * 4 + [
        0
    ]
    actions.invite(hearing=hearing, by=world.leif, people=[world.hans, world.nora])
    response = actions.respond(hearing=hearing, by=world.vidar, text="Hemmelig innvending")
    post.deliver()
    assert [len(post.to(who)) for who in (world.nora, world.hans, world.leif)] == [1, 1, 0]
    actions.close_due_hearings(timezone.now() + 15 * DAY)
    post.deliver()
    (closed,) = post.to(world.leif)
    assert "one comment" in closed.body or "én merknad" in closed.body
    hearing.refresh_from_db()
    response.hearing = hearing
    actions.answer_response(response=response, by=world.leif, outcome=Outcome.TAKEN_IN)
    post.deliver()
    assert len(post.to(world.vidar)) == 1, "the answer is a notice"
    for who in world.people.values():
        assert not any("innvending" in mail.body or "leve med" in mail.body for mail in post.to(who))


def test_those_who_have_not_answered_are_reminded_before_the_deadline(
    clock: time_machine.Traveller, no_weekly_mail: None, world: World, post: Post
) -> None:
    clock.move_to(at("2026-09-07 10:00"))
    hearing = heard(world, deadline=datetime.date(2026, 9, 18))
    actions.respond(hearing=hearing, by=world.vidar, text="Bra")
    post.round()
    said = {}
    for day in range(8, 19):
        clock.move_to(at(f"2026-09-{day:02d} 07:30"))
        said[day] = sorted(each.to[0].partition("@")[0] for each in post.round())
    assert {day for day, who in said.items() if who} == {15, 18}
    assert said[15] == said[18] == ["nora", "per", "tiril"], "who has answered hears no more"


def test_it_closes_by_itself_once_the_day_after_the_deadline(hearing: Hearing) -> None:
    now = timezone.now()
    assert actions.close_due_hearings(now + 14 * DAY) == 0
    assert actions.close_due_hearings(now + 15 * DAY) == 1
    assert actions.close_due_hearings(now + 15 * DAY) == 0
    hearing.refresh_from_db()
    assert (hearing.closed_by, hearing.is_open) == (None, False)
    assert Version.objects.get().state == State.DRAFT


def test_what_is_done_twice_is_done_once(world: World, hearing: Hearing) -> None:
    for _n in range(2):
        actions.respond(hearing=hearing, by=world.vidar, text="Bra")
        actions.say_nothing(hearing=hearing, by=world.nora)
        assert actions.invite(hearing=hearing, by=world.leif, people=[world.nora]) == 0
    assert hearing.responses.count() == 1
    assert [actions.close_hearing(hearing=hearing, by=world.leif) for _n in range(2)] == [True, False]
    with pytest.raises(ValidationError):
        actions.respond(hearing=hearing, by=world.nora, text="For sent")
    with pytest.raises(StepRefused):
        heard(world, Version.objects.get().document.versions.get(), seen=1)


def test_nobody_asked_leaves_the_draft_a_draft(world: World) -> None:
    draft = drafted(world)
    with pytest.raises(ValidationError, match="Nobody would be asked"):
        heard(world, draft, people=[world.leif], roles=[])
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_no_identity_number_gets_in(world: World, hearing: Hearing) -> None:
    for text in ("10915596784", "Om 10915596784"):
        with pytest.raises(ValidationError):
            actions.respond(hearing=hearing, by=world.vidar, text=text)


def test_a_type_can_ask_for_a_hearing_but_not_of_small_changes(world: World, login: Login) -> None:
    kind = actions.type_of(world.municipality.pk, "procedure")
    actions.change_type(type=kind, by=world.ada, asks_hearing=True)
    draft = drafted(world)
    assert 'value="hearing"' in login(world.leif).get(draft.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError, match="hearing first"):
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
    hearing = heard(world, draft)
    actions.close_hearing(hearing=hearing, by=world.leif)
    draft.refresh_from_db()
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    small = actions.new_version(document=draft.document, by=world.leif)
    actions.save(version=small, by=world.leif, title="Fall", change_summary="Skrivefeil", is_minor=True)
    actions.send(version=small, by=world.leif, approver=world.sunniva)


def test_an_empty_hearing_and_a_late_one_say_what_to_do(world: World, login: Login, hearing: Hearing) -> None:
    leif = login(world.leif)
    assert "0 of 4 have answered" in leif.get(address(hearing)).content.decode()
    Hearing.objects.update(deadline=timezone.localdate() - DAY)
    assert "deadline has passed" in leif.get(address(hearing)).content.decode()
    actions.close_due_hearings()
    assert "Nobody commented" in leif.get(address(hearing)).content.decode()


def test_names_are_looked_up_by_those_who_write(world: World, login: Login) -> None:
    for name in ("find_asked", "find_asked_unit"):
        found = reverse(f"documents:{name}")
        assert login(world.leif).get(found, {"person": "Nora"}).status_code == 200
        assert login(world.nora).get(found, {"person": "Nora"}).status_code == 403


def test_pages_cost_the_same_however_many_answer(world: World, login: Login) -> None:
    hearing = heard(world)
    clients = [(login(world.leif), address(hearing)), (login(world.vidar), address(hearing)), (login(world.nora), "/")]

    def cost() -> list[int]:
        costs = []
        for client, page in clients:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            costs.append(len(queries))
        return costs

    for n in range(3):
        actions.respond(hearing=hearing, by=world.vidar, text=f"Merknad {n}")
    few = cost()
    for n in range(60):
        actions.respond(hearing=hearing, by=world.vidar, text=f"Også {n}")
    assert cost() == few


def test_morning_pages_show_what_waits(world: World, hearing: Hearing) -> None:
    assert [bool(shown(who, pages.to_hear)) for who in (world.nora, world.vidar, world.leif, world.hans)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert Document.objects.visible_to(world.vidar).count() == 1
    assert Document.objects.visible_to(world.hans).count() == 0
