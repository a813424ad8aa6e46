"""A new person gets a link for choosing a password, and only they."""

from __future__ import annotations

import datetime
import re

import time_machine
from django.test import Client
from django.utils import timezone

from kvalitetslosen.notifications import deliver, sending
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.notifications.views import texts_to_add_to
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import Role, User
from tests.notifications.conftest import Post
from tests.people import PASSWORD, World

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


def test_who_somebody_else_gave_a_deputy_is_told_and_so_is_the_quality_coordinator(world: World, post: Post) -> None:
    deliver.take_as_told()
    for user in (world.leif, world.kristin):
        actions.choose_language(user=user, language="en")
    today = timezone.localdate()
    deputy = actions.appoint_deputy(
        principal=world.leif, deputy=world.hans, valid_from=today, valid_to=today, by=world.ada
    )
    actions.end_deputy(deputy=deputy, by=world.ada, last_day=today - datetime.timedelta(days=1))
    post.deliver()
    (to_leif,), (to_kristin,) = post.to(world.leif), post.to(world.kristin)
    assert to_leif.subject.startswith("Hans Haug stands in for you from ")
    assert to_kristin.subject.startswith("Hans Haug stands in for Leif Lund from ")
    assert "Ada Aas has decided" in str(to_leif.body)
    assert {"notifications.deputy_chosen"} == set(
        Notification.objects.filter(user__in=[world.leif, world.kristin]).values_list("name", flat=True)
    ), "told in the product too, and though it was taken back at once"
    assert not post.to(world.ada)


def test_who_chose_their_own_deputy_need_not_be_told(world: World, post: Post) -> None:
    deliver.take_as_told()
    today = timezone.localdate()
    actions.appoint_deputy(principal=world.leif, deputy=world.hans, valid_from=today, valid_to=today, by=world.leif)
    post.deliver()
    assert not post.to(world.leif)
    assert not post.to(world.kristin)


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


def test_a_new_address_lets_nobody_in_before_the_person_has_chosen_a_password_there(world: World, post: Post) -> None:
    """Whoever keeps the accounts can't take one over unseen: the old address is told, and not the new one's name."""
    deliver.take_as_told()
    actions.choose_language(user=world.leif, language="en")
    client = Client()
    client.post("/konto/login/", {"login": world.leif.email, "password": PASSWORD})
    assert client.get("/meld/").status_code == 200
    old = world.leif.email
    actions.change_person(user=world.leif, by=world.ada, email="leif@elsewhere.example")
    assert client.get("/meld/").status_code == 302, "logged out"
    client.post("/konto/login/", {"login": "leif@elsewhere.example", "password": PASSWORD})
    assert client.get("/meld/").status_code == 302, "the old password is worth nothing"
    sent = {each.to[0]: each for each in post.deliver()}
    watching = {world.kristin.email, world.sunniva.email}
    assert set(sent) == {old, "leif@elsewhere.example", *watching}, "the coordinator and the leader above too"
    assert all("elsewhere" not in str(sent[each].body) for each in watching)
    assert "Ada Aas has given your account" in str(sent[old].body)
    assert "elsewhere" not in str(sent[old].body) + str(sent[old].subject)
    assert "/password/" not in str(sent[old].body)
    page = client.get(link_in(str(sent["leif@elsewhere.example"].body)), follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": CHOSEN, "password2": CHOSEN})
    world.leif.refresh_from_db()
    assert world.leif.check_password(CHOSEN)
    assert not Email.objects.filter(body__contains="/password/reset/key/").exists()


def test_two_new_addresses_after_each_other_tell_both_old_ones_and_only_the_last_gets_a_link(
    world: World, post: Post
) -> None:
    deliver.take_as_told()
    for address in ("one@elsewhere.example", "two@elsewhere.example"):
        actions.change_person(user=world.nora, by=world.ada, email=address)
    sent = [(each.to[0], "/password/reset/key/" in str(each.body)) for each in post.deliver()]
    assert sorted(sent) == [
        ("nora@fjelldal.example", False),
        ("one@elsewhere.example", False),
        ("two@elsewhere.example", True),
    ]


def test_ones_own_new_address_keeps_one_logged_in_and_the_old_one_is_told(world: World, post: Post) -> None:
    deliver.take_as_told()
    actions.choose_language(user=world.ada, language="en")
    actions.change_person(user=world.ada, by=world.ada, email="ada.a@fjelldal.example")
    assert world.ada.check_password(PASSWORD)
    (mail,) = post.deliver()
    assert mail.to == ["ada@fjelldal.example"]
    assert "logged out" not in str(mail.body)


def test_another_name_or_title_is_no_news(world: World, post: Post) -> None:
    deliver.take_as_told()
    actions.change_person(user=world.leif, by=world.ada, name="Leif Lunde", title="Leder")
    assert world.leif.check_password(PASSWORD)
    assert not post.deliver()


class TestARoleThatOpensCases:
    def told(self, world: World, post: Post) -> set[str]:
        post.deliver()
        return {name for name, user in world.people.items() if post.to(user)}

    def test_is_told_to_the_quality_coordinator_and_the_leader_above(self, world: World, post: Post) -> None:
        deliver.take_as_told()
        for user in (world.kristin, world.sunniva):
            actions.choose_language(user=user, language="en")
        given = actions.grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER, by=world.ada)
        actions.end_role(membership=given, by=world.ada, last_day=timezone.localdate() - datetime.timedelta(days=1))
        assert self.told(world, post) == {"kristin", "sunniva"}, "though it was taken back at once"
        (mail,) = post.to(world.sunniva)
        assert mail.subject == "Greta Gran can now open cases in Hjemmetjenesten"
        assert "Ada Aas gave Greta Gran a role that opens cases: Leader, Hjemmetjenesten" in str(mail.body)
        assert Notification.objects.filter(user=world.kristin, name="notifications.role_opens_cases").exists()

    def test_at_the_top_it_is_told_to_the_leader_who_is_there(self, world: World, post: Post) -> None:
        deliver.take_as_told()
        actions.grant_role(user=world.greta, unit=world.municipality, role=Role.LEADER, by=world.ada)
        assert self.told(world, post) == {"kristin", "rolf"}

    def test_other_than_a_leaders_it_is_told_to_the_leader_of_the_place(self, world: World, post: Post) -> None:
        deliver.take_as_told()
        actions.grant_role(user=world.greta, unit=world.home_care, role=Role.SAFETY_REP, by=world.ada)
        assert self.told(world, post) == {"kristin", "leif"}

    def test_a_role_that_opens_none_is_no_news(self, world: World, post: Post) -> None:
        deliver.take_as_told()
        for role in (Role.EMPLOYEE, Role.UNION_REP, Role.ADMINISTRATOR):
            actions.grant_role(user=world.greta, unit=world.home_care, role=role, by=world.ada)
        assert not self.told(world, post)

    def test_no_administrator_can_word_the_warning_otherwise(self, world: World, post: Post) -> None:
        for key in (
            "handed_over",
            "address_of_reader",
            "role_opens_cases",
            "import_opens_cases",
            "left_address",
            "deputy_chosen",
        ):
            assert f"notifications.{key}" not in texts_to_add_to()
