"""What is forgotten of actions that were written while practising."""

from __future__ import annotations

from improvement.models import Action
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice.playing import Cast, Play, register


def nothing(cast: Cast) -> None:
    """One makes actions oneself."""


def forget(municipality: Unit) -> None:
    actions = Action.objects.filter(level_0=municipality.pk)
    actions.update(what="–")
    actions.exclude(done_note="").update(done_note="–")


register(Play(copy=nothing, lay=nothing, forget=forget))
