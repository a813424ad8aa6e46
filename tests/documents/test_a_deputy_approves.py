"""A version sent to somebody who is away goes to whoever stands in, if that one may approve it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import actions
from documents.models import Version
from documents.timeline import latest_in_words
from kvalitetslosen.notifications import deliver
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import Role, User
from tests.documents.conftest import asked, drafted, sent
from tests.notifications.conftest import Post, post
from tests.people import World

__all__ = ["post"]
Login = Callable[[User], Client]


def away(principal: User, deputy: User, *, first: int = 0, last: int = 5) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(
        principal=principal,
        deputy=deputy,
        valid_from=today + datetime.timedelta(days=first),
        valid_to=today + datetime.timedelta(days=last),
        by=principal,
    )
    deliver.take_as_told()


def test_it_goes_to_the_deputy_who_is_told_for_whom(world: World, post: Post) -> None:
    away(world.sunniva, world.rolf)
    organisation.choose_language(user=world.rolf, language="en")
    waiting = sent(world)
    assert asked(waiting) == [(world.rolf, world.sunniva)]
    with translation.override("en"):
        assert latest_in_words(waiting) == "Leif Lund asked Rolf Ruud, who stands in for Sunniva Sand, to approve it."
    post.deliver()
    assert post.to(world.sunniva) == []
    (mail,) = post.to(world.rolf)
    assert "you stand in for Sunniva Sand" in mail.body


def test_the_pages_say_for_whom(world: World, login: Login) -> None:
    away(world.sunniva, world.rolf)
    waiting = sent(world)
    number = waiting.document.number
    for who, address in (
        (world.leif, reverse("documents:approval", args=[number])),
        (world.leif, reverse("documents:document", args=[number])),
        (world.leif, f"{reverse('documents:list')}?visning=arbeid"),
        (world.rolf, "/"),
    ):
        assert "Rolf Ruud for Sunniva Sand" in login(who).get(address).content.decode(), address
    actions.approve(version=waiting, by=world.rolf)
    page = login(world.nora).get(reverse("documents:document", args=[number])).content.decode()
    assert "Rolf Ruud for Sunniva Sand" in page


def test_the_one_who_was_away_has_nothing_to_approve(world: World, login: Login) -> None:
    away(world.sunniva, world.rolf)
    waiting = sent(world)
    address = reverse("documents:step", args=[waiting.document.number, "approve"])
    assert login(world.sunniva).post(address, {"seen": waiting.events_count}).status_code == 403
    assert login(world.rolf).post(address, {"seen": waiting.events_count}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.approved_by) == ("in_force", world.rolf)


@pytest.mark.parametrize("deputy", ["hans", "nora", "leif"])
def test_a_deputy_who_may_not_approve_it_gains_no_right(world: World, deputy: str) -> None:
    """Neither one who leads elsewhere, nor one who leads nothing, nor the one who wrote it."""
    away(world.sunniva, getattr(world, deputy))
    waiting = sent(world)
    assert asked(waiting) == [(world.sunniva, None)]


def test_a_deputy_who_wrote_in_it_last_does_not_get_it(world: World) -> None:
    away(world.sunniva, world.rolf)
    draft = drafted(world)
    actions.save(version=draft, by=world.rolf, title="Fall", body="<p>Ring.</p>")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    assert asked(draft) == [(world.sunniva, None)]


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-5, -1)])
def test_before_and_after_it_goes_to_the_one_who_was_asked(world: World, first: int, last: int) -> None:
    away(world.sunniva, world.rolf, first=first, last=last)
    assert asked(sent(world)) == [(world.sunniva, None)]


def test_what_waits_already_stays(world: World) -> None:
    waiting = sent(world)
    away(world.sunniva, world.rolf)
    waiting.refresh_from_db()
    assert asked(waiting) == [(world.sunniva, None)]


class TestForm:
    def page(self, login: Login, draft: Version, who: User) -> tuple[str, object]:
        address = reverse("documents:step", args=[draft.document.number, "send"])
        answer = login(who).get(address, headers={"accept-language": "en"})
        return answer.content.decode(), answer.context["form"].initial.get("approver")

    def test_it_says_who_is_away_and_to_whom_it_goes(self, world: World, login: Login) -> None:
        away(world.sunniva, world.rolf)
        page, chosen = self.page(login, drafted(world), world.leif)
        assert "Sunniva Sand (away: goes to Rolf Ruud)" in page
        assert chosen == world.sunniva.pk

    def test_it_passes_over_one_who_is_away_without_a_deputy_who_may(self, world: World, login: Login) -> None:
        away(world.sunniva, world.hans)
        page, chosen = self.page(login, drafted(world), world.leif)
        assert "Sunniva Sand (away)" in page
        assert chosen == world.rolf.pk

    def test_what_is_for_everyone_goes_to_the_top(self, world: World, login: Login) -> None:
        draft = actions.create_document(
            by=world.leif, title="Nøkler", kind="routine", unit=world.home_care, reach="municipality"
        )
        actions.save(version=draft, by=world.leif, title="Nøkler", body="<p>Ring.</p>")
        assert self.page(login, draft, world.leif)[1] == world.rolf.pk

    def test_it_asks_the_same_person_again(self, world: World, login: Login) -> None:
        away(world.sunniva, world.rolf)
        waiting = sent(world)
        actions.want_changes(version=waiting, by=world.rolf, note="Kortere.")
        assert self.page(login, waiting, world.leif)[1] == world.sunniva.pk


def test_when_the_deputy_leaves_another_approves_in_their_own_name(world: World) -> None:
    away(world.sunniva, world.rolf)
    waiting = sent(world)
    assert "documents.approvals" in [each.key for each, _ in handover.outstanding(world.rolf)]
    handover.hand_over(user=world.rolf, heirs={"documents.approvals": world.kristin}, by=world.ada)
    waiting.refresh_from_db()
    assert asked(waiting) == [(world.kristin, None)]


def test_who_wrote_it_sees_that_the_approver_may_no_longer(world: World, login: Login) -> None:
    waiting = sent(world)
    address = reverse("documents:approval", args=[waiting.document.number])
    said = "can't approve it any more"
    assert said not in login(world.leif).get(address, headers={"accept-language": "en"}).content.decode()
    role = world.sunniva.memberships.get(role=Role.LEADER)
    organisation.grant_role(user=world.hans, unit=world.health, role=Role.LEADER)
    organisation.end_role(membership=role, by=world.ada, last_day=timezone.localdate() - datetime.timedelta(days=1))
    assert said in login(world.leif).get(address, headers={"accept-language": "en"}).content.decode()
