"""Cases with duties to tell, made through the product's own verbs."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from deviations import actions, duties
from deviations.models import Deviation, Duty, Reply
from tests.deviations import cases
from tests.people import World

HOUR = datetime.timedelta(hours=1)


def yes(deviation: Deviation, by: Any, *codes: str, **more: Any) -> dict[str, Duty]:
    """The duties that a yes to these questions sets going, by their rule."""
    actions.answer_triage(deviation=deviation, by=by, answers=dict.fromkeys(codes, Reply.YES), **more)
    return {each.rule: each for each in Duty.objects.filter(deviation=deviation, triage__in=codes)}


def breach(world: World, *, hours_ago: float = 2, case: Deviation | None = None, **more: Any) -> Duty:
    """Personal data went astray in home care so long ago; Datatilsynet is to know."""
    deviation = case or cases.ordinary(world)
    aware = timezone.now() - hours_ago * HOUR
    return yes(deviation, deviation.handler, duties.PRIVACY, aware=aware, **more)["privacy_authority"]
