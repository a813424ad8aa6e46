"""Many drafts are sent, approved or put in force at once, each by itself; those it is about get one mail."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from documents import actions
from documents.lifecycle import State
from documents.models import DocumentType, TakenIn, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import TEXT, drafted, sent
from tests.notifications.conftest import Post, post
from tests.people import World

__all__ = ["post"]

Login = Callable[[User], Client]
MANY = "/handbok/mange/"


def of_ada(world: World, title: str) -> Version:
    """A draft as an import leaves it: by the administrator, for home care."""
    draft = actions.create_document(
        by=world.ada, title=title, kind="procedure", unit=world.home_care, owner=world.leif
    )
    actions.save(version=draft, by=world.ada, title=title, body=TEXT)
    TakenIn.objects.create(
        version=draft, taken_by=world.ada, taken_at=draft.saved_at, file_name=f"{title}.docx", sha256="0" * 64,
        approved_by="Kari Nordmann",
    )  # fmt: skip
    return draft


def state_of(*versions: Version) -> list[str]:
    rows = dict(Version.objects.filter(pk__in=[each.pk for each in versions]).values_list("pk", "state"))
    return [rows[each.pk] for each in versions]


def test_drafts_are_sent_to_the_nearest_leader_and_approved_with_one_mail_each(
    world: World, login: Login, post: Post
) -> None:
    first, second, third = (of_ada(world, title) for title in ("Brann", "Fall", "Nøkler"))
    empty = actions.create_document(by=world.ada, title="Tom", kind="procedure", unit=world.home_care)
    ada = login(world.ada)
    page = ada.get(MANY)
    assert [each.title for each in page.context["rows"]] == ["Brann", "Fall", "Nøkler"], "not what is empty"
    assert "/handbok/mange/" in ada.get("/handbok/?visning=arbeid").content.decode()
    answer = ada.post(f"{MANY}?steg=send", {"version": [first.pk, second.pk, empty.pk]})
    assert answer.status_code == 302
    assert state_of(first, second, third, empty) == [State.APPROVAL, State.APPROVAL, State.DRAFT, State.DRAFT]
    assert {each.approvals.get().approver for each in (first, second)} == {world.leif}, "the nearest leader"
    post.deliver()
    assert [each.subject for each in post.to(world.leif)] == ["Several documents wait for your approval"]
    leif = login(world.leif)
    assert [each.title for each in leif.get(MANY).context["rows"]] == ["Brann", "Fall"]
    leif.post(f"{MANY}?steg=godkjenn", {"version": [first.pk, second.pk, third.pk]})
    assert state_of(first, second, third) == [State.IN_FORCE, State.IN_FORCE, State.DRAFT]
    post.deliver()
    assert [each.subject for each in post.to(world.ada)] == ["Several of your documents are approved"]


def test_one_that_cannot_go_on_says_why_and_holds_up_no_other(world: World, login: Login) -> None:
    renewed = actions.new_version(
        document=actions.approve(version=sent(world, title="Fall"), by=world.sunniva).document, by=world.leif
    )
    actions.save(version=renewed, by=world.leif, title="Fall", body=f"{TEXT}<p>Ny</p>")
    fine = drafted(world, title="Brann")
    answer = login(world.leif).post(
        f"{MANY}?steg=send", {"version": [renewed.pk, fine.pk], "approver": str(world.kristin.pk)}
    )
    assert "Write in the draft what is changed" in answer.content.decode()
    assert [each.pk for each in answer.context["rows"]] == [renewed.pk]
    assert state_of(renewed, fine) == [State.DRAFT, State.APPROVAL]
    assert fine.approvals.get().approver == world.kristin
    assert not Event.objects.about(renewed).filter(type="documents.approval_asked").exists()


def test_nobody_moves_what_is_not_theirs(world: World, login: Login) -> None:
    draft, waiting = drafted(world), sent(world, title="Venter")
    for name in ("nora", "hans", "ada", "mona", "leif"):
        client = login(getattr(world, name))
        for step in ("send", "godkjenn", "i-kraft", "hentet"):
            if (name, step) != ("leif", "send"):
                client.post(f"{MANY}?steg={step}", {"version": [draft.pk, waiting.pk]})
            assert client.get(f"{MANY}?steg={step}").status_code == 200
    assert state_of(draft, waiting) == [State.DRAFT, State.APPROVAL]
    assert login(world.leif).post(f"{MANY}?steg=send", {"version": ["x", "9" * 30]}).status_code == 200
    mine = login(world.leif).post(f"{MANY}?steg=send", {"version": [draft.pk], "approver": str(world.nora.pk)})
    assert mine.context["form"].errors, "only those who may approve"


def test_what_was_taken_in_applies_as_it_was_approved_elsewhere(world: World, login: Login) -> None:
    whole, changed = of_ada(world, "Brann"), of_ada(world, "Fall")
    actions.save(version=changed, by=world.ada, title="Fall", body=f"{TEXT}<p>Endret</p>")
    assert not login(world.leif).get(f"{MANY}?steg=hentet").context["rows"], "he answers for a part only"
    kristin = login(world.kristin)
    assert [each.pk for each in kristin.get(f"{MANY}?steg=hentet").context["rows"]] == [whole.pk]
    kristin.post(f"{MANY}?steg=hentet", {"version": [whole.pk, changed.pk]})
    assert state_of(whole, changed) == [State.IN_FORCE, State.DRAFT]
    whole.refresh_from_db()
    assert (whole.approved_elsewhere, whole.taken_in.approved_elsewhere, whole.label) == (True, True, "1.0")
    page = login(world.nora).get(whole.document.get_absolute_url()).content.decode()
    assert "Kari Nordmann" in page
    kristin.post(f"{MANY}?steg=hentet", {"version": [whole.pk]})
    assert Event.objects.about(whole).filter(type="documents.taken_in").count() == 1


def test_types_that_ask_no_approval_are_put_in_force(world: World, login: Login) -> None:
    draft, other = drafted(world, title="Skjema"), drafted(world, title="Prosedyre")
    DocumentType.objects.filter(pk=draft.document.type_id).update(asks_approval=False)
    leif = login(world.leif)
    assert len(leif.get(f"{MANY}?steg=i-kraft").context["rows"]) == 2
    leif.post(f"{MANY}?steg=i-kraft", {"version": [draft.pk]})
    assert state_of(draft, other) == [State.IN_FORCE, State.DRAFT]


def test_the_page_asks_as_much_for_many_as_for_few(world: World, login: Login) -> None:
    leif = login(world.leif)
    counts = []
    for more in (2, 10):
        for number in range(more):
            drafted(world, title=f"Rutine {more} {number}")
        with CaptureQueriesContext(connection) as asked:
            assert leif.get(f"{MANY}?steg=send").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
