"""The administrator decides deadlines and categories; a leader writes examples."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from deviations.actions import rules_of
from deviations.categories import STANDARD
from deviations.models import Category, Example, Topic
from deviations.settings_actions import add_standard_categories
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import deadline
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]
DAYS = {
    "receive_days": "1", "answer_days": "3", "close_days_low": "30", "close_days_moderate": "25",
    "close_days_high": "15", "close_days_critical": "10", "remind_days_before": "3", "repeat_days": "5",
    "escalate_days": "5",
}  # fmt: skip


def test_new_deadlines_hold_for_cases_from_then_on(world: World, login: Login) -> None:
    before = cases.ordinary(world)
    assert login(world.ada).post("/avvik/innstillinger/", DAYS).status_code == 302
    after = cases.ordinary(world)
    assert before.receive_by == deadline(before.reported_at, 2)
    assert after.receive_by == deadline(after.reported_at, 1)
    assert after.deadline == deadline(after.reported_at, 25)


def test_each_change_of_deadlines_is_an_event_with_old_and_new(world: World, login: Login) -> None:
    client = login(world.ada)
    client.post("/avvik/innstillinger/", DAYS)
    client.post("/avvik/innstillinger/", DAYS | {"receive_days": "4"})
    event = Event.objects.about(rules_of(world.municipality.pk)).last()
    assert event is not None
    assert (event.by, event.old_and_new("receive_days")) == (world.ada, (1, 4))
    client.post("/avvik/innstillinger/", DAYS | {"receive_days": "4"})
    assert Event.objects.about(rules_of(world.municipality.pk)).last() == event


@pytest.mark.parametrize("days", ["0", "-1", "400", "", "to"])
def test_impossible_deadlines_are_refused_and_kept_on_the_page(world: World, login: Login, days: str) -> None:
    answer = login(world.ada).post("/avvik/innstillinger/", DAYS | {"receive_days": days})
    assert answer.status_code == 200
    assert rules_of(world.municipality.pk).receive_days == 2


@pytest.mark.parametrize("who", ["nora", "leif", "rolf", "kristin", "per", "tiril"])
def test_only_the_administrator_decides(world: World, login: Login, who: str) -> None:
    client = login(world.people[who])
    for path in ("/avvik/innstillinger/", "/avvik/innstillinger/kategori/"):
        assert client.get(path).status_code == 403
        assert client.post(path, DAYS).status_code == 403


def test_a_category_is_added_renamed_and_taken_out_of_use(world: World, login: Login) -> None:
    client = login(world.ada)
    client.post("/avvik/innstillinger/kategori/", {"name": "Fall", "is_active": "on"})
    category = Category.objects.get(name="Fall")
    path = f"/avvik/innstillinger/kategori/{category.pk}/"
    client.post(path, {"name": "Fall og støt", "name_nn": "Fall og støyt"})
    category.refresh_from_db()
    assert (category.name, category.is_active) == ("Fall og støt", False)
    assert "Fall og støt" not in login(world.nora).get("/meld/").text


def test_the_same_category_twice_is_refused_in_words(world: World, login: Login) -> None:
    client = login(world.ada)
    client.post("/avvik/innstillinger/kategori/", {"name": "Fall", "is_active": "on"})
    answer = client.post("/avvik/innstillinger/kategori/", {"name": "fall", "is_active": "on"})
    assert answer.status_code == 200
    assert Category.objects.count() == 1


class TestStandardCategories:
    PATH = "/avvik/innstillinger/standardkategorier/"

    def test_they_are_added_where_there_are_none_and_only_once(self, world: World, login: Login) -> None:
        client = login(world.ada)
        assert self.PATH in client.get("/avvik/innstillinger/").text
        assert client.post(self.PATH).status_code == 302
        own = Category.objects.filter(municipality=world.municipality)
        count = own.count()
        assert own.filter(parent=None).count() == len(STANDARD)
        assert count == len(STANDARD) + sum(len(main.subs) for main in STANDARD)
        assert self.PATH not in client.get("/avvik/innstillinger/").text
        client.post(self.PATH)
        assert own.count() == count
        assert not Category.objects.filter(municipality=world.other_municipality).exists()

    def test_each_language_has_its_name_and_each_topic_those_who_must_see_it(self, world: World) -> None:
        add_standard_categories(municipality=world.municipality, by=world.ada)
        violence = Category.objects.get(name="Vold")
        said = {}
        for language in ("nb", "nn", "en"):
            with translation.override(language):
                said[language] = violence.label
        assert said == {"nb": "Vold", "nn": "Vald", "en": "Violence"}
        topics = dict(Category.objects.exclude(topic=Topic.NONE).filter(parent=None).values_list("name", "topic"))
        assert topics == {"HMS – ansatte": Topic.HSE, "Personvern og informasjonssikkerhet": Topic.PRIVACY}
        for category in Category.objects.filter(parent__isnull=False).select_related("parent"):
            assert category.parent
            assert (category.topic, bool(category.name_en)) == (category.parent.topic, True)

    def test_where_one_has_begun_nothing_is_mixed_in(self, world: World, login: Login) -> None:
        cases.category(world, "Fall")
        login(world.ada).post(self.PATH)
        assert Category.objects.count() == 1

    def test_nobody_adds_them_by_a_link(self, world: World, login: Login) -> None:
        assert login(world.ada).get(self.PATH).status_code == 405

    @pytest.mark.parametrize("who", ["nora", "leif", "kristin"])
    def test_others_do_not(self, world: World, login: Login, who: str) -> None:
        assert login(world.people[who]).post(self.PATH).status_code == 403
        assert not Category.objects.exists()


def test_another_municipalitys_category_is_not_there(world: World, login: Login) -> None:
    category = cases.category(world, "Fall")
    assert login(world.mona).get(f"/avvik/innstillinger/kategori/{category.pk}/").status_code == 403


def test_a_leader_writes_and_removes_examples_of_the_own_unit(world: World, login: Login) -> None:
    client = login(world.leif)
    client.post("/avvik/eksempler/", {"unit": world.home_care.pk, "text": "Besøket ble glemt."})
    example = Example.objects.get()
    assert "Besøket ble glemt." in client.get("/avvik/eksempler/").text
    assert login(world.hans).post(f"/avvik/eksempler/{example.pk}/slett/").status_code == 403
    assert login(world.mona).post(f"/avvik/eksempler/{example.pk}/slett/").status_code == 404
    assert client.get(f"/avvik/eksempler/{example.pk}/slett/").status_code == 405
    client.post(f"/avvik/eksempler/{example.pk}/slett/")
    assert "Besøket ble glemt." not in client.get("/avvik/eksempler/").text
    assert client.post(f"/avvik/eksempler/{example.pk}/slett/").status_code == 404


def test_a_leader_can_not_write_for_another_unit(world: World, login: Login) -> None:
    answer = login(world.leif).post("/avvik/eksempler/", {"unit": world.nursing_home.pk, "text": "Noe."})
    assert answer.status_code == 200
    assert not Example.objects.exists()


def test_an_employee_writes_no_examples(world: World, login: Login) -> None:
    assert login(world.nora).get("/avvik/eksempler/").status_code == 403


def test_deadlines_pass_over_the_days_the_municipality_is_closed(world: World) -> None:
    from kvalitetslosen.journal.record import change

    with time_machine.travel("2027-12-22 10:00 +0100", tick=False):
        before = cases.ordinary(world)
        change(world.municipality.settings, "organisation.settings_changed", by=world.ada, closed_days=["24.12"])
        after = cases.ordinary(world)
    assert before.receive_by.date().isoformat() == "2027-12-24"
    assert after.receive_by.date().isoformat() == "2027-12-27"
