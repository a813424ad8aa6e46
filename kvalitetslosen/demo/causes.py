# ruff: noqa: E501 - a text stands on one line
"""Two cases whose cause was looked for step by step: one in bokmål, one in nynorsk, each with all the parts."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from deviations import actions
from deviations.models import Asking, CauseKind, Kind, Peers, Response, Weight
from kvalitetslosen.demo.organisation import Town


class Answer(NamedTuple):
    """A why. ``under`` is the number of the one it explains, in the order they stand."""

    text: str
    under: int | None = None
    weight: str = ""
    kind: str = ""


class Told(NamedTuple):
    town: str  # the code of the municipality
    unit: str
    text: str
    moments: Sequence[tuple[int, str, str]]  # minutes after the beginning
    steps: Sequence[str]  # notes to the steps of the after-action review
    whys: Sequence[Answer]
    peers: str
    cause: str
    reporter: str
    asked: str
    added: str


TOLD = (
    Told(
        "MAR",
        "SKA",
        "En elev med nøtteallergi fikk kake med nøtter på klassefesten. Eleven kjente kløe, spyttet ut og fikk medisin. Det gikk bra.",
        (
            (0, "Vikaren tok imot kaker fra foreldrene.", "Allergilista skulle vært lest før noe ble delt ut. Vikaren visste ikke at den fantes."),
            (25, "Kaka ble delt ut uten at noen spurte om innhold.", "Det var travelt, og alle trodde at foreldrene hadde fått beskjed."),
            (27, "Eleven sa fra, og assistenten hentet medisinen.", "Medisinen lå der den skulle."),
        ),
        ("At ingen får mat de ikke tåler.", "Kaka ble delt ut før lista var lest.", "Vikaren hadde ikke fått lista. Det virket trygt, for foreldrene kjenner klassen.", "Lista henger på døra. Kontoret sier det til alle vikarer."),
        (
            Answer("Kaka ble delt ut uten at noen sjekket innholdet."),
            Answer("Vikaren visste ikke om allergien.", 0),
            Answer("Allergilista ligger på kontoret, ikke i klasserommet.", 1, Weight.ROOT, CauseKind.SURROUNDINGS),
            Answer("Vikarer får ikke en gjennomgang før de begynner.", 1, Weight.ROOT, CauseKind.ORGANISATION),
            Answer("Foreldrene hadde ikke fått beskjed om nøttefritt.", 0),
            Answer("Invitasjonen ble sendt av foreldrene selv.", 4, Weight.CONTRIBUTING, CauseKind.OUTSIDE),
        ),
        "To andre vikarer sa at de ville gjort det samme.",
        "Allergilista ligger på kontoret, og vikarer får ingen gjennomgang før de begynner. Foreldrene visste ikke at klassen er nøttefri.",
        "kvalitet",
        "Du hadde klassen i fjor. Hvordan fikk vikarer vite om allergier da? Skriv det inn i analysen.",
        "I fjor sto allergilista på innsiden av døra i klasserommet.",
    ),
    Told(
        "AAS",
        "HB",
        "Ein brukar fekk dobbel dose blodfortynnande ein laurdag. Det vart oppdaga ved kveldsrunden. Legevakta vart ringd, og brukaren vart følgd gjennom natta.",
        (
            (0, "Dosetten vart levert med ny liste på fredag ettermiddag.", "Den gamle lista skulle ha vore teken ut. Ho vart liggjande i permen."),
            (990, "Vikaren gav dosen etter den gamle lista i tillegg til dosetten.", "Begge såg gyldige ut, og ingen var å spørje."),
            (1500, "Kveldsvakta oppdaga det og ringde legevakta.", "Kontrollen på kvelden verka som han skulle."),
        ),
        ("At kvar brukar har éi liste.", "To lister låg i permen, og begge vart brukte.", "På laurdag er éin på vakt. Å følgje lista verka trygt.", "Apoteket tek med den gamle lista når ho blir bytt."),
        (
            Answer("Dosen vart gjeven to gonger."),
            Answer("Det låg to lister i permen.", 0),
            Answer("Ingen har oppgåva å ta ut den gamle lista.", 1, Weight.ROOT, CauseKind.TASKS),
            Answer("Listene ser like ut, datoen står med lita skrift.", 1, Weight.CONTRIBUTING, CauseKind.TOOLS),
            Answer("Vikaren hadde ingen å spørje.", 0),
            Answer("I helga er det berre éin på vakt i kvar sone.", 4, Weight.CONTRIBUTING, CauseKind.ORGANISATION),
        ),
        "Tre på same vakt sa at alle ville ha følgt lista.",
        "Ingen har oppgåva å ta ut den gamle lista når ein får ny. Listene er vanskelege å skilje, og i helga er ein åleine.",
        "berit.ljoslandsmo",
        "Du var på vakt fredagen. Kva hende med den gamle lista? Skriv det inn i analysen.",
        "Eg såg begge listene i permen på fredag og trudde den eine var ein kopi.",
    ),
)  # fmt: skip


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for told in TOLD:
        for town in towns:
            if town.plan.code == told.town:
                _find(town, told, now)


def _find(town: Town, told: Told, now: datetime.datetime) -> None:
    unit, leader = town.units[told.unit], town.leader(told.unit)
    begun = now - datetime.timedelta(days=9, hours=2)
    case = actions.report(by=town.people[told.reporter], unit=unit, kind=Kind.DEVIATION, text=told.text, at=begun)
    ticking = iter(range(1, 100))

    def at() -> datetime.datetime:
        return begun + datetime.timedelta(days=2, minutes=next(ticking))

    actions.receive(deviation=case, by=leader, at=begun + datetime.timedelta(days=1))
    actions.assess(deviation=case, by=leader, consequence=4, probability=3, at=at())
    actions.weigh(
        deviation=case, by=leader, learn="some", known="no", reach="one", response=Response.AFTER_ACTION, at=at()
    )
    notes = {number: (True, note) for number, note in enumerate(told.steps, 1)}
    actions.work_through(deviation=case, by=leader, response=Response.AFTER_ACTION, steps=notes, at=at())
    for minutes, what, expected in told.moments:
        happened_at = begun - datetime.timedelta(days=2) + datetime.timedelta(minutes=minutes)
        actions.put_moment(
            deviation=case, by=leader, key=uuid.uuid4(), happened_at=happened_at, what=what, expected=expected, at=at()
        )
    keys: list[uuid.UUID] = []
    for each in told.whys:
        why = actions.put_why(
            deviation=case, by=leader, key=uuid.uuid4(), text=each.text, weight=each.weight, kind=each.kind,
            under=None if each.under is None else keys[each.under], at=at(),
        )  # fmt: skip
        keys.append(why.key)
    actions.judge_peers(deviation=case, by=leader, peers=Peers.YES, note=told.peers, at=at())
    actions.analyse(deviation=case, by=leader, cause=told.cause, at=at())
    colleague = town.people["ansatt"]
    actions.ask_colleague(
        deviation=case, by=leader, given_to=colleague, text=told.asked, asking=Asking.ANALYSIS, at=at(),
        deadline=timezone.localdate(now) + datetime.timedelta(days=4),
    )  # fmt: skip
    actions.put_moment(deviation=case, by=colleague, key=uuid.uuid4(), happened_at=None, what=told.added, at=at())
