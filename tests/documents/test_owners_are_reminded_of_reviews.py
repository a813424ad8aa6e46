"""Before, at and after the review date, then the owner's leader; on Monday with the rest. Nothing twice."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import translation

from documents import actions
from documents.models import Document
from documents.reminders import leader_of_owner
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.notifications import deliver, reminders
from kvalitetslosen.notifications.models import Email, Notification, Reminder
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.documents.conftest import approved, drafted, sent
from tests.notifications.conftest import Post, at, clock, no_weekly_mail, post
from tests.people import World

__all__ = ["clock", "no_weekly_mail", "post"]

Clock = time_machine.Traveller
Login = Callable[[User], Client]
PAGE = "/handbok/innstillinger/"
TUESDAY = datetime.date(2026, 11, 10)


def reminded(post: Post) -> list[tuple[str, str]]:
    """What one round sends, as who and subject."""
    return [(each.to[0].partition("@")[0], str(each.subject)) for each in post.round()]


def sent_on(clock: Clock, post: Post, *days: str) -> dict[str, list[str]]:
    """Who gets mail on which of the days, at seven."""
    said = {}
    for day in days:
        clock.move_to(at(f"2026-{day} 07:00"))
        said[day] = [who for who, _subject in reminded(post)]
    return {day: who for day, who in said.items() if who}


@pytest.fixture
def owned(clock: Clock, world: World, post: Post) -> Document:
    """Leif's procedure, to be looked over by Tuesday 10 November."""
    for user in (world.leif, world.sunniva, world.nora):
        organisation.choose_language(user=user, language="en")
    document = approved(world).document
    Document.objects.filter(pk=document.pk).update(review_on=TUESDAY)
    deliver.take_as_told()
    mail.outbox.clear()
    document.refresh_from_db()
    return document


DAYS = (
    "10-12", "10-13", "10-14", "10-20", "11-09", "11-10", "11-11", "11-17", "11-24", "11-25", "12-07", "12-08",
)  # fmt: skip


@pytest.mark.usefixtures("no_weekly_mail")
class TestOwner:
    def test_before_at_and_after_the_review_then_the_leader(self, clock: Clock, owned: Document, post: Post) -> None:
        assert sent_on(clock, post, *DAYS) == {
            "10-13": ["leif"], "11-10": ["leif"], "11-24": ["leif"], "12-08": ["leif", "sunniva"],
        }  # fmt: skip

    def test_the_words_follow_where_the_date_is(self, clock: Clock, owned: Document, post: Post, world: World) -> None:
        sent_on(clock, post, "10-13", "11-10", "12-08")
        assert post.subjects(world.leif) == [
            "P-0001: the review is due on 10 November 2026",
            "P-0001: the review is due today",
            "P-0001: the review was due on 10 November 2026",
        ]
        assert f"http://testserver{owned.get_absolute_url()}" in post.to(world.leif)[-1].body
        (above,) = post.to(world.sunniva)
        assert above.subject == "P-0001 has not been looked over: the review was due on 10 November 2026"
        assert "Leif Lund owns it" in above.body
        assert "nattevakten" not in above.body

    def test_several_come_in_one_mail(self, clock: Clock, owned: Document, post: Post, world: World) -> None:
        other = approved(world, title="Nøkler").document
        Document.objects.filter(pk=other.pk).update(review_on=TUESDAY)
        post.deliver()
        assert sent_on(clock, post, "10-13") == {"10-13": ["leif"]}
        assert "P-0001" in post.to(world.leif)[-1].body
        assert "P-0002" in post.to(world.leif)[-1].body

    def test_a_missed_night_is_caught_up_once(self, clock: Clock, owned: Document, post: Post) -> None:
        assert sent_on(clock, post, "10-15", "10-16") == {"10-15": ["leif"]}
        assert Reminder.objects.get().occasion == "before:2026-11-10"

    @pytest.mark.parametrize("end", ["review", "renew", "withdraw"])
    def test_nothing_comes_after_it_was_dealt_with(
        self, clock: Clock, owned: Document, post: Post, world: World, end: str
    ) -> None:
        version = owned.versions.get()
        if end == "review":
            actions.review_without_change(version=version, by=world.leif)
        elif end == "withdraw":
            actions.withdraw(version=version, by=world.leif, note="Ikke lenger")
        else:
            draft = actions.new_version(document=owned, by=world.leif)
            actions.save(version=draft, by=world.leif, title=draft.title, change_summary="Nytt nummer")
            actions.send(version=draft, by=world.leif, approver=world.sunniva)
            actions.approve(version=draft, by=world.sunniva)
        deliver.take_as_told()
        assert sent_on(clock, post, *DAYS) == {}

    def test_a_reminder_in_the_queue_is_dropped_when_it_is_reviewed_first(
        self, clock: Clock, owned: Document, post: Post, world: World
    ) -> None:
        clock.move_to(at("2026-10-13 07:00"))
        reminders.remind()
        queued = Email.objects.get(state=Email.State.QUEUED)
        actions.review_without_change(version=owned.versions.get(), by=world.leif)
        assert reminded(post) == []
        queued.refresh_from_db()
        assert queued.state == Email.State.WITHDRAWN

    def test_the_municipality_decides_the_days(self, clock: Clock, owned: Document, post: Post, world: World) -> None:
        actions.set_review_rules(
            municipality_id=world.municipality.pk, by=world.ada, remind_days_before=5, repeat_days=5, escalate_days=10
        )
        assert sent_on(clock, post, "11-02", "11-03", "11-10", "11-17", "11-23", "11-24") == {
            "11-03": ["leif"], "11-10": ["leif"], "11-17": ["leif"], "11-24": ["leif", "sunniva"],
        }  # fmt: skip


@pytest.mark.usefixtures("no_weekly_mail")
class TestNewOwner:
    def test_the_new_owner_is_told_at_once_and_reminded_from_then(
        self, clock: Clock, owned: Document, post: Post, world: World
    ) -> None:
        clock.move_to(at("2026-10-20 09:00"))
        actions.change_particulars(document=owned, by=world.leif, owner=world.nora)
        assert reminded(post) == [("nora", "Documents were handed over to you")]
        assert "http://testserver/handbok/?visning=mine" in post.to(world.nora)[0].body
        assert Notification.objects.filter(user=world.nora, name="documents.owned").count() == 1
        assert sent_on(clock, post, "10-21", "11-10") == {"11-10": ["nora"]}

    def test_several_from_one_who_leaves_are_one_mail(
        self, clock: Clock, owned: Document, post: Post, world: World
    ) -> None:
        approved(world, title="Nøkler")
        deliver.take_as_told()
        handover.hand_over(user=world.leif, heirs={"documents.owned": world.nora}, by=world.ada)
        assert reminded(post) == [
            ("nora", "Documents were handed over to you"),
            ("leif", "What you answered for is handed over"),
        ]
        assert Notification.objects.filter(user=world.nora, name="documents.owned").count() == 2

    def test_who_takes_it_over_oneself_is_not_told(
        self, clock: Clock, owned: Document, post: Post, world: World
    ) -> None:
        actions.change_particulars(document=owned, by=world.sunniva, owner=world.sunniva)
        assert reminded(post) == []


@pytest.mark.usefixtures("no_weekly_mail")
class TestLeader:
    def test_it_is_the_leader_of_the_unit_for_an_owner_who_leads_nothing(self, world: World, owned: Document) -> None:
        owned.owner = world.nora
        assert (found := leader_of_owner(owned))
        assert found.user == world.leif

    def test_it_is_never_somebody_below_the_owner(self, world: World, owned: Document) -> None:
        owned.owner = world.sunniva
        assert (found := leader_of_owner(owned))
        assert found.user == world.rolf
        owned.owner = world.rolf
        assert leader_of_owner(owned) is None

    def test_a_deputy_who_may_not_see_it_is_not_told_of_it(
        self, clock: Clock, world: World, owned: Document, post: Post
    ) -> None:
        organisation.appoint_deputy(
            principal=world.sunniva, deputy=world.hans, by=world.sunniva,
            valid_from=datetime.date(2026, 12, 1), valid_to=datetime.date(2026, 12, 31),
        )  # fmt: skip
        deliver.take_as_told()
        assert sent_on(clock, post, "12-08") == {"12-08": ["leif", "sunniva"]}

    def test_the_page_tells_that_the_leader_was_told(
        self, clock: Clock, world: World, owned: Document, post: Post
    ) -> None:
        sent_on(clock, post, "12-08")
        event = Event.objects.about(owned).last()
        assert event is not None
        with translation.override("en"):
            assert tell([event], None)[0].sentence == "It had not been looked over, and Sunniva Sand was told."


def test_monday_gathers_what_waits_and_says_nothing_twice(
    clock: Clock, owned: Document, post: Post, world: World
) -> None:
    late = approved(world, title="Nøkler").document
    Document.objects.filter(pk=late.pk).update(review_on=datetime.date(2026, 10, 9))
    sent(world, title="Brannvern")
    deliver.take_as_told()
    clock.move_to(at("2026-10-19 07:00"))
    post.round()
    (mail_to_leif,) = post.to(world.leif)
    assert mail_to_leif.subject == "Your week: what waits for you in KvalitetsLosen"
    assert mail_to_leif.body.count("P-0001") == mail_to_leif.body.count("P-0002") == 1
    assert "1 document past its review:\n  P-0002 · Nøkler · 9 October 2026" in mail_to_leif.body
    assert "1 document to look over soon:\n  P-0001 · Fall i hjemmet · 10 November 2026" in mail_to_leif.body
    (mail_to_sunniva,) = post.to(world.sunniva)
    assert "1 document to approve (when it was sent):\n  P-0003 · Brannvern · 1 September 2026" in mail_to_sunniva.body
    assert post.round() == []


def test_a_week_without_documents_says_nothing_of_them(
    clock: Clock, world: World, owned: Document, post: Post
) -> None:
    clock.move_to(at("2026-09-07 07:00"))
    assert reminded(post) == []


class TestSettings:
    GIVEN = {"remind_days_before": "10", "repeat_days": "5", "escalate_days": "15"}

    def test_the_administrator_decides_when(self, world: World, login: Login) -> None:
        client = login(world.ada)
        assert client.get(PAGE).status_code == 200
        assert client.post(PAGE, self.GIVEN).status_code == 302
        rules = actions.review_rules_of(world.municipality.pk)
        assert (rules.remind_days_before, rules.repeat_days, rules.escalate_days) == (10, 5, 15)
        assert Event.objects.about(rules).count() == 1
        client.post(PAGE, self.GIVEN)
        assert Event.objects.about(rules).count() == 1

    @pytest.mark.parametrize("days", ["0", "-1", "251", "to", ""])
    def test_impossible_days_are_refused(self, world: World, login: Login, days: str) -> None:
        assert login(world.ada).post(PAGE, self.GIVEN | {"repeat_days": days}).status_code == 200
        assert actions.review_rules_of(world.municipality.pk).repeat_days == 10

    @pytest.mark.parametrize("who", ["nora", "leif", "rolf", "kristin"])
    def test_nobody_else_does(self, world: World, login: Login, who: str) -> None:
        assert login(world.people[who]).get(PAGE).status_code == 403
        assert login(world.people[who]).post(PAGE, self.GIVEN).status_code == 403


def test_my_list_has_what_i_own_the_next_review_first(world: World, login: Login) -> None:
    first, second = approved(world, title="Nøkler").document, approved(world, title="Alarm").document
    Document.objects.filter(pk=first.pk).update(review_on=datetime.date(2020, 1, 1))
    drafted(world, title="Utkast")
    page = login(world.leif).get("/handbok/", {"visning": "mine"})
    assert [each.pk for each in page.context["documents"]] == [first.pk, second.pk]
    assert not login(world.nora).get("/handbok/", {"visning": "mine"}).context["documents"]
