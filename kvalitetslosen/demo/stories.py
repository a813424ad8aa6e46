# ruff: noqa: E501 - the two languages of a text stand on one line
"""Learning stories of the demo: one published in each municipality, one shared and tried, one to read for privacy."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deviations.lifecycle import State
from deviations.models import Category, Deviation, Naming
from improvement import actions
from improvement.models import Audience, Helped, LearningStory, Measure, Season
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import User

Pair = tuple[str, str]

PLACES = {"AAS": "HB", "MAR": "SKA", "AUD": "INST"}
"""The unit of the log-in that leads one."""


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
    ("En dose ble gitt to ganger på samme kveld. Ingen tok skade.", "Ein dose vart gitt to gonger same kvelden. Ingen tok skade."),
    ("Den som delte ut, ble avbrutt tre ganger på en halvtime: telefonen, en alarm og en kollega. Lista så ut som om dosen ikke var gitt.", "Den som delte ut, vart avbroten tre gonger på ein halvtime: telefonen, ein alarm og ein kollega. Lista såg ut som om dosen ikkje var gitt."),
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
TRIED: Pair = (
    "Vi satte lister i fire rom. Færre fall også hos oss, men batteriene må skiftes oftere enn vi trodde.",
    "Vi sette lister i fire rom. Færre fall òg hos oss, men batteria må skiftast oftare enn vi trudde.",
)
ASKED: Pair = (
    "Hvor lenge varer batteriene, og hvem bytter dem hos dere?",
    "Kor lenge varer batteria, og kven byter dei hos dykk?",
)
ANSWERED = "Omtrent fire måneder. Vaktmesteren bytter alle samtidig, den første uka i kvartalet."


def tell(towns: list[Town], now: datetime.datetime) -> None:
    days = datetime.timedelta
    network = Network.objects.get(name="Kvalitet i indre Agder")
    for town in towns:
        code = PLACES[town.root.code]
        shared = town.root.code == "AUD"
        story = _begin(
            town, code, HERE[town.root.code], now - days(days=48), measured=town.root.code != "AUD",
            network=network if shared else None,
        )  # fmt: skip
        _publish(town, story, now - days(days=47))
        if shared:
            _try_and_ask(towns[0], story, now)
        waits = _begin(town, code, BUS if code == "SKA" else FRIDAY, now - days(days=7), measured=False)
        actions.send_story(story=waits, by=waits.teller, reader=_second(town, waits), at=now - days(days=6))


def _begin(
    town: Town, code: str, told: Told, at: datetime.datetime, *, measured: bool, network: Network | None = None
) -> LearningStory:
    """From a closed case of the unit, where there is an ordinary one."""
    leader, unit = town.leader(code), town.units[code]
    case = (
        Deviation.objects.filter(
            handling_unit=unit, state=State.CLOSED, naming=Naming.NAMED, about=None, stories=None, handler=leader,
            closed_at__lt=at,
        )
        .exclude(reporter=leader)
        .order_by("-closed_at", "-pk")
        .first()
    )  # fmt: skip
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


def _try_and_ask(neighbour: Town, story: LearningStory, now: datetime.datetime) -> None:
    """Tried in the neighbouring municipality, which asks as well."""
    leader = neighbour.leader("HB")
    days = datetime.timedelta
    question = actions.ask_teller(story=story, by=leader, question=neighbour.word(ASKED), at=now - days(days=40))
    actions.answer_asker(question=question, by=story.teller, answer=ANSWERED, at=now - days(days=39))
    actions.try_story(
        story=story, by=leader, unit=neighbour.units["HB"], helped=Helped.YES, words=neighbour.word(TRIED),
        at=now - days(days=9),
    )  # fmt: skip
