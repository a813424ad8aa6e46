"""A question to the list of cases is kept, opened, shared with a unit, followed by mail, changed and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client

from deviations import actions, kept_lists, settings_actions
from deviations.models import MOST_FOLLOWED, MOST_KEPT, Following, KeptList
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.handover import deactivate
from kvalitetslosen.organisation.models import Unit, User
from tests.deviations import cases
from tests.people import World

Login = Callable[[User], Client]


def text_of(page: str) -> str:
    main = BeautifulSoup(page, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def kept(by: User, query: str = "visning=omrade&status=", name: str = "Åpne", shared: Unit | None = None) -> KeptList:
    return actions.keep_list(by=by, name=name, query=query, shared_with=shared, key=uuid.uuid4())


def test_what_one_looks_at_is_kept_and_opened_again(world: World, login: Login) -> None:
    category = cases.category(world, "Fall")
    falls, other = cases.ordinary(world, category=category), cases.ordinary(world)
    client = login(world.leif)
    looked_at = f"visning=omrade&kategori={category.pk}&kolonne=frist&kolonne=hvor&rekkefolge=eldst"
    page = client.get(f"/avvik/?{looked_at}&q=Ola&etter=2026-01-01T10:00:00%2B00:00~3")
    link = BeautifulSoup(page.text, "html.parser").find("a", string="Keep this list")
    assert link is not None
    form = client.get(str(link["href"]))
    assert "Fall" in text_of(form.text)
    sent = {"sporring": looked_at + "&q=Ola", "name": "Fallene", "key": str(uuid.uuid4())}
    answer = client.post("/avvik/lister/ny/", sent)
    row = KeptList.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.owner, row.name, row.shared_with) == (world.leif, "Fallene", None)
    assert "Ola" not in row.query
    shown = client.get(row.get_absolute_url(), follow=True)
    assert falls.reference in shown.text
    assert other.reference not in text_of(shown.text)
    assert shown.context["asked"].columns == ("hvor", "frist")
    assert shown.context["asked"].order == "eldst"
    client.post("/avvik/lister/ny/", sent)
    assert KeptList.objects.count() == 1, "sent twice is kept once"
    assert not Event.objects.filter(type="deviations.list_shared").exists()


def test_nothing_unknown_is_kept(db: None) -> None:
    hostile = QueryDict(
        "visning=omrade&status=&ukjent=1&q=Kari+Nordmann&enhet=3&enhet=4&kategori=%3Cscript%3E&next=//evil.example"
        "&kolonne=frist&kolonne=hvor&kolonne=frist&fra=2026-01&etter=x&velg=1&liste=y"
    )
    assert kept_lists.sanitized(hostile) == ("visning=omrade&enhet=4&status=&fra=2026-01&kolonne=frist&kolonne=hvor")
    assert kept_lists.sanitized(QueryDict("enhet=" + "9" * 2000)) == ""


def test_a_list_about_one_topic_stays_about_it(world: World, login: Login) -> None:
    cases.ordinary(world)
    query = "visning=omrade&status=&tema=privacy"
    page = login(world.leif).get(f"/avvik/?{query}")
    assert page.context["is_filtered"]
    row = kept(world.leif, query=kept_lists.sanitized(QueryDict(query)))
    assert "tema=privacy" in row.query
    assert "Only cases about privacy" in kept_lists.described(world.leif, [row.query])[0].words
    assert not login(world.leif).get("/avvik/?visning=omrade&kolonne=frist").context["is_filtered"]


def test_words_that_tell_of_a_person_are_not_kept_and_the_form_says_so(world: World, login: Login) -> None:
    page = login(world.leif).get("/avvik/lister/ny/?sporring=q%3DKari")
    assert "isn’t kept" in page.text
    assert "Kari" not in text_of(page.text)
    answer = login(world.leif).post(
        "/avvik/lister/ny/", {"sporring": "", "name": "13014012345 og 01019012480", "key": str(uuid.uuid4())}
    )
    assert answer.status_code == 200
    assert not KeptList.objects.exists()


def test_a_list_is_shared_with_those_in_the_unit_and_below_and_each_sees_only_own_cases(
    world: World, login: Login
) -> None:
    case = cases.ordinary(world)
    row = kept(world.sunniva, name="Det som ligger", shared=world.health)
    for who in (world.leif, world.nora, world.hans, world.kaja, world.vidar):
        assert "Det som ligger" in login(who).get("/avvik/lister/").text, who
    for who in (world.rolf, world.kristin, world.ada, world.mona, world.tiril):
        assert "Det som ligger" not in login(who).get("/avvik/lister/").text, who
        assert login(who).get(row.get_absolute_url()).status_code == 404, who
    assert case.reference in login(world.leif).get(row.get_absolute_url(), follow=True).text
    assert case.reference not in login(world.hans).get(row.get_absolute_url(), follow=True).text
    event = Event.objects.about(world.health).get(type="deviations.list_shared")
    assert event.by == world.sunniva
    assert "Det som" not in str(event.data)


def test_one_shares_only_with_units_one_leads_or_coordinates(world: World, login: Login) -> None:
    client = login(world.leif)
    sent = {"sporring": "", "name": "Alt", "key": str(uuid.uuid4()), "shared_with": str(world.health.pk)}
    assert client.post("/avvik/lister/ny/", sent).status_code == 200
    assert not KeptList.objects.exists()
    sent["shared_with"] = str(world.home_care.pk)
    assert client.post("/avvik/lister/ny/", sent).status_code == 302
    assert "shared_with" not in login(world.nora).get("/avvik/lister/ny/").text


def test_it_is_renamed_shared_and_taken_back(world: World, login: Login) -> None:
    row, client = kept(world.leif), login(world.leif)
    address = f"/avvik/lister/{row.key}/endre/"
    assert client.get(address).status_code == 200
    client.post(address, {"name": "Våre", "shared_with": str(world.home_care.pk)})
    actions.follow(kept=row, by=world.nora)
    assert "Våre" in login(world.nora).get("/avvik/lister/").text
    client.post(address, {"name": "Våre", "shared_with": str(world.home_care.pk)})
    assert Event.objects.filter(type="deviations.list_shared").count() == 1, "twice does nothing"
    client.post(address, {"name": "Mine", "shared_with": ""})
    assert "Mine" not in login(world.nora).get("/avvik/lister/").text
    assert not Following.objects.exists(), "nobody is mailed about what they don't see"
    assert Event.objects.filter(type="deviations.list_unshared").count() == 1


def test_the_list_asks_what_is_looked_at_now(world: World, login: Login) -> None:
    row, client = kept(world.leif), login(world.leif)
    page = client.get(row.get_absolute_url(), follow=True)
    assert "what you look at now" not in page.text, "nothing differs"
    page = client.get(f"/avvik/?visning=omrade&status=sent&liste={row.key}")
    assert "what you look at now" in page.text
    address = f"/avvik/lister/{row.key}/sporring/"
    assert client.get(address).status_code == 405
    client.post(address, {"sporring": "visning=omrade&status=sent"})
    row.refresh_from_db()
    assert row.query == "visning=omrade&status=sent"
    row.shared_with = world.home_care
    row.save()
    assert login(world.nora).post(address, {"sporring": ""}).status_code == 403
    assert login(world.mona).post(address, {"sporring": ""}).status_code == 404


def test_it_is_deleted_by_its_owner_alone_and_the_cases_stay(world: World, login: Login) -> None:
    case, row = cases.ordinary(world), kept(world.leif, shared=world.home_care)
    address = f"/avvik/lister/{row.key}/slett/"
    assert login(world.leif).get(address).status_code == 405
    assert login(world.nora).post(address).status_code == 403
    assert login(world.mona).post(address).status_code == 404
    for _ in range(2):
        assert login(world.leif).post(address).status_code == 302
    assert not KeptList.objects.exists()
    assert login(world.leif).get(case.get_absolute_url()).status_code == 200
    assert Event.objects.filter(type="deviations.list_unshared").count() == 1


def test_one_follows_and_stops(world: World, login: Login) -> None:
    row = kept(world.leif, shared=world.home_care)
    address = f"/avvik/lister/{row.key}/folg/"
    assert login(world.nora).get(address).status_code == 405
    assert login(world.greta).post(address).status_code == 404
    for _ in range(2):
        login(world.nora).post(address)
    assert Following.objects.get().user == world.nora
    assert "in your weekly mail" in login(world.nora).get("/avvik/lister/").text
    for _ in range(2):
        login(world.nora).post(address, {"slutt": "1"})
    assert not Following.objects.exists()


def test_there_is_a_limit_to_both(world: World, login: Login) -> None:
    rows = [kept(world.leif, name=f"Liste {n}") for n in range(MOST_KEPT)]
    client = login(world.leif)
    answer = client.post("/avvik/lister/ny/", {"sporring": "", "name": "Enda en", "key": str(uuid.uuid4())})
    assert "as many as one can keep" in answer.text
    assert KeptList.objects.count() == MOST_KEPT
    for row in rows[:MOST_FOLLOWED]:
        actions.follow(kept=row, by=world.leif)
    answer = client.post(f"/avvik/lister/{rows[-1].key}/folg/", follow=True)
    assert "as many as one can be" in answer.text
    assert Following.objects.count() == MOST_FOLLOWED


def test_what_is_gone_is_said_and_the_list_still_opens(world: World, login: Login) -> None:
    category = cases.category(world, "Fall")
    case = cases.ordinary(world, category=category)
    retired = kept(world.leif, f"visning=omrade&kategori={category.pk}", "Fall")
    settings_actions.change_category(category=category, by=None, is_active=False)
    nowhere = kept(world.leif, "visning=omrade&kategori=99999&enhet=99999", "Borte")
    closed_unit = organisation.create_unit(parent=world.home_care, name="Natt", code="NA", kind=Unit.Kind.TEAM)
    closed = kept(world.leif, f"visning=omrade&enhet={closed_unit.pk}", "Nattevakta")
    organisation.close_unit(unit=closed_unit, by=world.ada)
    client = login(world.leif)
    overview = text_of(client.get("/avvik/lister/").text)
    page = client.get(retired.get_absolute_url(), follow=True)
    assert case.reference in page.text
    for where in (overview, text_of(page.text)):
        assert "The category “Fall” isn’t used any more" in where
    for row, said in ((nowhere, "isn’t there any more: no case can fit"), (closed, "The unit “Natt” is closed")):
        page = client.get(row.get_absolute_url(), follow=True)
        assert page.status_code == 200
        assert said in text_of(page.text)
        assert said in overview


def test_an_empty_page_tells_how_to_begin(world: World, login: Login) -> None:
    assert "You keep no list yet" in login(world.nora).get("/avvik/lister/").text


def test_shared_lists_are_handed_over_and_ones_own_forgotten_when_somebody_leaves(world: World) -> None:
    shared, own = kept(world.greta, shared=world.nursing_home), kept(world.greta)
    actions.follow(kept=own, by=world.greta)
    with pytest.raises(ValidationError, match="Lists of cases"):
        deactivate(user=world.greta, by=world.ada)
    with pytest.raises(ValidationError, match="doesn't work in"):
        deactivate(user=world.greta, by=world.ada, heirs={"deviations.lists": world.leif})
    assert KeptList.objects.count() == 2
    deactivate(user=world.greta, by=world.ada, heirs={"deviations.lists": world.hans})
    row = KeptList.objects.get()
    assert (row, row.owner) == (shared, world.hans)
    assert not Following.objects.exists()
    assert Event.objects.filter(type="deviations.list_inherited").count() == 1


def test_the_overview_costs_the_same_however_many_lists(
    world: World, login: Login, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    category = cases.category(world, "Fall")
    client = login(world.leif)
    kept(world.leif, f"enhet={world.home_care.pk}&kategori={category.pk}")
    client.get("/avvik/lister/")
    for n in range(30):
        kept(world.leif, f"enhet={world.home_care.pk}&kategori={category.pk}", f"Liste {n}")
    with django_assert_max_num_queries(6):
        client.get("/avvik/lister/")
