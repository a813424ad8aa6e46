# ruff: noqa: E501 - a text stands on one line
"""Internal audits of the demo: one that is final, with a finding answered and one that is late, and one planned."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deviations import actions as cases
from documents.models import Requirement, Source
from improvement import actions
from improvement.models import Answer, Audit, AuditPoint
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO


@dataclass(frozen=True)
class Looked:
    question: str
    answer: str
    evidence: str = ""


@dataclass(frozen=True)
class Told:
    code: str
    title: str
    about: str
    points: tuple[Looked, ...]
    answered: str  # the answer to the first finding; the second waits
    summary: str
    strengths: str
    looked_at: str
    comment: str
    next_code: str
    next_title: str
    next_points: tuple[str, ...]


OK, NOT, BETTER = Answer.CONFORMS, Answer.NOT, Answer.OBSERVATION

TOLD = {
    "AAS": Told(
        "HB",
        "Signering og kontroll av legemiddel",
        "Blir legemiddel gitt og kontrollerte slik prosedyren seier? Gjeld heimebaserte tenester, dag og kveld.",
        (
            Looked("Er listene signerte for kvar dose?", NOT, "Av 40 dosar siste veka mangla seks signatur, fem av dei på kveld."),
            Looked("Blir dosettane kontrollerte av ein til?", OK, "Såg to kontrollar, og kontrollista for heile månaden."),
            Looked("Er medisinrommet låst?", NOT, "Døra stod open to av tre gonger vi gjekk forbi."),
            Looked("Veit dei tilsette kva dei skal melde?", BETTER, "Alle seier at dei melder feil dose. Nesten ingen nemner manglande signatur."),
            Looked("Har alle som gir legemiddel, gyldig kurs?", OK, "Lista var à jour for alle 18."),
        ),
        "Det var uklart kven som signerte når to var inne. No signerer den som gir dosen, på nettbrettet, før ein går vidare. Lista blir sett over kvar fredag.",
        "Kontrollen av dosettar er god, og kursa er på plass. Signeringa glepp på kveld, og medisinrommet står ofte ope. Begge delar kan rettast med enkle grep.",
        "Dobbeltkontrollen sit, og dei nye får god opplæring.",
        "Samtale med fire tilsette, rundtur på medisinrommet tre gonger, og listene for ei veke.",
        "Vi kjenner oss att. Signeringa har vi alt gjort noko med. Til medisinrommet ventar vi på ny lås.",
        "SKU",
        "Opplæringslova § 12-4: aktivitetsplikta",
        ("Veit alle vaksne kva dei skal gjere når dei ser eller høyrer noko?", "Blir det laga plan innan fristen?"),
    ),
    "MAR": Told(
        "SKA",
        "Aktivitetsplikten i skolemiljøsaker",
        "Følger skolen opp når en elev ikke har det trygt og godt? Gjelder saker fra det siste året.",
        (
            Looked("Blir det laget skriftlig plan i hver sak?", NOT, "To av ni saker hadde ingen plan etter fem dager."),
            Looked("Blir eleven hørt?", OK, "Samtalen står i alle planene."),
            Looked("Blir tiltakene evaluert på den dagen planen sier?", NOT, "Fire av sju planer hadde ingen evaluering."),
            Looked("Vet vikarene hva de skal gjøre?", BETTER, "Vikarpermen nevner plikten, men ikke hvem de skal si fra til."),
            Looked("Er planene lagret der de skal?", OK, "Alle sto i arkivet, med riktig tilgang."),
        ),
        "Malen for planen ligger nå i vikarpermen og på teamets side, og inspektøren ser etter på dag tre.",
        "Elevene blir hørt, og planene er gode når de kommer. Men de kommer for sent i noen saker, og tiltakene blir sjelden evaluert.",
        "Samtalene med elevene er grundige.",
        "Ni saker, samtale med fem lærere, to vikarer og inspektøren.",
        "Enig. Evalueringen skal inn i kalenderen med en gang planen lages.",
        "HB",
        "Helsehjelp hjemme: er tiltaksplanene oppdatert?",
        ("Er tiltaksplanen yngre enn tre måneder?", "Stemmer det som blir gjort, med planen?"),
    ),
    "AUD": Told(
        "VA",
        "Prøvetaking av drikkevann",
        "Blir prøver tatt, vurdert og fulgt opp slik planen sier? Gjelder hele året.",
        (
            Looked("Er alle prøvene i planen tatt?", NOT, "Tre av 52 prøver mangler, alle i fellesferien."),
            Looked("Blir dårlige prøver fulgt opp samme dag?", OK, "Begge funnene i år ble fulgt opp innen to timer."),
            Looked("Er beredskapsplanen øvd på i år?", NOT, "Siste øvelse var for to år siden."),
            Looked("Er varslingslisten riktig?", BETTER, "Ett nummer var gammelt, og listen har ingen dato."),
        ),
        "Vikaren i ferien står nå på vaktlisten med prøvedagene, og laboratoriet minner oss på det.",
        "Vannet er godt passet på til daglig. I ferien glipper prøver, og beredskapen er ikke øvd.",
        "Svært rask oppfølging når en prøve er dårlig.",
        "Prøveplanen, svarene fra laboratoriet, varslingslisten og en samtale med operatørene.",
        "Det er riktig. Øvelsen skulle vært i vår, og må få en ny dato.",
        "HB",
        "Opplæring av nye og vikarer",
        ("Har alle nye fått sjekklisten for opplæring?", "Vet vikarene hvor prosedyrene er?"),
    ),
}  # fmt: skip


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        _held(town, TOLD[town.plan.code], now)
        _planned(town, TOLD[town.plan.code], now)


def _plan(town: Town, code: str, title: str, about: str, day: datetime.date, at: datetime.datetime) -> Audit:
    unit, lead = town.units[code], town.coordinator
    second = next(
        each for each in town.leaders.values() if each.pk != lead.pk and actions.may_audit(each, unit)
    )  # a leader from another place
    return actions.plan_audit(
        by=lead, title=title, about=about, unit=unit, owner=lead, auditors=[second], held_on=day,
        period_first=day - datetime.timedelta(days=365), period_last=day, at=at,
    )  # fmt: skip


def _held(town: Town, told: Told, now: datetime.datetime) -> None:
    days = datetime.timedelta
    day = (now - days(days=70)).date()
    noon = datetime.datetime.combine(day, datetime.time(12), OSLO)
    audit = _plan(town, told.code, told.title, told.about, day, noon - days(days=40))
    lead, leader = audit.owner, town.leader(told.code)
    points = actions.add_points(
        audit=audit, by=lead, points=[actions.Asked(each.question) for each in told.points], at=noon - days(days=20)
    )
    actions.begin_audit(audit=audit, by=lead, at=noon)
    for point, looked in zip(points, told.points, strict=True):
        actions.answer_point(point=point, by=lead, answer=looked.answer, evidence=looked.evidence, at=noon)
    first, second = [point for point in points if point.answer == NOT]
    _report(first, lead, day + days(days=30), noon)
    _report(second, lead, (now - days(days=12)).date(), noon + days(minutes=10))
    sent, commented = noon + days(days=6), noon + days(days=12)
    actions.write_report(
        audit=audit, by=lead, summary=told.summary, strengths=told.strengths, looked_at=told.looked_at, at=sent
    )
    actions.send_report(audit=audit, by=lead, comment_by=day + days(days=20), at=sent)
    actions.comment_on(audit=audit, by=leader, comment=told.comment, at=commented)
    actions.approve_report(audit=audit, by=lead, at=commented + days(days=1))
    _answer(first, told.answered, noon + days(days=21))
    if second.deviation and second.deviation.handler:
        cases.receive(deviation=second.deviation, by=second.deviation.handler, at=noon + days(days=1))


def _report(point: AuditPoint, by: User, answer_by: datetime.date, at: datetime.datetime) -> None:
    actions.report_finding(
        point=point, by=by, text=f"{point.audit.title}. {point.question} {point.evidence}", answer_by=answer_by, at=at
    )


def _answer(point: AuditPoint, outcome: str, at: datetime.datetime) -> None:
    case = point.deviation
    if case is None or case.handler is None:
        return
    cases.receive(deviation=case, by=case.handler, at=at - datetime.timedelta(days=20))
    cases.assess(deviation=case, by=case.handler, consequence=2, probability=3, at=at - datetime.timedelta(days=2))
    cases.close(deviation=case, by=case.handler, outcome=outcome, at=at)


def _planned(town: Town, told: Told, now: datetime.datetime) -> None:
    """With what a law asks first, and two questions of their own."""
    day = (now + datetime.timedelta(days=16)).date()
    audit = _plan(town, told.next_code, told.next_title, "", day, now - datetime.timedelta(days=4))
    law = Source.objects.filter(short__icontains="kommuneloven", municipality=None).first()
    asked = Requirement.objects.filter(source=law, municipality=None).order_by("position")[1:4]
    points = [actions.Asked(town.word((each.text, each.text_nn or each.text)), requirement=each) for each in asked]
    points += [actions.Asked(question) for question in told.next_points]
    actions.add_points(audit=audit, by=audit.owner, points=points, at=now - datetime.timedelta(days=3))
