# ruff: noqa: E501 - the two languages of a text stand on one line
"""Whistle-blowing in the demo: two municipalities have named who receives it; the third hasn't yet."""

from __future__ import annotations

import datetime

from deviations.whistle import actions
from deviations.whistle.models import Matter
from kvalitetslosen.demo.logins import whistle_key
from kvalitetslosen.demo.organisation import DAYS_BACK, Town

RECIPIENTS = {"AAS": ("knut.lognavatn", "verneombud"), "MAR": ("wenche.usland", "verneombud")}
DAY = datetime.timedelta(days=1)

TEXT = (
    "En leverandør får oppdrag uten anbud, år etter år. Jeg har sett fakturaer som er delt opp slik at hver av dem ligger like under grensen.",
    "Ein leverandør får oppdrag utan anbod, år etter år. Eg har sett fakturaer som er delte opp slik at kvar av dei ligg like under grensa.",
)
PLACE = ("Innkjøp av utstyr", "Innkjøp av utstyr")
RECEIPT = (
    "Vi har mottatt varselet ditt og skal undersøke det. Se innom her med koden: Vi kan trenge å spørre deg om noe.",
    "Vi har motteke varselet ditt og skal undersøkje det. Sjå innom her med koden: Vi kan trenge å spørje deg om noko.",
)
QUESTION = ("Hvilket år begynte det, så vidt du vet?", "Kva år tok det til, så vidt du veit?")
ANSWER = ("Det var slik da jeg begynte, for tre år siden.", "Det var slik då eg tok til, for tre år sidan.")
PLAN = (
    "Vi henter bilagene for tre år fra regnskapet selv, uten å gå om enheten. Den det gjelder, skal høres før vi konkluderer.",
    "Vi hentar bilaga for tre år frå rekneskapen sjølve, utan å gå om eininga. Den det gjeld, skal høyrast før vi konkluderer.",
)


def stage(towns: list[Town], now: datetime.datetime) -> None:
    """One is new in Åseral; one is being looked into in Marnardal, with questions and answers."""
    for town in towns:
        for email in RECIPIENTS.get(town.plan.code, ()):
            begun = now - DAYS_BACK * DAY
            actions.appoint_recipient(user=town.people[email], by=town.people["admin"], at=begun)
    for town in towns:
        if town.plan.code in RECIPIENTS:
            _tell(town, now)


def _tell(town: Town, now: datetime.datetime) -> None:
    is_new = town.plan.code == "AAS"
    told = now - (4 if is_new else 12) * DAY
    case, _code = actions.blow_the_whistle(
        municipality=town.root,
        key=whistle_key(town.plan.code),
        text=town.word(TEXT),
        place=town.word(PLACE),
        matter=Matter.CORRUPTION,
        at=told,
    )
    if is_new:
        return
    by = town.people[RECIPIENTS[town.plan.code][0]]
    actions.acknowledge(case=case, by=by, text=town.word(RECEIPT), at=told + 2 * DAY)
    actions.examine(case=case, by=by, text=town.word(PLAN), at=told + 3 * DAY)
    actions.tell_reporter(case=case, by=by, text=town.word(QUESTION), at=told + 4 * DAY)
    actions.write_to_recipients(case=case, text=town.word(ANSWER), at=told + 6 * DAY)
