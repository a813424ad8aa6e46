from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client

from deviations import figures
from deviations.actions import close, receive, report
from deviations.models import Deviation, FigureCount, Kind
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import LEVELS, InTree, Unit
from tests.people import World

Login = Callable[..., Client]


def line(row: InTree) -> list[int]:
    return row.ancestor_ids


def figures_are_true() -> bool:
    kept = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.all() if row.n}
    return kept == dict(figures.counted_anew(Deviation.objects.order_by("pk")))


@pytest.fixture
def cases(world: World) -> list[Deviation]:
    """Two cases of home care, one of its night team, one of the nursing home; one of them closed."""
    night = actions.create_unit(parent=world.home_care, name="Natt", code="NATT", kind="team")
    made = [
        report(by=world.nora, unit=unit, kind=Kind.DEVIATION, text="Noe gikk galt.", at=at)
        for unit, at in (
            (world.home_care, datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)),
            (world.home_care, datetime.datetime(2026, 4, 2, 9, tzinfo=datetime.UTC)),
            (night, datetime.datetime(2026, 4, 3, 9, tzinfo=datetime.UTC)),
            (world.nursing_home, datetime.datetime(2026, 4, 3, 9, tzinfo=datetime.UTC)),
        )
    ]
    receive(deviation=made[0], by=world.leif)
    close(deviation=made[0], by=world.leif, outcome="Rettet.")
    return made


def test_everything_in_a_unit_goes_with_it_and_its_new_line_sees_the_cases(
    world: World, login: Login, cases: list[Deviation]
) -> None:
    assert figures_are_true()
    response = login(world.ada).post(
        f"/organisasjon/enhet/{world.home_care.pk}/flytt/", {"parent": "Sykehjemmet (INST)"}
    )
    assert response.status_code == 302
    world.home_care.refresh_from_db()
    above = [world.municipality.pk, world.health.pk, world.nursing_home.pk]
    assert (world.home_care.parent, world.home_care.depth) == (world.nursing_home, 3)
    assert line(world.home_care) == [*above, world.home_care.pk]
    night = Unit.objects.get(code="NATT")
    assert line(night) == [*above, world.home_care.pk, night.pk]
    assert night.depth == 4
    for case in cases:
        case.refresh_from_db()
        assert line(case) == line(case.handling_unit)
    assert Deviation.objects.visible_to(world.hans).count() == 4
    assert figures_are_true()
    event = Event.objects.about(world.home_care).last()
    assert event is not None
    assert (event.type, event.by) == ("organisation.unit_moved", world.ada)
    assert event.old_and_new("parent") == (world.health.pk, world.nursing_home.pk)


def test_those_who_led_the_old_line_no_longer_see_the_cases(world: World, cases: list[Deviation]) -> None:
    assert Deviation.objects.visible_to(world.sunniva).count() == 4
    actions.move_unit(unit=world.home_care, parent=world.municipality, by=world.ada)
    world.sunniva.refresh_from_db()
    assert Deviation.objects.visible_to(world.sunniva).count() == 1
    assert figures_are_true()


def test_every_model_with_a_place_in_the_tree_follows(world: World, cases: list[Deviation]) -> None:
    """A new kind of row is covered without anybody remembering it: all of them are asked."""
    actions.move_unit(unit=world.home_care, parent=world.school, by=None)
    places = {unit.pk: line(unit) for unit in Unit.objects.order_by("pk")}
    models = [model for model in apps.get_models() if issubclass(model, InTree)]
    assert {Unit, Deviation} <= set(models)
    for model in models:
        for row in model._base_manager.order_by("pk"):
            assert line(row) == places[line(row)[-1]]


def test_several_units_move_at_once_even_into_each_other(world: World, cases: list[Deviation]) -> None:
    night = Unit.objects.get(code="NATT")
    actions.move_units(
        moves={world.home_care.pk: night.pk, night.pk: world.school.pk}, municipality_id=world.municipality.pk, by=None
    )
    world.home_care.refresh_from_db()
    night.refresh_from_db()
    assert line(night) == [world.municipality.pk, world.school.pk, night.pk]
    assert line(world.home_care) == [*line(night), world.home_care.pk]
    for case in Deviation.objects.select_related("handling_unit").order_by("pk"):
        assert line(case) == line(case.handling_unit)
    assert figures_are_true()


@pytest.mark.parametrize(
    ("parent", "said"),
    [
        ("Hjemmetjenesten (HB)", "can’t lie under itself"),
        ("Natt (NATT)", "can’t lie under itself"),
        ("Sjøvik skule (SK)", "Nothing fits"),
        ("", "Fill in “Which unit shall it lie under?”."),
    ],
)
def test_a_unit_does_not_move_under_itself_or_to_another_municipality(
    world: World, login: Login, cases: list[Deviation], parent: str, said: str
) -> None:
    response = login(world.ada).post(f"/organisasjon/enhet/{world.home_care.pk}/flytt/", {"parent": parent})
    assert response.status_code == 200
    assert said.replace("’", "&#x27;") in response.content.decode()
    world.home_care.refresh_from_db()
    assert world.home_care.parent == world.health


def test_what_lies_below_is_not_moved_too_deep(world: World, cases: list[Deviation]) -> None:
    deep = actions.create_unit(parent=world.nursing_home, name="Avdeling", code="AVD", kind="department")
    with pytest.raises(ValidationError, match="five levels"):
        actions.move_unit(unit=world.home_care, parent=deep, by=None)
    night = Unit.objects.get(code="NATT")
    assert [getattr(night, level) for level in LEVELS][-1] is None


def test_a_move_to_where_it_lies_already_changes_nothing(world: World, cases: list[Deviation]) -> None:
    before = Event.objects.count()
    actions.move_unit(unit=world.home_care, parent=world.health, by=world.ada)
    assert Event.objects.count() == before


def test_when_a_hook_fails_nothing_has_moved(
    world: World, cases: list[Deviation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(moved: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "on_unit_moved", [*actions.on_unit_moved, fail])
    with pytest.raises(RuntimeError):
        actions.move_unit(unit=world.home_care, parent=world.school, by=None)
    fresh = Unit.objects.get(pk=world.home_care.pk)
    assert fresh.parent == world.health
    assert figures_are_true()
