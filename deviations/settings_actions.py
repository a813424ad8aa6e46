"""The verbs behind a municipality's own choices about cases."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from deviations.actions import rules_of
from deviations.categories import STANDARD
from deviations.models import Category, Example, HandlingRules
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
        parent = add_category(
            municipality_id=municipality.pk, by=by, **main.names._asdict(), topic=main.topic, position=number
        )
        for position, names in enumerate(main.subs):
            laid[number, names.name] = add_category(
                municipality_id=municipality.pk,
                by=by,
                parent=parent,
                **names._asdict(),
                topic=main.topic,
                position=position,
            )
    return laid


def change_category(*, category: Category, by: User, **fields: Any) -> None:
    change(category, "deviations.category_changed", by=by, **fields)


@transaction.atomic
def add_example(*, unit: Unit, text: str, by: User | None) -> Example:
    example = Example(text=text)
    example.place_in(Unit.objects.standing_still(unit.pk))
    return create(example, "deviations.example_added", by=by, unit=unit)


def remove_example(*, example: Example, by: User) -> None:
    """Take the example off the form. The row stays: nothing that has a journal is deleted."""
    change(example, "deviations.example_removed", by=by, is_active=False)
