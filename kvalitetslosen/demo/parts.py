"""What several do together in the demo: an action with three parts, one of them done."""

from __future__ import annotations

import datetime

from django.utils import timezone

from improvement import actions
from kvalitetslosen.demo.organisation import Town

Pair = tuple[str, str]

PLACES = {"AAS": "HB", "MAR": "SKA", "AUD": "INST"}
"""The unit of the log-in that leads one."""
WHAT: Pair = (
    "Gå gjennom opplæringa av vikarer sammen, og lag én side som henger på vaktrommet.",
    "Gå gjennom opplæringa av vikarar saman, og lag éi side som heng på vaktrommet.",
)
PARTS: tuple[Pair, ...] = (
    ("Spørre tre vikarer hva de savnet den første vakta.", "Spørje tre vikarar kva dei sakna den første vakta."),
    ("Skrive utkast til sida.", "Skrive utkast til sida."),
    ("Prøve sida på neste vikar.", "Prøve sida på neste vikar."),
)


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        code = PLACES[town.root.code]
        unit, leader = town.units[code], town.leader(code)
        planned = now - datetime.timedelta(days=9)
        today = timezone.localdate(now)
        action = actions.plan(
            by=leader,
            what=town.word(WHAT),
            owner=leader,
            deadline=today + datetime.timedelta(days=12),
            unit=unit,
            strength="medium",
            at=planned,
        )
        helpers = [each for each in town.at[code] if each.pk != leader.pk][:2]
        for n, (owner, what) in enumerate(zip([*helpers, leader], PARTS, strict=False)):
            due_on = today + datetime.timedelta(days=5) if n else None
            part = actions.add_part(
                action=action, by=leader, what=town.word(what), owner=owner, due_on=due_on, at=planned
            )
            if n == 0:
                actions.tick_part(part=part, by=owner, done=True, at=now - datetime.timedelta(days=2))
