"""A leader measures something on purpose: begins, enters values, marks a change, says how it went, ends."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Category, Kind, Topic
from improvement import actions, periods
from improvement.charts import Better, Nature, Verdict
from improvement.frozen import frozen
from improvement.models import ChangeMark, MarkKind, Measure, MeasureValue, Rhythm, Source
from improvement.series import points_of, series_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.notifications.reminders import remind
from kvalitetslosen.organisation.models import User
from tests.notifications.conftest import Post
from tests.people import World

Login = Callable[[User], Client]
EVERYBODY = (
    "nora", "leif", "sunniva", "rolf", "greta", "hans", "kaja", "kristin", "vidar", "tiril", "per", "ada", "mona",
)  # fmt: skip
TODAY = timezone.localdate


@pytest.fixture
def begun(world: World) -> Callable[..., Measure]:
    def measure(**how: Any) -> Measure:
        usual: dict[str, Any] = {
            "by": world.leif, "owner": world.leif, "unit": world.home_care, "name": "Hemmelig måling",
            "nature": Nature.NUMBER, "rhythm": Rhythm.WEEK, "better": Better.DOWN,
            "begins_on": TODAY() - datetime.timedelta(weeks=40),
        }  # fmt: skip
        return actions.measure(**(usual | how))

    return measure


def weeks(number: int) -> list[datetime.date]:
    this = periods.begins(Rhythm.WEEK, TODAY())
    return [this - periods.WEEK * back for back in range(number, 0, -1)]


def fill(measure: Measure, values: Sequence[float]) -> None:
    for week, value in zip(weeks(len(values)), values, strict=True):
        actions.enter(measure=measure, by=measure.owner, day=week, value=Decimal(str(value)))


CALM = [10, 12, 9, 11, 13, 10, 8, 12, 11, 9, 10, 12, 11, 13, 9, 10, 12, 8, 11, 10]


def text_of(client: Client, path: str) -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def asked(world: World, **how: Any) -> dict[str, Any]:
    return {
        "key": "00000000-0000-4000-8000-000000000001", "name": "Doser signert i tide", "what": "share",
        "rhythm": "week", "size_name": "doser", "better": "up", "unit": str(world.home_care.pk),
        "owner": "leif@fjelldal.example", "explained": "", **how,
    }  # fmt: skip


def test_a_leader_begins_to_measure_and_the_same_form_twice_makes_one(world: World, login: Login) -> None:
    leif = login(world.leif)
    assert "Measure something" in leif.get("/malinger/").text
    owner = BeautifulSoup(leif.get("/malinger/ny/").text, "html.parser").select_one("[name=owner]")
    assert owner is not None
    for _twice in range(2):
        answer = leif.post("/malinger/ny/", asked(world, owner=owner["value"]))
        assert answer.status_code == 302, answer.context["form"].errors
    measure = Measure.objects.get()
    assert (measure.nature, measure.rhythm, measure.unit, measure.owner) == (
        "share", "week", world.home_care, world.leif,
    )  # fmt: skip
    assert measure.due_on == periods.next_after(Rhythm.WEEK, periods.begins(Rhythm.WEEK, TODAY()))
    assert login(world.nora).get("/malinger/ny/").status_code == 403
    assert "Nothing is measured yet" in login(world.nora).get("/malinger/").text


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"size_name": ""}, "size_name"),
        ({"what": "days"}, "begins_on"),
        ({"unit": "999"}, "unit"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_missing_is_said(world: World, login: Login, how: dict[str, str], field: str) -> None:
    answer = login(world.leif).post("/malinger/ny/", asked(world, **how))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors


def test_a_leader_cannot_measure_another_unit(world: World, login: Login) -> None:
    answer = login(world.leif).post("/malinger/ny/", asked(world, unit=str(world.nursing_home.pk)))
    assert "unit" in answer.context["form"].errors
    assert not Measure.objects.exists()


def test_a_value_is_a_number_and_a_tap(world: World, login: Login, begun: Callable[..., Measure]) -> None:
    """The week that misses its value is chosen already."""
    measure = begun(begins_on=weeks(2)[0])
    leif = login(world.leif)
    for week, value in zip(weeks(2), ("12.5", "11"), strict=True):
        form = leif.get(measure.get_absolute_url()).context["enter"]
        assert form["day"].value() == week.isoformat()
        answer = leif.post(f"{measure.get_absolute_url()}steg/enter/", {"value": value, "day": form["day"].value()})
        assert answer.status_code == 302
    assert list(measure.values.values_list("day", "value")) == [
        (weeks(2)[0], Decimal("12.5")), (weeks(2)[1], Decimal(11)),
    ]  # fmt: skip
    measure.refresh_from_db()
    assert not measure.is_late


def test_the_same_value_twice_changes_nothing_and_another_corrects_it(
    world: World, begun: Callable[..., Measure]
) -> None:
    measure = begun()
    for _twice in range(2):
        actions.enter(measure=measure, by=world.leif, day=weeks(1)[0], value=Decimal(5))
    assert measure.events_count == 2
    actions.enter(measure=measure, by=world.leif, day=weeks(1)[0], value=Decimal(7))
    assert MeasureValue.objects.get().value == 7
    last = Event.objects.about(measure).last()
    assert last is not None
    assert last.data["corrected"] is True


@pytest.mark.parametrize(
    ("nature", "sent", "field"),
    [
        ("share", {"value": "12", "size": "10"}, "value"),
        ("share", {"value": "1", "size": "0"}, "size"),
        ("share", {"value": "1.5", "size": "10"}, "value"),
        ("count", {"value": "-1"}, "value"),
        ("number", {"value": "mange"}, "value"),
        ("number", {"value": "5", "day": "1999-01-04"}, "day"),
    ],
)
def test_impossible_values_are_refused(
    world: World, login: Login, begun: Callable[..., Measure], nature: str, sent: dict[str, str], field: str
) -> None:
    measure = begun(nature=nature, size_name="doser")
    answer = login(world.leif).post(
        f"{measure.get_absolute_url()}steg/enter/", {"day": weeks(1)[0].isoformat(), **sent}
    )
    assert field in answer.context["form"].errors
    assert not MeasureValue.objects.exists()


def test_days_between_are_counted_from_the_dates_also_when_one_comes_late(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    start = TODAY() - datetime.timedelta(days=100)
    measure = begun(nature=Nature.DAYS, begins_on=start, better=Better.UP)
    assert measure.rhythm == Rhythm.EVENT
    for days in (10, 60, 30):
        day = (start + datetime.timedelta(days=days)).isoformat()
        assert login(world.leif).post(f"{measure.get_absolute_url()}steg/enter/", {"day": day}).status_code == 302
    assert [int(row.value) for row in measure.values.all()] == [10, 20, 30]


def test_a_change_is_marked_and_the_chart_says_that_it_helped(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    measure = begun()
    fill(measure, CALM + [5] * 10)
    leif = login(world.leif)
    changed = weeks(10)[0]
    leif.post(
        f"{measure.get_absolute_url()}steg/mark/",
        {"kind": "change", "day": changed.isoformat(), "what_happened": "Ny runde", "compare": "on", "seen": ""},
    )
    measure.refresh_from_db()
    assert measure.changed_on == changed
    page = text_of(leif, measure.get_absolute_url())
    assert "It has improved since the change, by more than chance gives." in page
    assert "Ny runde" in page
    assert "Control chart for numbers (XmR)" in page
    leif.post(
        f"{measure.get_absolute_url()}steg/judge/", {"verdict": "improved", "words": "Runden hjelper.", "seen": ""}
    )
    page = text_of(leif, measure.get_absolute_url())
    assert "Improved: Runden hjelper." in page
    assert "Runden hjelper." in text_of(leif, f"{measure.get_absolute_url()}skjerm/")


def test_a_verdict_needs_ones_own_words(world: World, login: Login, begun: Callable[..., Measure]) -> None:
    measure = begun()
    answer = login(world.leif).post(f"{measure.get_absolute_url()}steg/judge/", {"verdict": "improved", "words": " "})
    assert "words" in answer.context["form"].errors
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(verdict=Verdict.IMPROVED)


def test_a_mark_that_is_no_change_moves_no_baseline(world: World, begun: Callable[..., Measure]) -> None:
    measure = begun()
    fill(measure, [*CALM])
    actions.mark(
        measure=measure, by=world.leif, day=weeks(5)[0], what="Kampanje", kind=MarkKind.REPORTING, compare=True
    )
    assert measure.changed_on is None
    assert any("before and after can't be compared" in each for each in series_of(measure, world.leif).warnings)
    assert ChangeMark.objects.count() == 1


def test_counts_of_cases_have_no_good_way_and_say_so(world: World, begun: Callable[..., Measure]) -> None:
    category = Category.objects.filter(municipality=world.municipality).first()
    measure = begun(source=Source.CASES, better=Better.DOWN, category=category)
    assert (measure.better, measure.nature, measure.due_on) == (Better.NEITHER, Nature.COUNT, None)
    assert any("few is not good" in each for each in series_of(measure, world.leif).warnings)
    with pytest.raises(ValueError, match="not entered"):
        actions.enter(measure=measure, by=world.leif, day=TODAY(), value=Decimal(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(better=Better.DOWN)


def test_counts_of_cases_are_those_the_reader_sees(world: World, begun: Callable[..., Measure]) -> None:
    """Last month: two ordinary cases, and one about Leif. Kaja, who doesn't see that one, can't count it either."""
    measure = begun(source=Source.CASES, unit=world.health, by=world.sunniva, owner=world.sunniva)
    last_month = timezone.now().replace(day=1) - datetime.timedelta(days=10)
    for about in (False, False, True):
        cases.report(
            by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", about_leader=about, at=last_month
        )
    seen: dict[str, list[int] | None] = {}
    for who in ("sunniva", "kaja", "leif", "nora", "greta"):
        series = series_of(measure, User.objects.get(pk=world.people[who].pk))
        seen[who] = None if series.hidden else [int(point.value) for point in series.points]
    assert seen == {"sunniva": [3], "kaja": [2], "leif": None, "nora": None, "greta": None}


def test_before_a_group_no_case_about_a_leader_is_counted(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    """Sunniva counts the case about Leif herself; on a big screen or in a story he could take his own figures away."""
    measure = begun(source=Source.CASES, unit=world.health, by=world.sunniva, owner=world.sunniva)
    invited = User.objects.get(pk=world.vidar.pk)
    actions.invite(measure=measure, by=world.sunniva, person=invited)
    month = timezone.now().replace(day=1) - datetime.timedelta(days=10)
    category = Category.objects.create(municipality=world.municipality, name="Fall", topic=Topic.HSE)
    for at, about in ((month - datetime.timedelta(days=31), False), (month, False), (month, True)):
        cases.report(
            by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", about_leader=about, at=at,
            category=None if about else category,
        )  # fmt: skip
    for who, own in {"sunniva": [1, 2], "kaja": [1, 1], "vidar": [1, 1]}.items():
        reader = User.objects.get(pk=world.people[who].pk)
        assert [point.value for point in series_of(measure, reader).points] == own, who
        kept = frozen(measure, reader)
        assert kept is not None
        assert [value for value, _size in kept["points"]] == [1, 1], who
    assert points_of(measure, User.objects.get(pk=world.leif.pk), for_all=True) is None
    sunniva = login(world.sunniva)
    assert [point.value for point in sunniva.get(measure.get_absolute_url()).context["series"].points] == [1, 2]
    screen = sunniva.get(f"{measure.get_absolute_url()}skjerm/")
    assert [point.value for point in screen.context["series"].points] == [1, 1]


def test_an_improvements_chart_is_counted_as_its_reader_sees_it(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    """Leif is on the team of Sunniva's improvement, and can't open her measure nor has figures of her sector."""
    measure = begun(source=Source.CASES, unit=world.health, by=world.sunniva, owner=world.sunniva)
    work = actions.begin_improvement(
        by=world.sunniva, owner=world.sunniva, title="Færre feil", unit=world.health, measure=measure
    )
    actions.invite_to_team(improvement=work, by=world.sunniva, person=world.leif)
    month = timezone.now().replace(day=1) - datetime.timedelta(days=10)
    cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om", about_leader=True, at=month)
    [(_row, series, may_open)] = login(world.leif).get(work.get_absolute_url()).context["charts"]
    assert (series.hidden, series.points, may_open) == (True, [], False)
    [(_row, series, may_open)] = login(world.sunniva).get(work.get_absolute_url()).context["charts"]
    assert ([point.value for point in series.points], may_open) == ([1], True)


def those_who_open(world: World, login: Login, measure: Measure) -> set[str]:
    paths = (measure.get_absolute_url(), f"{measure.get_absolute_url()}skjerm/")
    found = set()
    for who in EVERYBODY:
        answers = {login(world.people[who]).get(path).status_code for path in paths}
        listed = any(
            "Hemmelig" in login(world.people[who]).get(f"/malinger/?visning={view}").text
            for view in ("mine", "omrade")
        )
        assert answers in ({200}, {404}), who
        assert listed == (answers == {200}), who
        if listed:
            found.add(who)
    return found


def test_who_sees_a_measure(world: World, login: Login, begun: Callable[..., Measure]) -> None:
    measure = begun(owner=world.greta)
    line = {"greta", "leif", "sunniva", "rolf", "kaja", "kristin"}
    assert those_who_open(world, login, measure) == line
    actions.invite(measure=measure, by=world.leif, person=world.vidar)
    assert those_who_open(world, login, measure) == line | {"vidar"}


STEPS = ("enter", "mark", "judge", "adjust", "invite", "hand_over", "end", "resume")
ALL = set(STEPS)
TABLE = {
    "leif": ALL, "sunniva": ALL, "rolf": ALL, "nora": ALL, "kaja": {"enter"}, "kristin": {"enter"}, "vidar": {"enter"},
}  # fmt: skip


def test_each_does_what_the_table_says(world: World, login: Login, begun: Callable[..., Measure]) -> None:
    measure = begun(owner=world.nora)
    actions.invite(measure=measure, by=world.leif, person=world.vidar)
    before = measure.events_count
    for who in EVERYBODY:
        for step in STEPS:
            answer = login(world.people[who]).post(f"{measure.get_absolute_url()}steg/{step}/", {"seen": "-1"})
            if who not in TABLE:
                assert answer.status_code == 404, (who, step)
            elif step in TABLE[who]:
                assert answer.status_code in (200, 302), (who, step)
            else:
                assert answer.status_code == 403, (who, step)
    measure.refresh_from_db()
    assert measure.events_count == before


def test_what_ended_takes_no_values_and_can_be_resumed(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    measure = begun()
    leif, path = login(world.leif), measure.get_absolute_url()
    leif.post(f"{path}steg/end/", {"note": "Målt nok", "seen": ""})
    measure.refresh_from_db()
    assert (measure.is_followed, measure.due_on) == (False, None)
    leif.post(f"{path}steg/enter/", {"value": "5", "day": weeks(1)[0].isoformat()})
    assert not MeasureValue.objects.exists()
    with pytest.raises(StepRefused):
        actions.end(measure=measure, by=world.leif, note="Igjen")
    assert leif.get(f"{path}steg/resume/").status_code == 405
    leif.post(f"{path}steg/resume/", {"seen": measure.events_count})
    measure.refresh_from_db()
    assert measure.is_followed
    assert measure.due_on is not None
    assert measure.due_on > TODAY()


def test_it_is_handed_over_and_the_new_owner_is_told(
    world: World, login: Login, begun: Callable[..., Measure], post: Post
) -> None:
    measure = begun()
    login(world.leif).post(f"{measure.get_absolute_url()}steg/hand_over/", {"person": "Greta Gran", "seen": ""})
    measure.refresh_from_db()
    assert measure.owner == world.greta
    post.deliver()
    mail = Email.objects.get(to=world.greta.email)
    assert "Hemmelig" not in f"{mail.subject} {mail.body}"


def test_a_late_value_is_reminded_of_and_stands_on_the_morning_page(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    measure = begun(begins_on=weeks(3)[0])
    assert "Values to enter" in login(world.leif).get("/").text
    noon = datetime.datetime.combine(weeks(1)[0] + datetime.timedelta(days=2), datetime.time(12), datetime.UTC)
    assert remind(noon) >= 1
    assert remind(noon) == 0
    fill(measure, [1, 2, 3])
    assert "Values to enter" not in login(world.leif).get("/").text


def test_many_values_and_measures_cost_no_more_queries(
    world: World, login: Login, begun: Callable[..., Measure]
) -> None:
    measure = begun()
    fill(measure, [1.0, 2.0, 3.0])
    begun(name="En som mangler verdi")
    leif = login(world.leif)
    paths = ("/malinger/?visning=omrade", measure.get_absolute_url(), f"{measure.get_absolute_url()}skjerm/", "/")

    def counted() -> list[int]:
        found = []
        for path in paths:
            leif.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert leif.get(path).status_code == 200
            found.append(len(captured))
        return found

    few = counted()
    begun(name="En til")
    rows = [
        MeasureValue(measure=measure, day=weeks(300)[number], value=number % 7, entered_by=world.leif)
        for number in range(290)
    ]
    MeasureValue.objects.bulk_create(rows)
    for number in range(60):
        begun(name=f"Nummer {number}")
    assert counted() == few
