# ruff: noqa: E501 - the two languages of a text stand on one line
"""Improvements of the demo: one finished and in the handbook, one tried for the second time, one that is an idea."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deviations.lifecycle import State
from deviations.models import Deviation, Kind
from documents import actions as documents
from improvement import actions
from improvement.charts import Verdict
from improvement.models import Decision, Improvement, Measure, Scale
from kvalitetslosen.demo import one_story
from kvalitetslosen.demo.one_story import PLACES
from kvalitetslosen.demo.organisation import Town

Pair = tuple[str, str]


@dataclass(frozen=True)
class Finished:
    title: Pair
    analysis: Pair
    numbers: tuple[str, str]
    solutions: tuple[tuple[Pair, int, int], ...]  # effort, effect; the first is the one that is chosen
    expected: Pair
    seen: Pair
    learnt: Pair
    measured: Pair
    procedure: Pair
    body: Pair
    result: Pair


@dataclass(frozen=True)
class Trying:
    title: Pair
    analysis: Pair
    numbers: tuple[str, str]
    solutions: tuple[tuple[Pair, int, int], ...]
    first: tuple[Pair, Pair, Pair, Pair]  # what, expected, seen, learnt
    second: tuple[Pair, Pair]
    idea: Pair


FINISHED = {
    "AAS": Finished(
        ("Doser signert til rett tid", "Dosar signerte til rett tid"),
        ("De fleste sene signeringene er mellom halv åtte og ni. Den som går runden, blir avbrutt fire ganger i snitt, mest av telefonen.", "Dei fleste seine signeringane er mellom halv åtte og ni. Den som går runden, blir avbroten fire gonger i snitt, mest av telefonen."),
        ("83 %", "95 %"),
        (
            (("Én går runden i fred, med vest, og uten telefon", "Éin går runden i fred, med vest, og utan telefon"), 1, 3),
            (("Lista henger der legemidlene er", "Lista heng der legemidla er"), 1, 2),
            (("Nye medisinskap nærmere rommene", "Nye medisinskap nærare romma"), 3, 3),
        ),
        ("Ett avbrudd i stedet for fire, og alt signert før ni.", "Eitt avbrot i staden for fire, og alt signert før ni."),
        ("To avbrudd, begge fra pårørende. Alt var signert kvart på ni.", "To avbrot, begge frå pårørande. Alt var signert kvart på ni."),
        ("Vesten virker når alle vet hva den betyr. Vi hengte en lapp ved inngangen.", "Vesten verkar når alle veit kva han tyder. Vi hengde ein lapp ved inngangen."),
        ("Fra 83 til 94 prosent, og det har holdt seg i femten uker. Vi nådde nesten målet.", "Frå 83 til 94 prosent, og det har halde seg i femten veker. Vi nådde nesten målet."),
        ("Medisinrunde i fred", "Medisinrunde i fred"),
        ("<h2>Slik gjør vi det</h2><ul><li>Én går runden, med vest.</li><li>Telefonen ligger igjen hos en kollega.</li><li>Hver dose signeres med en gang.</li></ul>", "<h2>Slik gjer vi det</h2><ul><li>Éin går runden, med vest.</li><li>Telefonen ligg att hos ein kollega.</li><li>Kvar dose blir signert med ein gong.</li></ul>"),
        ("Nå blir nesten alle doser signert i tide, fordi den som går runden, får gå i fred. Takk til alle som meldte fra.", "No blir nesten alle dosar signerte i tide, fordi den som går runden, får gå i fred. Takk til alle som melde frå."),
    ),
    "MAR": Finished(
        ("Voksne ute når det ringer", "Vaksne ute når det ringjer"),
        ("I åtte av tretti friminutt var ingen voksne ute de første minuttene. De som hadde vakt, kom rett fra en time.", "I åtte av tretti friminutt var ingen vaksne ute dei første minutta. Dei som hadde vakt, kom rett frå ein time."),
        ("72 %", "95 %"),
        (
            (("Den som har vakt, går to minutter før", "Den som har vakt, går to minutt før"), 1, 3),
            (("Vaktlista henger ved døra", "Vaktlista heng ved døra"), 1, 2),
            (("Egne inspeksjonsverter", "Eigne inspeksjonsvertar"), 3, 3),
        ),
        ("Noen ute i alle friminutt på trinnet denne uka.", "Nokon ute i alle friminutt på trinnet denne veka."),
        ("Ute i ni av ti. Den ene gangen var det vikar.", "Ute i ni av ti. Den eine gongen var det vikar."),
        ("Vikarer må se lista. Den henger nå ved døra.", "Vikarar må sjå lista. Ho heng no ved døra."),
        ("Fra 72 til 93 prosent, og det er mer enn tilfeldig. Vi fortsetter ut skoleåret.", "Frå 72 til 93 prosent, og det er meir enn tilfeldig. Vi held fram ut skuleåret."),
        ("Inspeksjon i friminutt", "Inspeksjon i friminutt"),
        ("<h2>Slik gjør vi det</h2><ul><li>Den som har vakt, går to minutter før det ringer.</li><li>Vaktlista henger ved døra, med vikarer.</li></ul>", "<h2>Slik gjer vi det</h2><ul><li>Den som har vakt, går to minutt før det ringjer.</li><li>Vaktlista heng ved døra, med vikarar.</li></ul>"),
        ("Nå er det nesten alltid en voksen ute når det ringer. Takk til alle som meldte fra.", "No er det nesten alltid ein vaksen ute når det ringjer. Takk til alle som melde frå."),
    ),
    "AUD": Finished(
        ("Lys og sko på plass før natta", "Lys og sko på plass før natta"),
        ("På fire av ti rom står skoene i skapet når kveldsvakta går, og nattlyset er av. Alle tre som falt, hadde det slik.", "På fire av ti rom står skoa i skapet når kveldsvakta går, og nattlyset er av. Alle tre som fall, hadde det slik."),
        ("64 %", "95 %"),
        (
            (("Sko, rullator og lys er det siste på kveldsrunden", "Sko, rullator og lys er det siste på kveldsrunden"), 1, 3),
            (("Lyslister som tennes når noen setter beina på gulvet", "Lyslister som tenner seg når nokon set føtene på golvet"), 2, 3),
            (("Fast runde klokka to", "Fast runde klokka to"), 3, 2),
        ),
        ("Alle rom på gangen er klare når kveldsvakta går.", "Alle rom på gangen er klare når kveldsvakta går."),
        ("Elleve av tolv rom var klare. Det siste var tomt da runden gikk.", "Elleve av tolv rom var klare. Det siste var tomt då runden gjekk."),
        ("Det tar ett minutt per rom. Nattevakta ser at det er gjort, og sier fra når det ikke er det.", "Det tek eitt minutt per rom. Nattevakta ser at det er gjort, og seier frå når det ikkje er det."),
        ("Fra 64 til 92 prosent, og det har holdt seg i femten uker. Ett fall om natta siden, mot seks før.", "Frå 64 til 92 prosent, og det har halde seg i femten veker. Eitt fall om natta sidan, mot seks før."),
        ("Kveldsrunde med lys og sko", "Kveldsrunde med lys og sko"),
        ("<h2>Slik gjør vi det</h2><ul><li>Sko og rullator settes ved senga.</li><li>Nattlyset er på, lavt, på vei til badet.</li><li>Nattevakta ser etter ved første runde.</li></ul>", "<h2>Slik gjer vi det</h2><ul><li>Sko og rullator blir sette ved senga.</li><li>Nattlyset er på, lågt, på veg til badet.</li><li>Nattevakta ser etter ved første runde.</li></ul>"),
        ("Nå er nesten alle rom klare for natta, og færre faller. Takk til alle som meldte fra.", "No er nesten alle rom klare for natta, og færre fell. Takk til alle som melde frå."),
    ),
}  # fmt: skip
TRYING = {
    "AAS": Trying(
        ("Færre fall om natta", "Færre fall om natta"),
        ("De fleste fallene er på vei til badet, mellom to og fem. Lyset er av, og skoene står ikke ved senga.", "Dei fleste falla er på veg til badet, mellom to og fem. Lyset er av, og skoa står ikkje ved senga."),
        ("seks i måneden|seks i månaden", "to i måneden|to i månaden"),
        (
            (("Nattlys med sensor på vei til badet", "Nattlys med sensor på veg til badet"), 2, 3),
            (("Sko og rullator ved senga hver kveld", "Sko og rullator ved senga kvar kveld"), 1, 2),
            (("Fast runde klokka to", "Fast runde klokka to"), 2, 2),
        ),
        (
            ("Nattlys på ett rom i en uke", "Nattlys på eitt rom i ei veke"),
            ("Ingen fall på rommet, og ingen vekkes av lyset.", "Ingen fall på rommet, og ingen blir vekte av lyset."),
            ("Ingen fall. Lyset sto på hele natta to ganger.", "Ingen fall. Lyset stod på heile natta to gonger."),
            ("Sensoren må stå lavt, ellers tennes lyset av alt som rører seg.", "Sensoren må stå lågt, elles tenner alt som rører seg lyset."),
        ),
        (
            ("Nattlys, lavt, på en hel gang i to uker", "Nattlys, lågt, på ein heil gang i to veker"),
            ("Høyst ett fall om natta på gangen, og lyset er på i under ti minutter.", "Høgst eitt fall om natta på gangen, og lyset er på i under ti minutt."),
        ),
        ("Overlapping ved vaktskiftet", "Overlapping ved vaktskiftet"),
    ),
    "MAR": Trying(
        ("Roligere overgang etter friminutt", "Rolegare overgang etter friminutt"),
        ("De fleste hendelsene skjer i garderoben de første fem minuttene etter at det ringer.", "Dei fleste hendingane skjer i garderoben dei første fem minutta etter at det ringjer."),
        ("ni i uka|ni i veka", "tre i uka|tre i veka"),
        (
            (("To trinn går inn om gangen", "To trinn går inn om gongen"), 1, 3),
            (("En voksen fast i garderoben", "Ein vaksen fast i garderoben"), 2, 3),
            (("Flere knagger", "Fleire knaggar"), 3, 1),
        ),
        (
            ("To trinn om gangen, på mandag og tirsdag", "To trinn om gongen, på måndag og tysdag"),
            ("Høyst én hendelse om dagen.", "Høgst éi hending om dagen."),
            ("To mandag, ingen tirsdag.", "To måndag, ingen tysdag."),
            ("Det går når alle vet rekkefølgen. Mandag visste ikke alle det.", "Det går når alle veit rekkjefølgja. Måndag visste ikkje alle det."),
        ),
        (
            ("To trinn om gangen i en hel uke, med rekkefølgen på døra", "To trinn om gongen i ei heil veke, med rekkjefølgja på døra"),
            ("Høyst tre hendelser på hele uka.", "Høgst tre hendingar på heile veka."),
        ),
        ("En fast plass for mobilene", "Ein fast plass for mobilane"),
    ),
    "AUD": Trying(
        ("Roligere måltider", "Rolegare måltid"),
        ("De fleste episodene med uro er ved middag, når det lages mat, ryddes og deles ut medisiner samtidig.", "Dei fleste episodane med uro er ved middag, når det blir laga mat, rydda og delt ut medisinar samstundes."),
        ("åtte i uka|åtte i veka", "tre i uka|tre i veka"),
        (
            (("Medisinene deles ut før eller etter, ikke under måltidet", "Medisinane blir delte ut før eller etter, ikkje under måltidet"), 1, 3),
            (("Radioen av, og to små bord i stedet for ett langt", "Radioen av, og to små bord i staden for eitt langt"), 1, 2),
            (("Middagen flyttes til ettermiddagen", "Middagen blir flytt til ettermiddagen"), 3, 3),
        ),
        (
            ("Medisinene før middagen på ett bord i en uke", "Medisinane før middagen på eitt bord i ei veke"),
            ("Ingen reiser seg fra bordet før maten er spist.", "Ingen reiser seg frå bordet før maten er eten."),
            ("Én reiste seg, og det var fordi stolen var for lav.", "Éin reiste seg, og det var fordi stolen var for låg."),
            ("Det tar ikke lengre tid. Den som deler ut, må begynne ti på tolv.", "Det tek ikkje lengre tid. Den som deler ut, må byrje ti på tolv."),
        ),
        (
            ("Medisinene før middagen i hele avdelingen i to uker", "Medisinane før middagen i heile avdelinga i to veker"),
            ("Høyst tre episoder i uka, og ingen doser senere enn før.", "Høgst tre episodar i veka, og ingen dosar seinare enn før."),
        ),
        ("Overlapping ved vaktskiftet", "Overlapping ved vaktskiftet"),
    ),
}  # fmt: skip


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        code = PLACES[town.plan.code]
        _finished(town, code, FINISHED[town.plan.code], now)
        trying = TRYING[town.plan.code]
        _trying(town, code, trying, now)
        _idea(town, code, trying.idea, now)


def _others(town: Town, code: str, number: int) -> list[Deviation]:
    """Some that were closed there and that nobody is named in."""
    rows = Deviation.objects.filter(
        handling_unit=town.units[code], state=State.CLOSED, about=None, kind=Kind.DEVIATION, handler=town.leader(code)
    ).exclude(pk__in=[case.pk for case in one_story.cases_of(town)])
    return list(rows.order_by("-closed_at", "-pk")[:number])


def _up_to_the_trial(
    town: Town, improvement: Improvement, told: Finished | Trying, numbers: tuple[str, str], goal_on: datetime.date
) -> None:
    """Analysed, with a goal, and with one of three solutions chosen, a week for each."""
    leader, at = improvement.owner, improvement.begun_at
    week = datetime.timedelta(days=7)
    actions.analyse(improvement=improvement, by=leader, analysis=town.word(told.analysis), at=at + week)
    actions.set_goal(
        improvement=improvement, by=leader, goal=town.word(told.title), number_now=numbers[0], number_goal=numbers[1],
        goal_on=goal_on, at=at + week * 2,
    )  # fmt: skip
    found = [
        actions.suggest(
            improvement=improvement, by=leader, what=town.word(what), effort=effort, effect=effect, at=at + week * 3
        )
        for what, effort, effect in told.solutions
    ]
    actions.weigh_up(improvement=improvement, by=leader, at=at + week * 3)
    actions.choose(improvement=improvement, by=leader, chosen=[found[0].pk], at=at + week * 3)


def _begin(
    town: Town,
    code: str,
    title: Pair,
    at: datetime.datetime,
    cases: list[Deviation],
    measure: Measure | None = None,
) -> Improvement:
    leader = town.leader(code)
    improvement = actions.begin_improvement(
        by=leader,
        title=town.word(title),
        unit=town.units[code],
        owner=leader,
        cases=cases,
        measure=measure,
        at=at,
    )
    for person in town.at[code][:2]:
        if person.pk != leader.pk:
            actions.invite_to_team(improvement=improvement, by=leader, person=person, at=at)
    return improvement


def _finished(town: Town, code: str, told: Finished, now: datetime.datetime) -> None:
    leader, upper, days = town.leader(code), town.leader(town.above(code)), datetime.timedelta
    measure = Measure.objects.filter(unit=town.units[code], verdict=Verdict.IMPROVED).first()
    improvement = _begin(town, code, told.title, now - days(days=one_story.BEGUN), one_story.cases_of(town), measure)
    _up_to_the_trial(town, improvement, told, told.numbers, (now - days(days=15)).date())
    tried = now - days(days=112)
    actions.plan_trial(
        improvement=improvement, by=leader, change=town.word(told.solutions[0][0]), prediction=town.word(told.expected),
        scale=Scale.SHIFT, look_on=(tried + days(days=7)).date(), at=tried,
    )  # fmt: skip
    actions.study_trial(
        improvement=improvement, by=leader, what_was_seen=town.word(told.seen), learnt=town.word(told.learnt),
        decision=Decision.ADOPT, at=tried + days(days=7),
    )  # fmt: skip
    actions.follow_up(improvement=improvement, by=leader, at=tried + days(days=8))
    actions.conclude(improvement=improvement, by=leader, measured=town.word(told.measured), at=now - days(days=20))
    draft = actions.open_draft(
        improvement=improvement, by=leader, title=town.word(told.procedure), at=now - days(days=19)
    )
    documents.save(
        version=draft, by=leader, title=town.word(told.procedure), body=town.word(told.body), at=now - days(days=18)
    )
    documents.send(version=draft, by=leader, approver=upper, at=now - days(days=17))
    documents.approve(version=draft, by=upper, at=now - days(days=15))
    actions.finish_improvement(
        improvement=improvement, by=leader, result=town.word(told.result), at=now - days(days=12)
    )


def _trying(town: Town, code: str, told: Trying, now: datetime.datetime) -> None:
    leader, days = town.leader(code), datetime.timedelta
    improvement = _begin(town, code, told.title, now - days(days=50), _others(town, code, 3))
    today, goal = (each.split("|")[town.nynorsk] for each in told.numbers)
    _up_to_the_trial(town, improvement, told, (today, goal), (now + days(days=45)).date())
    what, expected, seen, learnt = (town.word(each) for each in told.first)
    first = now - days(days=16)
    actions.plan_trial(
        improvement=improvement, by=leader, change=what, prediction=expected, scale=Scale.PERSON,
        look_on=(first + days(days=7)).date(), at=first,
    )  # fmt: skip
    actions.study_trial(
        improvement=improvement, by=leader, what_was_seen=seen, learnt=learnt, decision=Decision.ADAPT,
        at=first + days(days=8),
    )  # fmt: skip
    what, expected = (town.word(each) for each in told.second)
    actions.plan_trial(
        improvement=improvement, by=leader, change=what, prediction=expected, scale=Scale.UNIT,
        look_on=(now + days(days=6)).date(), at=now - days(days=7),
    )  # fmt: skip
    actions.plan(
        by=leader, what=what, owner=leader, deadline=(now + days(days=5)).date(), improvement=improvement,
        at=now - days(days=7),
    )  # fmt: skip
    actions.set_next(improvement=improvement, by=leader, next_on=(now + days(days=2)).date(), at=now - days(days=6))


def _idea(town: Town, code: str, title: Pair, now: datetime.datetime) -> None:
    """From a proposal where there is one that the leader has in hand."""
    leader = town.leader(code)
    proposals = Deviation.objects.filter(
        handling_unit=town.units[code], kind=Kind.PROPOSAL, about=None, handler=leader
    ).exclude(state=State.MERGED)
    actions.begin_improvement(
        by=leader, title=town.word(title), unit=town.units[code], owner=leader,
        cases=list(proposals.order_by("-reported_at", "-pk")[:1]), at=now - datetime.timedelta(days=4),
    )  # fmt: skip
