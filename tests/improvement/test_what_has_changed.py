"""Sunniva reads what has changed where she leads: each sentence with its figures, nothing twice, nothing not hers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.filters import CaseFilter
from deviations.models import Category, Deviation, Kind
from deviations.settings_actions import add_category
from improvement import actions
from improvement.filters import ActionFilter
from improvement.lifecycle import EffectState
from improvement.models import EffectCheck, Improvement, Inquiry, OverviewReading, Topic
from improvement.overview import Kind as FactKind
from improvement.overview import Look, Sentence, look
from improvement.overview.looking import MOST, Asks, reading_of
from improvement.seven_steps import Stage
from improvement.whom_to_ask import Whom
from kvalitetslosen.journal.record import change
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from tests.notifications.conftest import at
from tests.people import World

Login = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("clock")
WEEK = datetime.timedelta(days=7)
SINCE = "week 24"


def page(answer: Any) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def text_of(answer: Any) -> str:
    return page(answer).get_text(" ", strip=True)


def seen_by(user: User) -> Look:
    person = User.objects.get(pk=user.pk)
    return look(person, reading_of(person))


def told(user: User, kind: FactKind) -> list[Sentence]:
    return [each for each in seen_by(user).all if each.facts[0].kind == kind]


def listed(user: User, url: str) -> int:
    """How many cases the list at an address shows the person."""
    return CaseFilter.of(User.objects.get(pk=user.pk), QueryDict(urlparse(url).query)).rows().count()


@pytest.fixture
def falls(world: World) -> Category:
    return add_category(municipality_id=world.municipality.pk, by=None, name="Fall")


@pytest.fixture
def medication(world: World) -> Category:
    return add_category(municipality_id=world.municipality.pk, by=None, name="Legemiddel")


def weekly(world: World, category: Category, unit: Unit, *, about: bool = False) -> None:
    """One case in every second week, and three a week for the last twelve."""
    for week in range(1, 27):
        for n in range(3 if week <= 12 else week % 2):
            moment = at("2026-08-31 12:00") - WEEK * week + datetime.timedelta(hours=n)
            cases.report(
                by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Feil", category=category, at=moment,
                about_leader=about,
            )  # fmt: skip


# Silence


def test_she_reads_which_units_are_silent_and_asks_in_one_tap(world: World, login: Login) -> None:
    client = login(world.sunniva)
    words = text_of(client.get("/rapporter/oversikt/"))
    assert "Three units have had no report for 60 days: Helse og omsorg, Hjemmetjenesten, Sykehjemmet." in words
    (sentence,) = told(world.sunniva, FactKind.SILENT)
    assert (sentence.ask, sentence.asks) == (sentence.url, Asks.EACH)
    found = page(client.get(sentence.url))
    assert [each.get_text() for each in found.select(".los-list__main")] == [
        "Helse og omsorg", "Hjemmetjenesten", "Sykehjemmet",
    ]  # fmt: skip
    links = [str(each["href"]) for each in found.select("a.ds-button[href^='/sporsmal/']")]
    assert len(links) == 2, "she doesn't ask herself"
    form = page(client.get(links[0]))
    chosen = form.select_one("input[name=what][checked]")
    assert isinstance(chosen, Tag)
    assert chosen["value"] == "quiet"
    assert str(world.home_care.pk) in links[0]


def test_a_report_or_a_tick_breaks_the_silence_of_all_above(world: World) -> None:
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil")
    (sentence,) = told(world.sunniva, FactKind.SILENT)
    assert sentence.unit == world.nursing_home
    assert sentence.text == "No report for 60 days, and none in the two years before."
    assert sentence.ask


@pytest.mark.usefixtures("clock", "just_begun")
def test_a_unit_that_has_just_got_its_leader_is_not_called_silent(world: World) -> None:
    assert not told(world.sunniva, FactKind.SILENT)


def test_the_month_of_a_report_about_a_leader_is_told_to_nobody(world: World) -> None:
    cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om Leif", about_leader=True,
        at=at("2026-05-05 12:00"),
    )  # fmt: skip
    for who in (world.leif, world.sunniva, world.kaja):
        facts = {fact.unit: fact.text for each in told(who, FactKind.SILENT) for fact in each.facts}
        assert facts[world.home_care] == "No report for 60 days, and none in the two years before."


# Shifts


def test_a_shift_is_told_with_its_chart_and_every_number_opens_its_list(
    world: World, falls: Category, login: Login
) -> None:
    weekly(world, falls, world.home_care)
    (sentence,) = told(world.sunniva, FactKind.SHIFT)
    assert sentence.text == f"«Fall»: more cases since {SINCE}. 12 weeks lie above what is usual: 1,65."
    assert sentence.unit == world.home_care, "not the sector, and not the municipality"
    asked = parse_qs(urlparse(sentence.ask).query)
    assert (asked["sporsmal"], asked["kategori"]) == (["typical"], [str(falls.pk)])
    for who in (world.sunniva, world.leif, world.kaja, world.rolf):
        chart = page(login(who).get(sentence.url))
        assert "more cases since week 24" in chart.get_text()
        links = chart.select("tbody td a")
        assert len(links) == 26
        for link in links:
            assert listed(who, str(link["href"])) == int(link.get_text()), "the number is that of the list"
    assert not told(world.leif, FactKind.SHIFT)[0].ask, "he leads it himself, and nobody below"


def test_nothing_is_told_of_what_varies_as_usual_nor_of_what_is_over(world: World, falls: Category) -> None:
    weekly(world, falls, world.home_care)
    with time_machine.travel(at("2026-09-22 10:00"), tick=False):
        assert not told(world.sunniva, FactKind.SHIFT), "three quiet weeks, and it is over"


def test_few_are_no_better_than_many(world: World, falls: Category, login: Login) -> None:
    weekly(world, falls, world.home_care)
    assert not any(each.is_good for each in seen_by(world.sunniva).all)
    assert "Good news" not in text_of(login(world.sunniva).get("/rapporter/oversikt/"))


def test_cases_about_a_leader_are_in_no_chart_whoever_reads(
    world: World, falls: Category, medication: Category, login: Login
) -> None:
    weekly(world, falls, world.home_care)
    weekly(world, medication, world.home_care, about=True)
    assert Deviation.objects.filter(about=world.leif).count() > 30
    for who in (world.leif, world.sunniva, world.kaja, world.kristin, world.rolf):
        facts = [each for each in seen_by(who).all if each.facts[0].kind in (FactKind.SHIFT, FactKind.POINT)]
        assert [each.text[:6] for each in facts] == ["«Fall»"]
        chart = page(
            login(who).get(
                f"/rapporter/oversikt/diagram/?hva=saker&enhet={world.home_care.pk}&kategori={medication.pk}"
            )
        )
        assert "Too little to read a chart from" in chart.get_text()
        for link in page(login(who).get(facts[0].url)).select("tbody td a"):
            assert listed(who, str(link["href"])) == int(link.get_text())


def test_the_last_value_is_told_where_it_stands_out(world: World, falls: Category) -> None:
    months = [datetime.date(2025 if n < 4 else 2026, (8 + n) % 12 + 1, 5) for n in range(12)]
    for n, month in enumerate(months):
        for _each in range(9 if n == 11 else 1 + n % 2):
            cases.report(
                by=world.greta, unit=world.nursing_home, kind=Kind.DEVIATION, text="Feil", category=falls,
                at=at(f"{month} 12:00"),
            )  # fmt: skip
    (sentence,) = told(world.sunniva, FactKind.POINT)
    assert sentence.text.startswith("«Fall»: unusually many cases in august 2026. 9, where 2,08 is usual")


def test_answers_that_come_in_time_again_are_good_news(world: World, login: Login) -> None:
    """Ten months late, then ten months in time."""
    for n in range(20):
        year, month = divmod(2024 * 12 + 11 + n, 12)
        for _each in range(3):
            case = cases.report(
                by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil",
                at=at(f"{year}-{month + 1:02}-05 12:00"),
            )  # fmt: skip
            cases.receive(deviation=case, by=world.leif, at=case.reported_at + datetime.timedelta(hours=1))
            later = datetime.timedelta(days=20 if n < 10 else 1)
            cases.write_message(
                deviation=case, by=world.leif, text="Hei", from_reporter=False, at=case.reported_at + later
            )
    (sentence,) = told(world.sunniva, FactKind.FASTER)
    assert sentence.text.startswith("More reporters get their first answer in time since oktober 2025.")
    assert sentence.is_good
    assert "Good news" in text_of(login(world.sunniva).get("/rapporter/oversikt/"))
    for link in page(login(world.sunniva).get(sentence.url)).select("tbody td a"):
        share, _of, rest = link.get_text().partition("(")
        assert listed(world.sunniva, str(link["href"])) == int(rest.split()[0]), share


def test_who_sees_only_what_is_serious_further_down_has_no_chart_of_it(
    world: World, falls: Category, login: Login
) -> None:
    weekly(world, falls, world.home_care)
    change(world.municipality.settings, "organisation.settings_changed", by=world.ada, narrow_upper_sight=True)
    url = f"/rapporter/oversikt/diagram/?hva=saker&enhet={world.home_care.pk}&kategori={falls.pk}"
    assert not told(world.rolf, FactKind.SHIFT)
    assert login(world.rolf).get(url).status_code == 403
    assert login(world.rolf).get(url.replace(str(world.home_care.pk), str(world.municipality.pk))).status_code == 403
    assert told(world.sunniva, FactKind.SHIFT), "right below her she sees all"
    assert told(world.kristin, FactKind.SHIFT), "and so does the quality coordinator"
    assert login(world.sunniva).get(url).status_code == 200


# What piles up, was finished, did not work, wasn't answered


def test_what_piles_up_is_told_with_the_number_of_its_list(world: World, plan: Callable[..., Any]) -> None:
    for n in range(4):
        case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", about_leader=n == 3)
        Deviation.objects.filter(pk=case.pk).update(deadline=timezone.now() - datetime.timedelta(days=n + 1))
        plan(deadline=timezone.localdate() - datetime.timedelta(days=n + 1))
    (late,) = told(world.sunniva, FactKind.LATE_CASES)
    assert late.text == "3 cases are past their deadline, 3 of them since 2. august."
    assert late.unit == world.home_care
    assert listed(world.sunniva, late.url) == 3
    (actions_late,) = told(world.sunniva, FactKind.LATE_ACTIONS)
    rows = ActionFilter.of(User.objects.get(pk=world.sunniva.pk), QueryDict(urlparse(actions_late.url).query)).rows()
    assert actions_late.text.startswith(f"{rows.count()} actions are past their deadline")


def test_of_what_lies_in_many_units_she_asks_one_of_their_leaders(
    world: World, plan: Callable[..., Any], login: Login
) -> None:
    """Nobody leads above her, so the sentence is of no leader: she chooses whom, and the question is chosen."""
    for unit in (world.home_care, world.nursing_home):
        for n in range(2):
            case = cases.report(by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Feil")
            Deviation.objects.filter(pk=case.pk).update(deadline=timezone.now() - datetime.timedelta(days=n + 1))
    (late,) = told(world.sunniva, FactKind.LATE_CASES)
    assert (late.unit, late.asks) == (world.health, Asks.ONE)
    form = page(login(world.sunniva).get(late.ask))
    assert [each["value"] for each in form.select("input[name=what][checked]")] == ["need"]
    assert str(world.home_care.pk) in {each["value"] for each in form.select("select[name=unit] option")}
    assert "Ask a leader" in text_of(login(world.sunniva).get("/rapporter/oversikt/"))
    assert not told(world.kaja, FactKind.LATE_CASES)[0].ask, "a quality contact leads nobody"


def test_what_has_lain_for_long_is_no_pile(world: World, plan: Callable[..., Any]) -> None:
    for _each in range(4):
        plan(deadline=timezone.localdate() - datetime.timedelta(days=90))
    assert not told(world.sunniva, FactKind.LATE_ACTIONS)


def test_what_came_of_it_is_told(world: World, case: Deviation, login: Login) -> None:
    improvement = Improvement(
        title="Doser til rett tid", owner=world.leif, state=Stage.FINISHED, finished_at=timezone.now(), result="Bra",
        analysis="Slik", goal="Slik", number_goal="9", goal_on=timezone.localdate(), without_document="Nei",
    )  # fmt: skip
    improvement.place_in(world.home_care)
    improvement.save()
    check = EffectCheck(
        deviation=case, owner=world.leif, criterion="Ingen flere", looks_from=timezone.localdate(),
        opens_on=timezone.localdate(), state=EffectState.INEFFECTIVE, judged_at=timezone.now(), judged_by=world.leif,
        words="To til",
    )  # fmt: skip
    check.place_in(world.home_care)
    check.save()
    inquiry = actions.ask(
        by=world.sunniva, whom=Whom(world.leif, world.home_care, world.health), topic=Topic.LEARNING, question="Hva?"
    )
    Inquiry.objects.filter(pk=inquiry.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    client = login(world.sunniva)
    words = text_of(client.get("/rapporter/oversikt/"))
    assert "The improvement «Doser til rett tid» is finished." in words
    assert "1 look at the effect found that what was done did not work." in words
    assert "1 question you asked has no answer, and its day has passed." in words
    for kind, row in (("effekt", "Ingen flere"), ("sporsmal", "Hva?")):
        listed = client.get(f"/rapporter/oversikt/liste/{kind}/?enhet={world.home_care.pk}")
        rows = page(listed).select(".los-list__main")
        assert [each.get_text() for each in rows] == [row]
    assert not told(world.rolf, FactKind.UNANSWERED), "she asked, not he"
    EffectCheck.objects.filter(pk=check.pk).update(deviation=cases_about_leif(world))
    assert not told(world.sunniva, FactKind.EFFECT)


def cases_about_leif(world: World) -> Deviation:
    return cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om lederen", about_leader=True)


# Since last time


def test_what_is_new_since_last_time_stands_first(world: World, falls: Category, login: Login) -> None:
    first = text_of(login(world.sunniva).get("/rapporter/oversikt/"))
    assert "New since" not in first, "the first time all of it is"
    weekly(world, falls, world.home_care)
    with time_machine.travel(at("2026-09-03 10:00"), tick=False):
        client = login(world.sunniva)
        short = text_of(client.get("/rapporter/oversikt/kort/"))
        assert "1 new since tirsdag" in short
        words = text_of(client.get("/rapporter/oversikt/"))
        assert words.index("New since tirsdag") < words.index("«Fall»") < words.index("Still so")
        assert words.index("Still so") < words.index("No report for 60 days")
        assert "New since tirsdag" in text_of(client.get("/rapporter/oversikt/")), "as long as she sits with it"
    with time_machine.travel(at("2026-09-04 10:00"), tick=False):
        client = login(world.sunniva)
        assert "Nothing new since yesterday" in text_of(client.get("/rapporter/oversikt/kort/"))
        assert "New since" not in text_of(client.get("/rapporter/oversikt/"))
    assert not OverviewReading.objects.exclude(user=world.sunniva).exists()


def test_what_she_puts_away_comes_back_only_when_it_is_new(world: World, falls: Category, login: Login) -> None:
    weekly(world, falls, world.home_care)
    client = login(world.sunniva)
    (shift,) = told(world.sunniva, FactKind.SHIFT)
    assert client.get("/rapporter/oversikt/bort/").status_code == 405
    done = client.post("/rapporter/oversikt/bort/", {"fakta": [*shift.names, "skift:1:<script>"]}, follow=True)
    assert "It is put away." in text_of(done)
    assert list(reading_of(world.sunniva).put_away) == shift.names, "only what she is told of"
    assert not told(world.sunniva, FactKind.SHIFT)
    assert told(world.kaja, FactKind.SHIFT), "others are told of it still"
    client.post("/rapporter/oversikt/bort/", {"fakta": shift.names})
    with time_machine.travel(at("2026-09-08 10:00"), tick=False):
        assert not told(world.sunniva, FactKind.SHIFT), "the same shift goes on"
    OverviewReading.objects.update(put_away={shift.names[0]: "2026-05-01"})
    assert told(world.sunniva, FactKind.SHIFT), "what began later is another"
    OverviewReading.objects.update(put_away={shift.names[0]: "2026-09-01"})
    assert "1 put away" in text_of(client.get("/rapporter/oversikt/"))
    assert client.get("/rapporter/oversikt/hent/").status_code == 405
    client.post("/rapporter/oversikt/hent/", {"fakta": shift.names})
    assert told(world.sunniva, FactKind.SHIFT)
    client.post("/rapporter/oversikt/hent/", {"fakta": shift.names})
    assert told(world.sunniva, FactKind.SHIFT)


@pytest.mark.usefixtures("clock", "just_begun")
def test_at_most_twelve_stand_there_and_the_rest_a_tap_away(world: World, login: Login) -> None:
    for n in range(MOST + 3):
        row = Improvement(
            title=f"Bedre {n}", owner=world.leif, state=Stage.FINISHED, finished_at=timezone.now(), result="Bra",
            analysis="Slik", goal="Slik", number_goal="9", goal_on=timezone.localdate(), without_document="Nei",
        )  # fmt: skip
        row.place_in(world.home_care)
        row.save()
    client = login(world.sunniva)
    few = page(client.get("/rapporter/oversikt/"))
    assert len(few.select(".los-list__main")) == MOST
    assert "Show 3 more" in few.get_text()
    assert len(page(client.get("/rapporter/oversikt/?alt=1")).select(".los-list__main")) == MOST + 3


def test_on_the_morning_page_there_is_a_way_to_it(world: World, login: Login) -> None:
    for who, is_there in ((world.sunniva, True), (world.leif, True), (world.kaja, True), (world.nora, False)):
        assert ("/rapporter/oversikt/kort/" in str(page(login(who).get("/")))) == is_there
    assert "What has changed" in text_of(login(world.sunniva).get("/rapporter/")), "a tab of the reports"
    part = login(world.sunniva).get("/rapporter/oversikt/kort/", headers={"HX-Request": "true"})
    assert b"<html" not in part.content


# Who may


def test_who_may(world: World, falls: Category, login: Login) -> None:
    pages = (
        "/rapporter/oversikt/", "/rapporter/oversikt/kort/",
        f"/rapporter/oversikt/diagram/?hva=meldt&enhet={world.home_care.pk}",
        f"/rapporter/oversikt/liste/stille/?enhet={world.home_care.pk}", "/rapporter/oversikt/liste/revisjon/",
    )  # fmt: skip
    for who in (world.leif, world.sunniva, world.rolf, world.kaja, world.kristin):
        assert {login(who).get(each).status_code for each in pages} == {200}
    for who in (world.nora, world.vidar, world.per, world.tiril, world.ada):
        assert {login(who).get(each).status_code for each in pages} == {403}
        assert {login(who).post(f"/rapporter/oversikt/{each}/").status_code for each in ("bort", "hent")} == {403}
    chart, silent = pages[2:4]
    assert login(world.mona).get(chart).status_code == 404
    assert login(world.mona).get(silent).status_code == 404
    assert login(world.hans).get(chart).status_code == 403
    assert login(world.hans).get(silent).status_code == 403
    for wrong in ("?hva=meldt", "?hva=meldt&enhet=x", f"?hva=tull&enhet={world.home_care.pk}"):
        assert login(world.leif).get(f"/rapporter/oversikt/diagram/{wrong}").status_code == 404
    assert login(world.leif).get("/rapporter/oversikt/liste/tull/").status_code == 404


# What it costs


def test_it_costs_the_same_for_few_and_many(world: World, falls: Category, login: Login) -> None:
    client = login(world.rolf)

    def queries() -> int:
        client.get("/rapporter/oversikt/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/rapporter/oversikt/").status_code == 200
        return len([each for each in asked if "SAVEPOINT" not in each["sql"]])

    cases.report(
        by=world.nora,
        unit=world.home_care,
        kind=Kind.DEVIATION,
        text="Feil",
        category=falls,
        at=at("2026-07-07 12:00"),
    )
    few = queries()
    weekly(world, falls, world.home_care)
    for n in range(8):
        unit = organisation.create_unit(parent=world.health, name=f"Avdeling {n}", code=f"A{n}", kind="unit")
        Membership.objects.create(user=world.hans, unit=unit, role=Role.LEADER, valid_from=datetime.date(2026, 1, 1))
        weekly(world, falls, unit) if n < 1 else None
    assert queries() == few
    assert few <= 34
