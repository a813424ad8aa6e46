"""The deadlines that follow from the municipality's rules."""

from __future__ import annotations

from deviations.models import HandlingRules
from kvalitetslosen.bulk import asked_once
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.organisation.models import Unit

MUNICIPALITY = Prepared(
    lambda municipality: Unit.objects.filter(pk=municipality).select_related("handling_rules", "settings"),
    municipality=int,
)
"""With its deadlines and its closed days, as both go into every deadline."""


def rules_of(municipality_id: int) -> HandlingRules:
    """The municipality's deadlines; the defaults until it has set its own."""

    def ask() -> HandlingRules:
        municipality = MUNICIPALITY(municipality=municipality_id)[0]
        return getattr(municipality, "handling_rules", None) or HandlingRules(municipality=municipality)

    return asked_once((HandlingRules, municipality_id), ask)
