"""Several approvers, at the same time or one after another: it applies when the last has approved."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import actions, pages
from documents.lifecycle import State
from documents.models import Answer, Version
from documents.timeline import latest_in_words
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import asked, drafted
from tests.morning import shown
from tests.notifications.conftest import Post, post
from tests.people import World

__all__ = ["post"]
Login = Callable[[User], Client]


def sent_to_three(world: World, *, in_turn: bool = False) -> Version:
    return actions.send(
        version=drafted(world),
        by=world.leif,
        approver=world.sunniva,
        more=[world.rolf, world.kristin],
        in_turn=in_turn,
    )


def waits_for(version: Version) -> list[User]:
    return [who for who, _leader in asked(version)]


def test_at_the_same_time_it_applies_with_the_last_of_them(world: World, post: Post) -> None:
    waiting = sent_to_three(world)
    assert waits_for(waiting) == [world.sunniva, world.rolf, world.kristin]
    for who, left in ((world.rolf, [world.sunniva, world.kristin]), (world.kristin, [world.sunniva])):
        actions.approve(version=waiting, by=who)
        assert (waiting.state, waits_for(waiting)) == (State.APPROVAL, left)
    with pytest.raises(ValidationError):
        actions.approve(version=waiting, by=world.rolf)
    actions.approve(version=waiting, by=world.sunniva)
    assert (waiting.state, waiting.label, waiting.approved_by) == (State.IN_FORCE, "1.0", world.sunniva)
    with pytest.raises(StepRefused):
        actions.approve(version=waiting, by=world.kristin)
    post.deliver()
    assert [len(post.to(who)) for who in (world.sunniva, world.rolf, world.kristin)] == [0, 0, 0], "nothing is left"
    assert len(post.to(world.leif)) == 1, "one mail, when it is done"


def test_one_after_another_each_is_asked_once_when_it_is_their_turn(world: World, post: Post, login: Login) -> None:
    waiting = sent_to_three(world, in_turn=True)
    address = reverse("documents:approval", args=[waiting.document.number])
    step = reverse("documents:step", args=[waiting.document.number, "approve"])
    order = [world.sunniva, world.rolf, world.kristin]
    for place, who in enumerate(order):
        post.deliver()
        assert waits_for(waiting) == [who]
        assert [len(post.to(each)) for each in order] == [1] * (place + 1) + [0] * (2 - place)
        assert [bool(shown(each, pages.to_approve)) for each in order] == [each == who for each in order]
        assert "Is this right?" in login(who).get(address).content.decode()
        assert login(world.kristin).post(step, {"seen": 0}).status_code in (200, 403, 404)
        actions.approve(version=waiting, by=who)
    assert waiting.state == State.IN_FORCE
    page = login(world.nora).get(waiting.document.get_absolute_url()).content.decode()
    assert "Sunniva Sand, Rolf Ruud and Kristin Krog" in page


def test_who_comes_later_neither_sees_nor_approves_it_yet(world: World, login: Login) -> None:
    waiting = sent_to_three(world, in_turn=True)
    address = reverse("documents:approval", args=[waiting.document.number])
    step = reverse("documents:step", args=[waiting.document.number, "approve"])
    assert login(world.kristin).get(address).status_code == 404
    assert login(world.kristin).post(step).status_code == 404
    assert login(world.rolf).post(step).status_code == 403, "leads above, but it isn't his turn"
    with pytest.raises(ValidationError):
        actions.approve(version=waiting, by=world.kristin)


def test_changes_wanted_by_one_send_it_back_and_the_others_are_told(world: World, post: Post) -> None:
    waiting = sent_to_three(world)
    post.deliver()
    actions.approve(version=waiting, by=world.rolf)
    actions.want_changes(version=waiting, by=world.sunniva, note="Kortere.")
    assert (waiting.state, waits_for(waiting), waiting.wanted) == (State.DRAFT, [], "Kortere.")
    post.deliver()
    assert [len(post.to(who)) for who in (world.rolf, world.kristin, world.sunniva)] == [2, 2, 1]
    assert not any("Kortere" in mail.body for who in (world.rolf, world.kristin) for mail in post.to(who))
    actions.save(version=waiting, by=world.leif, title=waiting.title, body="<p>Ring.</p>")
    actions.send(version=waiting, by=world.leif, approver=world.sunniva, more=[world.rolf, world.kristin])
    assert waits_for(waiting) == [world.sunniva, world.rolf, world.kristin], "who approved the former is asked again"
    post.deliver()
    assert [len(post.to(who)) for who in (world.rolf, world.kristin, world.sunniva)] == [3, 3, 2]


def test_who_has_approved_may_still_ask_for_changes(world: World, login: Login) -> None:
    waiting = sent_to_three(world)
    actions.approve(version=waiting, by=world.rolf)
    address = reverse("documents:step", args=[waiting.document.number, "want_changes"])
    assert login(world.rolf).post(address, {"note": "Likevel ikke."}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == State.DRAFT


def test_two_who_approve_the_same_page_do_not_stop_each_other(world: World, login: Login) -> None:
    waiting = sent_to_three(world)
    seen, address = waiting.events_count, reverse("documents:step", args=[waiting.document.number, "approve"])
    for who in (world.rolf, world.kristin, world.sunniva):
        assert login(who).post(address, {"seen": seen}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == State.IN_FORCE


@pytest.mark.parametrize("who", ["leif", "nora", "hans", "kaja", "mona"])
def test_none_of_them_may_be_one_who_may_not(world: World, who: str) -> None:
    with pytest.raises(ValidationError):
        actions.send(version=drafted(world), by=world.leif, approver=world.sunniva, more=[getattr(world, who)])
    assert not Version.objects.filter(state=State.APPROVAL).exists()


def test_a_deputy_who_is_asked_already_is_not_asked_twice(world: World) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(
        principal=world.sunniva, deputy=world.rolf, valid_from=today, valid_to=today, by=world.sunniva
    )
    waiting = actions.send(version=drafted(world), by=world.leif, approver=world.sunniva, more=[world.rolf])
    assert asked(waiting) == [(world.sunniva, None), (world.rolf, None)]


def test_who_stands_in_is_asked_when_the_turn_comes(world: World) -> None:
    waiting = actions.send(
        version=drafted(world), by=world.leif, approver=world.kristin, more=[world.sunniva], in_turn=True
    )
    today = timezone.localdate()
    organisation.appoint_deputy(
        principal=world.sunniva, deputy=world.rolf, valid_from=today, valid_to=today, by=world.sunniva
    )
    deliver.take_as_told()
    actions.approve(version=waiting, by=world.kristin)
    assert asked(waiting) == [(world.rolf, world.sunniva)]
    with translation.override("en"):
        assert "It is the turn of Rolf Ruud, who stands in for Sunniva Sand" in latest_in_words(waiting)


def test_taking_it_back_asks_nobody_any_more(world: World, login: Login) -> None:
    waiting = sent_to_three(world)
    actions.approve(version=waiting, by=world.kristin)
    actions.take_back(version=waiting, by=world.leif)
    assert {each.state for each in waiting.approvals.all()} == {Answer.DROPPED}
    address = reverse("documents:approval", args=[waiting.document.number])
    assert login(world.kristin).get(address).status_code == 404


def test_what_somebody_who_leaves_was_to_approve_goes_to_another(world: World) -> None:
    waiting = sent_to_three(world, in_turn=True)
    assert dict(handover.outstanding(world.kristin)).keys()
    with pytest.raises(ValidationError, match="asked to approve"):
        handover.hand_over(user=world.kristin, heirs={"documents.approvals": world.rolf}, by=world.ada)
    organisation.grant_role(user=world.kaja, unit=world.municipality, role="quality_contact")
    handover.hand_over(user=world.kristin, heirs={"documents.approvals": world.kaja}, by=world.ada)
    for who in (world.sunniva, world.rolf, world.kaja):
        actions.approve(version=waiting, by=User.objects.get(pk=who.pk))
    assert waiting.state == State.IN_FORCE


def test_the_form_asks_for_several_and_remembers_them(world: World, login: Login) -> None:
    draft = drafted(world)
    address = reverse("documents:step", args=[draft.document.number, "send"])
    leif = login(world.leif)
    given = {"seen": draft.events_count, "approver": world.sunniva.pk, "approver_2": world.rolf.pk, "in_turn": "on"}
    assert "Choose each person once." in leif.post(address, {**given, "approver_2": world.sunniva.pk}).content.decode()
    assert leif.post(address, given).status_code == 302
    assert waits_for(draft) == [world.sunniva]
    draft.refresh_from_db()
    actions.want_changes(version=draft, by=world.sunniva, note="Kortere.")
    initial = leif.get(address).context["form"].initial
    assert (initial["approver"], initial["approver_2"], initial["in_turn"]) == (world.sunniva.pk, world.rolf.pk, True)


def test_the_journal_says_who_was_asked_in_what_order(world: World) -> None:
    waiting = sent_to_three(world, in_turn=True)
    with translation.override("en"):
        assert latest_in_words(waiting) == (
            "Leif Lund asked Sunniva Sand to approve it, and then Rolf Ruud and Kristin Krog."
        )


class TestLater:
    """Approved now, in force from a day to come."""

    DAY = datetime.timedelta(days=1)

    def scheduled(self, world: World, draft: Version | None = None) -> Version:
        draft = draft or drafted(world)
        day = timezone.localdate() + 7 * self.DAY
        actions.send(version=draft, by=world.leif, approver=world.sunniva, applies_from=day)
        return actions.approve(version=draft, by=world.sunniva)

    def test_it_waits_for_its_day_and_comes_into_force_once(self, world: World, post: Post, login: Login) -> None:
        first = actions.approve(
            version=actions.send(version=drafted(world), by=world.leif, approver=world.sunniva), by=world.sunniva
        )
        draft = actions.new_version(document=first.document, by=world.leif)
        actions.save(version=draft, by=world.leif, title="Fall", body="<p>Nytt.</p>", change_summary="Nytt")
        self.scheduled(world, draft)
        assert (draft.state, draft.label, draft.approved_by) == (State.SCHEDULED, "", world.sunniva)
        nora, address = login(world.nora), first.document.get_absolute_url()
        page = nora.get(address).content.decode()
        assert "nattevakten" in page
        assert "Nytt." not in page
        assert "/godkjenning/" not in page
        now = timezone.now()
        assert actions.bring_into_force(now + 6 * self.DAY) == 0
        assert actions.bring_into_force(now + 7 * self.DAY) == 1
        assert actions.bring_into_force(now + 7 * self.DAY) == 0
        draft.refresh_from_db()
        first.refresh_from_db()
        assert (draft.state, draft.label, first.state) == (State.IN_FORCE, "2.0", State.REPLACED)
        assert draft.in_force_from == first.ended_at
        assert timezone.localdate(draft.in_force_from) == draft.applies_from
        assert "Nytt." in nora.get(address).content.decode()
        with pytest.raises(StepRefused):
            actions.come_into_force(version=draft)

    def test_it_can_be_taken_back_and_must_then_be_approved_again(self, world: World, login: Login) -> None:
        draft = self.scheduled(world)
        address = reverse("documents:approval", args=[draft.document.number])
        for who, code in ((world.leif, 200), (world.sunniva, 200), (world.nora, 404), (world.kaja, 404)):
            assert login(who).get(address).status_code == code
        step = reverse("documents:step", args=[draft.document.number, "take_back"])
        assert login(world.leif).post(step, {"seen": draft.events_count}).status_code == 302
        draft.refresh_from_db()
        assert (draft.state, draft.approved_by) == (State.DRAFT, None)
        assert actions.bring_into_force(timezone.now() + 30 * self.DAY) == 0

    def test_while_it_waits_the_document_stays_where_it_is(self, world: World) -> None:
        draft = self.scheduled(world)
        with pytest.raises(ValidationError):
            actions.change_particulars(document=draft.document, by=world.leif, reach="municipality")

    def test_a_document_is_not_withdrawn_while_the_next_version_has_its_day(self, world: World) -> None:
        first = actions.approve(
            version=actions.send(version=drafted(world), by=world.leif, approver=world.sunniva), by=world.sunniva
        )
        draft = actions.new_version(document=first.document, by=world.leif)
        actions.save(version=draft, by=world.leif, title="Fall", change_summary="Nytt")
        self.scheduled(world, draft)
        with pytest.raises(ValidationError, match="Take it back first"):
            actions.withdraw(version=first, by=world.leif, note="x")

    def test_a_day_that_has_passed_when_it_is_approved_is_now(self, world: World) -> None:
        draft = drafted(world)
        past = timezone.now() - 9 * self.DAY
        actions.send(
            version=draft, by=world.leif, approver=world.sunniva, applies_from=past.date() + self.DAY, at=past
        )
        assert actions.approve(version=draft, by=world.sunniva).state == State.IN_FORCE

    def test_the_heir_of_a_draft_has_not_approved_it(self, world: World) -> None:
        draft = self.scheduled(world)
        actions.hand_over_draft(version=draft, by=world.ada, to=world.sunniva)
        assert (draft.state, draft.approved_by, draft.author) == (State.DRAFT, None, world.sunniva)


class TestWithoutApproval:
    """Types that ask no approval are put in force by those who answer for where it applies."""

    @pytest.fixture
    def draft(self, world: World) -> Version:
        kind = actions.type_of(world.municipality.pk, "procedure")
        actions.change_type(type=kind, by=world.ada, asks_approval=False)
        return drafted(world)

    @pytest.mark.parametrize(
        ("who", "code"), [("leif", 302), ("sunniva", 302), ("rolf", 302), ("nora", 404), ("kaja", 404), ("mona", 404)]
    )
    def test_who_may(self, world: World, login: Login, draft: Version, who: str, code: int) -> None:
        address = reverse("documents:step", args=[draft.document.number, "put_in_force"])
        assert login(getattr(world, who)).post(address, {"seen": draft.events_count}).status_code == code
        draft.refresh_from_db()
        assert draft.state == (State.IN_FORCE if code == 302 else State.DRAFT)

    def test_the_page_offers_it_and_says_so_afterwards(self, world: World, login: Login, draft: Version) -> None:
        leif = login(world.leif)
        assert 'value="put_in_force"' in leif.get(draft.get_absolute_url()).content.decode()
        actions.put_in_force(version=draft, by=world.leif)
        assert (draft.label, draft.approved_by, draft.without_approval) == ("1.0", world.leif, True)
        assert "Put in force by" in login(world.nora).get(draft.document.get_absolute_url()).content.decode()
        with pytest.raises(StepRefused):
            actions.put_in_force(version=draft, by=world.leif)

    def test_it_may_apply_from_a_day_to_come(self, world: World, draft: Version) -> None:
        day = timezone.localdate() + datetime.timedelta(days=3)
        actions.put_in_force(version=draft, by=world.leif, applies_from=day)
        assert (draft.state, draft.applies_from) == (State.SCHEDULED, day)
        assert actions.bring_into_force(timezone.now() + datetime.timedelta(days=3)) == 1

    def test_where_the_type_asks_approval_there_is_no_way_round(self, world: World, login: Login) -> None:
        draft = drafted(world)
        address = reverse("documents:step", args=[draft.document.number, "put_in_force"])
        assert login(world.leif).post(address, {"seen": draft.events_count})["Location"].endswith("/send/")
        with pytest.raises(ValidationError):
            actions.put_in_force(version=draft, by=world.leif)

    def test_nor_where_it_would_apply_to_others_than_ones_own(self, world: World, draft: Version) -> None:
        actions.change_particulars(document=draft.document, by=world.leif, reach="municipality")
        draft.document.refresh_from_db()
        with pytest.raises(ValidationError):
            actions.put_in_force(version=draft, by=world.leif)
