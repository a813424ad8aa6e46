"""Somebody who owns the database takes the triggers down and rewrites the journal: `verify_journal` says where."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deviations import actions
from deviations.models import Deviation, Kind
from documents.models import Source
from kvalitetslosen.journal import guard, verify
from kvalitetslosen.journal.chain import seal
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.verify import Count, Fault
from tests.people import World


@contextmanager
def triggers_down() -> Iterator[None]:
    """What only the database's owner can do."""
    connection.check_constraints()
    guard.take_down(connection)
    yield
    connection.check_constraints()
    guard.put_up(connection)


@pytest.fixture
def case(world: World) -> Deviation:
    """A case with six events."""
    return make_case(world)


def make_case(world: World) -> Deviation:
    case = actions.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Noe skjedde")
    actions.receive(deviation=case, by=world.leif)
    actions.assess(deviation=case, by=world.leif, consequence=3, probability=3)
    actions.ask_reporter(deviation=case, by=world.leif, text="Hva?")
    actions.answer(deviation=case, by=world.nora, text="Det.")
    actions.close(deviation=case, by=world.leif, outcome="Takk")
    return case


def check() -> tuple[int, str]:
    """The command's exit code and what it says."""
    said = StringIO()
    try:
        call_command("verify_journal", stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def faults() -> list[Fault]:
    return list(verify.verify(Count()))


def events(case: Deviation) -> list[Event]:
    return list(Event.objects.about(case))


def test_an_honest_journal_has_no_fault(case: Deviation) -> None:
    code, said = check()
    assert code == 0
    assert f"{Event.objects.count()} events of " in said
    assert said.endswith("No fault.\n")


@pytest.mark.parametrize(
    "change",
    [
        {"type": "deviations.started"},
        {"by": None},
        {"data": {"changes": {"severity": ["", "low"]}}},
        {"at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)},
        {"hash": "0" * 64},
    ],
    ids=lambda each: next(iter(each)),
)
@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_changed_event_is_found(case: Deviation, number: int, change: dict[str, object]) -> None:
    with triggers_down():
        Event.objects.filter(pk=events(case)[number - 1].pk).update(**change)
    assert (
        Fault("deviations.Deviation", case.pk, number, "isn't what was written: changed, put in, or moved") in faults()
    )
    code, said = check()
    assert code == 1
    assert f"deviations.Deviation {case.pk}, event {number}:" in said


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_removed_event_is_found(case: Deviation, number: int) -> None:
    with triggers_down():
        Event.objects.filter(pk=events(case)[number - 1].pk).delete()
    assert [(each.pk, each.number) for each in faults()] == [(case.pk, number)]


def test_a_removed_event_is_found_even_when_the_rest_is_numbered_anew(case: Deviation) -> None:
    with triggers_down():
        Event.objects.filter(pk=events(case)[2].pk).delete()
        for event in events(case)[2:]:
            Event.objects.filter(pk=event.pk).update(number=F("number") - 1)
    Deviation.objects.filter(pk=case.pk).update(events_count=F("events_count") - 1)
    assert [each.number for each in faults()] == [3, 4, 5], "none of them follows from the one before"


def test_an_event_put_in_is_found(case: Deviation) -> None:
    with triggers_down():
        for event in reversed(events(case)[3:]):
            Event.objects.filter(pk=event.pk).update(number=F("number") + 1)
        copy = events(case)[2]
        copy.pk, copy.number = None, 4
        copy.save(force_insert=True)
    found = faults()
    assert found[0].number == 4
    assert {each.pk for each in found} == {case.pk}


def test_an_event_put_in_at_the_end_is_found_even_with_a_matching_count(case: Deviation) -> None:
    copy = events(case)[-1]
    copy.pk, copy.number = None, 7
    copy.save(force_insert=True)
    assert [each.number for each in faults()] == [7, 7], "it doesn't fit, and the case knows of six"
    Deviation.objects.filter(pk=case.pk).update(events_count=7)
    assert {each.number for each in faults()} == {7}


def test_two_events_that_changed_places_are_found(case: Deviation) -> None:
    with triggers_down():
        first, second = events(case)[1:3]
        for pk, number in ((first.pk, 99), (second.pk, 2), (first.pk, 3)):
            Event.objects.filter(pk=pk).update(number=number)
    assert {2, 3} <= {each.number for each in faults()}


@pytest.mark.parametrize("left", [5, 2])
def test_a_tail_cut_off_is_found(case: Deviation, left: int) -> None:
    with triggers_down():
        Event.objects.about(case).filter(number__gt=left).delete()
    (fault,) = faults()
    assert (fault.pk, fault.number) == (case.pk, left + 1)
    assert "up to number 6, the last" in fault.problem


@pytest.mark.parametrize("head", ["hash", "first_guess"])
def test_a_tail_cut_off_is_found_even_when_the_case_is_made_to_match(case: Deviation, head: str) -> None:
    """The count is easily lowered; the seal of the event that would be last can't be made without the key."""
    with triggers_down():
        Event.objects.about(case).filter(number__gt=4).delete()
    last = events(case)[-1]
    guess = last.hash if head == "hash" else Deviation.objects.get(pk=case.pk).events_head
    Deviation.objects.filter(pk=case.pk).update(events_count=4, events_head=guess)
    assert [(each.pk, each.number) for each in faults()] == [(case.pk, 4)]
    assert guess != seal(last.hash)


def test_a_case_whose_events_are_all_gone_is_found(case: Deviation) -> None:
    with triggers_down():
        Event.objects.about(case).delete()
    (fault,) = faults()
    assert (fault.pk, fault.number) == (case.pk, None)
    Deviation.objects.filter(pk=case.pk).update(events_count=0, events_head="")
    (fault,) = faults()
    assert fault.problem == "has no events, and should have at least one"


def test_events_whose_case_is_gone_are_found(case: Deviation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM deviations_message WHERE deviation_id = %s", [case.pk])
        cursor.execute("DELETE FROM deviations_deviation WHERE id = %s", [case.pk])
    (fault,) = faults()
    assert fault == Fault(
        "deviations.Deviation", case.pk, None, "the object is gone, and its events up to number 6 are left"
    )


def test_events_moved_to_another_case_are_found(case: Deviation, world: World) -> None:
    other = make_case(world)
    with triggers_down():
        Event.objects.about(other).filter(number=6).delete()
        Event.objects.about(case).filter(number=6).update(subject_id=other.pk)
    assert {(each.pk, each.number) for each in faults()} == {(case.pk, 6), (other.pk, 6)}


def test_events_about_no_journalled_thing_are_found(case: Deviation) -> None:
    with triggers_down():
        Event.objects.about(case).filter(number=6).update(subject_type=ContentType.objects.get_for_model(ContentType))
    assert {each.model for each in faults()} == {"deviations.Deviation", "contenttypes.contenttype"}


def test_another_key_fits_nothing(case: Deviation, settings: object) -> None:
    settings.JOURNAL_KEY = "somebody else's"  # type: ignore[attr-defined]
    code, said = check()
    assert code == 1
    assert "or the key is another" in said


def test_what_is_written_while_the_check_runs_is_no_fault(
    case: Deviation, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and events are read at different moments; a case that got an event in between looks wrong only once."""
    rows = verify._rows

    def late(model: type[Deviation]) -> Iterator[verify.Row]:
        for row in list(rows(model)):
            if model is Deviation:
                actions.reopen(deviation=Deviation.objects.get(pk=row.pk), by=world.nora, note="Igjen")
            yield row

    monkeypatch.setattr(verify, "_rows", late)
    assert faults() == []
    assert Event.objects.about(case).count() == 7


def test_long_journals_are_read_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [make_case(world) for _ in range(3)]
    with triggers_down():
        Event.objects.filter(pk=events(cases[1])[4].pk).update(by=None)
        Event.objects.about(cases[2]).filter(number=6).delete()
    for size in (1, 2, 5, 7):
        monkeypatch.setattr(verify, "CHUNK", size)
        count = Count()
        found = [(each.pk, each.number) for each in verify.verify(count)]
        assert found == [(cases[1].pk, 5), (cases[2].pk, 6)]
        assert count.events == Event.objects.count()


Tamper = Callable[[Deviation, int], None]


def _edit(case: Deviation, number: int) -> None:
    Event.objects.about(case).filter(number=number).update(by=None, data={"changes": {"state": ["closed", "closed"]}})


def _drop(case: Deviation, number: int) -> None:
    Event.objects.about(case).filter(number=number).delete()


def _cut(case: Deviation, number: int) -> None:
    Event.objects.about(case).filter(number__gte=number).delete()
    Deviation.objects.filter(pk=case.pk).update(events_count=number - 1)


def _double(case: Deviation, number: int) -> None:
    copy = Event.objects.about(case).get(number=number)
    copy.pk, copy.number = None, Event.objects.about(case).count() + 1
    copy.save(force_insert=True)
    Deviation.objects.filter(pk=case.pk).update(events_count=F("events_count") + 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_done_to_a_chain_shows_on_that_chain_alone(world: World, data: st.DataObject) -> None:
    case, bystander = make_case(world), make_case(world)
    tamper: Tamper = data.draw(st.sampled_from([_edit, _drop, _cut, _double]))
    with triggers_down():
        tamper(case, data.draw(st.integers(1, 6)))
    assert {each.pk for each in faults() if each.model == "deviations.Deviation"} >= {case.pk}
    assert bystander.pk not in {each.pk for each in faults() if each.model == "deviations.Deviation"}


def test_what_came_with_the_product_has_no_event_before_it_is_changed(world: World) -> None:
    assert Source.objects.filter(municipality=None, events_count=0).exists()
    assert faults() == []
    Source.objects.filter(pk=Source.objects.order_by("pk")[0].pk).update(events_count=1)
    (fault,) = faults()
    assert "has no events" in fault.problem
