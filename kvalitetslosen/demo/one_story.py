# ruff: noqa: E501 - the two languages of a text stand on one line
"""One whole story in each municipality: three reports become a meeting's decision, an improvement and a shared story.

The cases are told among the others (``cases``), the meeting here, and what follows by ``improvements`` (the work, its
chart and procedure) and ``stories`` (the learning story, and how a neighbour tried it).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from deviations import actions as cases
from deviations.models import Deviation, Harm, Kind, When
from improvement import actions
from improvement.models import Forum
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import OSLO, add_workdays, is_workday

Pair = tuple[str, str]
Days = datetime.timedelta

PLACES = {"AAS": "HB", "MAR": "SKA", "AUD": "INST"}
"""The unit of the log-in that leads one."""
NEIGHBOURS = {"AAS": ("AUD", "INST"), "MAR": ("AUD", "BS"), "AUD": ("AAS", "HB")}
"""Where the story is tried: municipality and unit."""
REPORTED = (188, 176, 169)
MET, BEGUN = 156, 150
"""Days ago: the three reports, the leaders' meeting that discussed one of them, the improvement."""


class Reported(NamedTuple):
    text: Pair
    answer: Pair


@dataclass(frozen=True)
class Began:
    """How it began: three cases of one kind, and what the leaders' meeting made of them."""

    main: int  # position of the main category
    sub: str
    cause: Pair
    reports: tuple[Reported, ...]
    heading: Pair
    told_meeting: Pair
    why: Pair
    typical: Pair
    tries: Pair
    decision: Pair
    what: Pair
    answer: Pair
    done: Pair


BEGAN = {
    "AAS": Began(
        1, "ikke gitt",
        ("Den som går medisinrunden, blir avbrutt, og lista viser ikke hvor runden stoppet.", "Den som går medisinrunden, blir avbroten, og lista viser ikkje kvar runden stoppa."),
        (
            Reported(
                ("Morgendosen ble gitt halv ti i stedet for åtte. Telefonen ringte to ganger mens jeg delte ut.", "Morgondosen vart gjeven halv ti i staden for åtte. Telefonen ringde to gonger medan eg delte ut."),
                ("Takk. Jeg har snakket med legen, det hadde ingen følger. Vi ser på hvor ofte runden blir avbrutt.", "Takk. Eg har snakka med legen, det hadde ingen følgjer. Vi ser på kor ofte runden blir avbroten."),
            ),
            Reported(
                ("Dosen klokka åtte var ikke signert, og ingen visste om den var gitt. Vi ringte legevakta før vi ga noe.", "Dosen klokka åtte var ikkje signert, og ingen visste om han var gjeven. Vi ringde legevakta før vi gav noko."),
                ("Rett å ringe. Dosen var gitt. Den som delte ut, ble ropt til en alarm før hun rakk å signere.", "Rett å ringje. Dosen var gjeven. Den som delte ut, vart ropt til ein alarm før ho rakk å signere."),
            ),
            Reported(
                ("Oppdaget ved lunsj at to brukere ikke hadde fått morgendosen. Lista lå igjen i en annen bil.", "Oppdaga ved lunsj at to brukarar ikkje hadde fått morgondosen. Lista låg att i ein annan bil."),
                ("Takk. Begge fikk dosen etter samtale med legen. Dette er tredje gangen, så jeg tar det med til ledermøtet.", "Takk. Begge fekk dosen etter samtale med legen. Dette er tredje gongen, så eg tek det med til leiarmøtet."),
            ),
        ),
        ("Morgendoser som blir forsinket", "Morgondosar som blir forseinka"),
        ("Tre ganger på tre uker ble morgendosen gitt for sent. Hver gang var den som delte ut, blitt avbrutt. Ingen kom til skade.", "Tre gonger på tre veker vart morgondosen gjeven for seint. Kvar gong var den som delte ut, blitt avbroten. Ingen kom til skade."),
        ("Telefon, alarmer og spørsmål går alle til den som står nærmest, og det er den som har medisinene.", "Telefon, alarmar og spørsmål går alle til den som står nærast, og det er den som har medisinane."),
        ("Ja. Tre andre enheter kjente det igjen, og ingen av oss vet hvor ofte det skjer.", "Ja. Tre andre einingar kjende det att, og ingen av oss veit kor ofte det skjer."),
        ("Tell hvor mange doser som er signert i tide, i én enhet, og finn ut hva som avbryter.", "Tel kor mange dosar som er signerte i tide, i éi eining, og finn ut kva som bryt av."),
        ("Heimebaserte tjenester begynner et forbedringsarbeid, og vi hører hvordan det går.", "Heimebaserte tenester byrjar eit forbetringsarbeid, og vi høyrer korleis det går."),
        ("Begynn et forbedringsarbeid om doser til rett tid", "Byrj eit forbetringsarbeid om dosar til rett tid"),
        ("Saken din ble tatt opp i ledermøtet, uten navn. Vi begynner et forbedringsarbeid om medisinrunden. Takk for at du meldte fra.", "Saka di vart teken opp i leiarmøtet, utan namn. Vi byrjar eit forbetringsarbeid om medisinrunden. Takk for at du melde frå."),
        ("I gang, med tre saker og en måling.", "I gang, med tre saker og ei måling."),
    ),
    "MAR": Began(
        3, "barn borte/tilsyn sviktet",
        ("Den som har vakt, kommer rett fra en time, og vaktlista henger på personalrommet.", "Den som har vakt, kjem rett frå ein time, og vaktlista heng på personalrommet."),
        (
            Reported(
                ("Ingen voksne ute de første fem minuttene av storefri. To elever hadde gått utenfor porten.", "Ingen vaksne ute dei første fem minutta av storefri. To elevar hadde gått utanfor porten."),
                ("Takk. Elevene kom inn igjen av seg selv, og foreldrene er orientert. Vakta var syk, og vikaren visste det ikke.", "Takk. Elevane kom inn att av seg sjølve, og foreldra er orienterte. Vakta var sjuk, og vikaren visste det ikkje."),
            ),
            Reported(
                ("Slåsskamp bak gymsalen. Den som hadde inspeksjon, kom ut åtte minutter etter at det ringte.", "Slåsskamp bak gymsalen. Den som hadde inspeksjon, kom ut åtte minutt etter at det ringde."),
                ("Begge elevene er fulgt opp sammen med hjemmet. Timen før hadde trukket ut. Vi ser på hvordan vakta kan slippe tidligere.", "Begge elevane er følgde opp saman med heimen. Timen før hadde trekt ut. Vi ser på korleis vakta kan sleppe tidlegare."),
            ),
            Reported(
                ("Fant en førsteklassing alene ved skolebussen i friminuttet. Det var ingen på vakt på den siden.", "Fann ein førsteklassing åleine ved skulebussen i friminuttet. Det var ingen på vakt på den sida."),
                ("Takk for at du tok deg av eleven. Dette er tredje gangen på kort tid. Jeg tar det opp med de andre rektorene.", "Takk for at du tok deg av eleven. Dette er tredje gongen på kort tid. Eg tek det opp med dei andre rektorane."),
            ),
        ),
        ("Friminutt uten voksne ute", "Friminutt utan vaksne ute"),
        ("Tre ganger på tre uker var ingen ute da friminuttet begynte. Ingen kom til alvorlig skade.", "Tre gonger på tre veker var ingen ute då friminuttet byrja. Ingen kom til alvorleg skade."),
        ("Den som har vakt, underviser til det ringer. Ingen kan være to steder, og lista ser man bare på personalrommet.", "Den som har vakt, underviser til det ringjer. Ingen kan vere to stader, og lista ser ein berre på personalrommet."),
        ("Ja, særlig når noen er syke. De andre skolene har det samme, men teller det ikke.", "Ja, særleg når nokon er sjuke. Dei andre skulane har det same, men tel det ikkje."),
        ("Kryss av på lista om noen var ute i tide. Da vet vi hvor ofte det er.", "Kryss av på lista om nokon var ute i tide. Då veit vi kor ofte det er."),
        ("Skole A begynner et forbedringsarbeid, og de andre rektorene får høre hva som virker.", "Skule A byrjar eit forbetringsarbeid, og dei andre rektorane får høyre kva som verkar."),
        ("Begynn et forbedringsarbeid om voksne ute i friminuttet", "Byrj eit forbetringsarbeid om vaksne ute i friminuttet"),
        ("Saken din ble tatt opp i ledermøtet, uten navn. Vi begynner et forbedringsarbeid om friminuttene. Takk for at du meldte fra.", "Saka di vart teken opp i leiarmøtet, utan namn. Vi byrjar eit forbetringsarbeid om friminutta. Takk for at du melde frå."),
        ("I gang, med tre saker og en måling.", "I gang, med tre saker og ei måling."),
    ),
    "AUD": Began(
        0, "fall",
        ("Lyset er av og skoene står ikke ved senga når noen skal på toalettet om natta.", "Lyset er av og skoa står ikkje ved senga når nokon skal på toalettet om natta."),
        (
            Reported(
                ("Beboer funnet på gulvet ved senga klokka tre. Lyset på badet var av, og skoene sto i skapet. Ingen skade.", "Bebuar funnen på golvet ved senga klokka tre. Lyset på badet var av, og skoa stod i skapet. Ingen skade."),
                ("Takk. Tilsyn i natt og i dag, alt er bra. Jeg ser på hva som er likt når noen faller om natta.", "Takk. Tilsyn i natt og i dag, alt er bra. Eg ser på kva som er likt når nokon fell om natta."),
            ),
            Reported(
                ("Fall på vei til toalettet halv fem. Rullatoren sto ved døra, og det var mørkt. Blåmerke på hofta.", "Fall på veg til toalettet halv fem. Rullatoren stod ved døra, og det var mørkt. Blåmerke på hofta."),
                ("Legen har sett på hofta. Rullatoren står nå ved senga. Det ligner på det som skjedde for to uker siden.", "Legen har sett på hofta. Rullatoren står no ved senga. Det liknar på det som skjedde for to veker sidan."),
            ),
            Reported(
                ("Nytt fall klokka to, strømpesokker på glatt gulv og ikke noe nattlys. Beboeren ville ikke vekke noen.", "Nytt fall klokka to, sokkar på glatt golv og ikkje noko nattlys. Bebuaren ville ikkje vekkje nokon."),
                ("Takk. Tredje fallet med mørkt rom og sko som står feil. Jeg tar det med til ledermøtet.", "Takk. Tredje fallet med mørkt rom og sko som står feil. Eg tek det med til leiarmøtet."),
            ),
        ),
        ("Fall på mørke rom om natta", "Fall på mørke rom om natta"),
        ("Tre fall på tre uker mellom klokka to og fem. Alle på vei til toalettet, uten lys og uten sko. Ingen brudd.", "Tre fall på tre veker mellom klokka to og fem. Alle på veg til toalettet, utan lys og utan sko. Ingen brot."),
        ("Kveldsvakta rydder rommet før natta, og da havner sko og rullator på plass i skapet.", "Kveldsvakta ryddar rommet før natta, og då hamnar sko og rullator på plass i skapet."),
        ("Ja, i alle avdelingene. Vi rydder for å være ordentlige, ikke for den som skal opp om natta.", "Ja, i alle avdelingane. Vi ryddar for å vere ordentlege, ikkje for den som skal opp om natta."),
        ("Lys og sko på plass som det siste på kveldsrunden, og tell om det blir gjort.", "Lys og sko på plass som det siste på kveldsrunden, og tel om det blir gjort."),
        ("Institusjon begynner et forbedringsarbeid, og hjemmetjenesten følger med.", "Institusjon byrjar eit forbetringsarbeid, og heimetenesta følgjer med."),
        ("Begynn et forbedringsarbeid om lys og sko ved senga", "Byrj eit forbetringsarbeid om lys og sko ved senga"),
        ("Saken din ble tatt opp i ledermøtet, uten navn. Vi begynner et forbedringsarbeid om lys og sko ved senga. Takk for at du meldte fra.", "Saka di vart teken opp i leiarmøtet, utan namn. Vi byrjar eit forbetringsarbeid om lys og sko ved senga. Takk for at du melde frå."),
        ("I gang, med tre saker og en måling.", "I gang, med tre saker og ei måling."),
    ),
}  # fmt: skip


def moments(now: datetime.datetime) -> list[datetime.datetime]:
    """When the three cases were reported."""
    return [_on_a_workday(now, days, 9 + number) for number, days in enumerate(REPORTED)]


def _on_a_workday(now: datetime.datetime, days: int, hour: int) -> datetime.datetime:
    """So many days ago, or the first working day after that."""
    day = now.date() - Days(days=days)
    while not is_workday(day):
        day += Days(days=1)
    return datetime.datetime.combine(day, datetime.time(hour), OSLO)


def report(town: Town, number: int, at: datetime.datetime) -> None:
    """One of the three: reported in the unit, received the same day, and closed with an answer some days later."""
    began, code = BEGAN[town.plan.code], PLACES[town.plan.code]
    told, leader = began.reports[number], town.leader(code)
    near = [
        user for place, users in town.at.items() if town.units[place].is_within(town.units[code]) for user in users
    ]
    case = cases.report(
        by=near[number % len(near)], unit=town.units[code], kind=Kind.DEVIATION, text=town.word(told.text),
        happened=When.TODAY, category=town.categories[began.main, began.sub], harm=Harm.NONE, at=at,
    )  # fmt: skip
    hours = datetime.timedelta(hours=1)
    cases.receive(deviation=case, by=leader, at=at + 2 * hours)
    cases.assess(deviation=case, by=leader, consequence=2, probability=4, at=at + 3 * hours)
    answered = datetime.datetime.combine(add_workdays(at.date(), 3), datetime.time(14), OSLO)
    cases.analyse(deviation=case, by=leader, cause=town.word(began.cause), at=answered)
    cases.close(deviation=case, by=leader, outcome=town.word(told.answer), at=answered + hours)


def cases_of(town: Town) -> list[Deviation]:
    """The three, the first one first."""
    texts = [town.word(told.text) for told in BEGAN[town.plan.code].reports]
    return list(Deviation.objects.filter(level_0=town.root.pk, text__in=texts).order_by("reported_at"))


def discuss(town: Town, forum: Forum, everybody: list[User], now: datetime.datetime, place: str) -> None:
    """The leaders' meeting where it was decided to do something, and what became of the decision."""
    began, lead = BEGAN[town.plan.code], forum.leader
    leader = town.leader(PLACES[town.plan.code])
    held = _on_a_workday(now, MET, 9)
    meeting = actions.plan_meeting(
        forum=forum, by=lead, starts_at=held, lasts=60, place=place, period_first=held.date() - Days(days=40),
        period_last=held.date() - Days(days=7), at=held - Days(days=7),
    )  # fmt: skip
    actions.send(meeting=meeting, by=lead, at=held - Days(days=6))
    item = actions.bring_case(
        meeting=meeting, by=leader, deviation=cases_of(town)[-1], heading=town.word(began.heading),
        words=town.word(began.told_meeting), at=held - Days(days=4),
    )  # fmt: skip
    later = held + Days(hours=1)
    action = actions.minute(
        item=item, by=lead, seen=item.edits, why=town.word(began.why), typical=town.word(began.typical),
        tries=town.word(began.tries), decision=town.word(began.decision), told=town.word(began.answer),
        what=town.word(began.what), owner=leader, deadline=held.date() + Days(days=14), at=later,
    )  # fmt: skip
    actions.hold_meeting(meeting=meeting, by=lead, present=everybody, at=later)
    actions.approve_minutes(meeting=meeting, by=lead, at=later + Days(hours=2))
    assert action
    actions.finish(action=action, by=leader, done_note=town.word(began.done), at=now - Days(days=BEGUN - 1))
