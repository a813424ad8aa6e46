# ruff: noqa: E501 - a text stands on one line
"""Risk analyses of the demo: medication in home care, violence at school, drinking water; one in each municipality."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deviations.lifecycle import State
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Acceptance, Hazard
from kvalitetslosen.demo.organisation import Town

Estimate = tuple[int, int]  # consequence, probability


@dataclass(frozen=True)
class Danger:
    what: str
    causes: str
    consequences: str
    prevented_by: str
    today: Estimate
    after: Estimate | None = None
    action: str = ""
    days: int = 0  # until its deadline; before now, it is done
    done: str = ""
    accepted: str = ""  # why
    not_accepted: str = ""


@dataclass(frozen=True)
class Told:
    code: str
    title: str
    about: str
    since: int  # days since it applies
    review_in: int  # days; below nothing it is late
    note: str  # of its last review
    category: str  # of the cases that point to a hazard
    shown: int  # the number of that hazard
    dangers: tuple[Danger, ...]


TOLD = {
    "AAS": Told(
        "HB",
        "Legemiddelhandtering i heimebaserte tenester",
        "Frå bestilling til dosen er gitt og signert, heime hos brukaren. Medisinromma på institusjonen er ikkje med. Laga saman med to sjukepleiarar, ein helsefagarbeidar og verneombodet.",
        355,
        10,
        "Gått gjennom på personalmøtet. Ny låsbar boks er teken i bruk, elles er alt som før.",
        "ikke gitt",
        2,
        (
            Danger(
                "Feil legemiddel eller styrke i dosetten",
                "Dosetten blir lagd medan telefonen ringjer. Ordinasjonskortet er gammalt.",
                "Brukaren får feil behandling, og kan bli innlagd.",
                "Dobbeltkontroll når dosetten blir levert. Multidose for dei fleste.",
                (3, 2), (3, 1),
                "Lage dosettar i eit eige rom, utan telefon, måndag klokka 10–12", 12,
                not_accepted="Det kan hindrast med enkle grep, og skal ikkje hende kvart år.",
            ),
            Danger(
                "Dosen blir ikkje gitt fordi besøket fell bort",
                "Sjukdom i siste liten, og arbeidslista blir flytta for hand.",
                "Smerter, uro eller forverring. Alvorleg for dei som har insulin.",
                "Den som har vakttelefonen, går gjennom lista klokka ni.",
                (4, 3), (4, 2),
                "Merkje besøk med insulin og blodfortynnande i lista, så dei aldri blir flytta", 25,
            ),
            Danger(
                "Legemiddel blir gitt til feil person",
                "To brukarar i same hus med like namn på posen.",
                "Overdose eller allergisk reaksjon.",
                "Namn og fødselsdag blir spurde om kvar gong.",
                (5, 1), (5, 1),
                accepted="Vi spør kvar gong, og det har ikkje hendt på mange år. Vi ser på det igjen ved neste gjennomgang.",
            ),
            Danger(
                "Nøkkelboks og medisinskap står ulåste",
                "Låsen er treg i kulde, og fleire bruker same kode.",
                "Andre i heimen tek legemiddel.",
                "Koden blir bytt kvart halvår.",
                (3, 3), (3, 1),
                "Byte til boksar med eigen kode for kvar tilsett", -20,
                "Alle boksane er bytte, og dei gamle kodane er sletta.",
            ),
        ),
    ),
    "MAR": Told(
        "SKA",
        "Vold og trusler mot ansatte på skolen",
        "Undervisning, friminutt, SFO og skyss. Laget sammen med tillitsvalgt, verneombud og to lærere.",
        400,
        -6,
        "Ingen endring siden sist. Alle nye fikk øving i august.",
        "vold",
        1,
        (
            Danger(
                "En elev slår, sparker eller biter en ansatt",
                "Uro i overganger, lite pauser, og en plan som vikaren ikke kjenner.",
                "Skade, sykmelding og utrygghet på trinnet.",
                "To voksne i de timene planen sier det. Samtale etter hver hendelse.",
                (3, 3), (3, 2),
                "Kort om eleven på ett ark i vikarpermen: hva utløser, hva hjelper", 9,
            ),
            Danger(
                "En ansatt er alene med en elev i utagering",
                "Kollegaen er i et annet bygg, og telefonen ligger på arbeidsrommet.",
                "Alvorlig skade før hjelpen kommer.",
                "Avtalt rop til nærmeste rom.",
                (4, 3), (4, 1),
                "Kjøpe fire bærbare alarmer som varsler kontoret og naborommet", 20,
                not_accepted="Ingen skal være alene uten å kunne tilkalle hjelp.",
            ),
            Danger(
                "Trusler fra foresatte på telefon, melding eller i møte",
                "Uenighet om vedtak, og møter uten noen fra ledelsen.",
                "Frykt, og at ansatte unngår å ta opp saker.",
                "Rektor er med i møter der det er ventet uenighet.",
                (2, 4), (2, 2),
                "Lage en fast måte å avbryte og avslutte slike samtaler på", -35,
                "Vi har øvd på tre setninger, og de henger ved telefonene.",
            ),
            Danger(
                "Gjenstander blir brukt som våpen på verkstedet",
                "Verktøyet ligger framme når timen begynner.",
                "Stikk- og kuttskader.",
                "Skap med lås, og verktøyet telles når timen er slutt.",
                (4, 1), (4, 1),
                accepted="Skapet er låst, og verktøyet telles hver time. Mer hjelper lite.",
            ),
        ),
    ),
    "AUD": Told(
        "VA",
        "Drikkevann: fra kilde til kran",
        "Råvann, vannbehandling, høydebasseng og ledningsnett. Private brønner er ikke med. Laget sammen med driftsoperatørene og kommuneoverlegen.",
        120,
        245,
        "",
        "drikkevann",
        1,
        (
            Danger(
                "Bakterier i vannet fordi UV-anlegget faller ut",
                "Strømbrudd, og lamper som er eldre enn de skal være.",
                "Mange blir syke, og alle må koke vannet i flere dager.",
                "Alarm til vakttelefonen, og klor i reserve.",
                (4, 2), (4, 1),
                "Bytte lampene og sette opp fast tid for det i årshjulet", 18,
            ),
            Danger(
                "Innsug av forurenset vann ved trykkfall på ledningsnettet",
                "Lekkasje eller arbeid på nettet, og kummer som står under vann.",
                "Mage- og tarmsykdom i en del av bygda.",
                "Kokevarsel når trykket har vært borte. Prøver før vannet slippes på.",
                (4, 3), (4, 2),
                "Måle lekkasje sone for sone, og bytte de tre verste strekkene", 60,
                not_accepted="For mange bor nedenfor de gamle ledningene.",
            ),
            Danger(
                "Høydebassenget blir tilgjengelig for uvedkommende",
                "Luka har gammel hengelås, og gjerdet er nede etter snøen.",
                "Forurenset vann, og tapt tillit.",
                "Tilsyn hver uke.",
                (5, 1), (5, 1),
                "Ny luke med alarm, og gjerdet opp igjen", -15,
                "Luka er byttet, og alarmen går til vakttelefonen.",
                accepted="Med alarm og ukentlig tilsyn er det så lite sannsynlig at vi kan leve med det.",
            ),
            Danger(
                "Vakta når ikke fram når begge operatørene er borte",
                "Sykdom samtidig med ferie.",
                "Feil blir stående et døgn.",
                "Avtale med nabokommunen om hjelp.",
                (3, 2), None,
            ),
        ),
    ),
}  # fmt: skip


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        _stage(town, TOLD[town.plan.code], now)


def _stage(town: Town, told: Told, now: datetime.datetime) -> None:
    leader, days = town.leader(told.code), datetime.timedelta
    begun = now - days(days=told.since + 21)
    analysis = actions.begin_analysis(
        by=leader, title=told.title, about=told.about, unit=town.units[told.code], owner=leader, at=begun
    )
    hazards = []
    for number, danger in enumerate(told.dangers, start=1):
        after = danger.after or (None, None)
        hazard = actions.add_hazard(
            analysis=analysis, by=leader, what=danger.what, causes=danger.causes, consequences=danger.consequences,
            prevented_by=danger.prevented_by, consequence=danger.today[0], probability=danger.today[1],
            expected_consequence=after[0], expected_probability=after[1], at=begun + days(days=number),
        )  # fmt: skip
        hazards.append(hazard)
    for hazard, danger in zip(hazards, told.dangers, strict=True):
        _decide(hazard, danger, begun + days(days=10))
        _act(hazard, danger, now)
    applies = now - days(days=told.since)
    if told.note:
        actions.let_apply(analysis=analysis, by=leader, review_on=(applies + days(days=180)).date(), at=applies)
        actions.confirm_analysis(
            analysis=analysis, by=leader, review_on=(now + days(days=told.review_in)).date(), note=told.note,
            at=applies + days(days=178),
        )  # fmt: skip
    else:
        actions.let_apply(analysis=analysis, by=leader, review_on=(now + days(days=told.review_in)).date(), at=applies)
    for deviation in _cases(town, told):
        actions.point(hazard=hazards[told.shown - 1], deviation=deviation, by=leader, at=now - days(days=3))


def _decide(hazard: Hazard, danger: Danger, at: datetime.datetime) -> None:
    said = Acceptance.ACCEPTED if danger.accepted else Acceptance.NOT_ACCEPTED
    if reason := danger.accepted or danger.not_accepted:
        actions.decide_on_hazard(hazard=hazard, by=hazard.analysis.owner, acceptance=said, reason=reason, at=at)


def _act(hazard: Hazard, danger: Danger, now: datetime.datetime) -> None:
    if not danger.action:
        return
    by, deadline = hazard.analysis.owner, now + datetime.timedelta(days=danger.days)
    action = actions.plan(
        by=by, what=danger.action, owner=by, deadline=deadline.date(), hazard=hazard,
        at=min(now, deadline) - datetime.timedelta(days=40),
    )  # fmt: skip
    if danger.done:
        actions.finish(action=action, by=by, done_note=danger.done, at=deadline - datetime.timedelta(days=2))


def _cases(town: Town, told: Told) -> list[Deviation]:
    """Some that were closed there and that nobody is named in."""
    rows = Deviation.objects.filter(
        handling_unit=town.units[told.code], state=State.CLOSED, about=None, kind=Kind.DEVIATION,
        category__name__icontains=told.category,
    )  # fmt: skip
    return list(rows.order_by("-closed_at", "-pk")[:5])
