"""The leader sees the month, and closes it with what was learnt; those who ticked read it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions, pages
from deviations.elsewhere import Row
from deviations.lifecycle import SheetState
from deviations.models import FigureCount, Harm, OtherSystem, TallySheet, Tick
from deviations.report_sections import Report
from deviations.reports import Period
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.months import month_text, months_after, this_month
from kvalitetslosen.notifications.models import Email, Notification
from kvalitetslosen.notifications.reminders import remind
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import MunicipalitySettings, User
from kvalitetslosen.workdays import OSLO
from tests.deviations import cases
from tests.deviations.other_systems import counting
from tests.deviations.test_ticking import fall, tick
from tests.morning import shown
from tests.people import World

Login = Callable[[User], Client]
NOTE = "Fallene kommer om natta. Vi prøver nattlys."


def last_month() -> datetime.date:
    return months_after(this_month(), -1)


def sheet(world: World, n: int = 3, month: datetime.date | None = None) -> TallySheet:
    """Home care's sheet of last month, with some ticks."""
    first = month or last_month()
    for day in range(1, n + 1):
        tick(world, date=first.replace(day=day), harm=Harm.MILD if day == 1 else Harm.NONE, shift="night")
    return TallySheet.objects.get(month=first)


def address(world: World, month: datetime.date | None = None) -> str:
    return f"/telleark/{world.home_care.pk}/{month_text(month or last_month())}/"


def closed(world: World, **more: Any) -> TallySheet:
    return actions.close_month(sheet=sheet(world), by=world.leif, learning_note=NOTE, **more)


def test_the_leader_closes_the_month_and_the_unit_reads_what_was_learnt(world: World, login: Login) -> None:
    made = sheet(world)
    client = login(world.leif)
    assert "Close the month" in client.get(address(world)).content.decode()
    assert "3 events were ticked, 1 of them" in client.get(f"{address(world)}close/").content.decode()
    answer = client.post(f"{address(world)}close/", {"learning_note": NOTE, "seen": made.events_count})
    assert answer["Location"] == address(world)
    made.refresh_from_db()
    assert (made.state, made.closed_by, made.learning_note) == (SheetState.CLOSED, world.leif, NOTE)
    for page in ("/telleark/", address(world), "/"):
        assert NOTE in login(world.nora).get(page).content.decode(), page


def test_a_closed_month_forgets_who_ticked_and_the_journal_keeps_what_was_counted(world: World) -> None:
    made = closed(world)
    assert not Tick.objects.filter(by__isnull=False).exists()
    event = Event.objects.about(made).last()
    assert event is not None
    assert event.data["counted"] == {str(fall(world).pk): 3}
    assert NOTE not in str(event.data)


def test_it_closes_once_with_a_note_and_not_over_somebody_elses(world: World, login: Login) -> None:
    made = sheet(world)
    with pytest.raises(StepIncomplete):
        actions.close_month(sheet=made, by=world.leif, learning_note="")
    client = login(world.leif)
    assert client.post(f"{address(world)}close/", {"learning_note": ""}).status_code == 200
    actions.close_month(sheet=made, by=world.sunniva, learning_note=NOTE)
    with pytest.raises(StepRefused):
        actions.close_month(sheet=made, by=world.leif, learning_note="Noe annet")
    client.post(f"{address(world)}close/", {"learning_note": "Noe annet"})
    made.refresh_from_db()
    assert made.learning_note == NOTE
    assert Event.objects.about(made).count() == 2


def test_nothing_is_ticked_or_taken_back_in_a_closed_month_until_it_is_opened_with_a_reason(
    world: World, login: Login
) -> None:
    made = closed(world)
    with pytest.raises(actions.SheetClosed):
        tick(world, date=last_month())
    with pytest.raises(actions.SheetClosed):
        actions.undo(tick=Tick.objects.all()[0])
    client = login(world.leif)
    assert client.post(f"{address(world)}reopen/", {"note": ""}).status_code == 200
    assert client.post(f"{address(world)}reopen/", {"note": "To kryss manglet"}).status_code == 302
    made.refresh_from_db()
    assert made.is_open
    assert made.learning_note == NOTE
    tick(world, date=last_month())
    assert "To kryss manglet" in client.get(address(world)).content.decode()


READERS = {
    "nora": (200, False), "leif": (200, True), "sunniva": (200, True), "rolf": (200, True), "kaja": (200, True),
    "kristin": (200, True), "vidar": (200, False), "per": (200, False), "greta": (403, False), "hans": (403, False),
    "tiril": (403, False), "ada": (403, False), "mona": (404, False),
}  # fmt: skip


def test_who_sees_the_month_and_who_sees_its_days(world: World, login: Login) -> None:
    sheet(world)
    for who, (status, by_day) in READERS.items():
        answer = login(world.people[who]).get(address(world))
        assert answer.status_code == status, who
        if status == 200:
            page = answer.content.decode()
            assert ("Day by day" in page) == by_day, who
            assert ("Fall" in page) == (who not in {"vidar", "per"}), who
            assert ("Take away" in page) == (who in {"leif", "sunniva", "rolf"}), who


def test_where_upper_leaders_see_serious_cases_only_they_see_no_ticks_either(world: World, login: Login) -> None:
    sheet(world)
    MunicipalitySettings.objects.update_or_create(
        municipality=world.municipality, defaults={"narrow_upper_sight": True}
    )
    assert "Nothing was ticked" in login(world.rolf).get(address(world)).content.decode()
    assert "Day by day" in login(world.leif).get(address(world)).content.decode()
    assert Report.of(User.objects.get(pk=world.rolf.pk), "", Period.latest(2)).ticked == 0


def test_a_safety_representative_sees_the_ticks_of_their_own_kinds(world: World, login: Login) -> None:
    sheet(world)
    violence = cases.category(world, "Vold", "hse")
    tick(world, category=violence, date=last_month())
    page = login(world.vidar).get(address(world)).content.decode()
    assert "Vold" in page
    assert "Fall" not in page
    assert Report.of(world.vidar, str(world.health.pk), Period.latest(2)).ticked == 1


def test_only_those_who_answer_for_the_month_close_it(world: World, login: Login) -> None:
    sheet(world)
    said = {"nora": 403, "kaja": 403, "vidar": 403, "greta": 403, "ada": 403, "mona": 404, "sunniva": 302}
    for who, status in said.items():
        answer = login(world.people[who]).post(f"{address(world)}close/", {"learning_note": NOTE})
        assert answer.status_code == status, who
    assert login(world.leif).get(f"{address(world)}merge/").status_code == 404
    assert login(world.leif).get(f"/telleark/{world.home_care.pk}/2026-13/").status_code == 404


def morning(month: datetime.date, workday: int) -> datetime.datetime:
    """The middle of the working day so many after the month."""
    day = months_after(month, 1)
    while workday > 1 or day.weekday() > 4:
        day += datetime.timedelta(days=1)
        workday -= day.weekday() < 5
    return datetime.datetime.combine(day, datetime.time(12), OSLO)


def test_an_unclosed_month_is_reminded_of_once_and_again_after_some_days(world: World) -> None:
    month = datetime.date(2026, 8, 1)
    made = sheet(world, month=month)
    remind(morning(month, 1))
    assert not Email.objects.exists()
    for _ in range(2):
        remind(morning(month, 4))
    mail = Email.objects.get()
    assert mail.user == world.leif
    assert "august 2026" in mail.subject
    assert "Fall" not in mail.body
    remind(morning(month, 12))
    assert Email.objects.count() == 2
    actions.close_month(sheet=made, by=world.leif, learning_note=NOTE)
    remind(morning(month, 20))
    assert Email.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_those_who_work_in_the_unit_are_told_in_the_product(login: Login) -> None:
    from kvalitetslosen.notifications.deliver import sweep
    from tests import people

    world = people.build()
    closed(world)
    sweep()
    assert set(Notification.objects.filter(name="deviations.month_closed").values_list("user", flat=True)) == {
        world.nora.pk
    }
    assert not Email.objects.filter(user=world.nora).exists()


def test_the_morning_page_asks_the_leader_for_months_that_are_over(world: World) -> None:
    sheet(world)
    sheet(world, 1, this_month())
    found = shown(world.leif, pages.months_to_close)
    assert found is not None
    assert [row.month for row in found["rows"]] == [last_month()]
    assert shown(world.nora, pages.months_to_close) is None


def test_a_deputy_gets_the_new_month_and_closes_it(world: World, login: Login) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(
        principal=world.leif, deputy=world.hans, by=world.leif, valid_from=today,
        valid_to=today + datetime.timedelta(days=5),
    )  # fmt: skip
    made = sheet(world)
    assert made.handler == world.hans
    client = login(world.hans)
    assert "Day by day" in client.get(address(world)).content.decode()
    assert client.post(f"{address(world)}close/", {"learning_note": NOTE}).status_code == 302


def test_a_leader_who_leaves_hands_the_months_over(world: World) -> None:
    made = sheet(world)
    assert "deviations.tally_in_hand" in {each.key for each, _n in handover.outstanding(world.leif)}
    heirs = dict.fromkeys({each.key for each, _n in handover.outstanding(world.leif)}, world.sunniva)
    handover.hand_over(user=world.leif, heirs=heirs, by=world.ada)
    made.refresh_from_db()
    assert made.handler == world.sunniva


def test_figures_count_ticks_and_cases_apart_and_together_and_nothing_twice(world: World, login: Login) -> None:
    sheet(world, 3, this_month())
    cases.ordinary(world, category=fall(world))
    became = tick(world, date=this_month())
    case = cases.ordinary(world, category=fall(world))
    actions.become_case(tick=became, deviation=case)
    for who, place in (("leif", world.home_care), ("sunniva", world.health), ("tiril", world.municipality)):
        report = Report.of(world.people[who], str(place.pk), Period.latest(1))
        assert [cell.value for cell in report.ticks_by_month.foot.cells] == [2, 3, 5], who  # type: ignore[union-attr]
        assert [[cell.value for cell in row.cells] for row in report.ticks_by_category.rows] == [[2, 3, 5]]
    page = login(world.leif).get("/rapporter/").content.decode()
    assert "Ticks and cases" in page
    assert "Ticks and cases" in login(world.leif).get("/rapporter/tall.csv").content.decode()
    assert login(world.leif).get("/rapporter/tall.xlsx").status_code == 200


def test_a_month_costs_the_same_at_few_and_many_ticks(world: World, login: Login) -> None:
    client = login(world.leif)

    def questions(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len([each for each in asked if "SAVEPOINT" not in each["sql"]])

    sheet(world)
    paths = [address(world), "/rapporter/", "/"]
    few = [questions(path) for path in paths]
    for _ in range(4):
        sheet(world, 25)
    assert [questions(path) for path in paths] == few
    assert few[0] <= 14


def test_totals_kept_are_those_counted(world: World) -> None:
    sheet(world)
    actions.undo(tick=Tick.objects.all()[0])
    kept = FigureCount.objects.filter(measure="tick", unit_id=world.municipality.pk).values_list("n", flat=True)
    assert sum(kept) == Tick.objects.counted().count() == 2


def counted_elsewhere(world: World, *, n: int, category: str = "Fall", day: int = 2) -> None:
    found = OtherSystem.objects.filter(name="FDV").first() or counting(world)
    when = last_month().replace(day=day)
    row = Row(1, f"{category}{day}", world.home_care, cases.category(world, category), when, n=n)
    actions.bring_in(system=found, row=row, by=None)


def test_what_another_system_has_counted_stands_apart_and_together(world: World, login: Login) -> None:
    sheet(world)
    for _twice in range(2):
        counted_elsewhere(world, n=5)
    counted_elsewhere(world, n=2, category="Uro", day=3)
    for who in ("leif", "sunniva", "nora"):
        page = BeautifulSoup(login(world.people[who]).get(address(world)).text, "html.parser")
        assert "7 more were counted in FDV, which makes 10 together" in page.get_text()
        rows = [[cell.get_text(strip=True) for cell in row(["th", "td"])][:4] for row in page.select("#kilde tr")]
        assert rows[1:] == [["Fall", "3", "5", "8"], ["Uro", "0", "2", "2"], ["Together", "3", "7", "10"]]
    assert login(world.hans).get(address(world)).status_code == 403
    assert "#kilde" not in login(world.leif).get(address(world, this_month())).text


def test_a_month_that_only_another_system_has_counted_is_not_empty(world: World, login: Login) -> None:
    counted_elsewhere(world, n=1)
    page = login(world.leif).get(address(world)).text
    assert "1 more was counted in FDV" in page
    assert "los-empty" not in page
