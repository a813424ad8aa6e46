"""Agendas that make themselves: sources of items, each with figures of the period, and ready agendas of them.

A module adds a source of its own by importing ``register_source`` and naming it in a ready agenda or leaving it to be
found among the rest.
"""

from improvement.agendas import of_cases, of_reviews, of_work  # noqa: F401 - register their sources
from improvement.agendas.making import MOST, Draft, Making, Source, anew, linked, made, register_source, sources
from improvement.agendas.ready import READY, Point

__all__ = [
    "MOST",
    "READY",
    "Draft",
    "Making",
    "Point",
    "Source",
    "anew",
    "linked",
    "made",
    "register_source",
    "sources",
]
