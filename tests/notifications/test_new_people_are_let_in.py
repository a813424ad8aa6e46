"""A new person gets a link for choosing a password, and only they."""

from __future__ import annotations

import datetime
import re

import time_machine
from django.test import Client
from django.utils import timezone

from kvalitetslosen.notifications import deliver, sending
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import User
from tests.notifications.conftest import Post
from tests.people import World

CHOSEN = "tre kaffekopper og en måke"


def add(world: World, **how: object) -> User:
    deliver.take_as_told()
    return actions.add_person(
        municipality=world.municipality, name="Ny Nilsen", email="ny@fjelldal.example", language="en",
        by=world.ada, **how,  # type: ignore[arg-type]
    )  # fmt: skip


def link_in(body: str) -> str:
    found = re.search(r"http://testserver(/konto/password/reset/key/\S+)", body)
    assert found, body
    return found[1]


def test_the_link_lets_the_person_choose_a_password_and_log_in(world: World, post: Post) -> None:
    user = add(world)
    post.deliver()
    (mail,) = post.to(user)
    assert mail.subject == "You have got access to KvalitetsLosen in Fjelldal"
    assert "ny@fjelldal.example" in mail.body
    client = Client()
    page = client.get(link_in(str(mail.body)), follow=True)
    assert page.status_code == 200
    address = page.redirect_chain[-1][0]
    done = client.post(address, {"password1": CHOSEN, "password2": CHOSEN}, follow=True)
    assert done.status_code == 200
    user.refresh_from_db()
    assert user.check_password(CHOSEN)


def test_the_link_is_not_left_lying_in_the_database(world: World, post: Post) -> None:
    user = add(world)
    deliver.sweep()
    assert "/password/reset/key/" in Email.objects.get(user=user).body
    post.deliver()
    assert Email.objects.get(user=user).body == ""
    assert not Notification.objects.filter(user=user).exists()


def test_who_has_a_password_or_is_not_to_be_invited_gets_none(world: World, post: Post) -> None:
    add(world, password=CHOSEN)
    post.deliver()
    assert not Email.objects.exists()
    User.objects.filter(email="ny@fjelldal.example").update(email="eldre@fjelldal.example")
    add(world, invite=False)
    post.deliver()
    assert not Email.objects.exists()


def test_the_administrator_can_send_a_new_link(world: World, post: Post) -> None:
    user = add(world, invite=False)
    actions.send_invitation(user=user, by=world.ada)
    post.deliver()
    assert len(post.to(user)) == 1


def test_who_chose_a_password_meanwhile_is_not_sent_the_link(world: World, post: Post) -> None:
    user = add(world)
    deliver.sweep()
    user.set_password(CHOSEN)
    user.save(update_fields=["password"])
    post.deliver()
    assert not post.to(user)
    email = Email.objects.get(user=user)
    assert (email.state, email.body) == (Email.State.WITHDRAWN, "")


def test_many_people_at_once_each_get_their_own_link(world: World, post: Post) -> None:
    deliver.take_as_told()
    for number in range(5):
        actions.add_person(
            municipality=world.municipality, name=f"Ny {number}", email=f"ny{number}@fjelldal.example",
            language="nb", by=world.ada,
        )  # fmt: skip
    sent = post.deliver()
    assert len({link_in(str(each.body)) for each in sent}) == 5


def test_whoever_is_to_stand_in_is_told_from_when_to_when(world: World, post: Post) -> None:
    deliver.take_as_told()
    actions.choose_language(user=world.hans, language="en")
    today = timezone.localdate()
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, valid_from=today, valid_to=today, by=world.ada)
    post.deliver()
    (mail,) = post.to(world.hans)
    assert mail.subject.startswith("You stand in for Leif Lund from ")
    assert not post.to(world.leif)


def test_nobody_is_told_of_standing_in_when_the_period_is_over(world: World, post: Post) -> None:
    deliver.take_as_told()
    today = timezone.localdate()
    first, yesterday = today - datetime.timedelta(days=5), today - datetime.timedelta(days=1)
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, valid_from=first, valid_to=yesterday, by=world.ada)
    post.deliver()
    assert not post.to(world.hans)
    assert not Notification.objects.filter(user=world.hans).exists()
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, valid_from=today, valid_to=today, by=world.ada)
    deliver.sweep()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        sending.send_due_mail()
    assert not post.to(world.hans), "the mail waited until the period was over"
