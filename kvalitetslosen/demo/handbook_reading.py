# ruff: noqa: E501 - the two languages of a text stand on one line
"""Reading in the demo handbook: lists, some late, a new employee; what readers said; and a version that helped."""

from __future__ import annotations

import datetime
import random
import re

from deviations import actions as deviations
from deviations.models import Kind
from documents import actions
from documents.models import Comment, Document, Version
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.workdays import OSLO, add_workdays

Listed = list[tuple[str, str, Document]]
DAYS = datetime.timedelta
SEED = 25

CHANGES = {
    "Dobbeltkontroll av dosett": ("<li><p>Den som kontrollerer, tel tablettane før han ser på lista.</p></li>", "Endra etter avvik: kontrollen skjer før ein ser på lista."),
    "Nøkkelhandtering": ("<li><p>Legg nøkkelen attende før vakta er slutt, og kvitter i lista.</p></li>", "Nytt siste punkt: nøkkelen skal vere attende før vakta er slutt."),
}  # fmt: skip
_LIST_ENDS = re.compile(r"</[ou]l>")
NOT_CONTROLLED = (
    "Dosetten gjekk ut utan at nokon hadde kontrollert han.",
    "Feil tal tablettar i dosetten for torsdag. Oppdaga av brukaren.",
    "Same person la og kontrollerte dosetten.",
    "Kontrollert mot ei gammal legemiddelliste.",
)
COMMENTS = (
    # town, document, who, kind, heading, text, days ago, answer: None waits
    (0, "Nøkkelhandtering", "ansatt", "wrong", 2, "Nøkkelskåpet er flytta til vaktrommet. Her står det framleis garderoben.", 9, None, ""),
    (0, "Tryggleiksalarm og responstid", "berit.ljoslandsmo", "unclear", 2, "Kven rykkjer ut når begge er på besøk i Kylland?", 5, None, ""),
    (0, "Tryggleiksalarm og responstid", "ansatt", "proposal", 2, "Kan vi skrive nummeret til nattevakta i rutinen?", 40, "accept", "Godt framlegg. Det kjem i neste versjon."),
    (0, "Åleinearbeid kveld og natt", "ansatt", "wrong", 2, "Alarmtelefonen ligg ikkje i bilen lenger.", 60, "decline", "Han skal liggje i bilen. Eg har teke det opp med vaktlaget."),
    (0, "Åleinearbeid kveld og natt", "berit.ljoslandsmo", "praise", 0, "Kort og tydeleg. Denne brukar vi.", 30, "thank", "Takk! Det er de som har skrive han."),
)  # fmt: skip


def stage(towns: list[Town], now: datetime.datetime, listed: Listed) -> None:
    """Told before the drafts of the day are begun: each document has one at a time."""
    rng = random.Random(SEED)
    aseral, marnardal, audnedal = towns
    of = {(town, document.title): document for town, _code, document in listed}
    own = {title: of["AAS", title] for title in CHANGES}
    dosett, keys = own.values()
    leader, nurse, helper = (aseral.people[each] for each in ("leder", "berit.ljoslandsmo", "ansatt"))

    # What everyone in home care is to read; a version that helped, and one that has just come.
    begin = now - DAYS(days=420)
    for document, due, days in ((dosett, begin + DAYS(days=14), 14), (keys, begin + DAYS(days=14), 14)):
        actions.ask_to_read(
            document=document, by=leader, units=[aseral.units["HB"]], due_on=due.date(), days=days, at=begin
        )
        for person in (nurse, helper, leader):
            confirm(document, person, begin + DAYS(days=rng.randint(1, 12)))
    cases(aseral, dosett, now)
    said = actions.send_comment(
        version=in_force(dosett), by=nurse, kind="wrong", heading="Slik gjer vi", at=now - DAYS(days=190),
        text="Vi ser på lista først, og då ser vi det vi ventar å sjå.",
    )  # fmt: skip
    actions.accept_comment(
        comment=said, by=leader, answer="Det har du rett i. Vi snur rekkjefølgja.", at=now - DAYS(days=188)
    )
    renew(aseral, dosett, now - DAYS(days=170))
    renew(aseral, keys, now - DAYS(days=6))
    for person in (nurse, helper, leader):
        confirm(dosett, person, now - DAYS(days=rng.randint(150, 168)))
    confirm(keys, leader, now - DAYS(days=2))

    alarm = of["AAS", "Tryggleiksalarm og responstid"]
    actions.ask_to_read(
        document=alarm, by=leader, units=[aseral.units["HB"]], due_on=workday(now - DAYS(days=6)), at=now - DAYS(days=20),
        note="Etter hendinga i haust. Les det om kven som rykkjer ut.",
    )  # fmt: skip
    confirm(alarm, nurse, now - DAYS(days=12))
    confirm(alarm, leader, now - DAYS(days=19))

    # For the whole municipality, and what units elsewhere read.
    wide = of["AAS", "Avvikshandtering"]
    everyone = [person for person in aseral.people.values() if person.pk != wide.owner_id]
    ask_many(wide, aseral, everyone, now, rng)
    for town, code in ((marnardal, "SKA"), (audnedal, "INST")):
        some = [document for where, at, document in listed if where == town.plan.code and at in (code, where)][:3]
        for document in some:
            actions.ask_to_read(
                document=document, by=town.leader(code), units=[town.units[code]],
                due_on=workday(now + DAYS(days=rng.randint(-5, 12))), at=now - DAYS(days=rng.randint(12, 25)),
            )  # fmt: skip
            for person in town.at[code][1::2]:
                confirm(document, person, now - DAYS(days=rng.randint(1, 10)))

    newcomer(aseral, now)
    for place, title, who, kind, heading, text, ago, step, answer in COMMENTS:
        town = towns[place]
        comment = actions.send_comment(
            version=in_force(of[town.plan.code, title]), by=town.people[who], kind=kind, text=text,
            heading=("", "", "Slik gjer vi")[heading], at=now - DAYS(days=ago),
        )  # fmt: skip
        answered(comment, step, answer, now - DAYS(days=ago - 2))
    for town, code in ((marnardal, "SKA"), (audnedal, "INST")):
        found = [each for where, at, each in listed if where == town.plan.code and at == code]
        for document, reader in zip(found[:1], town.at[code][:1], strict=False):
            actions.send_comment(
                version=in_force(document), by=reader, kind="unclear", heading="Slik gjør vi", at=now - DAYS(days=3),
                text="Hvem gjør dette når den som har ansvaret, er borte?",
            )  # fmt: skip


def answered(comment: Comment, step: str | None, answer: str, at: datetime.datetime) -> None:
    verbs = {
        "accept": actions.accept_comment, "decline": actions.decline_comment, "thank": actions.thank_for_comment
    }  # fmt: skip
    if step:
        verbs[step](comment=comment, by=comment.document.owner, answer=answer, at=at)


def in_force(document: Document) -> Version:
    return Version.objects.in_force().select_related("document__owner").get(document=document)


def confirm(document: Document, person: User, at: datetime.datetime) -> None:
    actions.confirm_reading(version=in_force(document), by=person, at=at)


def workday(moment: datetime.datetime) -> datetime.date:
    return add_workdays(moment.astimezone(OSLO).date(), 0)


def with_point(body: str, point: str) -> str:
    """The text with one more point at the end of its steps, which are the first list."""
    return _LIST_ENDS.sub(lambda end: f"{point}{end[0]}", body, count=1)


def renew(town: Town, document: Document, at: datetime.datetime) -> None:
    """A new major version with one more point, approved two days later."""
    author, approver = town.people["leder"], town.people["sjef"]
    point, summary = CHANGES[document.title]
    draft = actions.new_version(document=document, by=author, at=at - DAYS(days=2))
    actions.save(
        version=draft, by=author, title=draft.title, body=with_point(draft.body, point),
        change_summary=summary, at=at - DAYS(days=2, hours=-1),
    )  # fmt: skip
    actions.send(version=draft, by=author, approver=approver, at=at - DAYS(days=1))
    actions.approve(version=draft, by=approver, at=at)


def cases(town: Town, document: Document, now: datetime.datetime) -> None:
    """Many before the new version, one after."""
    leader = town.people["leder"]
    for number, ago in enumerate((500, 470, 455, 430, 402, 390, 371, 350, 322, 301, 280, 255, 240, 221, 203, 185, 60)):
        at = now - DAYS(days=ago)
        case = deviations.report(
            by=(town.people["ansatt"], town.people["berit.ljoslandsmo"])[number % 2],
            unit=town.units["HB"], kind=Kind.DEVIATION, text=NOT_CONTROLLED[number % len(NOT_CONTROLLED)],
            breached_document=document, at=at,
        )  # fmt: skip
        deviations.receive_and_close(
            deviation=case, by=leader, consequence=2, probability=2, at=at + DAYS(days=1),
            outcome="Takk for at du melde. Vi har gått gjennom kontrollen i vaktlaget.",
        )  # fmt: skip


def ask_many(document: Document, town: Town, people: list[User], now: datetime.datetime, rng: random.Random) -> None:
    """Asked of everyone; most have confirmed."""
    actions.ask_to_read(
        document=document, by=document.owner, units=[town.root], due_on=workday(now + DAYS(days=11)),
        at=now - DAYS(days=9), note="Alle skal vite korleis vi melder, og kva svar dei kan vente.",
    )  # fmt: skip
    demo = {town.people["ansatt"].pk}
    for person in people:
        if person.pk not in demo and rng.random() < 0.6:
            confirm(document, person, now - DAYS(days=rng.randint(0, 8), hours=rng.randint(1, 9)))


def newcomer(town: Town, now: datetime.datetime) -> None:
    """Somebody begins in home care today, and has the unit's list before them."""
    person = organisation.add_person(
        municipality=town.root, name="Siv Røynås Lauvland", email=f"siv.lauvland@{town.plan.domain}",
        language=town.plan.language, title="Helsefagarbeidar", invite=False,
    )  # fmt: skip
    today = now.astimezone(OSLO).date()
    organisation.grant_role(user=person, unit=town.units["HB"], role=Role.EMPLOYEE, valid_from=today)
