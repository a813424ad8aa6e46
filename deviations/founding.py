"""What a new municipality begins with: the standard categories, and the usual deadlines and reminders."""

from __future__ import annotations

from deviations.actions import rules_of
from deviations.settings_actions import add_standard_categories, set_rules
from kvalitetslosen.organisation import founding
from kvalitetslosen.organisation.models import Unit, User


def lay(municipality: Unit, by: User | None) -> None:
    add_standard_categories(municipality=municipality, by=by)
    if rules_of(municipality.pk)._state.adding:
        set_rules(municipality_id=municipality.pk, by=by)


founding.register(lay)
