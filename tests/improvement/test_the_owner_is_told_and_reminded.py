from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine

from deviations.models import Deviation
from improvement import actions
from improvement.models import Action
from kvalitetslosen.notifications import deliver, reminders
from kvalitetslosen.notifications.models import Email, Notification, Reminder
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from tests.improvement.conftest import SECRET_TEXT
from tests.notifications.conftest import Post, at
from tests.people import World

Plan = Callable[..., Action]
Clock = time_machine.Traveller

pytestmark = pytest.mark.usefixtures("no_weekly_mail")

TUESDAY = datetime.date(2026, 10, 13)


def sent(post: Post) -> list[tuple[str, str]]:
    """What one round sends, as who and subject."""
    return [(each.to[0].partition("@")[0], str(each.subject)) for each in post.round()]


@pytest.fixture
def in_english(world: World) -> None:
    for user in (world.greta, world.leif, world.hans):
        organisation.choose_language(user=user, language="en")
    deliver.take_as_told()


@pytest.mark.usefixtures("clock", "in_english")
class TestTold:
    def test_the_owner_is_told_without_a_word_of_what_it_is(
        self, plan: Plan, case: Deviation, post: Post, world: World
    ) -> None:
        action = plan(deviation=case, deadline=TUESDAY)
        assert sent(post) == [("greta", "An action for you in Hjemmetjenesten, by 13 October 2026")]
        (mail,) = post.to(world.greta)
        assert f"http://testserver/tiltak/{action.pk}/" in mail.body
        assert SECRET_TEXT not in mail.body
        assert case.reference not in mail.body
        assert Notification.objects.filter(user=world.greta).count() == 1
        assert sent(post) == []

    def test_nobody_is_told_what_they_gave_themselves(self, plan: Plan, post: Post, world: World) -> None:
        plan(owner=world.leif)
        assert sent(post) == []

    def test_a_hand_over_tells_the_new_owner(self, plan: Plan, post: Post, world: World) -> None:
        action = plan(deadline=TUESDAY)
        post.round()
        actions.hand_over(action=action, by=world.greta, owner=world.hans)
        assert [who for who, _ in sent(post)] == ["hans"]

    def test_what_was_handed_on_before_the_mail_went_is_told_to_the_last_only(
        self, plan: Plan, post: Post, world: World
    ) -> None:
        action = plan()
        actions.hand_over(action=action, by=world.leif, owner=world.hans)
        assert [who for who, _ in sent(post)] == ["hans"]

    def test_the_handler_of_the_case_hears_that_it_is_done(
        self, plan: Plan, case: Deviation, post: Post, world: World
    ) -> None:
        action = plan(deviation=case)
        post.round()
        actions.finish(action=action, by=world.greta, done_note=SECRET_TEXT)
        assert sent(post) == [("leif", f"{case.reference}: an action is done")]
        assert SECRET_TEXT not in post.to(world.leif)[-1].body

    def test_the_handler_is_not_told_of_what_they_did(
        self, plan: Plan, case: Deviation, post: Post, world: World
    ) -> None:
        action = plan(deviation=case, owner=world.leif)
        actions.finish(action=action, by=world.leif, done_note="Gjort")
        assert sent(post) == []

    def test_the_owner_hears_that_it_is_cancelled(self, plan: Plan, post: Post, world: World) -> None:
        action = plan()
        post.round()
        actions.cancel(action=action, by=world.leif, note=SECRET_TEXT)
        assert sent(post) == [("greta", "Your action in Hjemmetjenesten is cancelled")]
        assert SECRET_TEXT not in post.to(world.greta)[-1].body

    def test_a_moved_deadline_is_a_notice_and_no_mail(self, plan: Plan, post: Post, world: World) -> None:
        action = plan()
        post.round()
        actions.move_deadline(action=action, by=world.leif, deadline=TUESDAY, note="Utstyr")
        assert sent(post) == []
        notices = Notification.objects.filter(user=world.greta, name="improvement.deadline_moved")
        assert [each.text["en"] for each in notices] == [
            "Your action in Hjemmetjenesten has a new deadline: 13 October 2026"
        ]


@pytest.mark.usefixtures("in_english")
class TestReminded:
    def test_before_at_and_after_the_deadline(self, clock: Clock, plan: Plan, post: Post) -> None:
        plan(deadline=TUESDAY)
        post.round()
        said = {}
        for day in ("10-07", "10-08", "10-09", "10-13", "10-14", "10-19", "10-20", "10-27"):
            clock.move_to(at(f"2026-{day} 07:00"))
            said[day] = sent(post)
        assert {day: mails for day, mails in said.items() if mails} == {
            "10-08": [("greta", "Your action in Hjemmetjenesten: the deadline is 13 October 2026")],
            "10-13": [("greta", "Your action in Hjemmetjenesten: the deadline is today")],
            "10-20": [("greta", "Your action in Hjemmetjenesten: the deadline was 13 October 2026")],
            "10-27": [("greta", "Your action in Hjemmetjenesten: the deadline was 13 October 2026")],
        }

    def test_a_missed_night_is_caught_up_once(self, clock: Clock, plan: Plan, post: Post) -> None:
        plan(deadline=TUESDAY)
        post.round()
        clock.move_to(at("2026-10-12 09:00"))
        assert [who for who, _ in sent(post)] == ["greta"]
        assert sent(post) == []
        assert Reminder.objects.get().occasion == "before:2026-10-13"

    @pytest.mark.parametrize("end", ["finish", "cancel"])
    def test_nothing_comes_after_the_end(self, clock: Clock, plan: Plan, post: Post, world: World, end: str) -> None:
        action = plan(deadline=TUESDAY)
        if end == "finish":
            actions.finish(action=action, by=world.greta, done_note="Gjort")
        else:
            actions.cancel(action=action, by=world.leif, note="Ikke nødvendig")
        post.round()
        for day in ("10-08", "10-13", "10-20"):
            clock.move_to(at(f"2026-{day} 07:00"))
            assert sent(post) == []

    def test_the_former_owner_hears_no_more(self, clock: Clock, plan: Plan, post: Post, world: World) -> None:
        action = plan(deadline=TUESDAY)
        actions.hand_over(action=action, by=world.leif, owner=world.hans)
        post.round()
        clock.move_to(at("2026-10-13 07:00"))
        assert [who for who, _ in sent(post)] == ["hans"]

    def test_a_reminder_in_the_queue_is_dropped_when_it_is_done_first(
        self, clock: Clock, plan: Plan, post: Post, world: World
    ) -> None:
        action = plan(deadline=TUESDAY)
        post.round()
        clock.move_to(at("2026-10-13 07:00"))
        reminders.remind()
        queued = Email.objects.get(state=Email.State.QUEUED)
        actions.finish(action=action, by=world.greta, done_note="Gjort")
        assert sent(post) == []
        queued.refresh_from_db()
        assert queued.state == Email.State.WITHDRAWN

    def test_a_moved_deadline_moves_the_reminders(self, clock: Clock, plan: Plan, post: Post, world: World) -> None:
        action = plan(deadline=TUESDAY)
        post.round()
        clock.move_to(at("2026-10-12 12:00"))
        post.round()
        actions.move_deadline(action=action, by=world.greta, deadline=datetime.date(2026, 11, 10), note="Utstyr")
        post.round()
        clock.move_to(at("2026-10-13 07:00"))
        assert sent(post) == []
        clock.move_to(at("2026-11-10 07:00"))
        assert [who for who, _ in sent(post)] == ["greta"]


@pytest.mark.usefixtures("clock", "in_english")
class TestLeaving:
    def test_nobody_leaves_with_actions_undone(self, plan: Plan, post: Post, world: World) -> None:
        for _ in range(3):
            plan()
        post.round()
        assert "improvement.actions" in [each.key for each, _ in handover.outstanding(world.greta)]
        handover.hand_over(user=world.greta, heirs={"improvement.actions": world.hans}, by=world.ada)
        assert set(Action.objects.values_list("owner", flat=True)) == {world.hans.pk}
        assert handover.outstanding(world.greta) == []
        assert sorted(sent(post)) == [
            ("greta", "What you answered for is handed over"),
            ("hans", "You have taken over actions from somebody who leaves"),
        ]
        assert Notification.objects.filter(user=world.hans, name="improvement.inherited").count() == 3

    def test_what_belongs_to_a_case_about_the_heir_goes_elsewhere(
        self, plan: Plan, case_about_leif: Deviation, world: World
    ) -> None:
        plan(deviation=case_about_leif, by=world.sunniva)
        plan(by=world.sunniva)
        handover.hand_over(user=world.greta, heirs={"improvement.actions": world.leif}, by=world.ada)
        owners = Action.objects.order_by("pk").values_list("owner__name", flat=True)
        assert list(owners) == ["Sunniva Sand", "Leif Lund"], "without a word on why"

    def test_a_unit_with_open_actions_is_not_closed(self, plan: Plan, world: World) -> None:
        plan(unit=world.school, by=world.rolf)
        with pytest.raises(Exception, match="1"):
            organisation.close_unit(unit=world.school, by=world.ada)
