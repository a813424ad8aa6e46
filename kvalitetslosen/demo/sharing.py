"""The demo municipalities share: a network, one asked, and procedures adopted, changed at the origin and on offer."""

from __future__ import annotations

import datetime

from documents import actions
from documents.actions import sharing
from documents.models import Document, Reach, Version
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.networks import actions as networks
from kvalitetslosen.organisation.models import Unit, User

SENSOR = (
    "<h2>Formål</h2><p>Den som har sensor om natta, skal få sove, og likevel få hjelp når det trengs.</p>"
    "<h2>Slik gjør vi</h2><ol><li><p>Ansvarsvakten ser over listen over sensorer ved vaktskiftet klokka 22.</p></li>"
    "<li><p>Når en sensor varsler, ser vi på skjermen først. Er det tvil, går vi inn.</p></li>"
    "<li><p>Vi skriver i journalen at vi var der, og hva vi gjorde.</p></li></ol>"
    "<h2>Når det ikke virker</h2><p>Går nettet ned, går vi runden til fots hver time til det er oppe igjen.</p>"
)
SENSOR_CHANGED = SENSOR.replace(
    "<li><p>Vi skriver i journalen",
    "<li><p>To varsler fra samme rom på en time er nok til at vi går inn.</p></li><li><p>Vi skriver i journalen",
)
SENSOR_HERE = SENSOR + "<h2>Hos oss</h2><p>I Åseral er det heimetenesta som svarar etter klokka 23.</p>"
SUMMER = (
    "<h2>Formål</h2><p>En sommervikar skal vite det viktigste før den første vakten alene.</p>"
    "<h2>Slik gjør vi</h2><ol><li><p>Fadderen går den første vakten sammen med vikaren.</p></li>"
    "<li><p>Vikaren finner fire prosedyrer i håndboka: legemidler, fall, brann og hvem en ringer.</p></li>"
    "<li><p>Vikaren melder ett avvik eller forslag i løpet av den første uka, sammen med fadderen.</p></li></ol>"
)


def stage(towns: list[Town], now: datetime.datetime) -> None:
    aseral, marnardal, audnedal = towns
    days = datetime.timedelta
    begun = now - days(days=420)
    network = networks.found(
        by=audnedal.people["admin"], name="Kvalitet i indre Agder", purpose="Dele prosedyrer og lære av hverandre",
        at=begun,
    )  # fmt: skip
    for town in (aseral, marnardal):
        member = networks.invite(
            network=network, municipality=town.root, by=audnedal.people["admin"], at=begun + days(days=1)
        )
        networks.join(member=member, by=town.people["admin"], at=begun + days(days=9))
    schools = networks.found(by=marnardal.people["admin"], name="Skolene på Sørlandet", at=now - days(days=40))
    networks.invite(network=schools, municipality=aseral.root, by=marnardal.people["admin"], at=now - days(days=3))

    sensor = _in_force(audnedal, "INST", "Nattilsyn med sensor", SENSOR, now - days(days=200))
    sharing.share(document=sensor, network=network, by=sensor.owner, at=now - days(days=190))
    _adopted(aseral, Version.objects.in_force().get(document=sensor), now - days(days=120))
    _renewed(audnedal, sensor, SENSOR_CHANGED, "To varsler på en time er nok til at vi går inn.", now - days(days=1))
    summer = _in_force(marnardal, "HB", "Sommervikar: den første vakten", SUMMER, now - days(days=170))
    sharing.share(document=summer, network=network, by=summer.owner, at=now - days(days=160))


def _people(town: Town, code: str) -> tuple[User, User]:
    author = town.leader(code)
    return author, town.coordinator if town.coordinator != author else town.chief


def _in_force(town: Town, code: str, title: str, body: str, at: datetime.datetime) -> Document:
    author, _approver = _people(town, code)
    unit: Unit = town.units[code]
    draft = actions.create_document(by=author, title=title, kind="procedure", unit=unit, reach=Reach.UNIT, at=at)
    actions.save(version=draft, by=author, title=title, body=body, at=at)
    return _approved(town, code, draft, at)


def _approved(town: Town, code: str, draft: Version, at: datetime.datetime) -> Document:
    author, approver = _people(town, code)
    actions.send(version=draft, by=author, approver=approver, at=at + datetime.timedelta(minutes=10))
    actions.approve(version=draft, by=approver, at=at + datetime.timedelta(hours=3))
    return draft.document


def _adopted(town: Town, origin: Version, at: datetime.datetime) -> None:
    """Home care's own, with a paragraph more than the origin has."""
    author = town.people["leder"]
    draft = sharing.adopt(origin=origin, by=author, unit=town.units["HB"], kind="procedure", reach=Reach.UNIT, at=at)
    actions.save(version=draft, by=author, title=draft.title, body=SENSOR_HERE, at=at + datetime.timedelta(minutes=20))
    _approved(town, "HB", draft, at + datetime.timedelta(hours=1))


def _renewed(town: Town, document: Document, body: str, summary: str, at: datetime.datetime) -> None:
    author, _approver = _people(town, "INST")
    draft = actions.new_version(document=document, by=author, at=at)
    actions.save(version=draft, by=author, title=draft.title, body=body, change_summary=summary, at=at)
    _approved(town, "INST", draft, at)
