"""What one writes is kept while one writes, and two who write in the same draft lose nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import actions
from documents.html import words_alone
from documents.merging import Take, merge, merged, stretches, units, written
from documents.models import DraftCopy, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import TEXT, drafted
from tests.people import World

Login = Callable[[User], Client]
IDENTITY_NUMBER = "10915596784"  # a synthetic one, of nobody


@pytest.fixture
def draft(world: World) -> Version:
    """Leif's draft; Sunniva leads the sector above and may write in it too."""
    draft = drafted(world, body="<p>Først ringer du vakta.</p><p>Så skriver du hva som hendte.</p>")
    Version.objects.filter(pk=draft.pk).update(saved_at=timezone.now() - datetime.timedelta(hours=2))
    return Version.objects.get(pk=draft.pk)


def address(draft: Version, name: str) -> str:
    return reverse(f"documents:{name}", args=[draft.document.number])


def keep(login: Login, user: User, draft: Version, body: str, **more: Any) -> Any:
    sent = {"title": draft.title, "body": body, "seen": draft.events_count, **more}
    return login(user).post(address(draft, "copy"), sent)


def page(login: Login, user: User, draft: Version) -> str:
    return " ".join(login(user).get(draft.get_absolute_url()).content.decode().split())


class TestAutosave:
    def test_whoever_takes_over_a_draft_gets_what_was_not_saved(
        self, world: World, login: Login, draft: Version
    ) -> None:
        keep(login, world.leif, draft, "<p>Halvferdig.</p>")
        actions.hand_over_draft(version=draft, by=world.ada, to=world.sunniva)
        assert "Halvferdig." in page(login, world.sunniva, draft)
        keep(login, world.sunniva, draft, "<p>Ferdig.</p>")
        keep(login, world.leif, draft, "<p>Enda et forslag.</p>")
        actions.hand_over_draft(version=draft, by=world.ada, to=world.leif)
        assert "Enda et forslag." in page(login, world.leif, draft), "the heir's own stays"

    def test_it_is_kept_for_the_writer_alone_and_leaves_no_event(
        self, world: World, login: Login, draft: Version
    ) -> None:
        before = Event.objects.count()
        for text in ("<p>A</p>", "<p>A b</p>", "<p>A b c</p>"):
            answer = keep(login, world.leif, draft, text)
            assert answer.json()["saved"].startswith("Kept ")
        assert Event.objects.count() == before
        assert DraftCopy.objects.get().body == "<p>A b c</p>"
        draft.refresh_from_db()
        assert "A b c" not in draft.body
        mine = page(login, world.leif, draft)
        assert "A b c" in mine
        assert "Nobody else sees it before you save" in mine
        theirs = page(login, world.sunniva, draft)
        assert "A b c" not in theirs

    def test_saving_makes_it_the_draft_with_one_event(self, world: World, login: Login, draft: Version) -> None:
        keep(login, world.leif, draft, "<p>Nytt</p>")
        before = draft.events_count
        sent = {"title": draft.title, "body": "<p>Nytt</p>", "seen": before, "then": "stay"}
        assert login(world.leif).post(draft.get_absolute_url(), sent).status_code == 302
        draft.refresh_from_db()
        assert (draft.body, draft.events_count) == ("<p>Nytt</p>", before + 1)
        assert not DraftCopy.objects.exists()
        assert "Nobody else sees it before you save" not in page(login, world.leif, draft)

    def test_it_can_be_given_up(self, world: World, login: Login, draft: Version) -> None:
        keep(login, world.leif, draft, "<p>Tull</p>")
        assert login(world.leif).get(address(draft, "discard_copy")).status_code == 405
        assert login(world.leif).post(address(draft, "discard_copy")).status_code == 302
        assert "Tull" not in page(login, world.leif, draft)

    def test_what_says_the_same_as_the_draft_is_no_copy(self, world: World, login: Login, draft: Version) -> None:
        keep(login, world.leif, draft, "<p>Tull</p>")
        keep(login, world.leif, draft, draft.body)
        assert not DraftCopy.objects.exists()

    def test_who_may_not_write_keeps_nothing(self, world: World, login: Login, draft: Version) -> None:
        assert keep(login, world.nora, draft, "x").status_code == 404
        assert keep(login, world.mona, draft, "x").status_code == 404
        assert login(world.leif).get(address(draft, "copy")).status_code == 405
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
        assert keep(login, world.sunniva, draft, "x").status_code in (403, 409)
        late = keep(login, world.leif, draft, "<p>x</p>")
        assert late.status_code == 409
        assert "not possible any more" in late.json()["problem"]
        assert not DraftCopy.objects.exists()

    @pytest.mark.parametrize("body", [f"<p>{IDENTITY_NUMBER}</p>", "<p>" + "1234 " * 200_001, "<ul>" * 60])
    def test_what_can_not_be_stored_is_said_and_not_kept(
        self, world: World, login: Login, draft: Version, body: str
    ) -> None:
        answer = keep(login, world.leif, draft, body)
        assert answer.status_code == 422
        assert answer.json()["problem"]
        assert IDENTITY_NUMBER not in answer.content.decode()
        assert not DraftCopy.objects.exists()

    def test_the_summary_and_small_changes_are_kept_too(self, world: World, login: Login) -> None:
        document = actions.approve(
            version=actions.send(version=drafted(world), by=world.leif, approver=world.sunniva), by=world.sunniva
        ).document
        draft = actions.new_version(document=document, by=world.leif)
        keep(login, world.leif, draft, TEXT, change_summary="Bare et punktum", is_minor="on")
        copy = DraftCopy.objects.get()
        assert (copy.change_summary, copy.is_minor) == ("Bare et punktum", True)
        assert "Bare et punktum" in page(login, world.leif, draft)

    def test_one_does_not_send_less_than_one_has_written(self, world: World, login: Login, draft: Version) -> None:
        keep(login, world.leif, draft, "<p>Mer</p>")
        answer = login(world.leif).get(reverse("documents:step", args=[draft.document.number, "send"]))
        assert answer["Location"] == draft.get_absolute_url()

    def test_copies_nobody_needs_are_forgotten(self, world: World, login: Login, draft: Version) -> None:
        keep(login, world.leif, draft, "<p>Ny</p>")
        old = drafted(world, title="Gammel")
        keep(login, world.leif, old, "<p>x</p>")
        DraftCopy.objects.filter(version=old).update(saved_at=timezone.now() - datetime.timedelta(days=91))
        over = drafted(world, title="Forkastet")
        keep(login, world.leif, over, "<p>x</p>")
        actions.discard(version=over, by=world.leif)
        assert actions.clear_copies() == 2
        assert DraftCopy.objects.get().version == draft


class TestTwoWriters:
    def test_one_is_warned_before_one_writes(self, world: World, login: Login, draft: Version) -> None:
        assert "is writing in this draft" not in page(login, world.sunniva, draft)
        keep(login, world.leif, draft, "<p>Leif</p>")
        assert f"{world.leif.name} is writing in this draft now." in page(login, world.sunniva, draft)
        DraftCopy.objects.update(saved_at=timezone.now() - datetime.timedelta(minutes=2))
        assert f"{world.leif.name} is writing in this draft now, last 2 minutes ago." in page(
            login, world.sunniva, draft
        )
        assert "is writing" not in page(login, world.leif, draft), "not of oneself"
        DraftCopy.objects.update(saved_at=timezone.now() - datetime.timedelta(minutes=20))
        assert "is writing in this draft" not in page(login, world.sunniva, draft)

    def test_while_one_writes_one_hears_that_the_other_saved(self, world: World, login: Login, draft: Version) -> None:
        actions.save(version=draft, by=world.sunniva, title=draft.title, body="<p>Sunniva</p>")
        answer = keep(login, world.leif, draft, "<p>Leif</p>", seen=draft.events_count - 1)
        assert (
            f"{world.sunniva.name} has saved the draft. When you save, you see both texts." in answer.json()["others"]
        )

    def sent_late(self, world: World, login: Login, draft: Version, *, kept: bool) -> Any:
        seen = draft.events_count
        mine = draft.body.replace("vakta", "vakttelefonen")
        if kept:
            keep(login, world.leif, draft, mine)
        theirs = draft.body.replace("hva som hendte", "tid og sted")
        actions.save(version=draft, by=world.sunniva, title="Fall ute", body=theirs)
        sent = {"title": "Fall inne", "body": mine, "seen": seen, "then": "stay"}
        answer = login(world.leif).post(draft.get_absolute_url(), sent)
        assert answer["Location"] == address(draft, "merge")
        draft.refresh_from_db()
        assert draft.body == theirs, "nobody's text is overwritten"
        return login(world.leif).get(address(draft, "merge"))

    def test_changes_in_different_places_are_both_taken_in(self, world: World, login: Login, draft: Version) -> None:
        answer = self.sent_late(world, login, draft, kept=True)
        html = answer.content.decode()
        assert "different places" in html
        assert "<ins>vakttelefonen</ins>" in html
        assert "Fall ute" in html
        sent = {**answer.context["form"].initial, "title": "Fall"}
        assert login(world.leif).post(address(draft, "merge"), sent)["Location"] == draft.get_absolute_url()
        draft.refresh_from_db()
        assert draft.body == "<p>Først ringer du vakttelefonen.</p><p>Så skriver du tid og sted.</p>"
        assert (draft.title, draft.edited_by) == ("Fall", world.leif)
        assert not DraftCopy.objects.exists()
        assert login(world.leif).post(address(draft, "merge"), sent).status_code == 302, "the second time nothing"
        assert Event.objects.about(draft).count() == draft.events_count

    def test_without_script_one_chooses_place_by_place(self, world: World, login: Login, draft: Version) -> None:
        answer = self.sent_late(world, login, draft, kept=False)
        assert "In 2 places you must choose" in answer.content.decode()
        sent = {**answer.context["form"].initial, "title": "Fall", "del-0": "mine", "del-1": "both"}
        login(world.leif).post(address(draft, "merge"), sent)
        draft.refresh_from_db()
        assert draft.body == (
            "<p>Først ringer du vakttelefonen.</p><p>Så skriver du tid og sted.</p>"
            "<p>Så skriver du hva som hendte.</p>"
        )

    def test_a_third_change_in_between_is_shown_first(self, world: World, login: Login, draft: Version) -> None:
        answer = self.sent_late(world, login, draft, kept=True)
        sent = {**answer.context["form"].initial, "title": "Fall"}
        actions.save(version=draft, by=world.sunniva, title="x", body="<p>Enda nyere.</p>")
        again = login(world.leif).post(address(draft, "merge"), sent, follow=True).content.decode()
        assert "Look at them again" in again
        assert "Enda nyere" in again
        assert Version.objects.get(pk=draft.pk).body == "<p>Enda nyere.</p>"

    def test_the_page_is_only_for_who_has_two_texts(self, world: World, login: Login, draft: Version) -> None:
        merge = address(draft, "merge")
        assert login(world.leif).get(merge)["Location"] == draft.get_absolute_url()
        assert login(world.nora).get(merge).status_code == 404
        assert login(world.mona).get(merge).status_code == 404

    def test_what_is_written_while_another_sends_it_is_there_when_it_comes_back(
        self, world: World, login: Login, draft: Version
    ) -> None:
        seen = draft.events_count
        actions.send(version=draft, by=world.leif, approver=world.sunniva)
        sent = {"title": draft.title, "body": "<p>For sent.</p>", "seen": seen}
        assert login(world.leif).post(address(draft, "draft"), sent)["Location"] == draft.get_absolute_url()
        actions.take_back(version=draft, by=world.leif)
        assert "For sent." in page(login, world.leif, draft)


BLOCKS = (
    "<p>Ring vakta.</p>",
    "<p>Skriv avvik nå.</p>",
    "<h2>Ansvar</h2>",
    "<hr>",
    "<p>a<br>b</p>",
    "<ul><li><p>En</p></li><li><p>To</p></li></ul>",
    '<ul data-list="check"><li>Tre</li></ul>',
    "<table><tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>",
    '<table><tr><td rowspan="2">x</td></tr></table>',
    '<aside data-callout="note"><p>n</p><ul><li>i</li></ul></aside>',
    "<blockquote><p>q</p></blockquote>",
)
HTML = st.lists(st.sampled_from(BLOCKS), max_size=6).map("".join)


@settings(max_examples=120, deadline=None)
@given(HTML, HTML, HTML)
def test_each_of_two_texts_can_be_had_whole_from_both(theirs: str, mine: str, base: str) -> None:
    assert written(units(theirs)) == theirs
    parts = stretches(theirs, mine, base)
    numbers = [part.number for part in parts if part.number is not None]
    for take, wanted in ((Take.THEIRS, theirs), (Take.MINE, mine)):
        assert written(units(merged(parts, dict.fromkeys(numbers, take)))).count("<li") == wanted.count("<li")
        assert words_alone(merged(parts, dict.fromkeys(numbers, take))) == words_alone(wanted)


@settings(max_examples=120, deadline=None)
@given(HTML, HTML)
def test_what_only_one_of_two_changed_is_taken_in_whole(base: str, changed: str) -> None:
    """Lists and tables as well: a first point put in begins no list of its own."""
    assert merge(base=base, ours=base, theirs=changed).html == changed
    assert merge(base=base, ours=changed, theirs=base).html == changed
    assert merge(base=base, ours=changed, theirs=changed).html == changed


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "result"),
    [
        ("<p>a b</p>", "<p>a b</p><p>ny</p>", "<p>a b</p>", "<p>a b</p><p>ny</p>"),  # they added
        ("<p>a b</p><p>c d</p>", "<p>a b</p>", "<p>a b</p><p>c d</p>", "<p>a b</p>"),  # they took out
        ("<p>a b</p><p>c d</p>", "<p>a b</p><p>c d</p>", "<p>a b</p>", "<p>a b</p>"),  # I took out
        (
            "<ul><li>en ting</li><li>to ting</li></ul>",
            "<ul><li>en ting nå</li><li>to ting</li></ul>",
            "<ul><li>en ting</li><li>to ting da</li></ul>",
            "<ul><li>en ting nå</li><li>to ting da</li></ul>",
        ),
        (
            "<table><tbody><tr><td>a b</td></tr><tr><td>c d</td></tr></tbody></table>",
            "<table><tbody><tr><td>a b x</td></tr><tr><td>c d</td></tr></tbody></table>",
            "<table><tbody><tr><td>a b</td></tr><tr><td>c d</td></tr><tr><td>ny</td></tr></tbody></table>",
            "<table><tbody><tr><td>a b x</td></tr><tr><td>c d</td></tr><tr><td>ny</td></tr></tbody></table>",
        ),
        ("<p>a b c</p>", "<p>a b c x</p>", "<p>a b c y</p>", "<p>a b c x</p><p>a b c y</p>"),  # both: both are kept
    ],
)
def test_what_one_changed_is_taken_and_what_both_changed_is_kept_twice(
    base: str, theirs: str, mine: str, result: str
) -> None:
    assert merged(stretches(theirs, mine, base), {}) == result
