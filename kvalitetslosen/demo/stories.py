# ruff: noqa: E501 - the two languages of a text stand on one line
"""Learning stories of the demo: in each municipality one shared and tried next door, and one to read for privacy."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deviations.lifecycle import State
from deviations.models import Category, Deviation, Naming
from improvement import actions
from improvement.models import Audience, Helped, LearningStory, Measure, Season
from kvalitetslosen.demo import one_story
from kvalitetslosen.demo.one_story import PLACES
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import User

Pair = tuple[str, str]


@dataclass(frozen=True)
class Told:
    main: int  # position of the main category
    season: Season
    title: Pair
    happened: Pair
    made_sense: Pair
    changed: Pair
    helped: Pair


VEST = Told(
    1, Season.AUTUMN,
    ("Vest på medisinrunden", "Vest på medisinrunden"),
    ("Morgendosen kom for sent tre ganger på kort tid. Ingen tok skade.", "Morgondosen kom for seint tre gonger på kort tid. Ingen tok skade."),
    ("Den som delte ut, ble avbrutt tre ganger på en halvtime: telefonen, en alarm og en kollega. Den som ringer, vet ikke hva du holder på med.", "Den som delte ut, vart avbroten tre gonger på ein halvtime: telefonen, ein alarm og ein kollega. Den som ringjer, veit ikkje kva du held på med."),
    ("Den som går runden, har gul vest og ingen telefon. Andre tar alarmene så lenge. Det signeres ved døra, ikke etterpå.", "Den som går runden, har gul vest og ingen telefon. Andre tek alarmane så lenge. Det blir signert ved døra, ikkje etterpå."),
    ("Andelen doser til rett tid gikk opp, og den holder seg. Det var uvant den første uka; nå spør folk etter vesten.", "Delen dosar til rett tid gjekk opp, og han held seg. Det var uvant den første veka; no spør folk etter vesten."),
)  # fmt: skip
DOOR = Told(
    3, Season.SPRING,
    ("Vaktlista henger ved døra", "Vaktlista heng ved døra"),
    ("To ganger på kort tid var det ingen ute da friminuttet begynte, og det ble slåsskamp.", "To gonger på kort tid var det ingen ute då friminuttet begynte, og det vart slåsskamp."),
    ("Lista lå på lærerværelset. Den som hadde time rett før, rakk ikke å se etter, og trodde en annen hadde byttet.", "Lista låg på lærarrommet. Den som hadde time rett før, rakk ikkje å sjå etter, og trudde ein annan hadde bytt."),
    ("Lista henger ved utgangsdøra. Den som har vakt, slipper klassen to minutter før.", "Lista heng ved utgangsdøra. Den som har vakt, slepper klassen to minutt før."),
    ("Nå er det nesten alltid noen ute når det ringer. Elevene sier de merker det.", "No er det nesten alltid nokon ute når det ringjer. Elevane seier dei merkar det."),
)  # fmt: skip
LIGHT = Told(
    0, Season.WINTER,
    ("Lys som kommer av seg selv", "Lys som kjem av seg sjølv"),
    ("Flere falt på vei til toalettet om natta, i løpet av noen uker.", "Fleire fall på veg til toalettet om natta, i løpet av nokre veker."),
    ("Lysbryteren satt ved døra, ikke ved senga. De som falt, ville ikke vekke noen.", "Lysbrytaren sat ved døra, ikkje ved senga. Dei som fall, ville ikkje vekkje nokon."),
    ("Lister med lys som tennes når noen setter beina på gulvet. De kostet mindre enn en ettermiddagsvakt.", "Lister med lys som tenner seg når nokon set føtene på golvet. Dei kosta mindre enn ei ettermiddagsvakt."),
    ("Ett fall på de to neste månedene, mot seks før. Én syntes lyset var plagsomt og fikk det dempet.", "Eitt fall dei to neste månadene, mot seks før. Éin syntest lyset var plagsamt og fekk det dempa."),
)  # fmt: skip
FRIDAY = Told(
    1, Season.SUMMER,
    ("Endringer på en fredag", "Endringar på ein fredag"),
    ("En ny medisinliste kom fredag ettermiddag og ble ikke sett før mandag. Kari oppdaget det da hun kom på vakt.", "Ei ny medisinliste kom fredag ettermiddag og vart ikkje sett før måndag. Kari oppdaga det då ho kom på vakt."),
    ("Lista ble sendt som alltid. Den som leser dem, har fri i helga, og ingen hadde sagt at noen andre skulle se etter.", "Lista vart send som alltid. Den som les dei, har fri i helga, og ingen hadde sagt at nokon andre skulle sjå etter."),
    ("Legekontoret ringer når noe endres på en fredag, og ansvarsvakta kvitterer på tavla.", "Legekontoret ringjer når noko blir endra på ein fredag, og ansvarsvakta kvitterer på tavla."),
    ("Vi ser på det om en måned. Så langt er alle endringene fanget opp samme dag.", "Vi ser på det om ein månad. Så langt er alle endringane fanga opp same dagen."),
)  # fmt: skip
BUS = Told(
    3, Season.AUTUMN,
    ("Beskjeder om bussen", "Beskjedar om bussen"),
    ("Fem elever ventet på en buss som var innstilt tirsdag 14. oktober. Den yngste på 6 år gikk hjem alene.", "Fem elevar venta på ein buss som var innstilt tysdag 14. oktober. Den yngste på 6 år gjekk heim åleine."),
    ("Beskjeden kom på e-post til kontoret, som var ubemannet etter klokka tre. Alle trodde noen hadde lest den.", "Beskjeden kom på e-post til kontoret, som var ubemanna etter klokka tre. Alle trudde nokon hadde lese ho."),
    ("Busselskapet ringer nå til den som har inspeksjon, og nummeret henger ved porten.", "Busselskapet ringjer no til den som har inspeksjon, og nummeret heng ved porten."),
    ("To innstillinger siden, og begge gangene sto noen ved porten og sa fra.", "To innstillingar sidan, og begge gongene stod nokon ved porten og sa frå."),
)  # fmt: skip
HERE = {"AAS": VEST, "MAR": DOOR, "AUD": LIGHT}


@dataclass(frozen=True)
class Tried:
    """What the neighbour asked, was answered, and found."""

    asked: Pair
    answered: Pair
    helped: Helped
    words: Pair


TRIED = {
    "AAS": Tried(
        ("Hvem tar telefonen mens runden går, når dere bare er to på vakt?", "Kven tek telefonen medan runden går, når de berre er to på vakt?"),
        ("Den andre. Er vi alene, legger vi den på stille i tjue minutter og sier fra til legevakta.", "Den andre. Er vi åleine, legg vi han på stille i tjue minutt og seier frå til legevakta."),
        Helped.YES,
        ("Vi prøvde vesten på én avdeling i tre uker. Ett avbrudd per runde mot fire før. Nattevaktene vil også ha den.", "Vi prøvde vesten på éi avdeling i tre veker. Eitt avbrot per runde mot fire før. Nattevaktene vil òg ha han."),
    ),
    "MAR": Tried(
        ("Hvem passer klassen når den som har vakt, går to minutter før?", "Kven passar klassen når den som har vakt, går to minutt før?"),
        ("Naboklassens lærer står i døra. Det gikk seg til på en uke.", "Læraren i naboklassen står i døra. Det gjekk seg til på ei veke."),
        Helped.PARTLY,
        ("Med lista ved døra spør ikke vikarene lenger hvor de skal være. Å gå to minutter før går bare når naboklassen er stor nok.", "Med lista ved døra spør ikkje vikarane lenger kvar dei skal vere. Å gå to minutt før går berre når naboklassen er stor nok."),
    ),
    "AUD": Tried(
        ("Hvor lenge varer batteriene, og hvem bytter dem hos dere?", "Kor lenge varer batteria, og kven byter dei hos dykk?"),
        ("Omtrent fire måneder. Vaktmesteren bytter alle samtidig, den første uka i kvartalet.", "Omtrent fire månader. Vaktmeisteren byter alle samstundes, den første veka i kvartalet."),
        Helped.YES,
        ("Vi satte lister i fire rom. Færre fall også hos oss, men batteriene må skiftes oftere enn vi trodde.", "Vi sette lister i fire rom. Færre fall òg hos oss, men batteria må skiftast oftare enn vi trudde."),
    ),
}  # fmt: skip


def tell(towns: list[Town], now: datetime.datetime) -> None:
    """The end of each municipality's whole story, and one more that waits to be read for privacy."""
    days = datetime.timedelta
    network = Network.objects.get(name="Kvalitet i indre Agder")
    by_code = {town.plan.code: town for town in towns}
    for town in towns:
        code = PLACES[town.plan.code]
        published = now - days(days=11)
        story = _begin(
            town, code, HERE[town.plan.code], published - days(days=1), one_story.cases_of(town)[-1], measured=True,
            network=network,
        )  # fmt: skip
        _publish(town, story, published)
        neighbour, unit = one_story.NEIGHBOURS[town.plan.code]
        _try_and_ask(by_code[neighbour], unit, story, TRIED[town.plan.code], published, town)
        waiting = BUS if code == "SKA" else FRIDAY
        waits = _begin(town, code, waiting, now - days(days=7), _other_case(town, code, now - days(days=7)))
        actions.send_story(story=waits, by=waits.teller, reader=_second(town, waits), at=now - days(days=6))


def _other_case(town: Town, code: str, at: datetime.datetime) -> Deviation | None:
    """A closed case of the unit, where there is an ordinary one."""
    leader, unit = town.leader(code), town.units[code]
    return (
        Deviation.objects.filter(
            handling_unit=unit, state=State.CLOSED, naming=Naming.NAMED, about=None, stories=None, handler=leader,
            closed_at__lt=at,
        )
        .exclude(reporter=leader)
        .order_by("-closed_at", "-pk")
        .first()
    )  # fmt: skip


def _begin(
    town: Town,
    code: str,
    told: Told,
    at: datetime.datetime,
    case: Deviation | None,
    *,
    measured: bool = False,
    network: Network | None = None,
) -> LearningStory:
    leader, unit = town.leader(code), town.units[code]
    measure = Measure.objects.filter(owner=leader).exclude(verdict="").order_by("pk").first() if measured else None
    return actions.begin_story(
        by=leader, unit=unit, deviation=case, at=at, title=town.word(told.title), happened=town.word(told.happened),
        made_sense=town.word(told.made_sense), changed=town.word(told.changed), helped=town.word(told.helped),
        category=_category(town, told.main), season=told.season, year=at.year, measure=measure,
        audience=Audience.NETWORK if network else Audience.MUNICIPALITY, network=network,
    )  # fmt: skip


def _category(town: Town, main: int) -> Category | None:
    return next((each.parent for (place, _sub), each in town.categories.items() if place == main), None)


def _second(town: Town, story: LearningStory) -> User:
    return town.coordinator if town.coordinator.pk != story.teller_id else town.chief


def _publish(town: Town, story: LearningStory, at: datetime.datetime) -> None:
    reader = _second(town, story)
    actions.send_story(story=story, by=story.teller, reader=reader, at=at)
    actions.publish_story(story=story, by=reader, at=at + datetime.timedelta(hours=5))


def _try_and_ask(
    neighbour: Town, code: str, story: LearningStory, tried: Tried, at: datetime.datetime, town: Town
) -> None:
    """Tried in the neighbouring municipality, which asks as well; each writes as they write at home."""
    leader, days = neighbour.leader(code), datetime.timedelta
    asked = actions.ask_teller(story=story, by=leader, question=neighbour.word(tried.asked), at=at + days(days=1))
    actions.answer_asker(question=asked, by=story.teller, answer=town.word(tried.answered), at=at + days(days=2))
    actions.try_story(
        story=story, by=leader, unit=neighbour.units[code], helped=tried.helped, words=neighbour.word(tried.words),
        at=at + days(days=9),
    )  # fmt: skip
