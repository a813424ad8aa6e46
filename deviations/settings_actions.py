"""The verbs behind a municipality's own choices about cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet

from deviations.actions import rules_of
from deviations.categories import STANDARD, Main, Names
from deviations.models import Category, Example, HandlingRules
from deviations.national import COUNTED
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.models import Unit, User


@transaction.atomic
def set_rules(*, municipality_id: int, by: User | None, **days: Any) -> HandlingRules:
    """Set deadlines and reminders, in working days. Deadlines already set stay."""
    rules = rules_of(municipality_id)
    if rules._state.adding:
        for name, value in days.items():
            setattr(rules, name, value)
        return create(rules, "deviations.rules_set", by=by, **days)
    change(rules, "deviations.rules_set", by=by, **days)
    return rules


def add_category(*, municipality_id: int, by: User | None, **fields: Any) -> Category:
    return create(
        Category(municipality_id=municipality_id, **fields), "deviations.category_added", by=by, name=fields["name"]
    )


@transaction.atomic
def add_standard_categories(*, municipality: Unit, by: User | None) -> dict[tuple[int, str], Category]:
    """Lay the categories one begins with, where there are none; they are the municipality's own from then on.

    What was laid, by the number of the main category and the name in bokmål; nothing where there are some already.
    """
    Unit.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    if Category.objects.filter(municipality=municipality).exists():
        return {}
    laid = {}
    for number, main in enumerate(STANDARD):
        parent = _lay(main.names, main.topic, municipality=municipality, position=number, by=by)
        for position, names in enumerate(main.subs):
            laid[number, names.name] = _lay(
                names, main.topic, municipality=municipality, parent=parent, position=position, by=by
            )
    return laid


def _lay(
    names: Names, topic: str, *, municipality: Unit, position: int, by: User | None, parent: Category | None = None
) -> Category:
    code, figure = COUNTED.get(names.base, ("", ""))
    return add_category(
        municipality_id=municipality.pk, by=by, parent=parent, **names._asdict(), topic=topic, position=position,
        code=code, figure=figure,
    )  # fmt: skip


class NotHere(NamedTuple):
    """A main category of the shared base with what the municipality hasn't of it."""

    main: Main
    has_main: bool
    subs: list[Names]


def not_taken(municipality_id: int) -> list[NotHere]:
    """What is in the shared base and not among the municipality's categories, used or not. One query."""
    here = Category.objects.filter(municipality=municipality_id).values_list("base", "name", "parent__name")
    keys, names = (
        {base for base, *_name in here if base},
        {(parent or "", name.casefold()) for _b, name, parent in here},
    )
    found = []
    for main in STANDARD:
        has_main = main.names.base in keys or ("", main.names.name.casefold()) in names
        # One of the municipality's own with the same name in the same place is the same thing.
        subs = [
            each
            for each in main.subs
            if each.base not in keys and (main.names.name, each.name.casefold()) not in names
        ]
        if not has_main or subs:
            found.append(NotHere(main, has_main, subs))
    return found


@transaction.atomic
def take_from_base(*, municipality: Unit, keys: Collection[str], by: User) -> int:
    """Take in the chosen categories of the shared base, after those there are; how many. A main one comes along."""
    Unit.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    taken = 0
    for main, has_main, subs in not_taken(municipality.pk):
        wanted = [each for each in subs if each.base in keys]
        if not wanted and (has_main or main.names.base not in keys):
            continue
        mains = Category.objects.filter(municipality=municipality, parent=None)
        parent = mains.filter(base=main.names.base).first() or mains.filter(name=main.names.name).first()
        if parent is None:
            parent = _lay(main.names, main.topic, municipality=municipality, position=_last(mains), by=by)
            taken += 1
        for each in wanted:
            place = _last(parent.children.all())
            _lay(each, parent.topic, municipality=municipality, parent=parent, position=place, by=by)
            taken += 1
    return taken


def _last(siblings: QuerySet[Category]) -> int:
    return (siblings.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def change_category(*, category: Category, by: User | None, after: int | None = None, **fields: Any) -> None:
    """Change a category. ``after``: its place in the list, behind the one with this id (0: first of all)."""
    change(category, "deviations.category_changed", by=by, **fields)
    if after is None:
        return
    others = Category.objects.filter(municipality=category.municipality_id, parent=category.parent_id)
    order = list(others.exclude(pk=category.pk).order_by("position", "name", "pk"))
    order.insert(next((n for n, each in enumerate(order, start=1) if each.pk == after), 0), category)
    for position, each in enumerate(order):
        if each.position != position:
            change(each, "deviations.category_changed", by=by, position=position)


@transaction.atomic
def map_categories(*, counted: Mapping[Category, tuple[str, str]], by: User) -> int:
    """Say what each category is counted as for the country: code and figure; how many that differs for."""
    return sum(
        change(category, "deviations.category_changed", by=by, code=code, figure=figure) is not None
        for category, (code, figure) in counted.items()
    )


@transaction.atomic
def add_example(*, unit: Unit, text: str, by: User | None) -> Example:
    example = Example(text=text)
    example.place_in(Unit.objects.standing_still(unit.pk))
    return create(example, "deviations.example_added", by=by, unit=unit)


def remove_example(*, example: Example, by: User) -> None:
    """Take the example off the form. The row stays: nothing that has a journal is deleted."""
    change(example, "deviations.example_removed", by=by, is_active=False)
