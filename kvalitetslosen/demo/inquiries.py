"""Questions between leaders of the demo: one answered and read, one to answer now, one to read, one every month."""

from __future__ import annotations

import datetime

from improvement import actions
from improvement.models import Topic
from improvement.whom_to_ask import above, leading
from kvalitetslosen.demo.organisation import Town

Pair = tuple[str, str]

PLACES = {"AAS": "HB", "MAR": "SKA", "AUD": "INST"}
"""The unit of the log-in that leads one."""
LEARNT: Pair = ("Hva lærte dere av sakene deres denne måneden?", "Kva lærte teamet av sakene denne månaden?")
ANSWERED: Pair = (
    "At de fleste avvikene skjedde ved vaktskiftet. Vi overlapper nå ti minutter og ser på det igjen neste måned.",
    "At dei fleste avvika skjedde ved vaktskiftet. Vi overlappar no ti minutt og ser på det igjen neste månad.",
)
TRYING: Pair = (
    "Hva prøver dere nå, og hvordan vil dere se om det hjelper?",
    "Kva prøver teamet no, og korleis vil teamet sjå om det hjelper?",
)
HELP: Pair = (
    "Vi vet hva som bør gjøres, men mangler tid eller penger. Hva foreslår du?",
    "Vi veit kva som bør gjerast, men manglar tid eller pengar. Kva foreslår du?",
)
HELPED: Pair = (
    "Ta det med til meg på torsdag, så ser vi på vaktplanen sammen. Jeg har tatt av en time.",
    "Ta det med til meg på torsdag, så ser vi på vaktplanen saman. Eg har sett av ein time.",
)


def ask(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        code = PLACES[town.root.code]
        unit, leader, upper = town.units[code], town.leader(code), town.leader(town.above(code))
        whom = leading(upper, unit)
        assert whom is not None
        then = now - datetime.timedelta(days=34)
        first = actions.ask(by=upper, whom=whom, topic=Topic.LEARNING, question=town.word(LEARNT), at=then)
        later = then + datetime.timedelta(days=2)
        actions.answer(inquiry=first, by=leader, answer=town.word(ANSWERED), at=later)
        actions.read(inquiry=first, by=upper, at=later + datetime.timedelta(hours=3))
        if help_from := above(leader, unit):
            asked = now - datetime.timedelta(days=6)
            wanted = actions.ask(by=leader, whom=help_from, topic=Topic.HELP, question=town.word(HELP), at=asked)
            answered = now - datetime.timedelta(days=3)
            actions.answer(inquiry=wanted, by=help_from.asked, answer=town.word(HELPED), at=answered)
        actions.ask(
            by=upper, whom=whom, topic=Topic.LEARNING, question=town.word(TRYING), at=now - datetime.timedelta(days=1)
        )
        actions.begin_rhythm(by=upper, unit=unit, topic=Topic.LEARNING, question=town.word(LEARNT), day=20)
