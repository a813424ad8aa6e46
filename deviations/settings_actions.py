"""The verbs behind a municipality's own choices about cases."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from deviations.actions import rules_of
from deviations.models import Category, Example, HandlingRules
from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.models import Unit, User


@transaction.atomic
def set_rules(*, municipality_id: int, by: User, **days: Any) -> HandlingRules:
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


def change_category(*, category: Category, by: User, **fields: Any) -> None:
    change(category, "deviations.category_changed", by=by, **fields)


def add_example(*, unit: Unit, text: str, by: User | None) -> Example:
    example = Example(text=text)
    example.place_in(unit)
    return create(example, "deviations.example_added", by=by, unit=unit)


def remove_example(*, example: Example, by: User) -> None:
    """Take the example off the form. The row stays: nothing that has a journal is deleted."""
    change(example, "deviations.example_removed", by=by, is_active=False)
