"""Every sentence of the overview says a number, and what it opens shows as many, whoever reads."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Category, Deviation, Kind
from documents import actions as handbook
from documents.models import Document
from improvement import actions
from improvement.lifecycle import EffectState
from improvement.models import EffectCheck, Improvement, Inquiry, PulseRound, Topic
from improvement.overview import Kind as FactKind
from improvement.overview import Sentence
from improvement.seven_steps import Stage
from improvement.whom_to_ask import Whom
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.ui.dates import in_words
from tests.documents.in_force import in_force
from tests.improvement.test_the_pulse_tells_of_nobody import ANSWER, over, staff
from tests.improvement.test_what_has_changed import falls, seen_by, weekly
from tests.notifications.conftest import at
from tests.people import World

__all__ = ["falls", "staff"]

Login = Callable[[User], Client]
READERS = ("leif", "sunniva", "rolf", "kaja", "kristin", "hans")
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def much(clock: Any, world: World, falls: Category, staff: list[User], plan: Callable[..., Any]) -> None:
    """Something of every kind, and beside it what isn't counted: about a leader, elsewhere, on time."""
    today = timezone.localdate()
    for name in ("Dagsenter", "Rus og psykiatri", "Kjøkkenet"):
        unit = organisation.create_unit(parent=world.health, name=name, code=name[:3], kind=Unit.Kind.UNIT)
        Membership.objects.create(user=world.hans, unit=unit, role=Role.LEADER, valid_from=datetime.date(2026, 1, 1))
    weekly(world, falls, world.home_care)
    for n in range(6):
        case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", about_leader=n > 3)
        plan(deadline=today - (n + 1) * DAY, deviation=case, by=world.sunniva)
        Deviation.objects.filter(pk=case.pk).update(deadline=timezone.now() - (n + 1) * DAY)
        plan(deadline=today + DAY)
        check = EffectCheck(
            deviation=case, owner=world.sunniva, criterion="Ingen flere", looks_from=today, opens_on=today, words="To",
            state=EffectState.INEFFECTIVE, judged_at=timezone.now(), judged_by=world.sunniva,
        )  # fmt: skip
        check.place_in(world.home_care)
        check.save()
        where = Whom(world.leif, world.home_care, world.health)
        inquiry = actions.ask(by=world.sunniva, whom=where, topic=Topic.LEARNING, question=f"Hva? {n}")
        if n > 2:
            Inquiry.objects.filter(pk=inquiry.pk).update(due_on=today - DAY)
        document = in_force(
            f"Rutine {n}", "Slik gjør vi", unit=world.home_care, author=world.leif, approver=world.rolf
        )
        Document.objects.filter(pk=document.pk).update(review_on=today + (n - 4) * DAY)
        handbook.ask_to_read(
            document=document, by=world.leif, units=[world.home_care, world.nursing_home], due_on=today,
            at=timezone.now() - 30 * DAY,
        )  # fmt: skip
        if n == 5:
            handbook.confirm_reading(version=document.versions.get(), by=world.nora)
    improvement = Improvement(
        title="Doser til rett tid", owner=world.leif, state=Stage.FINISHED, finished_at=timezone.now(), result="Bra",
        analysis="Slik", goal="Slik", number_goal="9", goal_on=today, without_document="Nei",
    )  # fmt: skip
    improvement.place_in(world.home_care)
    improvement.save()
    round = PulseRound.objects.create(
        municipality=world.municipality, opens_on=today, closes_on=today + datetime.timedelta(days=20)
    )
    for user in staff:
        if home := user.standing.home:
            actions.answer_pulse(round=round, by=user, unit=home, answers=ANSWER)
    over(round)


def said(sentence: Sentence) -> int:
    """The number it says, of one or several; 1 where it says none."""
    text = re.sub(r"«[^»]*»", "", sentence.text)
    words = {in_words(n): n for n in range(2, 13)}
    first = text.split()[0].lower()
    if first in words:
        return words[first]
    if sentence.facts[0].kind in (FactKind.SILENT, FactKind.FINISHED):
        return 1
    if sentence.facts[0].kind in (FactKind.SHIFT, FactKind.REPORTED):
        text = text.split(". ", 1)[1]
    found = re.search(r"\d+", text)
    assert found, sentence.text
    return int(found[0])


def main_of(client: Client, url: str) -> Tag:
    answer = client.get(url)
    assert answer.status_code == 200, url
    page = BeautifulSoup(answer.content, "html.parser").select_one("main")
    assert page
    return page


def listed(client: Client, url: str) -> int:
    """The rows of a list, page by page."""
    page = main_of(client, url)
    older = page.select_one("a[rel=next]")
    rest = listed(client, urljoin(url, str(older["href"]))) if older else 0
    return len(page.select("ul.los-list > li")) + rest


def on_this_side(page: Tag) -> int:
    """How many of the newest values of a chart lie on the same side of what is usual."""
    rows = [[number(cell.get_text()) for cell in row.select("td.number")] for row in page.select("tbody tr")]
    sides = [value > usual for value, usual in rows]
    return next((place for place, side in enumerate(sides) if side != sides[0]), len(sides))


def number(text: str) -> float:
    return float(text.split()[0].replace(",", "."))


def shown(client: Client, sentence: Sentence) -> int:
    """How many rows, values or results stand on the page it opens."""
    match sentence.facts[0].kind:
        case FactKind.SHIFT | FactKind.REPORTED:
            page = main_of(client, sentence.url)
            assert sentence.text in page.get_text()
            return on_this_side(page)
        case FactKind.PULSE:
            return len(main_of(client, sentence.url).select("table"))
        case FactKind.FINISHED:
            return int("Doser til rett tid" in main_of(client, sentence.url).get_text())
    return listed(client, sentence.url)


@pytest.mark.parametrize("reader", READERS)
def test_every_sentence(world: World, login: Login, reader: str) -> None:
    user = world.people[reader]
    client = login(user)
    sentences = seen_by(user).all
    assert sentences
    assert {each.text: shown(client, each) for each in sentences} == {each.text: said(each) for each in sentences}


def test_there_is_one_of_every_kind_that_lists(world: World) -> None:
    kinds = {each.facts[0].kind for who in READERS for each in seen_by(world.people[who]).all}
    listing = {
        FactKind.SILENT, FactKind.EFFECT, FactKind.SHIFT, FactKind.LATE_CASES, FactKind.LATE_ACTIONS,
        FactKind.UNANSWERED, FactKind.FINISHED, FactKind.REVIEW, FactKind.UNREAD, FactKind.PULSE, FactKind.REPORTED,
    }  # fmt: skip
    assert kinds >= listing - {FactKind.REPORTED}
    assert kinds <= listing


def test_silent_units_told_apart_are_listed_apart(world: World, login: Login) -> None:
    """Some are new, some were there, some are put away: each sentence opens those it names."""
    client = login(world.sunniva)
    client.get("/rapporter/oversikt/")
    silent = next(each for each in seen_by(world.sunniva).all if each.facts[0].kind == FactKind.SILENT)
    assert len(silent.facts) == 4
    client.post("/rapporter/oversikt/bort/", {"fakta": silent.names[:1]})
    unit = organisation.create_unit(parent=world.health, name="Fysio", code="FY", kind=Unit.Kind.UNIT)
    Membership.objects.create(user=world.hans, unit=unit, role=Role.LEADER, valid_from=datetime.date(2026, 1, 1))
    with time_machine.travel(at("2026-09-03 10:00"), tick=False):
        found = seen_by(world.sunniva)
        parts = [
            next(each for each in rows if each.facts[0].kind == FactKind.SILENT)
            for rows in (found.fresh, found.still, found.put_away)
        ]
        assert [len(each.facts) for each in parts] == [1, 3, 1]
        client = login(world.sunniva)
        assert [shown(client, each) for each in parts] == [1, 3, 1]


def test_the_list_of_late_actions_says_what_is_left_out(world: World, login: Login) -> None:
    (late,) = [each for each in seen_by(world.sunniva).all if each.facts[0].kind == FactKind.LATE_ACTIONS]
    page = login(world.sunniva).get(late.url).text
    assert "Without cases about a leader." in page
    assert 'name="uten" value="om-leder"' in page, "and stays so where the filter is changed"
    assert login(world.sunniva).get("/tiltak/?visning=sent").text.count("/tiltak/") > page.count("/tiltak/")
