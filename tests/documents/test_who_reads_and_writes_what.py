"""Over HTTP: who sees a document, its draft, its old wording and its file, and what a stranger learns (nothing)."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from deviations.actions import report
from documents import access, actions
from documents.lifecycle import State
from documents.models import Document, Version
from documents.views.life import STEPS
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, drafted
from tests.people import World

Login = Callable[[User], Client]
EVERYBODY = (
    "nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "tiril", "per", "ada", "mona",
)  # fmt: skip


def answers(world: World, login: Login, address: str) -> dict[str, int]:
    return {name: login(getattr(world, name)).get(address).status_code for name in EVERYBODY}


def test_what_is_in_force_is_read_by_those_it_reaches_and_those_who_answer_for_it(
    world: World, login: Login, procedure: Document
) -> None:
    found = answers(world, login, procedure.get_absolute_url())
    reads = {"nora", "leif", "sunniva", "rolf", "kaja", "kristin"}
    assert found == {name: 200 if name in reads else 404 for name in EVERYBODY}


def test_what_applies_to_all_is_read_by_all_in_the_municipality(
    world: World, login: Login, procedure: Document
) -> None:
    actions.change_particulars(document=procedure, by=world.rolf, reach="municipality")
    found = answers(world, login, procedure.get_absolute_url())
    assert found == {name: 404 if name == "mona" else 200 for name in EVERYBODY}


def test_a_draft_that_was_never_in_force_is_seen_by_its_writer_and_the_leaders_only(
    world: World, login: Login, draft: Version
) -> None:
    found = answers(world, login, draft.document.get_absolute_url())
    assert found == {name: 200 if name in {"leif", "sunniva", "rolf"} else 404 for name in EVERYBODY}
    assert answers(world, login, draft.get_absolute_url()) == found


def test_a_draft_of_the_next_version_is_refused_to_those_who_read_the_one_in_force(
    world: World, login: Login, procedure: Document
) -> None:
    address = reverse("documents:draft", args=[procedure.number])
    without = answers(world, login, address)
    draft = actions.new_version(document=procedure, by=world.leif)
    actions.save(version=draft, by=world.leif, title="Hemmelig", body="<p>Ikke vedtatt</p>")
    found = answers(world, login, address)
    assert found == {
        name: 200 if name in {"leif", "sunniva", "rolf"} else 403 if name in {"nora", "kaja", "kristin"} else 404
        for name in EVERYBODY
    }
    assert without["nora"] == found["nora"], "a reader learns whether a draft is being written"
    for name in ("nora", "kaja"):
        page = login(getattr(world, name)).get(procedure.get_absolute_url()).content.decode()
        assert "Hemmelig" not in page
        assert "/utkast/" not in page


def test_what_waits_is_opened_by_the_one_who_is_asked(world: World, login: Login, draft: Version) -> None:
    actions.send(version=draft, by=world.leif, approver=world.kristin)
    found = answers(world, login, draft.get_absolute_url())
    assert found == {name: 200 if name in {"leif", "sunniva", "rolf", "kristin"} else 404 for name in EVERYBODY}


def test_the_old_wording_is_read_by_those_who_answer_for_it(world: World, login: Login, procedure: Document) -> None:
    old = procedure.versions.get()
    draft = actions.new_version(document=procedure, by=world.leif)
    actions.save(version=draft, by=world.leif, title="Fall", body="<p>Nytt</p>", change_summary="Alt er nytt")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    old.refresh_from_db()
    found = answers(world, login, old.get_absolute_url())
    reads = {"leif", "sunniva", "rolf", "kaja", "kristin"}
    assert found == {name: 200 if name in reads else 403 if name == "nora" else 404 for name in EVERYBODY}
    assert "nattevakten" in login(world.kaja).get(old.get_absolute_url()).content.decode()


def test_a_file_is_handed_out_by_the_rule_of_its_version(world: World, login: Login) -> None:
    draft = drafted(world)
    actions.put_file(
        version=draft, by=world.leif, file=ContentFile(b"%PDF-1.7 x"), name="rutine.pdf", text="Om nattevakten"
    )
    address = reverse("documents:file", args=[draft.document.number, draft.pk])
    assert login(world.nora).get(address).status_code == 404
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    actions.approve(version=draft, by=world.sunniva)
    answer = login(world.nora).get(address)
    assert b"".join(answer) == b"%PDF-1.7 x"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert login(world.greta).get(address).status_code == 404
    following = actions.new_version(document=draft.document, by=world.leif)
    assert following.file.name == Version.objects.get(pk=draft.pk).file.name
    new = reverse("documents:file", args=[draft.document.number, following.pk])
    assert login(world.nora).get(new).status_code == 403
    assert login(world.leif).get(new).status_code == 200


@pytest.mark.parametrize("name", sorted(STEPS))
def test_no_step_is_taken_by_one_who_may_not(world: World, login: Login, procedure: Document, name: str) -> None:
    draft = actions.new_version(document=procedure, by=world.leif)
    if name in ("approve", "want_changes", "take_back"):
        actions.save(version=draft, by=world.leif, title="Fall", change_summary="Nytt nummer")
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
    address = reverse("documents:step", args=[procedure.number, name])
    before = set(procedure.versions.values_list("pk", "state", "events_count"))
    for who, code in (("nora", 403), ("kaja", 403), ("greta", 404), ("ada", 404), ("mona", 404)):
        assert login(getattr(world, who)).post(address, {"note": "x"}).status_code == code, who
    assert set(procedure.versions.values_list("pk", "state", "events_count")) == before


WRITES, ANSWERS = "save ask_hearing send discard", "review withdraw"
BUTTONS = {  # state of the version: what each may do with it; nobody else may do anything
    "draft": {"leif": WRITES, "sunniva": WRITES, "rolf": WRITES},
    "draft of a type that asks no approval": {
        "leif": f"put_in_force {WRITES}", "sunniva": f"put_in_force {WRITES}", "rolf": f"put_in_force {WRITES}",
        "kristin": "put_in_force",
    },
    "hearing": {"leif": "close_hearing", "sunniva": "close_hearing", "rolf": "close_hearing"},
    "approval": {
        "leif": "take_back", "sunniva": "take_back approve want_changes", "rolf": "take_back",
        "kristin": "approve want_changes",
    },
    "approval, when kristin has approved": {
        "leif": "take_back", "sunniva": "take_back approve want_changes", "rolf": "take_back",
        "kristin": "approve want_changes",
    },
    "scheduled": {"leif": "take_back", "sunniva": "take_back", "rolf": "take_back"},
    "in_force": {"leif": ANSWERS, "sunniva": ANSWERS, "rolf": ANSWERS},
    "replaced": {},
    "withdrawn": {},
    "discarded": {},
}  # fmt: skip
# Who opens the page of what is written, by its state; others who see the document are refused, the rest see nothing.
OPENED = {
    "draft": {"leif", "sunniva", "rolf"},
    "hearing": {"leif", "sunniva", "rolf", "vidar"},
    "approval": {"leif", "sunniva", "rolf", "kristin"},
    "scheduled": {"leif", "sunniva", "rolf", "kristin"},
}


def at_stage(world: World, stage: str) -> Version:
    """A version in the state: written by Leif; asked are Vidar about it, Sunniva and Kristin to approve it."""
    draft = drafted(world)
    if "no approval" in stage:
        kind = actions.type_of(world.municipality.pk, "procedure")
        actions.change_type(type=kind, by=world.ada, asks_approval=False)
    day = timezone.localdate() + datetime.timedelta(days=9)
    if stage == "hearing":
        actions.ask_hearing(version=draft, by=world.leif, people=[world.vidar], deadline=day)
    elif stage == "discarded":
        actions.discard(version=draft, by=world.leif)
    elif not stage.startswith("draft"):
        actions.send(
            version=draft, by=world.leif, approver=world.sunniva, more=[world.kristin],
            applies_from=day if stage == "scheduled" else None,
        )  # fmt: skip
        if stage != "approval":
            actions.approve(version=draft, by=world.kristin)
        if not stage.startswith("approval"):
            actions.approve(version=draft, by=world.sunniva)
    if stage == "withdrawn":
        actions.withdraw(version=draft, by=world.leif, note="Ut")
    if stage == "replaced":
        following = actions.new_version(document=draft.document, by=world.leif)
        actions.save(version=following, by=world.leif, title="Fall", change_summary="Nytt")
        actions.send(version=following, by=world.leif, approver=world.sunniva)
        actions.approve(version=following, by=world.sunniva)
    return Version.objects.select_related("document__type", "document__unit").get(pk=draft.pk)


@pytest.mark.parametrize("stage", sorted(BUTTONS))
def test_what_each_may_do_in_each_state(world: World, stage: str) -> None:
    version = at_stage(world, stage)
    assert version.state == stage.split(",")[0].split(" ")[0]
    for name in EVERYBODY:
        user = User.objects.get(pk=getattr(world, name).pk)
        if not Version.objects.visible_to(user).filter(pk=version.pk).exists() and name != "kristin":
            continue  # never comes as far
        steps = access.available_steps(version, access.parts_of(version, user))
        assert {step.name for step in steps} == set(BUTTONS[stage].get(name, "").split()), name


@pytest.mark.parametrize("stage", sorted(OPENED))
def test_who_opens_what_is_written_in_each_state(world: World, login: Login, stage: str) -> None:
    version = at_stage(world, stage)
    found = {}
    for name in EVERYBODY:
        answer = login(getattr(world, name)).get(version.get_absolute_url(), follow=True)
        found[name] = answer.status_code
        assert ("nattevakten" in answer.content.decode()) == (name in OPENED[stage]), name
    assert found == {name: 200 if name in OPENED[stage] else 404 for name in EVERYBODY}
    assert login(world.vidar).get(version.document.get_absolute_url(), follow=True).status_code == (
        200 if stage == "hearing" else 404
    )


@pytest.mark.parametrize("name", ["approve", "take_back", "discard"])
def test_steps_that_ask_nothing_refuse_get(world: World, login: Login, procedure: Document, name: str) -> None:
    draft = actions.new_version(document=procedure, by=world.leif)
    if name != "discard":
        actions.save(version=draft, by=world.leif, title="Fall", change_summary="Nytt nummer")
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
    who = world.sunniva if name == "approve" else world.leif
    answer = login(who).get(reverse("documents:step", args=[procedure.number, name]))
    assert answer.status_code == 405


def test_the_author_cannot_approve_over_http(world: World, login: Login, waiting: Version) -> None:
    address = reverse("documents:step", args=[waiting.document.number, "approve"])
    assert login(world.leif).post(address).status_code == 403
    assert login(world.rolf).post(address).status_code == 403, "only the one who was asked"
    waiting.refresh_from_db()
    assert waiting.state == State.APPROVAL


def test_from_an_idea_to_what_everyone_finds(world: World, login: Login) -> None:
    leif, sunniva, nora = login(world.leif), login(world.sunniva), login(world.nora)
    begun = leif.post(
        reverse("documents:new"),
        {"title": "Nøkler", "kind": "routine", "unit": "Hjemmetjenesten (Helse og omsorg)", "reach": "unit"},
    )
    document = Document.objects.get()
    assert begun["Location"] == reverse("documents:draft", args=[document.number])
    draft = document.versions.get()
    written = leif.post(
        draft.get_absolute_url(),
        {"seen": draft.events_count, "title": "Nøkler", "body": "Nøkkelskapet låses.\n\nAlltid.", "then": "send"},
    )
    assert written["Location"] == reverse("documents:step", args=[document.number, "send"])
    draft.refresh_from_db()
    assert draft.body == "<p>Nøkkelskapet låses.</p><p>Alltid.</p>"
    page = leif.get(written["Location"]).content.decode()
    assert f'value="{world.sunniva.pk}" selected' in page, "the nearest leader who didn't write it is suggested"
    leif.post(written["Location"], {"seen": draft.events_count, "approver": world.sunniva.pk})
    assert "Nøkler" in sunniva.get("/").content.decode()
    sunniva.post(reverse("documents:step", args=[document.number, "approve"]))
    assert nora.get(reverse("documents:list")).content.decode().count("Nøkler") == 1
    assert "<mark>" in nora.get(reverse("documents:list"), {"q": "nøkkelskap"}).content.decode()
    assert "Nøkkelskapet låses." in nora.get(document.get_absolute_url()).content.decode()


def test_a_colleague_may_not_begin_a_document(world: World, login: Login) -> None:
    assert login(world.nora).get(reverse("documents:new")).status_code == 403


def test_nobody_writes_for_a_unit_that_is_not_theirs(world: World, login: Login) -> None:
    answer = login(world.leif).post(
        reverse("documents:new"), {"title": "x", "kind": "routine", "unit": "Sykehjemmet", "reach": "unit"}
    )
    assert answer.status_code == 200
    assert not Document.objects.exists()


def test_two_who_write_at_once_do_not_overwrite_each_other(world: World, login: Login, draft: Version) -> None:
    seen = draft.events_count
    actions.save(version=draft, by=world.sunniva, title="Fall", body="<p>Sunnivas</p>")
    sent = {"seen": seen, "title": "Fall", "body": "<p>Leifs</p>"}
    answer = login(world.leif).post(draft.get_absolute_url(), sent, follow=True)
    assert "Leifs" in answer.content.decode(), "what was written is shown beside the other's"
    draft.refresh_from_db()
    assert draft.body == "<p>Sunnivas</p>"


def test_who_answers_for_it_sees_how_many_cases_point_to_it(world: World, login: Login, procedure: Document) -> None:
    for _n in range(2):
        report(by=world.nora, unit=world.home_care, kind="deviation", text="Glemt", breached_document=procedure)
    report(by=world.nora, unit=world.home_care, kind="deviation", text="Annet")
    link = f"prosedyre={procedure.pk}"
    page = login(world.leif).get(procedure.get_absolute_url()).content.decode()
    assert link in page
    listed = login(world.leif).get(reverse("deviations:list"), {"prosedyre": str(procedure.pk), "status": "alle"})
    assert len(listed.context["page_of_cases"].rows) == 2
    assert link not in login(world.nora).get(procedure.get_absolute_url()).content.decode()


@pytest.mark.one_kind
def test_pages_cost_the_same_however_many_documents(world: World, login: Login) -> None:
    last = approved(world)
    client, reader = login(world.leif), login(world.nora)

    def cost() -> list[int]:
        costs = []
        for browser, address in (
            (reader, last.document.get_absolute_url()),
            (reader, reverse("documents:list")),
            (reader, reverse("documents:list") + "?visning=emner"),
            (reader, reverse("documents:list") + "?q=nattevakten"),
            (reader, reverse("documents:list") + "?q=nattevatken"),
            (reader, reverse("documents:suggestions") + "?q=rut"),
            (client, reverse("documents:list") + "?visning=arbeid"),
            (client, reverse("documents:coverage")),
            (client, last.document.get_absolute_url()),
        ):
            browser.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert browser.get(address).status_code == 200
            costs.append(len(queries))
        return costs

    for n in range(9):
        approved(world, title=f"Rutine {n}")
    actions.new_version(document=last.document, by=world.leif)
    few = cost()
    for n in range(290):
        approved(world, title=f"Prosedyre {n}")
    assert cost() == few
    assert max(few) <= 25, few
