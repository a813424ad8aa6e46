# ruff: noqa: E501 - the two languages of a text stand on one line
"""What the register of work injuries says in the demo municipalities, and what a safety representative has said."""

from __future__ import annotations

import datetime

from deviations import actions
from deviations.access import COMMENTED_TO, parts_of
from deviations.injuries import COUNTS_AS
from deviations.lifecycle import State
from deviations.models import Absence, Deviation, Harmed, InjuryCause, Kind, Topic
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import Role

WORDS = (
    ("En ansatt gled på vått gulv.", "Ein tilsett glei på vått golv.", Harmed.ACCIDENT, InjuryCause.FALL, Absence.NONE),
    ("En ansatt ble truffet av en dør.", "Ein tilsett vart treft av ei dør.", Harmed.ACCIDENT, InjuryCause.STRUCK, Absence.NONE),
    ("En ansatt ble stukket av en brukt kanyle.", "Ein tilsett stakk seg på ei brukt nål.", Harmed.EXPOSURE, InjuryCause.CUT, Absence.NONE),
    ("En ansatt ble slått under stell.", "Ein tilsett vart slegen under stell.", Harmed.VIOLENCE, InjuryCause.VIOLENCE, Absence.SHORT),
    ("En ansatt løftet alene fordi heisen var i stykker.", "Ein tilsett løfta åleine fordi heisen var i stykke.", Harmed.ACCIDENT, InjuryCause.LIFTING, Absence.LONG),
)  # fmt: skip
ENTERED, LEFT = 10, 2
"""How many of the newest are described in each municipality, and how many are left for the leader to describe."""

SAID = (
    "Kan vi ta dette på vernerunden i neste uke? Jeg blir gjerne med.",
    "Kan vi ta dette på vernerunden neste veke? Eg blir gjerne med.",
)


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        rows = Deviation.objects.filter(
            level_0=town.root.pk, category__figure=COUNTS_AS, kind=Kind.DEVIATION, about=None, merged_into=None
        ).select_related("handler")
        for number, case in enumerate(rows.order_by("-reported_at", "-pk")[LEFT : LEFT + ENTERED]):
            if case.handler is None or not parts_of(case, case.handler) & COMMENTED_TO:
                continue
            bokmal, nynorsk, harmed, cause, absence = WORDS[number % len(WORDS)]
            actions.enter_injury(
                deviation=case,
                by=case.handler,
                at=min(case.reported_at + datetime.timedelta(days=1), now),
                happened_on=case.happened_on or case.reported_at.date(),
                at_time=datetime.time(7 + number, 30),
                harmed=harmed,
                cause=cause,
                absence=absence,
                text=town.word((bokmal, nynorsk)),
            )
        _comment(town, now)


def _comment(town: Town, now: datetime.datetime) -> None:
    """The safety representative of the municipality says something to the newest case they may see."""
    representative = next(each for each in town.people.values() if each.standing.units(Role.SAFETY_REP))
    cases = Deviation.objects.visible_to(representative).open().filter(topic=Topic.HSE, about=None)
    case = cases.exclude(state=State.REPORTED).order_by("-reported_at", "-pk").first()
    if case is not None:
        actions.comment(deviation=case, by=representative, text=town.word(SAID), at=now - datetime.timedelta(hours=3))
