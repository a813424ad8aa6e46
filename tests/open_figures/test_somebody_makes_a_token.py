"""A leader makes a token with their own rights, an administrator one for figures only, and either ends it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from kvalitetslosen.journal.models import Event
from kvalitetslosen.open_figures import actions
from kvalitetslosen.open_figures.models import Reads, ReportToken
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.actions import grant_role
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.organisation.search import unit_label
from tests.open_figures.reading import read, token
from tests.organisation.test_log_in import NEW_PASSWORD, reset_link
from tests.people import PASSWORD, World

Login = Callable[[User], Client]
PAGE, NEW = "/rapporter/andre-program/", "/rapporter/andre-program/ny/"
DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.xdist_group("counts in the cache")


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    cache.clear()


def said(reads: str, unit: Unit | None = None, days: int = 90) -> dict[str, Any]:
    until = timezone.localdate() + datetime.timedelta(days)
    return {
        "name": "Power BI", "reads": reads, "expires_on": until.isoformat(), "unit": unit_label(unit) if unit else "",
    }  # fmt: skip


def test_a_leader_makes_one_that_is_shown_once(world: World, login: Login) -> None:
    client = login(world.leif)
    answer = client.post(NEW, said(Reads.RIGHTS))
    secret = BeautifulSoup(answer.content, "html.parser").select_one(".ds-alert code")
    assert secret is not None
    assert answer["Cache-Control"] == "no-store"
    found = ReportToken.objects.get()
    assert (found.made_by, found.unit, found.reads) == (world.leif, None, Reads.RIGHTS)
    assert secret.text not in found.token_hash
    assert read(secret.text, "answer?om=avvik").status_code == 200
    again = client.get(PAGE).content.decode()
    assert secret.text not in again
    assert "Power BI" in again
    assert Event.objects.get(type="open_figures.token_made").by == world.leif
    assert secret.text not in str(Event.objects.values_list("data", flat=True))


def test_an_administrator_makes_one_for_figures(world: World, login: Login) -> None:
    answer = login(world.ada).post(NEW, said(Reads.FIGURES, world.municipality))
    assert answer.status_code == 200
    found = ReportToken.objects.get()
    assert (found.unit, found.reads) == (world.municipality, Reads.FIGURES)
    assert login(world.ada).post(NEW, said(Reads.FIGURES)).status_code == 200
    assert login(world.ada).post(NEW, said(Reads.RIGHTS)).status_code == 200  # has no figures to lend
    assert ReportToken.objects.count() == 1


def test_a_leader_makes_none_for_figures_and_an_employee_none_at_all(world: World, login: Login) -> None:
    login(world.leif).post(NEW, said(Reads.FIGURES, world.home_care))
    for who in (world.nora, world.greta):
        client = login(who)
        assert client.get(PAGE).status_code == 403
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, said(Reads.RIGHTS)).status_code == 403
    assert not ReportToken.objects.exists()


def test_the_keeper_of_a_part_makes_them_for_that_part(world: World, login: Login) -> None:
    grant_role(user=world.greta, unit=world.nursing_home, role=Role.ADMINISTRATOR)
    client = login(world.greta)
    client.post(NEW, said(Reads.FIGURES, world.municipality))
    client.post(NEW, said(Reads.FIGURES, world.home_care))
    assert not ReportToken.objects.exists()
    client.post(NEW, said(Reads.FIGURES, world.nursing_home))
    assert ReportToken.objects.get().unit == world.nursing_home


def test_one_above_or_below_another_is_refused(world: World) -> None:
    token(world.ada, world.health)
    for unit in (world.municipality, world.home_care):
        with pytest.raises(ValidationError):
            token(world.ada, unit)
    token(world.ada, world.health)
    token(world.ada, world.school)
    for row in ReportToken.objects.filter(unit=world.health):
        actions.revoke_token(token=row, by=world.ada)
    token(world.ada, world.home_care)


def test_one_that_was_read_with_counts_though_it_is_over(world: World) -> None:
    secret = token(world.ada, world.health)
    assert read(secret, "subjects").status_code == 200
    actions.revoke_token(token=ReportToken.objects.get(), by=world.ada)
    for unit in (world.municipality, world.home_care):
        with pytest.raises(ValidationError):
            token(world.ada, unit)
    token(world.ada, world.health)  # the same figures once more tell nothing new
    actions.revoke_token(token=ReportToken.objects.get(revoked_at=None), by=world.ada)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=800)):
        question = f"answer?om=avvik&per=alt&fra={timezone.localdate().year - 2}-01"
        secret = token(world.ada, world.health)
        first = read(secret, f"{question}&til={timezone.localdate().year - 2}-12").json()["period"]["first"]
        assert first == f"{timezone.localdate().year - 2}-01-01", "a year long past can be asked about still"
        ReportToken.objects.filter(revoked_at=None).update(revoked_at=timezone.now())
        for unit in (world.municipality, world.home_care):
            with pytest.raises(ValidationError):
                token(world.ada, unit)


def test_those_in_force_stand_first_however_many_are_over(world: World, login: Login) -> None:
    token(world.leif)
    going = ReportToken.objects.get()
    ReportToken.objects.filter(pk=going.pk).update(name="Den som gjelder", made_at=timezone.now() - DAY)
    for _each in range(3):
        token(world.leif)
    ReportToken.objects.exclude(pk=going.pk).update(revoked_at=timezone.now())
    one = ReportToken.objects.exclude(pk=going.pk).values_list("pk", flat=True)[0]
    ReportToken.objects.filter(pk=one).update(revoked_at=None, expires_on=timezone.localdate() - DAY)
    shown = list(login(world.leif).get(PAGE).context["tokens"])
    assert len(shown) == 4
    assert shown[0] == going
    assert ReportToken.objects.in_force_first()[:1].get() == going, "the question puts them first, not the page"


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_past_or_too_far_away_is_refused(world: World, login: Login, days: int) -> None:
    with pytest.raises(ValidationError):
        token(world.leif, days=days)
    assert login(world.leif).post(NEW, said(Reads.RIGHTS, days=days)).status_code == 200
    assert not ReportToken.objects.exists()


def test_it_is_revoked_once(world: World, login: Login) -> None:
    secret = token(world.leif)
    found = ReportToken.objects.get()
    url = f"{PAGE}{found.key}/trekk/"
    client = login(world.leif)
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    found.refresh_from_db()
    ended = found.revoked_at
    assert ended is not None
    client.post(url)
    found.refresh_from_db()
    assert found.revoked_at == ended
    assert Event.objects.filter(type="open_figures.token_revoked").count() == 1
    assert read(secret, "subjects").status_code == 401
    assert "Revoked" in client.get(PAGE).content.decode()


def test_it_ends_where_somebody_else_changes_the_way_into_the_account(world: World) -> None:
    own, figures = token(world.leif), token(world.ada, world.municipality)
    organisation.change_person(user=world.leif, by=world.ada, title="Avdelingsleder")
    assert read(own, "subjects").status_code == 200
    for user in (world.leif, world.ada):
        organisation.change_person(user=user, by=world.kristin, email=f"ny-{user.email}")
    assert read(own, "subjects").status_code == 401
    assert read(figures, "subjects").status_code == 200  # nobody's rights


def test_it_ends_where_a_forgotten_password_is_chosen_anew(world: World) -> None:
    own = token(world.leif)
    client = Client()
    form = client.get(reset_link(world.leif.email), follow=True)
    address = BeautifulSoup(form.content, "html.parser").select_one("form.los-form")["action"]  # type: ignore[index]
    client.post(str(address), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert User.objects.get(pk=world.leif.pk).check_password(NEW_PASSWORD)
    assert read(own, "subjects").status_code == 401


def test_it_goes_on_where_its_owner_chooses_another_password(world: World, login: Login) -> None:
    own = token(world.leif)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert login(world.leif).post("/konto/password/change/", data).status_code == 302
    assert User.objects.get(pk=world.leif.pk).check_password(NEW_PASSWORD)
    assert read(own, "subjects").status_code == 200


def test_nobody_else_sees_or_ends_it(world: World, login: Login) -> None:
    token(world.leif)
    token(world.ada, world.municipality)
    own, figures = ReportToken.objects.get(reads=Reads.RIGHTS), ReportToken.objects.get(reads=Reads.FIGURES)
    for who, row in (("sunniva", own), ("ada", own), ("mona", own), ("leif", figures), ("mona", figures)):
        assert login(world.people[who]).post(f"{PAGE}{row.key}/trekk/").status_code == 404
    assert login(world.nora).post(f"{PAGE}{own.key}/trekk/").status_code == 403
    assert ReportToken.objects.filter(revoked_at=None).count() == 2


def test_the_page_is_a_tab_beside_the_figures(world: World, login: Login) -> None:
    page = login(world.leif).get("/rapporter/utforsk/").content.decode()
    assert f'href="{PAGE}"' in page
    assert f'href="{PAGE}"' in login(world.ada).get("/organisasjon/innstillinger/").content.decode()
    assert "There is no token yet" in login(world.leif).get(PAGE).content.decode()
