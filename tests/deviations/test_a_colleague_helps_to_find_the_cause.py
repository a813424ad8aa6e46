"""A colleague who is asked for help to find the cause writes in that one analysis, and reads no more of the case."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from deviations import actions
from deviations.models import Asking, CauseAnalysis, Deviation, Task
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.deviations.test_asking_a_colleague import answers, asked, main_of
from tests.deviations.test_finding_the_cause import analysed, answered
from tests.people import World

Login = Callable[[User], Client]


def moment(**more: str) -> dict[str, str]:
    given = {"key": str(uuid.uuid4()), "at": "", "what": "Jeg så lista på fredag.", "expected": "", **more}
    return {f"moment-{name}": value for name, value in given.items()}


def helping(world: World, deviation: Deviation | None = None) -> Task:
    return asked(world, deviation or analysed(world), asking=Asking.ANALYSIS, shows=False)


def at(task: Task, what: str = "") -> str:
    return f"{task.get_absolute_url()}arsak/{what}"


def test_whoever_is_asked_adds_and_corrects_and_says_when_it_is_done(world: World, login: Login) -> None:
    deviation = analysed(world)
    leif, greta = login(world.leif), login(world.greta)
    assert "Help to find the cause" in main_of(leif, f"{deviation.get_absolute_url()}kollega/")
    assert leif.post(f"{deviation.get_absolute_url()}kollega/", answers(asking="analysis")).status_code == 302
    task = Task.objects.get()
    page = main_of(greta, task.get_absolute_url())
    for seen in (cases.TEXT, "Dosen sto igjen.", "Ingen så det.", "Skapet er bak døra."):
        assert seen in page
    sent = moment()
    for _ in range(2):
        assert greta.post(at(task, "tid/"), sent).status_code == 302
    under = deviation.cause_analysis.whys.get(text="Ingen så det.")
    why = answered("Nattevakta går alene.", under=under.key)
    assert greta.post(at(task, "hvorfor/"), why).status_code == 302
    assert greta.post(at(task, "hvorfor/"), why | {"why-text": "Nattevakta er alene."}).status_code == 302
    assert greta.post(at(task, "tid/"), moment(what="")).status_code == 422
    assert deviation.cause_analysis.moments.filter(what="Jeg så lista på fredag.").count() == 1
    page = main_of(leif, f"{deviation.get_absolute_url()}arsak/")
    assert "Jeg så lista på fredag." in page
    assert "Nattevakta er alene." in page
    assert "Greta Gran answered a why." in page
    assert "writes in the cause analysis" in main_of(leif, deviation.get_absolute_url())
    assert greta.post(task.get_absolute_url(), {"answer": ""}).status_code == 302
    task.refresh_from_db()
    assert task.answer == "I have written in the cause analysis."
    for path in (task.get_absolute_url(), at(task, "tid/")):
        assert greta.post(path, moment()).status_code == 404, "what was seen is out of sight"


def test_they_read_no_more_of_the_case_and_of_no_other(world: World, login: Login) -> None:
    task, other = helping(world), analysed(world)
    greta = login(world.greta)
    page = greta.get(task.get_absolute_url()).text
    assert "Nora" not in page
    assert task.deviation.reference not in page
    for path in (task.deviation.get_absolute_url(), f"{task.deviation.get_absolute_url()}arsak/"):
        assert greta.get(path).status_code == 404
    assert greta.post(f"{other.get_absolute_url()}arsak/hvorfor/", answered()).status_code == 404
    assert not CauseAnalysis.objects.visible_to(world.greta).exists()


def test_nobody_else_comes_in_by_its_address(world: World, login: Login) -> None:
    task, question = helping(world), asked(world, to="hans")
    for who, status in (("nora", 404), ("hans", 404), ("vidar", 404), ("mona", 404), ("leif", 403), ("kaja", 403)):
        assert login(world.people[who]).post(at(task, "tid/"), moment()).status_code == status, who
    assert login(world.hans).post(at(question, "tid/"), moment()).status_code == 403
    assert login(world.greta).get(at(task, "tid/")).status_code == 405
    assert login(world.greta).post(at(task, "bytte/"), {}).status_code == 404


def test_what_others_wrote_stays_as_it_is(world: World, login: Login) -> None:
    task = helping(world)
    analysis, greta = task.deviation.cause_analysis, login(world.greta)
    theirs, why = analysis.moments.get(), analysis.whys.get(text="Skapet er bak døra.")
    assert greta.post(at(task, "tid/"), moment(key=str(theirs.key))).status_code == 403
    assert greta.post(at(task, "hvorfor/"), answered(key=why.key)).status_code == 403
    for path in (f"tid/{theirs.key}/fjern/", f"hvorfor/{why.key}/fjern/"):
        assert greta.post(at(task, path)).status_code == 403
    written = BeautifulSoup(greta.get(task.get_absolute_url()).text, "html.parser").select_one("#tid")
    assert written is not None
    assert "Change" not in written.get_text()


def test_they_take_away_their_own_until_somebody_builds_upon_it(world: World, login: Login) -> None:
    task, own = helping(world), uuid.uuid4()
    greta = login(world.greta)
    greta.post(at(task, "hvorfor/"), answered("Egen.", key=own))
    put = actions.put_why(deviation=task.deviation, by=world.leif, key=uuid.uuid4(), text="Under.", under=own)
    assert greta.post(at(task, f"hvorfor/{own}/fjern/")).status_code == 403
    actions.remove_row(deviation=task.deviation, by=world.leif, noun="why", key=put.key)
    assert greta.post(at(task, f"hvorfor/{own}/fjern/")).status_code == 302
    assert greta.post(at(task, f"hvorfor/{own}/fjern/")).status_code == 302
    assert not task.deviation.cause_analysis.whys.filter(text="Egen.").exists()


def test_what_others_wrote_further_down_does_not_go_along(world: World, login: Login) -> None:
    task, top, below = helping(world), uuid.uuid4(), uuid.uuid4()
    greta = login(world.greta)
    greta.post(at(task, "hvorfor/"), answered("Egen.", key=top))
    greta.post(at(task, "hvorfor/"), answered("Egen under.", key=below, under=top))
    actions.put_why(deviation=task.deviation, by=world.leif, key=uuid.uuid4(), text="Lederens.", under=below)
    assert greta.post(at(task, f"hvorfor/{top}/fjern/")).status_code == 403
    assert task.deviation.cause_analysis.whys.filter(text="Lederens.").exists()


@pytest.mark.parametrize("kind", ["hidden name", "about the leader", "anonymous"])
def test_it_is_not_asked_where_what_happened_may_not_be_shown(world: World, login: Login, kind: str) -> None:
    deviation = cases.KINDS[kind](world)
    handler = deviation.handler
    assert handler is not None
    actions.receive(deviation=deviation, by=handler)
    path = f"{deviation.get_absolute_url()}kollega/"
    assert "Help to find the cause" not in main_of(login(handler), path)
    assert login(handler).post(path, answers(asking="analysis")).status_code in (200, 422)
    with pytest.raises(actions.CannotAsk):
        asked(world, deviation, by=handler, asking=Asking.ANALYSIS)
    assert not Task.objects.exists()


def test_another_case_that_it_goes_on_in_stays_closed_to_them(world: World, login: Login) -> None:
    task, other = helping(world), analysed(world)
    actions.put_why(deviation=other, by=world.leif, key=uuid.uuid4(), text="Bare i den andre.")
    actions.merge(deviation=task.deviation, by=world.leif, into=other)
    task.refresh_from_db()
    greta = login(world.greta)
    page = main_of(greta, task.get_absolute_url())
    assert "goes on together with another" in page
    assert "Bare i den andre." not in page
    assert greta.post(at(task, "tid/"), moment()).status_code == 403
    assert task.shows is not None
    actions.unmerge(deviation=Deviation.objects.get(pk=task.shows.pk), by=world.leif)
    assert greta.post(at(Task.objects.get(), "tid/"), moment()).status_code == 302


def test_what_was_done_many_times_in_a_day_is_told_once(world: World, login: Login) -> None:
    deviation = analysed(world)
    page = main_of(login(world.leif), f"{deviation.get_absolute_url()}arsak/")
    assert page.count("You answered a why.") == 1
    assert "You answered a why. (2 times)" in page
