"""What a story from a case begins with: words written for others already, and nothing where the case is delicate.

What the reporter wrote never comes along. The words come from what the team was told, the cause that was found, what
was done and what was seen when somebody looked at the effect.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from deviations.models import Deviation, Reflection
from improvement.lifecycle import EffectState, State
from improvement.models import SEASON_OF, Action, EffectCheck, Improvement
from improvement.story_access import is_delicate
from kvalitetslosen.organisation.models import User


def beginning(deviation: Deviation, user: User) -> dict[str, Any]:
    """Initial values of the form."""
    if is_delicate(deviation):
        return {"hides_unit": True}
    told = Reflection.objects.visible_to(user).filter(deviation=deviation).exclude(told="").last()
    done = Action.objects.filter(deviation=deviation, state=State.DONE).order_by("closed_at", "pk")
    looked = EffectCheck.objects.filter(deviation=deviation).exclude(state=EffectState.DROPPED).exclude(words="")
    seen = looked.order_by("-judged_at").first()
    month = timezone.localdate(deviation.reported_at)
    return {
        "happened": told.told if told else "",
        "made_sense": deviation.cause,
        "changed": "\n".join(done.values_list("what", flat=True)[:5]),
        "helped": seen.words if seen else "",
        "category": str(deviation.category_id or ""),
        "season": SEASON_OF[month.month - 1],
        "year": month.year,
    }


def beginning_from_improvement(improvement: Improvement) -> dict[str, Any]:
    """What the seven steps have come to: how it was, what was chosen, what the numbers say, what came of it."""
    chosen = improvement.solutions.filter(chosen=True).order_by("pk")
    measure = improvement.measures.order_by("pk").first()
    return {
        "title": improvement.title,
        "happened": improvement.analysis,
        "changed": "\n".join(chosen.values_list("what", flat=True)[:5]),
        "helped": "\n".join(filter(None, (improvement.measured, improvement.result))),
        "measure": str(measure.pk) if measure else "",
    }
