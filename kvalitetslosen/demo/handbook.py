# ruff: noqa: E501 - the two languages of a text stand on one line
"""The handbook of the demo municipalities: procedures in force, renewed, past review, in draft and waiting."""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Iterable
from html import escape

from documents import actions
from documents.models import Document, Kind, Reach, Version
from kvalitetslosen.demo import handbook_life, handbook_reading
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.demo.procedures import NEW, PROCEDURES, Procedure, Text
from kvalitetslosen.demo.procedures_in_full import IN_FULL
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO, add_workdays

HEADINGS = (
    ("Formål", "Føremål"), ("Gjelder for", "Gjeld for"), ("Hvem gjør hva", "Kven gjer kva"),
    ("Slik gjør vi", "Slik gjer vi"), ("Pass på", "Pass på"), ("Slik viser vi at det er gjort", "Slik viser vi at det er gjort"),
    ("Når det ikke ble fulgt", "Når det ikkje vart følgt"), ("Hjemmel", "Heimel"),
)  # fmt: skip
APPLIES = (
    (
        "Alle som arbeider i {unit}, også vikarer og studenter.",
        "Alle som arbeider i {unit}, også vikarar og studentar.",
    ),
    ("Alle ansatte i {unit} kommune.", "Alle tilsette i {unit} kommune."),
)
IF_NOT = (
    "Meld avvik samme dag. Skriv hva som skjedde og hva som ble gjort, ikke hvem det gjelder.",
    "Meld avvik same dag. Skriv kva som hende og kva som vart gjort, ikkje kven det gjeld.",
)
RENEWALS = (
    (
        ("Er du i tvil, spør ansvarsvakten før du går videre.", "Er du i tvil, spør ansvarsvakta før du går vidare."),
        ("Nytt siste punkt om hva en gjør i tvil.", "Nytt siste punkt om kva ein gjer i tvil."),
    ),
    (
        ("Den som har ansvaret, peker ut en annen ved fravær.", "Den som har ansvaret, peikar ut ein annan ved fråvær."),
        ("Presisert hvem som har ansvaret ved fravær.", "Presisert kven som har ansvaret ved fråvær."),
    ),
    (
        ("Ta erfaringene opp på neste tavlemøte.", "Ta erfaringane opp på neste tavlemøte."),
        ("Endret etter avvik: erfaringer tas opp på tavlemøte.", "Endra etter avvik: erfaringar blir tekne opp på tavlemøte."),
    ),
)  # fmt: skip
NYNORSK_LAWS = (
    ("loven", "lova"), ("forskriften", "forskrifta"), ("håndtering", "handtering"), ("tjeneste", "teneste"),
    ("bruker", "brukar"), ("anskaffelses", "anskaffings"), ("foresatte", "føresette"),
)  # fmt: skip
LOOKED_AT = ("Gått gjennom sammen med dem som bruker den.", "Gått gjennom saman med dei som bruker henne.")
ELSEWHERE = {"MAR": {"KR": "KJ"}}  # where a municipality keeps under another unit what the others keep here
WIDE = ("KD", "ADM")

Listed = list[tuple[str, str, Document]]


def is_wide(procedure: Procedure, code: str) -> bool:
    """Whether it is for the whole municipality."""
    return procedure.everywhere or code in WIDE


def page(town: Town, procedure: Procedure, code: str, extra: Iterable[str] = ()) -> str:
    """The wording as HTML, in the municipality's language."""
    text: Text = procedure.texts[town.nynorsk]
    wide = is_wide(procedure, code)
    steps = [*text.steps, *extra]
    applies = town.word(APPLIES[wide]).format(unit=(town.root if wide else town.units[code]).name)
    rest = IN_FULL[procedure.texts[0].title][town.nynorsk]
    purpose, scope, who, how, mind, shown, broken, law = (town.word(each) for each in HEADINGS)
    listing = '<ul data-list="check">{}</ul>' if procedure.kind == Kind.CHECKLIST else "<ol>{}</ol>"
    return (
        f"<h2>{purpose}</h2><p>{escape(text.purpose)}</p><h2>{scope}</h2><p>{escape(applies)}</p>"
        f"<h2>{who}</h2><p>{escape(rest.who)}</p><h2>{how}</h2>{listing.format(_items(steps))}"
        f"<h2>{mind}</h2><ul>{_items(rest.mind)}</ul><h2>{shown}</h2><p>{escape(rest.shown)}</p>"
        f"<h2>{broken}</h2><p>{escape(town.word(IF_NOT))}</p><h2>{law}</h2><p>{escape(_law(town, procedure))}</p>"
    )


def _law(town: Town, procedure: Procedure) -> str:
    """The laws as a text in nynorsk calls them; whole titles are what they are called in Norsk Lovtidend."""
    if not town.nynorsk:
        return procedure.law

    def in_nynorsk(found: re.Match[str]) -> str:
        word = found[0]
        for ours, theirs in NYNORSK_LAWS:
            word = word.replace(ours, theirs)
        return word

    return re.sub(r"\S*(?:loven|forskriften)\b|\bforesatte\b", in_nynorsk, procedure.law)


def _items(texts: Iterable[str]) -> str:
    return "".join(f"<li><p>{escape(text)}</p></li>" for text in texts)


def write(towns: list[Town], now: datetime.datetime, rng: random.Random) -> Listed:
    """Every procedure in every municipality that has the unit; those in force, with the units they belong to."""
    listed: Listed = []
    for town in towns:
        there = ELSEWHERE.get(town.plan.code, {})
        for procedure in PROCEDURES:
            for owner in procedure.units:
                code = there.get(owner, owner)
                document = _in_force(town, procedure, code, now, rng)
                wide = document.reach == Reach.MUNICIPALITY
                listed.append((town.plan.code, town.plan.code if wide else code, document))
    return listed


def _people(town: Town, procedure: Procedure, code: str) -> tuple[User, User]:
    """Who writes for the unit, and who above approves."""
    chief, quality = town.chief, town.coordinator
    author = town.leader(code)
    if author == chief:
        return quality, chief
    if is_wide(procedure, code):
        return author, chief
    above = town.leader(town.above(code))
    return (author, above) if above not in (author, chief) else (author, quality)


def _draft(town: Town, procedure: Procedure, code: str, by: User, at: datetime.datetime) -> Version:
    text = procedure.texts[town.nynorsk]
    draft = actions.create_document(
        by=by, title=text.title, kind=procedure.kind, unit=town.units[code], owner=town.leader(code),
        reach=Reach.MUNICIPALITY if is_wide(procedure, code) else Reach.UNIT, review_months=procedure.months, at=at,
    )  # fmt: skip
    body = page(town, procedure, code)
    return actions.save(version=draft, by=by, title=text.title, body=body, at=at + datetime.timedelta(hours=1))


def _in_force(town: Town, procedure: Procedure, code: str, now: datetime.datetime, rng: random.Random) -> Document:
    author, approver = _people(town, procedure, code)
    at = _workday(now - datetime.timedelta(days=rng.randint(740, 960)), rng)
    draft = _draft(town, procedure, code, author, at)
    version = _approved(draft, author, approver, at, rng)
    added: list[str] = []
    while True:
        again = at + datetime.timedelta(days=round(procedure.months * 30.4) - rng.randint(5, 45))
        if again >= now - datetime.timedelta(days=10) or rng.random() < 0.12:
            return version.document  # not due yet, or forgotten: past its review
        at = _workday(again, rng)
        if rng.random() < 0.35:
            (extra, summary) = rng.choice(RENEWALS)
            if town.word(extra) in added:  # each version says something new, as long as there is something
                unsaid = (each for each in RENEWALS if town.word(each[0]) not in added)
                (extra, summary) = next(unsaid, (extra, summary))
            added.append(town.word(extra))
            draft = actions.new_version(document=version.document, by=author, at=at)
            actions.save(
                version=draft, by=author, title=draft.title, body=page(town, procedure, code, added),
                change_summary=town.word(summary), is_minor=rng.random() < 0.3,
                at=at + datetime.timedelta(minutes=40),
            )  # fmt: skip
            version = _approved(draft, author, approver, at, rng)
        else:
            actions.review_without_change(version=version, by=author, note=town.word(LOOKED_AT), at=at)


def _approved(draft: Version, author: User, approver: User, at: datetime.datetime, rng: random.Random) -> Version:
    actions.send(version=draft, by=author, approver=approver, at=at + datetime.timedelta(hours=2))
    later = at + datetime.timedelta(days=rng.randint(1, 6), hours=3)
    return actions.approve(version=draft, by=approver, at=later)


def _workday(moment: datetime.datetime, rng: random.Random) -> datetime.datetime:
    day = add_workdays(moment.date(), 0)
    return datetime.datetime(day.year, day.month, day.day, rng.randint(8, 11), rng.randrange(60), tzinfo=OSLO)


def stage(towns: list[Town], now: datetime.datetime, listed: Listed) -> None:
    """What waits for approval at the demo log-ins and with a deputy, and drafts their writers are at."""
    handbook_reading.stage(towns, now, listed)
    handbook_life.stage(towns, now)
    aseral, marnardal, audnedal = towns
    new = {procedure.units[0]: procedure for procedure in NEW}
    days = datetime.timedelta
    for town, code, by, approver, ago in (
        (aseral, "HB", aseral.people["berit.ljoslandsmo"], aseral.people["leder"], days(hours=30)),
        (marnardal, "VA", marnardal.people["roger.spilling"], marnardal.people["stian.nome"], days(hours=7)),
        (audnedal, "INST", audnedal.people["jostein.handeland"], audnedal.people["leder"], days(days=3)),
        (marnardal, "SKA", marnardal.people["kvalitet"], marnardal.people["leder"], days(days=1, hours=4)),
    ):
        draft = _draft(town, new[code], code, by, now - ago)
        actions.send(version=draft, by=by, approver=approver, at=now - ago + days(hours=2))
    renewing = {(document.title, town): document for town, _code, document in listed}
    for title, who, approver_name, ago in (
        ("Nøkkelhandtering", "leder", "sjef", days(hours=26)),
        ("Fallførebygging", "sjef", "kvalitet", days(days=2, hours=5)),
        ("Tilgangsstyring og opphøyr av tilgang", "knut.lognavatn", "radmann", days(days=4)),
        ("Avvikshandtering", "kvalitet", "", days(days=6)),
        ("Åleinearbeid kveld og natt", "leder", "", days(days=9)),
    ):
        document = renewing[title, "AAS"]
        author = aseral.people[who]
        version = actions.new_version(document=document, by=author, at=now - ago)
        (extra, summary) = next(each for each in RENEWALS if aseral.word(each[0]) not in version.body)
        actions.save(
            version=version, by=author, title=version.title,
            body=handbook_reading.with_point(version.body, f"<li><p>{aseral.word(extra)}</p></li>"),
            change_summary=aseral.word(summary), at=now - ago + days(minutes=30),
        )  # fmt: skip
        if approver_name:
            actions.send(
                version=version, by=author, approver=aseral.people[approver_name], at=now - ago + days(hours=1)
            )
