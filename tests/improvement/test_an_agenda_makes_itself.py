"""Sunniva leads the leaders' meeting of the health sector: Leif and Hans are in it, and Nora isn't."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Category, Deviation, Kind
from improvement import actions
from improvement.agendas import MOST, READY, Making, of_cases, of_work, sources
from improvement.charts import Better, Nature
from improvement.lifecycle import State
from improvement.meeting_lifecycle import MeetingState
from improvement.models import (
    Action,
    AgendaItem,
    Audience,
    Forum,
    ForumKind,
    Inquiry,
    LearningStory,
    Measure,
    Meeting,
    Rhythm,
)
from improvement.models import Source as Measured
from improvement.series import series_of
from kvalitetslosen.organisation.models import Role, User
from tests.people import World

Login = Callable[[User], Client]
SECRET = "Feil dose til brukeren i Storgata"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def forum(world: World) -> Forum:
    return actions.found_forum(
        by=world.sunniva, name="Ledermøte helse", kind=ForumKind.LEADERS, unit=world.health,
        members=[world.leif, world.hans],
    )  # fmt: skip


def planned(forum: Forum, **how: Any) -> Meeting:
    today = timezone.localdate()
    usual: dict[str, Any] = {
        "by": forum.leader,
        "starts_at": timezone.now() + datetime.timedelta(days=3),
        "place": "Møterom 2",
        "period_first": today - datetime.timedelta(days=30),
        "period_last": today,
    }
    return actions.plan_meeting(forum=forum, **(usual | how))


def words(meeting: Meeting, kind: str) -> str:
    found: str = meeting.items.get(kind=kind).words
    return found


def test_she_begins_a_forum_and_plans_a_meeting(world: World, login: Login) -> None:
    client = login(world.sunniva)
    form = {
        "key": "3f1b8a52-0000-4000-8000-000000000011", "name": "Ledermøte helse", "kind": "leaders",
        "unit": world.health.pk,
    }  # fmt: skip
    answer = client.post("/moter/forum/ny/", form)
    client.post("/moter/forum/ny/", form)
    forum = Forum.objects.get()
    assert answer["Location"] == f"/moter/forum/{forum.pk}/"
    assert (forum.leader, list(forum.members.all())) == (world.sunniva, [world.sunniva])
    client.post(f"/moter/forum/{forum.pk}/deltakere/", {"person": "Leif Lund"})
    assert set(forum.members.all()) == {world.sunniva, world.leif}
    day = timezone.localdate() + datetime.timedelta(days=4)
    asked = {
        "key": "3f1b8a52-0000-4000-8000-000000000012", "day": day.isoformat(), "hour": "09:00", "lasts": "60",
        "place": "Møterom 2", "period_first": "2020-01-01", "period_last": "2020-02-01",
    }  # fmt: skip
    assert "/moter/forum" not in client.post(f"/moter/forum/{forum.pk}/mote/", asked)["Location"]
    client.post(f"/moter/forum/{forum.pk}/mote/", asked)
    meeting = Meeting.objects.get()
    assert (meeting.state, timezone.localtime(meeting.starts_at).hour) == (MeetingState.PLANNED, 9)
    assert "Ledermøte helse" in text_of(client.get("/")), "the next meeting stands on the morning page"
    assert "Ledermøte helse" in text_of(login(world.leif).get("/moter/"))


@pytest.mark.parametrize("who", ["nora", "vidar", "per", "tiril", "ada"])
def test_only_leaders_and_quality_contacts_begin_forums(world: World, login: Login, who: str) -> None:
    client = login(world.people[who])
    assert client.get("/moter/forum/ny/").status_code == 403
    assert client.post("/moter/forum/ny/", {}).status_code == 403


def test_one_begins_it_about_units_one_leads(world: World, login: Login) -> None:
    client = login(world.leif)
    form = {"key": "3f1b8a52-0000-4000-8000-000000000013", "name": "Skolen", "kind": "team", "unit": world.school.pk}
    assert client.post("/moter/forum/ny/", form).status_code == 200
    assert not Forum.objects.exists()


def test_those_in_it_see_it_and_nobody_else(world: World, login: Login, forum: Forum) -> None:
    meeting = planned(forum)
    item = meeting.items.first()
    assert item is not None
    for who, user in world.people.items():
        client, inside = login(user), who in ("sunniva", "leif", "hans")
        for path in (f"forum/{forum.pk}/", f"{meeting.pk}/", f"{meeting.pk}/vegg/"):
            assert client.get(f"/moter/{path}").status_code == (200 if inside else 404), (who, path)
        assert ("Ledermøte helse" in text_of(client.get("/moter/"))) == inside, who
        if who == "sunniva":
            continue
        refused = 403 if inside else 404
        for path in (
            f"forum/{forum.pk}/endre/", f"forum/{forum.pk}/deltakere/", f"forum/{forum.pk}/avslutt/",
            f"forum/{forum.pk}/mote/", f"forum/{forum.pk}/deltakere/{world.sunniva.pk}/ut/", f"{meeting.pk}/endre/",
            f"{meeting.pk}/holdt/", f"{meeting.pk}/nye-tall/", f"{meeting.pk}/steg/send/",
            f"{meeting.pk}/steg/approve/", f"{meeting.pk}/steg/cancel/", f"punkt/{item.pk}/", f"punkt/{item.pk}/vegg/",
            f"punkt/{item.pk}/ut/",
        ):  # fmt: skip
            assert client.post(f"/moter/{path}").status_code == refused, (who, path)
        # Every member may suggest a point; sent with nothing in it, the form comes back.
        assert client.post(f"/moter/{meeting.pk}/punkt/").status_code == (200 if inside else 404), who
    assert set(forum.members.all()) == {world.sunniva, world.leif, world.hans}


def test_what_changes_something_refuses_get(world: World, login: Login, forum: Forum) -> None:
    meeting = planned(forum)
    item = meeting.items.first()
    assert item is not None
    client = login(world.sunniva)
    for path in (
        f"forum/{forum.pk}/deltakere/", f"forum/{forum.pk}/avslutt/", f"forum/{forum.pk}/bli-med/",
        f"forum/{forum.pk}/deltakere/{world.leif.pk}/ut/", f"{meeting.pk}/nye-tall/", f"{meeting.pk}/steg/send/",
        f"punkt/{item.pk}/ut/",
    ):  # fmt: skip
        assert client.get(f"/moter/{path}").status_code == 405, path


def test_it_counts_what_was_reported_and_names_what_there_is_enough_of(world: World, forum: Forum) -> None:
    main = Category.objects.create(municipality=world.municipality, name="Legemiddel", position=91)
    sub = Category.objects.create(municipality=world.municipality, name="Feil dose", parent=main, position=1)
    other = Category.objects.create(municipality=world.municipality, name="Fall", position=92)
    for category in (sub, sub, main, other):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET, category=category)
    cases.report(by=world.greta, unit=world.school, kind=Kind.DEVIATION, text=SECRET)
    meeting = planned(forum)
    said = words(meeting, "categories")
    assert "4 cases were reported" in said, "not the school's"
    assert "Legemiddel 3" in said
    assert "Fall" not in said, "one case would point to somebody"
    assert SECRET not in " ".join(meeting.items.values_list("words", flat=True))


def test_cases_about_a_leader_are_in_none_of_the_figures(world: World, forum: Forum) -> None:
    about = cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om lederen", about_leader=True
    )
    assert about.about == world.leif
    cases.receive(deviation=about, by=world.sunniva)
    Deviation.objects.filter(pk=about.pk).update(deadline=timezone.now() - datetime.timedelta(days=1))
    actions.plan(
        by=world.sunniva, what="Snakk med lederen", owner=world.sunniva, deviation=about,
        deadline=timezone.localdate() - datetime.timedelta(days=2),
    )  # fmt: skip
    meeting = planned(forum)
    assert words(meeting, "categories").startswith("Nothing was reported")
    assert not meeting.items.filter(kind="late").exists()


def test_nor_what_a_meeting_decided_of_a_case_that_came_to_be_about_a_leader(world: World, forum: Forum) -> None:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET)
    before = planned(forum)
    item = AgendaItem.objects.create(meeting=before, kind="case", deviation=case, heading="Sak", position=90)
    late = actions.plan(
        by=world.sunniva, what="Ta det opp", owner=world.sunniva, unit=world.health,
        deadline=timezone.localdate() - datetime.timedelta(days=2),
    )  # fmt: skip
    Action.objects.filter(pk=late.pk).update(agenda_item=item)
    making = Making(world.sunniva, before)
    assert "1 action is late" in of_cases.late(making)
    assert "Ta det opp" in of_work.actions_last(making)
    Deviation.objects.filter(pk=case.pk).update(about=world.leif)
    assert "is late" not in of_cases.late(making)
    assert "Ta det opp" not in of_work.actions_last(making)


def test_charts_and_questions_on_it_know_of_no_case_about_a_leader(
    clock: time_machine.Traveller, world: World, forum: Forum
) -> None:
    clock.move_to("2026-11-20 09:00+01:00")
    actions.measure(
        by=world.sunniva, name="Saker", unit=world.health, owner=world.sunniva, nature=Nature.COUNT,
        rhythm=Rhythm.MONTH, source=Measured.CASES, begins_on=datetime.date(2025, 1, 1),
    )  # fmt: skip
    what: dict[str, Any] = {"by": world.nora, "unit": world.home_care, "kind": Kind.DEVIATION, "text": SECRET}
    for month, number in enumerate((2, 1, 1, 2, 2, 1, 2, 1, 1, 2, 2, 1, 2, 1), start=8):
        day = datetime.datetime(2025 + month // 12, month % 12 + 1, 15, 9, tzinfo=datetime.UTC)
        for _each in range(number):
            then = cases.report(**what, at=day).reported_at
    for _each in range(20):
        about = cases.report(**what, about_leader=True, at=then)
    Inquiry.objects.create(
        topic="case", unit=world.home_care, level_0=world.municipality.pk, level_1=world.health.pk,
        level_2=world.home_care.pk, upper=world.health, asker=world.rolf, asked=world.sunniva, question="Hva skjer?",
        deviation=about, due_on=timezone.localdate(),
    )  # fmt: skip
    meeting = planned(forum)
    assert words(meeting, "signals") == "No chart shows more than chance."
    assert series_of(Measure.objects.get(), world.sunniva).chart.signals, "to her one does"
    assert not meeting.items.filter(kind="questions").exists()


def test_what_one_point_tells_no_other_tells_again(world: World) -> None:
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET)
    forum = actions.found_forum(by=world.rolf, name="LG", kind=ForumKind.REVIEW, unit=world.municipality)
    kinds = set(planned(forum).items.values_list("kind", flat=True))
    assert "cases" in kinds
    assert not kinds & {"categories", "follow_up", "late", "improvement"}


def test_a_review_has_figures_of_risk_of_what_is_shared_and_of_what_was_decided(world: World) -> None:
    analysis = actions.begin_analysis(by=world.leif, title="Medisinrunden", unit=world.home_care, owner=world.leif)
    actions.add_hazard(analysis=analysis, by=world.leif, what="Feil dose", consequence=4, probability=3)
    actions.let_apply(analysis=analysis, by=world.leif, review_on=timezone.localdate() + datetime.timedelta(days=90))
    forum = actions.found_forum(by=world.rolf, name="LG", kind=ForumKind.REVIEW, unit=world.municipality)
    year_ago = timezone.localdate() - datetime.timedelta(days=366)
    first = planned(forum, starts_at=timezone.now() - datetime.timedelta(days=8), period_first=year_ago)
    assert words(first, "risk").startswith("1 risk analysis applies.")
    assert "cooperation and handover: none" in words(first, "shared")
    assert words(first, "learning").startswith("Improvements finished: 0. Stories told: 0.")
    assert first.period_begins.endswith(str(year_ago.year)), "else it reads as one day"
    last = first.items.get(kind="decided")
    assert last.words.startswith("What we change"), "nothing was decided yet"
    actions.minute(
        item=last, by=world.rolf, seen=last.edits, decision="Ei stilling til", what="Lys ut", owner=world.leif,
        deadline=timezone.localdate() - datetime.timedelta(days=1),
    )  # fmt: skip
    actions.hold_meeting(meeting=first, by=world.rolf, present=[])
    assert "Decisions last time: 1. Actions: 1, of them done 0 and late 1." in words(planned(forum), "decided")


def test_a_first_review_looks_back_on_what_the_area_has_done(
    world: World, plan: Callable[..., Action], case: Deviation
) -> None:
    """It has decided nothing itself: there are the figures of the area, without cases about a leader."""
    forum = actions.found_forum(by=world.rolf, name="LG", kind=ForumKind.REVIEW, unit=world.municipality)
    empty = planned(forum)
    assert words(empty, "actions_last").startswith("What was decided last time")
    about = cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om lederen", about_leader=True
    )
    plan(deviation=about, by=world.sunniva)
    actions.finish(action=plan(deviation=case), by=world.greta, done_note="Gjort")
    plan(deadline=timezone.localdate() - datetime.timedelta(days=1))
    team = actions.found_forum(by=world.leif, name="Team", kind=ForumKind.TEAM, unit=world.home_care)
    item = planned(team).items.all()[0]
    actions.decide(item=item, by=world.leif, what="Prøv", owner=world.leif, deadline=timezone.localdate())
    first = planned(forum)
    assert words(first, "actions_last") == (
        "Actions planned in the period: 3, done: 1. Open now: 2, of them late: 1."
    )  # fmt: skip
    assert words(first, "decided").startswith(
        "Actions decided in meetings in the period: 1, of them done 0 and late 0."
    )
    other = actions.found_forum(by=world.sunniva, name="Ledermøte", kind=ForumKind.LEADERS, unit=world.health)
    assert not planned(other).items.filter(words__startswith="Actions planned").exists(), "of the review alone"


def test_it_asks_no_more_with_many_members_and_charts(world: World, forum: Forum) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            of_work.signals(Making(world.sunniva, Meeting.objects.get(pk=meeting.pk)))
        return len(captured)

    def chart(name: str) -> None:
        measure = actions.measure(
            by=world.leif, name=name, unit=world.home_care, owner=world.leif, nature=Nature.NUMBER,
            rhythm=Rhythm.WEEK, better=Better.UP, begins_on=datetime.date(2026, 1, 5),
        )  # fmt: skip
        for week in range(16):
            day = datetime.date(2026, 1, 5) + datetime.timedelta(days=7 * week)
            value = Decimal(20 + week % 2 + (30 if week > 9 else 0))
            actions.enter(measure=measure, by=world.leif, day=day, value=value)

    meeting = planned(forum)
    chart("Doser i tide")
    asked()
    few = asked()
    assert "Doser i tide" not in of_work.signals(Making(world.sunniva, meeting)), "Hans can't open it"
    for name in ("To", "Tre", "Fire"):
        chart(name)
    for who in (world.kaja, world.rolf, world.kristin):
        actions.add_member(forum=forum, by=world.sunniva, user=who)
    assert asked() == few


def test_what_whoever_leads_may_not_see_is_not_counted(world: World, forum: Forum) -> None:
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET)
    actions.change_forum(forum=forum, by=world.sunniva, leader=world.hans)
    meeting = planned(forum)
    assert words(meeting, "categories").startswith("Nothing was reported")


def test_at_most_seven_stand_on_it_and_the_rest_is_one_click_away(world: World, login: Login, forum: Forum) -> None:
    done = actions.plan(
        by=world.leif, what="Ny dosett", owner=world.leif, unit=world.home_care, deadline=timezone.localdate()
    )
    actions.finish(action=done, by=world.leif, done_note="Hengt opp")
    for _each in range(3):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.GOOD_PRACTICE, text=SECRET)
    meeting = planned(forum)
    assert meeting.items.chosen().count() <= MOST
    assert "1 action was done" in words(meeting, "improvement")
    assert "3. Choose one" in words(meeting, "good_practice")
    rest = meeting.items.filter(chosen=False).first()
    assert rest is not None
    client = login(world.sunniva)
    client.post(f"/moter/punkt/{rest.pk}/inn/")
    rest.refresh_from_db()
    assert rest.chosen
    client.post(f"/moter/punkt/{rest.pk}/opp/")
    order = list(meeting.items.chosen().values_list("pk", flat=True))
    assert order[-2] == rest.pk
    client.post(f"/moter/punkt/{rest.pk}/ut/")
    assert rest.pk not in meeting.items.chosen().values_list("pk", flat=True)


def test_it_is_edited_freely_and_figures_counted_anew_leave_that_alone(
    world: World, login: Login, forum: Forum
) -> None:
    meeting = planned(forum)
    item = meeting.items.get(kind="categories")
    client = login(world.sunniva)
    client.post(f"/moter/punkt/{item.pk}/", {"seen": "0", "heading": "Sakene", "words": "Vi ser på fall."})
    assert "wrote here meanwhile" in text_of(
        client.post(f"/moter/punkt/{item.pk}/", {"seen": "0", "heading": "Noe annet", "words": "x"})
    )
    client.post(f"/moter/{meeting.pk}/punkt/", {"heading": "Julebord", "words": ""})
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET)
    client.post(f"/moter/{meeting.pk}/nye-tall/")
    item.refresh_from_db()
    assert (item.heading, item.words) == ("Sakene", "Vi ser på fall.")
    assert meeting.items.filter(heading="Julebord", chosen=True).exists()
    hers = [reference for reference in text_of(client.get(f"/moter/{meeting.pk}/")).split() if "FJE-" in reference]
    assert not hers, "no case is named by itself"


@pytest.mark.parametrize("kind", [kind for kind in ForumKind.values if kind != ForumKind.PEERS])
def test_every_ready_agenda_makes_itself(world: World, kind: str) -> None:
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET)
    forum = actions.found_forum(by=world.rolf, name="Møte", kind=kind, unit=world.municipality)
    meeting = planned(forum)
    agenda = list(meeting.items.chosen())
    assert len(agenda) >= 4
    assert all(item.heading and item.words for item in agenda)
    if kind == ForumKind.REVIEW:
        assert [item.heading.partition(".")[0] for item in agenda] == [str(n) for n in range(1, 15)]
    else:
        assert len(agenda) <= MOST


def test_the_ready_agendas_name_sources_there_are() -> None:
    named = {point.source for ready in READY.values() for point in ready.points if point.source}
    assert named <= set(sources())


def test_a_committee_gets_figures_and_no_cases(world: World) -> None:
    from kvalitetslosen.organisation import actions as organisation

    amy = organisation.add_person(
        municipality=world.municipality, name="Amy Amdal", email="amy@fjelldal.example", language="nb"
    )
    organisation.grant_role(user=amy, unit=world.municipality, role=Role.WORK_ENVIRONMENT)
    for _each in range(3):
        cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text=SECRET)
    Deviation.objects.update(topic="hse")
    forum = actions.found_forum(by=amy, name="AMU", kind=ForumKind.WORK_ENVIRONMENT, unit=world.municipality)
    meeting = planned(forum)
    assert "working environment: 3" in words(meeting, "hse")


def test_what_was_decided_last_time_comes_back(world: World, forum: Forum) -> None:
    first = planned(forum, starts_at=timezone.now() - datetime.timedelta(days=8))
    item = first.items.chosen()[0]
    actions.minute(
        item=item, by=world.sunniva, seen=item.edits, decision="Vi prøver vest", what="Kjøp vester", owner=world.leif,
        deadline=timezone.localdate() + datetime.timedelta(days=3),
    )  # fmt: skip
    action = Action.objects.get()
    assert (action.owner, action.unit, action.state) == (world.leif, world.health, State.PLANNED)
    actions.hold_meeting(meeting=first, by=world.sunniva, present=[world.leif])
    second = planned(forum)
    said = words(second, "actions_last")
    assert "Kjøp vester (Leif Lund" in said
    assert second.items.chosen()[0].kind == "actions_last"


def test_pages_cost_the_same_with_many_meetings(
    world: World, login: Login, forum: Forum, django_assert_max_num_queries: Any
) -> None:
    meeting = planned(forum)
    client = login(world.leif)
    client.get(f"/moter/{meeting.pk}/")

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    paths = ("/moter/", f"/moter/forum/{forum.pk}/", f"/moter/{meeting.pk}/")
    few = [asked(path) for path in paths]
    for _each in range(3):
        planned(forum)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, kind="own", heading=f"Punkt {n}", position=50 + n) for n in range(20)
    )
    assert [asked(path) for path in paths] == few


def test_a_story_from_elsewhere_stands_on_it_once(world: World, forum: Forum) -> None:
    told: dict[str, Any] = {"unit": world.school, "level_0": world.municipality.pk, "level_1": world.school.pk}
    now = timezone.now()
    for title, audience, state in (
        ("Døra som sto åpen", Audience.MUNICIPALITY, "published"),
        ("Bare for skolen", Audience.UNIT, "published"),
        ("Et utkast", Audience.MUNICIPALITY, "reading"),
    ):
        LearningStory.objects.create(
            teller=world.rolf, reader=world.kristin, title=title, audience=audience, state=state, sent_at=now,
            published_at=now if state == "published" else None, **told,
        )  # fmt: skip
    assert words(planned(forum), "story").startswith("«Døra som sto åpen»")
    assert not planned(forum).items.filter(kind="story").exists(), "the forum has had it"
