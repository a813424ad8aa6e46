"""Leif's home care makes something better: seven steps on one page, from a case to a procedure in force."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Category, Deviation, Kind
from documents import actions as documents
from documents.models import Version
from improvement import actions
from improvement.models import Action, Improvement, Measure, Source
from improvement.seven_steps import Stage
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation.models import User
from tests.people import World

Login = Callable[[User], Client]
TITLE = "Doser signert i tide"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def day(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def begun(world: World) -> Improvement:
    return actions.begin_improvement(by=world.leif, title=TITLE, unit=world.home_care, owner=world.leif)


def tried(improvement: Improvement, by: User, decision: str = "adopt") -> None:
    """All up to a trial that has been studied."""
    actions.analyse(improvement=improvement, by=by, analysis="Runden avbrytes fire ganger.")
    goal_on = timezone.localdate() + datetime.timedelta(days=90)
    actions.set_goal(improvement=improvement, by=by, goal=TITLE, number_goal="95 %", goal_on=goal_on)
    solution = actions.suggest(improvement=improvement, by=by, what="Vest", effort=1, effect=3)
    actions.weigh_up(improvement=improvement, by=by)
    actions.choose(improvement=improvement, by=by, chosen=[solution.pk])
    actions.plan_trial(
        improvement=improvement, by=by, change="Vest", prediction="Ett avbrudd", scale="shift", look_on=goal_on
    )
    actions.study_trial(improvement=improvement, by=by, what_was_seen="To", learnt="Vesten virker", decision=decision)


def at_the_last_step(improvement: Improvement, by: User) -> None:
    tried(improvement, by)
    actions.follow_up(improvement=improvement, by=by)
    actions.conclude(improvement=improvement, by=by, measured="94 %")


def test_the_page_leads_from_a_case_to_a_procedure_in_force(world: World, login: Login, case: Deviation) -> None:
    client = login(world.leif)
    page = text_of(client.get(case.get_absolute_url()))
    assert "Begin an improvement" in page
    assert case.reference in text_of(client.get(f"/forbedring/ny/?sak={case.reference}"))
    form = {
        "key": "3f1b8a52-0000-4000-8000-000000000101", "title": TITLE, "unit": world.home_care.pk,
        "owner": "Leif Lund",
    }  # fmt: skip
    answer = client.post(f"/forbedring/ny/?sak={case.reference}", form)
    improvement = Improvement.objects.get()
    here = f"/forbedring/{improvement.pk}/"
    assert answer["Location"] == here
    client.post(f"/forbedring/ny/?sak={case.reference}", form)
    assert Improvement.objects.count() == 1, "a double click begins once"
    assert list(improvement.cases.all()) == [case]

    page = text_of(client.get(here))
    assert "Step 1 of 7: Analyse" in page
    assert "How is it today, and why?" in page
    assert case.reference in page

    def take(step: str, **answers: Any) -> str:
        improvement.refresh_from_db()
        answer = client.post(f"{here}steg/{step}/", {"seen": improvement.events_count, **answers})
        assert answer.status_code == 302, text_of(answer)
        improvement.refresh_from_db()
        return text_of(client.get(here))

    assert "as a number, and by when?" in take("analyse", analysis="Runden avbrytes.")
    refused = client.post(f"{here}steg/set_goal/", {"goal": TITLE, "number_goal": "nesten alle", "goal_on": day(90)})
    assert "Write a number" in text_of(refused)
    assert "What could help?" in take("set_goal", goal=TITLE, number_now="83 %", number_goal="95 %", goal_on=day(90))
    assert client.post(f"{here}steg/weigh_up/").status_code == 302
    improvement.refresh_from_db()
    assert improvement.state == Stage.SOLUTIONS, "there is nothing to choose among yet"
    take("suggest", what_could_help="Nye skap", effort=3, effect=3)
    assert "Vest" in take("suggest", what_could_help="Vest", effort=1, effect=3)
    assert "Which gives most for least effort?" in take("weigh_up")
    vest, _cupboards = improvement.solutions.all()
    assert vest.what == "Vest", "much for little stands first"
    assert "what do you expect?" in take("choose", chosen=[vest.pk])

    no_prediction = {"change": "Vest", "scale": "shift", "begins_on": day(0), "look_on": day(7)}
    assert client.post(f"{here}steg/plan_trial/", no_prediction).status_code == 200
    assert not improvement.trials.exists(), "what one expects comes first"
    page = take("plan_trial", **no_prediction, prediction="Ett avbrudd")
    assert "Ett avbrudd" in page
    assert "Running" in page
    page = take("study_trial", what_was_seen="To avbrudd", learnt="Bare på kveld", decision="adapt")
    assert "Adapted" in page
    assert "Another trial" not in page
    take("plan_trial", **no_prediction, prediction="Ett avbrudd på dagen også")
    take("study_trial", what_was_seen="Ett", learnt="Holder", decision="adopt")
    assert [trial.number for trial in improvement.trials.all()] == [1, 2]
    assert "Does it hold?" in take("follow_up")
    assert "How does it become the usual way?" in take("conclude", measured="94 %, og det holder.")

    improvement.refresh_from_db()
    form = {"seen": improvement.events_count, "which": "new", "document": "", "title": "Medisinrunden"}
    answer = client.post(f"{here}steg/open_draft/", form)
    draft = Version.objects.get()
    assert answer["Location"] == draft.get_absolute_url()
    assert "The improvement is finished when it is in force." in text_of(client.get(here))
    assert client.get(f"{here}steg/finish/").status_code == 302, "not before it is in force"
    documents.save(version=draft, by=world.leif, title="Medisinrunden", body="<p>Én går runden i fred.</p>")
    documents.send(version=draft, by=world.leif, approver=world.sunniva)
    documents.approve(version=draft, by=world.sunniva)
    deliver.sweep()
    assert Notification.objects.filter(user=world.leif, url=here).exists(), "it can be finished"

    deliver.take_as_told()
    assert "The document is in force" in text_of(client.get("/"))
    assert "Finished" in take("finish", result="Nesten alle doser signeres nå i tide.")
    deliver.sweep()
    assert Notification.objects.filter(user=world.nora, url=case.get_absolute_url()).exists(), "the reporter hears"
    page = text_of(login(world.nora).get(case.get_absolute_url()))
    assert "Nesten alle doser signeres nå i tide." in page


def test_from_a_case_a_measure_of_what_it_is_about_is_suggested(world: World, login: Login, case: Deviation) -> None:
    category = Category.objects.create(municipality=world.municipality, name="Medisinrunde")
    client, url = login(world.leif), f"/forbedring/ny/?sak={case.reference}"
    form = {"title": TITLE, "unit": world.home_care.pk, "owner": "Leif Lund"}
    assert "What shows whether" not in text_of(client.get(url)), "it is about nothing known"
    Deviation.objects.filter(pk=case.pk).update(category=category)
    assert "Cases about “Medisinrunde”, month by month" in text_of(client.get(url))
    key = "3f1b8a52-0000-4000-8000-00000000011"
    for _again in range(2):
        client.post(url, form | {"key": f"{key}1", "follow": "new"})
    measure = Measure.objects.get()
    assert (measure.category, measure.source, measure.unit) == (category, Source.CASES, world.home_care)
    assert Improvement.objects.get().measures.get() == measure
    page = text_of(client.get(url))
    assert "Medisinrunde · Hjemmetjenesten" in page
    assert "month by month" not in page, "there is one already"
    client.post(url, form | {"key": f"{key}2", "follow": str(measure.pk)})
    client.post(url, form | {"key": f"{key}3", "follow": ""})
    assert [row.measures.count() for row in Improvement.objects.order_by("pk")] == [1, 1, 0]


def test_it_begins_from_nothing_and_is_given_up_with_why(world: World, login: Login, begun: Improvement) -> None:
    client = login(world.leif)
    here = f"/forbedring/{begun.pk}/"
    assert client.get(f"{here}steg/give_up/").status_code == 200
    assert client.post(f"{here}steg/give_up/", {"seen": begun.events_count}).status_code == 200, "not without why"
    client.post(f"{here}steg/give_up/", {"seen": begun.events_count, "note": "Det løste seg."})
    begun.refresh_from_db()
    assert begun.state == Stage.GIVEN_UP
    assert "Given up, with what was learnt" in text_of(client.get("/forbedring/"))
    assert client.get(f"{here}steg/take_up_again/").status_code == 405
    client.post(f"{here}steg/take_up_again/", {"seen": begun.events_count})
    begun.refresh_from_db()
    assert begun.state == Stage.ANALYSE


def test_one_goes_back_and_what_was_written_stays(world: World, login: Login, begun: Improvement) -> None:
    tried(begun, world.leif)
    client = login(world.leif)
    form = {"seen": begun.events_count, "to": "goal", "note": "Målet var for lavt"}
    client.post(f"/forbedring/{begun.pk}/steg/go_back/", form)
    begun.refresh_from_db()
    assert (begun.state, begun.number_goal, begun.trials.count()) == (Stage.GOAL, "95 %", 1)
    client.post(f"/forbedring/{begun.pk}/steg/go_back/", form)
    begun.refresh_from_db()
    assert begun.state == Stage.GOAL, "nothing the second time"
    with pytest.raises(StepRefused):
        actions.go_back(improvement=begun, by=world.leif, to="try")


def test_a_trial_is_predicted_first_and_one_at_a_time(world: World, begun: Improvement) -> None:
    tried(begun, world.leif)
    how: dict[str, Any] = {"change": "Mer", "prediction": "Færre", "scale": "unit", "look_on": timezone.localdate()}
    actions.plan_trial(improvement=begun, by=world.leif, **how)
    with pytest.raises(StepRefused):
        actions.plan_trial(improvement=begun, by=world.leif, **how)
    assert begun.trials.count() == 2


def test_without_a_document_it_says_why(world: World, login: Login, begun: Improvement) -> None:
    at_the_last_step(begun, world.leif)
    client = login(world.leif)
    url = f"/forbedring/{begun.pk}/steg/finish/"
    assert client.post(url, {"seen": begun.events_count, "result": "Bedre."}).status_code == 200
    client.post(url, {"seen": begun.events_count, "result": "Bedre.", "without_document": "Ny lås på skapet."})
    begun.refresh_from_db()
    assert begun.state == Stage.FINISHED


def test_one_opens_only_drafts_one_may_write(world: World, login: Login, begun: Improvement) -> None:
    at_the_last_step(begun, world.leif)
    own = documents.create_document(by=world.leif, title="Medisinrunden", kind="procedure", unit=world.home_care)
    documents.create_document(by=world.hans, title="Medisin på sykehjemmet", kind="procedure", unit=world.nursing_home)
    client = login(world.leif)
    found = client.get("/forbedring/dokumenter/?document=medisin").content.decode()
    assert "Medisinrunden" in found
    assert "sykehjemmet" not in found
    form = {"seen": begun.events_count, "which": "existing", "document": "Medisin på sykehjemmet", "title": ""}
    assert client.post(f"/forbedring/{begun.pk}/steg/open_draft/", form).status_code == 200
    client.post(f"/forbedring/{begun.pk}/steg/open_draft/", form | {"document": "Medisinrunden"})
    begun.refresh_from_db()
    assert begun.version == own
    actions.invite_to_team(improvement=begun, by=world.leif, person=world.greta)
    assert "Medisinrunden" not in text_of(login(world.greta).get(f"/forbedring/{begun.pk}/")), "a draft's title"


def test_actions_are_planned_as_part_of_it(world: World, login: Login, begun: Improvement) -> None:
    actions.invite_to_team(improvement=begun, by=world.leif, person=world.nora)
    client = login(world.nora)
    assert client.get(f"/tiltak/ny/?forbedring={begun.pk}").status_code == 200
    form = {
        "key": "3f1b8a52-0000-4000-8000-000000000102", "what": "Kjøpe vest", "owner": "Greta Gran",
        "deadline": day(10), "strength": "",
    }  # fmt: skip
    answer = client.post(f"/tiltak/ny/?forbedring={begun.pk}", form | {"owner": "Greta Gran (Sykehjemmet)"})
    assert answer["Location"] == f"/forbedring/{begun.pk}/", text_of(answer)
    action = Action.objects.get()
    assert (action.improvement, action.unit) == (begun, world.home_care)
    assert "Kjøpe vest" in text_of(client.get(f"/forbedring/{begun.pk}/"))
    assert TITLE in text_of(login(world.leif).get(f"/tiltak/{action.pk}/"))
    assert TITLE not in text_of(login(world.greta).get(f"/tiltak/{action.pk}/")), "she isn't invited"
    assert login(world.hans).get(f"/tiltak/ny/?forbedring={begun.pk}").status_code == 404


def test_charts_stand_on_the_page_and_lead_to_one(world: World, login: Login, begun: Improvement) -> None:
    measure = actions.measure(by=world.leif, name="Signert i tide", unit=world.home_care, owner=world.leif)
    client = login(world.leif)
    form = {"seen": begun.events_count, "measure": measure.pk}
    client.post(f"/forbedring/{begun.pk}/steg/tie_measure/", form)
    assert "Signert i tide" in text_of(client.get(f"/forbedring/{begun.pk}/"))
    assert TITLE in text_of(client.get(measure.get_absolute_url()))
    begun.refresh_from_db()
    client.post(f"/forbedring/{begun.pk}/steg/untie_measure/", form | {"seen": begun.events_count})
    assert not begun.measures.exists()
    answer = client.post(
        f"/malinger/ny/?forbedring={begun.pk}",
        {
            "key": "3f1b8a52-0000-4000-8000-000000000103", "name": "Fall", "what": "count", "rhythm": "week",
            "better": "down", "unit": world.home_care.pk, "owner": "Leif Lund", "explained": "",
        },
    )  # fmt: skip
    assert answer["Location"] == f"/forbedring/{begun.pk}/", text_of(answer)
    assert begun.measures.get().name == "Fall"
    client.post(
        f"/forbedring/ny/?maling={measure.pk}",
        {
            "key": "3f1b8a52-0000-4000-8000-000000000104", "title": "Fra en måling", "unit": world.home_care.pk,
            "owner": "Leif Lund",
        },
    )  # fmt: skip
    assert Improvement.objects.get(title="Fra en måling").measures.get() == measure


def test_the_journal_says_what_happened_and_not_what_was_written(world: World, begun: Improvement) -> None:
    at_the_last_step(begun, world.leif)
    said = str([event.data for event in Event.objects.about(begun)])
    for word in (TITLE, "Runden", "95", "Vest", "94"):
        assert word not in said


def test_a_case_that_is_let_go_takes_along_those_merged_into_it(
    world: World, login: Login, begun: Improvement, case: Deviation
) -> None:
    other = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Det samme")
    cases.receive(deviation=other, by=world.leif)
    for each in (case, other):
        actions.take_in(improvement=begun, deviation=each, by=world.leif)
    cases.merge(deviation=other, by=world.leif, into=case)
    for _again in range(2):
        actions.let_go(improvement=begun, deviation=case, by=world.leif)
    assert not begun.ties.exists()
    assert Event.objects.filter(type="improvement.case_let_go").count() == 2
    page = text_of(login(world.leif).get(begun.get_absolute_url()))
    assert case.reference not in page
    assert other.reference not in page


def test_who_leads_it_is_filled_in_and_folded_away(world: World, login: Login) -> None:
    page = BeautifulSoup(login(world.leif).get("/forbedring/ny/").content, "html.parser")
    fold = page.select_one("details.los-fold")
    assert fold is not None
    assert not fold.has_attr("open")
    owner = fold.select_one("[name=owner]")
    assert owner is not None
    assert str(owner["value"]).startswith("Leif Lund")
