from collections.abc import Callable

import pytest
from django.test import Client

from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import pages
from kvalitetslosen.organisation.models import MunicipalitySettings
from tests.people import World

Login = Callable[..., Client]
PAGE = "/organisasjon/innstillinger/"


def test_settings_are_stored_with_old_and_new_and_saving_twice_stores_once(world: World, login: Login) -> None:
    client = login(world.ada)
    data = {"language": "nn", "narrow_upper_sight": "on", "closed_days": "24.12\n31. 12.\n\n24.12"}
    for _time in range(2):
        assert client.post(PAGE, data).status_code == 302
    stored = MunicipalitySettings.objects.get(municipality=world.municipality)
    assert (stored.language, stored.narrow_upper_sight, stored.closed_days) == ("nn", True, ["24.12", "31.12"])
    events = list(Event.objects.about(stored))
    assert [event.type for event in events] == ["organisation.settings_created", "organisation.settings_changed"]
    assert events[1].old_and_new("closed_days") == ([], ["24.12", "31.12"])
    assert "24.12\n31.12" in client.get(PAGE).content.decode().replace("\r", "")


@pytest.mark.parametrize("days", ["julaften", "32.1", "30.02", "31.04", "24/12", "1.13"])
def test_a_day_that_is_no_day_is_refused_and_stays_as_written(world: World, login: Login, days: str) -> None:
    page = login(world.ada).post(PAGE, {"language": "nb", "closed_days": days}).content.decode()
    assert f"“{days}” isn&#x27;t a day." in page
    assert f"{days}</textarea>" in page


def test_modules_add_pages_of_their_own(world: World, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_setting_pages", [])
    pages.register_setting_page(pages.SettingPage("Later", "Second", "organisation:units", order=60))
    pages.register_setting_page(pages.SettingPage("Deadlines", "First", "organisation:people", order=10))
    page = login(world.ada).get(PAGE).content.decode()
    assert page.index("Deadlines") < page.index("Later")
    assert 'href="/organisasjon/folk/"' in page


def test_another_municipality_has_its_own(world: World, login: Login) -> None:
    login(world.ada).post(PAGE, {"language": "nn", "closed_days": "24.12"})
    assert MunicipalitySettings.objects.get(municipality=world.other_municipality).closed_days == []
