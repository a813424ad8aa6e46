"""A look at the effect: planned before acting, opens by itself, worked or not, and the reporter hears of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import access as case_access
from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from improvement.lifecycle import EffectState
from improvement.models import ChangeMark, EffectCheck
from improvement.practice import forget
from improvement.tasks import open_checks
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.notifications.conftest import Post
from tests.people import World

Login = Callable[[User], Client]
EVERYBODY = (
    "nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "tiril", "per", "ada", "mona",
)  # fmt: skip
SEEN = "Ingen fall om natta siden oktober."
CRITERION = "Hemmelig: ingen fall på to måneder."


def later(days: int = 60) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def planned(world: World, case: Deviation) -> Callable[..., EffectCheck]:
    def plan(**how: Any) -> EffectCheck:
        usual: dict[str, Any] = {
            "by": world.leif, "owner": world.leif, "deviation": case, "criterion": CRITERION, "opens_on": later(),
        }  # fmt: skip
        return actions.plan_check(**(usual | how))

    return plan


def opened(check: EffectCheck) -> EffectCheck:
    """As when its day has come."""
    actions.open_due(timezone.now() + datetime.timedelta(days=70))
    return EffectCheck.objects.get(pk=check.pk)


def text_of(client: Client, path: str) -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def test_the_handler_plans_it_from_the_case_and_the_same_form_twice_makes_one(
    world: World, login: Login, case: Deviation
) -> None:
    leif, path = login(world.leif), f"/tiltak/effekt/ny/{case.reference}/"
    assert path in leif.get(case.get_absolute_url()).text
    owner = BeautifulSoup(leif.get(path).text, "html.parser").select_one("[name=owner]")
    assert owner is not None
    sent = {
        "key": "00000000-0000-4000-8000-000000000002", "criterion": CRITERION, "opens_on": later().isoformat(),
        "owner": owner["value"],
    }  # fmt: skip
    for _twice in range(2):
        assert leif.post(path, sent).status_code == 302
    check = EffectCheck.objects.get()
    assert (check.state, check.owner, check.unit) == (EffectState.PLANNED, world.leif, world.home_care)
    case.refresh_from_db()
    assert case.effect_check_on == later()
    assert login(world.hans).get(path).status_code == 404
    assert login(world.kaja).get(path).status_code == 403
    assert login(world.nora).get(path).status_code == 403


def test_a_day_that_has_been_and_nothing_to_see_are_refused(world: World, login: Login, case: Deviation) -> None:
    answer = login(world.leif).post(
        f"/tiltak/effekt/ny/{case.reference}/",
        {
            "key": "00000000-0000-4000-8000-000000000002",
            "criterion": " ",
            "opens_on": "2020-01-01",
            "owner": "Leif Lund",
        },
    )
    assert {"criterion", "opens_on"} <= set(answer.context["form"].errors)
    assert not EffectCheck.objects.exists()


def test_it_opens_by_itself_once_and_not_before_its_day(
    world: World, login: Login, planned: Callable[..., EffectCheck], post: Post
) -> None:
    check = planned(by=world.leif, owner=world.sunniva)
    post.deliver()
    open_checks()
    assert EffectCheck.objects.get().state == EffectState.PLANNED
    assert "Did it work?" not in login(world.sunniva).get("/").text
    with pytest.raises(StepRefused):
        actions.found_effective(check=check, by=world.sunniva, words=SEEN)
    day = timezone.now() + datetime.timedelta(days=61)
    assert actions.open_due(day) == 1
    assert actions.open_due(day) == 0
    assert "Did it work?" in login(world.sunniva).get("/").text
    post.deliver()
    mail = Email.objects.filter(to=world.sunniva.email).order_by("pk").last()
    assert mail is not None
    assert "Hemmelig" not in f"{mail.subject} {mail.body}"


def test_it_worked_and_the_reporter_hears_it_in_words(
    world: World, login: Login, case: Deviation, planned: Callable[..., EffectCheck], post: Post
) -> None:
    check = opened(planned(owner=world.greta))
    post.deliver()
    cases.close(deviation=case, by=world.leif, outcome="Rettet.")
    answer = login(world.greta).post(f"{check.get_absolute_url()}steg/effective/", {"words": SEEN, "seen": ""})
    assert answer.status_code == 302
    check.refresh_from_db()
    assert (check.state, check.judged_by) == (EffectState.EFFECTIVE, world.greta)
    case.refresh_from_db()
    assert not case.is_open
    page = text_of(login(world.nora), case.get_absolute_url())
    assert SEEN in page
    assert "The effect was looked at: it worked." in page
    assert CRITERION not in page
    assert "Greta" not in page
    post.deliver()
    mail = Email.objects.filter(to=world.nora.email).order_by("pk").last()
    assert mail is not None
    assert SEEN not in f"{mail.subject} {mail.body}"
    assert case.reference in mail.subject
    with pytest.raises(StepRefused):
        actions.found_effective(check=check, by=world.greta, words=SEEN)


def test_it_did_not_work_so_the_case_opens_again_and_asks_for_another_action(
    world: World, login: Login, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    check = opened(planned())
    cases.close(deviation=case, by=world.leif, outcome="Rettet.")
    login(world.leif).post(f"{check.get_absolute_url()}steg/ineffective/", {"words": "Like mange fall.", "seen": ""})
    case.refresh_from_db()
    assert case.state == "in_progress"
    asked = "What was done did not work."
    assert asked in text_of(login(world.leif), f"{case.get_absolute_url()}steg/close/")
    action = actions.plan(by=world.leif, owner=world.leif, what="Noe annet", deadline=later(), deviation=case)
    actions.finish(action=action, by=world.leif, done_note="Gjort")
    assert case_access.closing_obstacles(case) == []


def test_where_one_cannot_tell_another_day_is_set_with_why(
    world: World, login: Login, planned: Callable[..., EffectCheck]
) -> None:
    check = opened(planned())
    leif, path = login(world.leif), f"{check.get_absolute_url()}steg/inconclusive/"
    assert "note" in leif.post(path, {"opens_on": later(90).isoformat(), "note": ""}).context["form"].errors
    leif.post(path, {"opens_on": later(90).isoformat(), "note": "For få netter ennå.", "seen": ""})
    check.refresh_from_db()
    assert (check.state, check.opens_on) == (EffectState.PLANNED, later(90))
    assert "For få netter ennå." in text_of(leif, check.get_absolute_url())


def test_what_counts_as_working_cannot_be_changed_when_one_looks(
    world: World, login: Login, planned: Callable[..., EffectCheck]
) -> None:
    check = planned()
    leif, path = login(world.leif), f"{check.get_absolute_url()}steg/reword/"
    leif.post(path, {"criterion": "Ingen fall på tre måneder", "opens_on": later(95).isoformat(), "seen": ""})
    check.refresh_from_db()
    assert check.criterion == "Ingen fall på tre måneder"
    actions.open_due(timezone.now() + datetime.timedelta(days=100))
    leif.post(path, {"criterion": "Færre fall", "opens_on": later().isoformat(), "seen": ""})
    check.refresh_from_db()
    assert check.criterion == "Ingen fall på tre måneder"
    with pytest.raises(IntegrityError), transaction.atomic():
        EffectCheck.objects.filter(pk=check.pk).update(state=EffectState.EFFECTIVE)


def test_a_serious_case_is_not_closed_before_it_is_planned(
    world: World, login: Login, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    cases.assess(deviation=case, by=world.leif, consequence=4, probability=4)
    leif, path = login(world.leif), f"{case.get_absolute_url()}steg/close/"
    answer = {"outcome": "Rettet.", "cause": "To lister.", "seen": ""}
    assert "The case is serious. Plan first" in text_of(leif, path)
    leif.post(path, answer | {"effect_check_on": later().isoformat()})
    case.refresh_from_db()
    assert case.is_open
    assert leif.get(f"{case.get_absolute_url()}steg/not_deviation/").context["obstacles"] == []
    check = planned()
    actions.drop(check=check, by=world.leif, note="Feil")
    assert case_access.closing_obstacles(Deviation.objects.get(pk=case.pk))
    planned()
    leif.post(path, answer)
    case.refresh_from_db()
    assert case.state == "closed"


def test_the_filled_button_of_a_serious_case_is_what_must_be_done_first(
    world: World, login: Login, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    leif = login(world.leif)

    def filled() -> list[str]:
        main = BeautifulSoup(leif.get(case.get_absolute_url()).text, "html.parser").main
        assert main
        return [each.get_text(strip=True) for each in main.select(".ds-button:not([data-variant])")]

    usual = filled()
    assert usual == ["Close with an answer to the reporter"]
    cases.assess(deviation=case, by=world.leif, consequence=4, probability=4)
    assert filled() == ["Plan a look at the effect"]
    planned()
    assert filled() == usual
    actions.plan(by=world.leif, what="Ny liste", owner=world.greta, deadline=later(), deviation=case)
    assert filled() == usual, "what else is to be finished stands behind the button"
    cases.ask_reporter(deviation=case, by=world.leif, text="Når?")
    assert filled() == usual


TABLE = {
    "leif": {"effective", "ineffective", "inconclusive", "reword", "hand_over", "drop"},
    "sunniva": {"effective", "ineffective", "inconclusive", "reword", "hand_over", "drop"},
    "rolf": {"effective", "ineffective", "inconclusive", "reword", "hand_over", "drop"},
    "greta": {"effective", "ineffective", "inconclusive", "reword"},  # looks, and doesn't see the case
    "kaja": set(),
    "kristin": set(),
}


def test_each_sees_and_does_what_the_table_says(
    world: World, login: Login, planned: Callable[..., EffectCheck]
) -> None:
    check = planned(owner=world.greta)
    before = check.events_count
    for who in EVERYBODY:
        client = login(world.people[who])
        assert client.get(check.get_absolute_url()).status_code == (200 if who in TABLE else 404), who
        for step in ("effective", "ineffective", "inconclusive", "reword", "hand_over", "drop"):
            answer = client.post(f"{check.get_absolute_url()}steg/{step}/", {"seen": "-1"})
            if who not in TABLE:
                assert answer.status_code == 404, (who, step)
            else:
                assert (answer.status_code == 403) == (step not in TABLE[who]), (who, step)
    check.refresh_from_db()
    assert check.events_count == before


def test_of_a_case_about_a_leader_that_leader_sees_nothing(
    world: World, login: Login, case_about_leif: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    check = planned(by=world.sunniva, owner=world.sunniva, deviation=case_about_leif)
    for who, status in (("leif", 404), ("kaja", 404), ("kristin", 404), ("sunniva", 200), ("rolf", 200)):
        assert login(world.people[who]).get(check.get_absolute_url()).status_code == status, who
    with pytest.raises(actions.CannotOwn):
        planned(by=world.sunniva, owner=world.leif, deviation=case_about_leif)


def test_it_goes_along_when_the_case_is_forwarded(
    world: World, login: Login, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    """Leif and Kaja, of the sector it came from, neither read it nor judge it any more; who has the case does."""
    check = opened(planned(owner=world.greta))
    cases.forward(deviation=case, by=world.leif, to=world.school, note="Hører til skolen.")
    for who, status, judging in (
        ("leif", 404, 404), ("sunniva", 404, 404), ("kaja", 404, 404), ("kristin", 200, 403), ("rolf", 200, 302),
    ):  # fmt: skip
        client = login(world.people[who])
        assert client.get(check.get_absolute_url()).status_code == status, who
        answer = client.post(f"{check.get_absolute_url()}steg/ineffective/", {"words": SEEN})
        assert answer.status_code == judging, who


def test_it_goes_along_when_cases_are_merged_and_comes_back(
    world: World, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    check = planned()
    into = cases.report(by=world.nora, unit=world.home_care, kind=case.kind, text="Det samme")
    cases.receive(deviation=into, by=world.leif)
    cases.merge(deviation=case, by=world.sunniva, into=into)
    check.refresh_from_db()
    assert check.deviation == into
    with pytest.raises(actions.NothingToLookAt):
        planned()
    cases.unmerge(deviation=Deviation.objects.get(pk=case.pk), by=world.sunniva)
    check.refresh_from_db()
    assert check.deviation == case


def test_who_leaves_hands_it_over(world: World, planned: Callable[..., EffectCheck]) -> None:
    check = planned(owner=world.greta)
    handover.hand_over(user=world.greta, heirs={"improvement.effects": world.hans}, by=world.ada)
    check.refresh_from_db()
    assert check.owner == world.hans


def test_what_was_written_while_practising_is_forgotten(
    world: World, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    check = opened(planned())
    actions.found_effective(check=check, by=world.leif, words=SEEN)
    measure = actions.measure(by=world.leif, owner=world.leif, unit=world.home_care, name="Hemmelig", explained="Slik")
    actions.mark(measure=measure, by=world.leif, day=timezone.localdate(), what="Hemmelig endring")
    actions.judge(measure=measure, by=world.leif, verdict="unchanged", words="Hemmelig dom")
    forget(world.municipality)
    check.refresh_from_db()
    measure.refresh_from_db()
    said = (check.criterion, check.words, measure.name, measure.explained, measure.verdict_words)
    assert said == ("–", "–", "–", "", "–")
    assert ChangeMark.objects.get().what == "–"


def test_many_cost_no_more_queries_than_one(
    world: World, login: Login, case: Deviation, planned: Callable[..., EffectCheck]
) -> None:
    check = opened(planned())
    leif = login(world.leif)
    paths = ("/", case.get_absolute_url(), check.get_absolute_url())

    def counted() -> list[int]:
        found = []
        for path in paths:
            leif.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert leif.get(path).status_code == 200
            found.append(len(captured))
        return found

    few = counted()
    for _number in range(30):
        opened(planned())
    assert counted() == few
